/** Dresses a path of closes as bars: opens, ranges, volume, dividends and splits. */
import type { Columns } from '../../market-source.ts';
import { stressOf } from './factors.ts';
import { at, roundTo, streamOf } from './random-walks.ts';

export interface BarStyle {
  readonly label: string;
  readonly decimals: number;
  /** Range of a day as a multiple of a plain 1% day. */
  readonly range?: number;
  /** Shares or contracts on an ordinary day; none where there is no volume. */
  readonly volume?: number;
  /** Annual dividend yield, paid quarterly; the path is then the total return. */
  readonly dividendYield?: number;
  /** New shares for one old one, from the given row on. */
  readonly split?: { readonly row: number; readonly ratio: number };
}

const DAYS_BETWEEN_DIVIDENDS = 63;

/** `path` is the adjusted close. Rounded to the decimals of the market, with `low ≤ open, close ≤ high` after rounding. */
export function dressBars(path: Float64Array, style: BarStyle): Columns {
  const length = path.length;
  const rng = streamOf(`bars ${style.label}`);
  const factor = adjustment(length, style);
  const adjusts = style.dividendYield !== undefined || style.split !== undefined;
  const out = { open: new Float64Array(length), high: new Float64Array(length), low: new Float64Array(length) };
  const close = new Float64Array(length);
  const adjClose = new Float64Array(length);
  const volume = new Float64Array(length);
  const width = 0.006 * (style.range ?? 1);
  for (let i = 0; i < length; i++) {
    const today = at(path, i) / at(factor, i);
    const before = i === 0 ? today : at(path, i - 1) / at(factor, i);
    const stress = stressOf(i);
    const open = before * Math.exp(0.3 * Math.log(today / before) + 0.35 * width * stress * rng.normal());
    const high = Math.max(open, today) * Math.exp(width * stress * 0.7 * Math.abs(rng.normal()));
    const low = Math.min(open, today) * Math.exp(-width * stress * 0.7 * Math.abs(rng.normal()));
    close[i] = roundTo(today, style.decimals);
    out.open[i] = roundTo(open, style.decimals);
    out.high[i] = roundTo(high, style.decimals);
    out.low[i] = roundTo(low, style.decimals);
    adjClose[i] = adjusts ? roundTo(at(path, i), style.decimals + 4) : (close[i] as number);
    volume[i] = Math.round((style.volume ?? 0) * Math.exp(0.35 * rng.normal()) * (0.6 + 0.4 * stress));
  }
  return { ...out, close, adjClose, ...(style.volume === undefined ? {} : { volume }) };
}

/** What a close is multiplied by to be adjusted: one at the end, smaller before each dividend and split. */
function adjustment(length: number, style: BarStyle): Float64Array {
  const factor = new Float64Array(length).fill(1);
  const perQuarter = 1 - (style.dividendYield ?? 0) / 4;
  const offset = streamOf(`dividends ${style.label}`).integer(DAYS_BETWEEN_DIVIDENDS);
  for (let i = length - 2; i >= 0; i--) {
    let next = at(factor, i + 1);
    if ((i + 1) % DAYS_BETWEEN_DIVIDENDS === offset) next *= perQuarter;
    if (style.split !== undefined && i + 1 === style.split.row) next /= style.split.ratio;
    factor[i] = next;
  }
  return factor;
}
