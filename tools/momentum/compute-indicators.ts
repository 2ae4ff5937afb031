/** Technical indicators of one instrument in TA-Lib's conventions. */
import { z } from 'zod';
import { units } from '../../lib/units.ts';
import { symbolField, windowFields } from '../backtest/common-fields.ts';
import { loadPriceColumns, type PriceColumns, rowDates } from '../backtest/price-columns.ts';
import { defineTool, type RunContext } from '../define-tool.ts';
import { indicatorLines, indicatorNames } from './indicator-lines.ts';

const input = z.strictObject({
  symbol: symbolField('Instrument'),
  indicators: z
    .array(z.enum(indicatorNames))
    .min(1)
    .max(12)
    .default(['sma', 'ema', 'rsi', 'macd', 'atr', 'bollinger', 'adx', 'donchian'])
    .describe('Which ones'),
  window: units.count('bars, where given instead of the usual window of each indicator').min(2).max(500).optional(),
  rows: units.count('last bars returned').min(1).max(60).default(5),
  ...windowFields,
});

const output = z.object({
  symbol: z.string().describe('Instrument'),
  synthetic: z.boolean().describe('True where the prices are synthetic'),
  last: z.string().describe('Last bar'),
  close: units.price('of the last bar (adjusted where available)'),
  lines: z.array(
    z.object({
      name: z.string().describe('Indicator and line'),
      window: units.count('bars; 0 where it has none'),
      value: units.coefficient('at the last bar, in the units of the indicator').nullable(),
      previous: units.coefficient('one bar earlier').nullable(),
      reading: z.string().describe('What the value says by its usual rule'),
      values: z.array(units.coefficient('value of a bar').nullable()).describe('One per date, oldest first'),
    }),
  ),
  dates: z.array(z.string()).describe('The last bars'),
  crossings: z
    .array(
      z.object({
        date: z.string().describe('Bar'),
        kind: z.enum(['golden', 'death']).describe('EMA 12 above or below EMA 26'),
      }),
    )
    .describe('The last five crossings of EMA 12 and 26'),
  missing: z.array(z.string()).describe('Indicators that need prices which are not there'),
});

export const computeIndicators = defineTool({
  name: 'compute_indicators',
  title: 'Compute technical indicators',
  family: 'momentum',
  version: 1,
  description:
    'Computes technical indicators of one instrument in TA-Lib’s conventions: averages (SMA, EMA, WMA, KAMA, DEMA), RSI, MACD, stochastics, ATR, Bollinger bands, ADX, Donchian channel, CCI, Williams %R, ROC, OBV, MFI, Aroon and more, with the last values and the usual reading. Use it when someone asks for a named indicator or a chart reading. Use compute_momentum for whether and how strongly something trends, backtest_strategy to test a rule made of indicators; a reading is not evidence of profit.',
  input,
  output,
  load: (given, ports) => loadPriceColumns({ ...given, symbols: [given.symbol], rows: 'complete', minimum: 5 }, ports),
  run,
  summarise: (out, cite) => [
    `${out.symbol}${out.synthetic ? ' (synthetic)' : ''} on ${out.last}, close ${cite('close')}.`,
    ...out.lines
      .slice(0, 9)
      .map(
        (l, i) =>
          `${l.name}${l.window > 0 ? ` (${l.window})` : ''}: ${l.value === null ? 'not defined yet' : cite(`lines[${i}].value`)}${l.reading === '' ? '' : `, ${l.reading}`}.`,
      ),
    ...(out.missing.length > 0 ? [`Not computed (prices missing): ${out.missing.join(', ')}.`] : []),
  ],
  examples: [
    {
      ask: 'RSI and MACD of Apple',
      input: { symbol: 'AAPL', indicators: ['rsi', 'macd'] },
      fixture: 'bundled',
      expect: { values: { symbol: 'AAPL' } },
    },
    {
      ask: 'Indicators of the S&P 500',
      input: { symbol: 'SPX' },
      fixture: 'bundled',
      expect: { values: { last: '2020-04-17' } },
    },
    { ask: 'RSI of XYZQ', input: { symbol: 'XYZQ' }, fixture: 'bundled', expect: { error: 'UNKNOWN_SYMBOL' } },
  ],
  assumptions: [
    'Prices are adjusted where an adjusted close exists, highs and lows scaled with it; a value at a bar uses bars up to it.',
    'EMA seeded with the simple mean; Wilder smoothing for RSI, ATR, ADX; population deviation in Bollinger bands; RSI of a constant series is 0.',
  ],
  references: [
    'TA-Lib function definitions',
    'Wilder (1978), New Concepts in Technical Trading Systems',
    'Kaufman (2013), Trading Systems and Methods',
  ],
  cost: 'instant',
});

function run(given: z.output<typeof input>, data: PriceColumns, context: RunContext): z.input<typeof output> {
  const dates = rowDates(data.times);
  const n = dates.length;
  const close = data.columns[0] as Float64Array;
  if (n < 60) context.warn('FEW_OBSERVATIONS', `${n} bars: slow indicators are not defined or still settle.`);
  const { lines, missing, crossings } = indicatorLines(data, given.indicators, given.window);
  const rows = Math.min(given.rows, n);
  const value = (line: Float64Array, t: number) => (t >= 0 && Number.isFinite(line[t]) ? (line[t] as number) : null);
  return {
    symbol: data.symbols[0] as string,
    synthetic: data.synthetic,
    last: dates[n - 1] as string,
    close: close[n - 1] as number,
    lines: lines.map((l) => ({
      name: l.name,
      window: l.window,
      value: value(l.values, n - 1),
      previous: value(l.values, n - 2),
      reading: value(l.values, n - 1) === null ? '' : l.reading(l.values[n - 1] as number),
      values: Array.from({ length: rows }, (_, i) => value(l.values, n - rows + i)),
    })),
    dates: dates.slice(-rows),
    crossings: crossings.slice(-5).map((c) => ({ date: dates[c.index] as string, kind: c.kind })),
    missing,
  };
}
