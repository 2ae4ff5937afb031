import { describe, expect, it } from 'vitest';
import { isTradewindError } from '../../lib/errors.ts';
import { createRng } from '../../lib/rng.ts';
import { expectClose } from '../../lib/testing/expect-close.ts';
import { compileSignal, type SignalBars } from './signal-expression.ts';

const rng = createRng(4);
let price = 100;
const close = Float64Array.from({ length: 300 }, () => {
  price *= Math.exp(0.01 * rng.normal());
  return price;
});
const bars: SignalBars = {
  close,
  open: null,
  high: close.map((v) => v * 1.01),
  low: close.map((v) => v * 0.99),
  volume: null,
};
const cut: SignalBars = {
  close: close.slice(0, 200),
  open: null,
  high: close.slice(0, 200),
  low: close.slice(0, 200),
  volume: null,
};

describe('compileSignal', () => {
  it('evaluates series, windows, comparisons and conditions', async () => {
    const above = (await compileSignal('close > sma(close, 10)'))(bars);
    let sum = 0;
    for (let t = 290; t < 300; t++) sum += (close[t] as number) / 10;
    expect(above[299]).toBe(Number((close[299] as number) > sum));
    expect(above[5]).toBeNaN();
    const range = (await compileSignal('(highest(high, 5) - lowest(low, 5)) / close'))(bars);
    expect(range[100]).toBeGreaterThan(0.02);
    const sized = (await compileSignal('zscore(close, 20) > 1 ? -1 : zscore(close, 20) < -1 ? 1 : 0'))(bars);
    expect(new Set(sized.slice(25))).toEqual(new Set([-1, 0, 1]));
    expect((await compileSignal('max(min(2, 3), 1) + not 0'))(bars)[0]).toBe(3);
  });

  it('never looks ahead', async () => {
    for (const text of [
      'close > sma(close, 50)',
      'sign(roc(close, 20)) * (er(close, 30) > 0.2)',
      'ema(close, 12) - ema(close, 26)',
      'rsi(close, 14) / 100 - kama(close, 10) / lag(close, 3)',
      'std(close, 20) / abs(zscore(close, 20))',
    ]) {
      const program = await compileSignal(text);
      expectClose(program(cut), program(bars).slice(0, 200), { what: text });
    }
  });

  it('refuses everything that is not listed', async () => {
    const refuse = async (text: string) => {
      try {
        (await compileSignal(text))(bars);
        expect.unreachable(text);
      } catch (error) {
        expect(isTradewindError(error) && error.code, text).toBe('INVALID_EXPRESSION');
      }
    };
    for (const text of [
      'lag(close, -1)',
      'sma(close, 1.5)',
      'sma(close, close)',
      'open',
      'future',
      'import("fs")',
      'f(x) = x',
      'a = 3',
      '[1, 2]',
      'close.constructor',
      'constructor(close)',
      '"text"',
      'sma(close)',
      'abs(close, 2)',
      'close +',
      '',
      'x'.repeat(600),
      `${'('.repeat(40)}1${')'.repeat(40)}`,
      `${'1 + '.repeat(100)}1`,
    ]) {
      await refuse(text);
    }
  });
});
