/**
 * The variance premium against its own past, and the trading rule on it.
 *
 * Premium_t = implied_t − realised volatility of the 252 sessions up to t, in vol points. z = (now − mean)/deviation over the last 252 values before
 * now. Sell volatility above the threshold unless the regime has turned; buy when it has (short-dated implied above longer-dated, and recent realised
 * above the year's); else stay out. Quality is the share of agreeing evidence.
 * Units: vol points. Cost: O(n). Uses nothing after t. Source: Carr & Wu (2009), Rev. Financial Studies 22:1311; Bollerslev, Tauchen & Zhou (2009), RFS 22:4463.
 *
 * @example premiumSignal({ rows, sellAbove: 2, regimeTurned: false }).signal
 */
export type PremiumSignal = 'SELL_VOLATILITY' | 'BUY_VOLATILITY' | 'STAY_OUT';

export interface PremiumHistory {
  readonly zScore: number | null;
  readonly percentile: number | null;
  readonly reason: string | null;
}

export function premiumHistory(series: {
  readonly returns: Float64Array;
  /** Time of each return. */
  readonly returnTimes: Float64Array;
  readonly impliedTimes: Float64Array;
  readonly impliedPoints: Float64Array;
  readonly premium: number;
  readonly window: number;
  /** Only implied values before this time are the past. */
  readonly end: number;
}): PremiumHistory {
  const { returns, returnTimes, impliedTimes, impliedPoints, window } = series;
  const past: number[] = [];
  let at = 0;
  let squares = 0;
  let counted = 0;
  for (let i = 0; i < impliedTimes.length; i++) {
    const time = impliedTimes[i] as number;
    if (time >= series.end) break;
    while (at < returns.length && (returnTimes[at] as number) <= time) {
      squares += (returns[at] as number) ** 2;
      counted += 1;
      if (counted > window) {
        squares -= (returns[at - window] as number) ** 2;
        counted = window;
      }
      at += 1;
    }
    const implied = impliedPoints[i] as number;
    if (counted === window && Number.isFinite(implied))
      past.push(implied - 100 * Math.sqrt((252 * Math.max(squares, 0)) / window));
  }
  const used = past.slice(-window);
  if (used.length < window) {
    return {
      zScore: null,
      percentile: null,
      reason: `Only ${used.length} of ${window} sessions of implied history are held, so there is no z-score.`,
    };
  }
  const mean = used.reduce((sum, value) => sum + value, 0) / window;
  const deviation = Math.sqrt(used.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (window - 1));
  const percentile = used.filter((value) => value < series.premium).length / window;
  if (!(deviation > 1e-9))
    return { zScore: null, percentile, reason: 'The premium did not move in its history, so there is no z-score.' };
  return { zScore: (series.premium - mean) / deviation, percentile, reason: null };
}

export interface PremiumRow {
  readonly premium: number;
  readonly premiumToForecast: number;
  readonly zScore: number | null;
}

export function premiumSignal(parts: {
  readonly rows: readonly PremiumRow[];
  readonly sellAbove: number;
  readonly regimeTurned: boolean;
}): {
  readonly signal: PremiumSignal;
  readonly each: readonly PremiumSignal[];
  readonly quality: number;
  readonly reasons: readonly string[];
} {
  const { rows, sellAbove, regimeTurned } = parts;
  const decide = (premium: number): PremiumSignal => {
    if (regimeTurned) return 'BUY_VOLATILITY';
    return premium > sellAbove ? 'SELL_VOLATILITY' : 'STAY_OUT';
  };
  const each = rows.map((row) => decide(row.premium));
  const first = rows[0];
  const signal = each[0] ?? 'STAY_OUT';
  if (first === undefined || signal === 'STAY_OUT') {
    return {
      signal,
      each,
      quality: 0,
      reasons: [
        'The premium is not above the selling threshold and the regime has not turned: nothing to sell, nothing to buy.',
      ],
    };
  }
  const direction = signal === 'SELL_VOLATILITY' ? 1 : -1;
  const evidence = [
    { weight: 0.35, agrees: each.filter((one) => one === signal).length / each.length, text: 'other horizons' },
    { weight: 0.35, agrees: direction * first.premiumToForecast > 0 ? 1 : 0, text: 'the volatility forecast' },
    ...(first.zScore === null
      ? []
      : [
          {
            weight: 0.3,
            agrees: direction * first.zScore > 0 ? Math.min(1, Math.abs(first.zScore) / 2) : 0,
            text: 'its own history',
          },
        ]),
  ];
  const total = evidence.reduce((sum, item) => sum + item.weight, 0);
  const agreed = evidence.filter((item) => item.agrees > 0.5).map((item) => item.text);
  const against = evidence.filter((item) => item.agrees <= 0.5).map((item) => item.text);
  return {
    signal,
    each,
    quality: evidence.reduce((sum, item) => sum + item.weight * item.agrees, 0) / total,
    reasons: [
      regimeTurned
        ? 'The regime has turned: recent moves are larger than the year’s, and short-dated volatility or those moves stand above what is implied further out.'
        : 'The premium is above the selling threshold and the regime has not turned.',
      ...(agreed.length > 0 ? [`In agreement: ${agreed.join(', ')}.`] : []),
      ...(against.length > 0 ? [`Not in agreement: ${against.join(', ')}.`] : []),
    ],
  };
}
