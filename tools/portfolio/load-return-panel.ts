/** Prices of several symbols as one panel of simple returns on their common dates: what the portfolio tools load. */
import type { Ports } from '../../data/ports.ts';
import type { Bars, Loaded, Provenance, ToolWarning } from '../../data/types.ts';
import { toIsoDate } from '../../lib/dates.ts';
import { invalidInput, notEnoughData } from '../../lib/errors.ts';
import { alignByTime } from '../kernels/timeseries/align-by-time.ts';
import { simpleReturns } from '../kernels/timeseries/returns.ts';

/** Plain data, cloneable between threads. */
export interface ReturnPanel {
  readonly assets: readonly string[];
  /** Row-major, rows × assets, simple returns per period. */
  readonly returns: Float64Array;
  readonly rows: number;
  readonly from: string;
  readonly to: string;
  readonly periodsPerYear: number;
  readonly sectors: readonly (string | null)[];
  /** Money traded per period, mean of the last 21 bars; null without volume. */
  readonly dailyVolumes: readonly (number | null)[];
  readonly synthetic: boolean;
}

export interface PanelRequest {
  readonly symbols: readonly string[];
  readonly start?: string | undefined;
  readonly end?: string | undefined;
  readonly lookback?: number | undefined;
}

const LEAST_ROWS = 10;

export async function loadReturnPanel(request: PanelRequest, ports: Ports): Promise<Loaded<ReturnPanel>> {
  const unique = new Set(request.symbols);
  if (unique.size !== request.symbols.length) {
    throw invalidInput({
      what: '`symbols`',
      needed: 'without repetition',
      got: request.symbols.join(', '),
      hint: 'Name each one once.',
    });
  }
  const window = { start: request.start, end: request.end };
  const loaded = await Promise.all(request.symbols.map((symbol) => ports.market.bars(symbol, window)));
  const bars = loaded.map((entry) => entry.value);
  checkOneMarket(bars);
  const series = bars.map((entry) => ({ times: entry.times, values: entry.adjClose ?? entry.close }));
  const aligned = alignByTime(series);
  const keep = Math.min(aligned.times.length, (request.lookback ?? Number.POSITIVE_INFINITY) + 1);
  const times = aligned.times.subarray(aligned.times.length - keep);
  const rows = Math.max(0, times.length - 1);
  if (rows < LEAST_ROWS) {
    throw notEnoughData({
      what: `The common history of ${request.symbols.join(', ')}`,
      needed: LEAST_ROWS,
      got: rows,
      hint: 'Choose symbols whose histories overlap, or a longer window.',
    });
  }
  const n = bars.length;
  const returns = new Float64Array(rows * n);
  for (const [j, column] of aligned.columns.entries()) {
    const own = simpleReturns(column.subarray(column.length - keep));
    for (let t = 0; t < rows; t++) returns[t * n + j] = own[t] as number;
  }
  const value: ReturnPanel = {
    assets: bars.map((entry) => entry.instrument.symbol),
    returns,
    rows,
    from: toIsoDate(times[0] as number),
    to: toIsoDate(times.at(-1) as number),
    periodsPerYear: Math.min(...bars.map((entry) => entry.instrument.periodsPerYear)),
    sectors: bars.map((entry) => entry.instrument.sector),
    dailyVolumes: bars.map(moneyVolume),
    synthetic: bars.every((entry) => entry.instrument.synthetic),
  };
  const provenance: Provenance[] = loaded.flatMap((entry) => [...entry.provenance]);
  const warnings: ToolWarning[] = loaded.flatMap((entry) => [...(entry.warnings ?? [])]);
  return { value, provenance, warnings };
}

function checkOneMarket(bars: readonly Bars[]): void {
  const synthetic = bars.filter((entry) => entry.instrument.synthetic).length;
  if (synthetic > 0 && synthetic < bars.length) {
    throw invalidInput({
      code: 'REAL_AND_SYNTHETIC',
      what: '`symbols`',
      needed: 'all real or all synthetic (DEMO:)',
      got: bars.map((entry) => entry.instrument.symbol).join(', '),
      hint: 'Ask for DEMO: symbols only, or import prices for the real ones.',
    });
  }
  const frequencies = new Set(bars.map((entry) => entry.instrument.frequency));
  if (frequencies.size > 1) {
    throw invalidInput({
      what: '`symbols`',
      needed: 'of one frequency',
      got: bars.map((entry) => `${entry.instrument.symbol} (${entry.instrument.frequency})`).join(', '),
      hint: 'Choose series of the same frequency.',
    });
  }
}

function moneyVolume(bars: Bars): number | null {
  if (bars.volume === null) return null;
  let sum = 0;
  let count = 0;
  for (let t = Math.max(0, bars.times.length - 21); t < bars.times.length; t++) {
    const money = (bars.volume[t] as number) * (bars.close[t] as number);
    if (!Number.isFinite(money)) continue;
    sum += money;
    count++;
  }
  return count === 0 ? null : sum / count;
}
