/**
 * Indicators of the `trading-signals` library where its numbers are TA-Lib's (checked bar by bar against reference values:
 * SMA, WMA, RSI, MOM, CCI, Bollinger, Williams %R, MFI, KAMA, linear regression). Others are ours,
 * because the library seeds or scales them differently (EMA, MACD, DEMA, TRIX, ATR, NATR, ADX, ROC, PPO, Aroon).
 */
interface Streaming<Input, Result> {
  update(input: Input, replace: boolean): unknown;
  getResult(): Result | null;
  readonly isStable: boolean;
}

/** Feeds `n` bars and reads one number after each; NaN before index `first`. */
export function streamIndicator<Input, Result>(
  indicator: Streaming<Input, Result>,
  n: number,
  first: number,
  feed: (t: number) => Input,
  read: (result: Result) => number,
): Float64Array {
  const out = new Float64Array(n).fill(Number.NaN);
  for (let t = 0; t < n; t++) {
    indicator.update(feed(t), false);
    if (t < first || !indicator.isStable) continue;
    const result = indicator.getResult();
    if (result !== null) out[t] = read(result);
  }
  return out;
}
