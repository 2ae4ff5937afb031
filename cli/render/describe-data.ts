/** One symbol, panel, chain or portfolio in a few lines, for `data show`. */
import type { Ports } from '../../data/ports.ts';
import type { Loaded } from '../../data/types.ts';
import { toIsoTime } from '../../lib/dates.ts';
import { isTradewindError } from '../../lib/errors.ts';

export interface Described {
  readonly lines: readonly string[];
  readonly value: unknown;
}

const LAST_ROWS = 5;

/** Where reading fails because there is no such thing, undefined; the last error is kept for the message. */
async function attempt<T>(read: () => Promise<T>, errors: Error[]): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (!isTradewindError(error) || error.kind !== 'data') throw error;
    errors.push(error);
    return undefined;
  }
}

export async function describeData(ports: Ports, key: string): Promise<Described> {
  const errors: Error[] = [];
  const panel = await attempt(() => ports.market.panel(key), errors);
  if (panel !== undefined) {
    const { value } = panel;
    return {
      value: { id: value.id, name: value.name, measure: value.measure, provenance: panel.provenance },
      lines: [
        `${value.id}: ${value.name}, ${value.measure}`,
        ...origin(panel),
        ...lastRows(value.times, value.columns),
      ],
    };
  }
  const portfolio = await attempt(() => ports.portfolios.get(key), errors);
  if (portfolio !== undefined) {
    const { value } = portfolio;
    return {
      value: { ...value, provenance: portfolio.provenance },
      lines: [
        `${value.name}: portfolio in ${value.currency}${value.synthetic ? ', SYNTHETIC' : ''}, cash ${value.cash}`,
        ...origin(portfolio),
        ...value.lots.map(
          (lot) =>
            `  ${lot.symbol.padEnd(14)} ${lot.quantity} at ${lot.costPerUnit ?? 'unknown cost'}, ${lot.acquired ?? 'day unknown'}`,
        ),
      ],
    };
  }
  const bars = await attempt(() => ports.market.bars(key), errors);
  const chain = await attempt(() => ports.market.chain(key), []);
  if (bars === undefined && chain === undefined) throw errors.at(-1) ?? new Error(`Nothing is known of ${key}.`);
  const lines: string[] = [];
  if (bars !== undefined) {
    const { instrument, times, open, high, low, close, adjClose, volume } = bars.value;
    lines.push(
      `${instrument.symbol}: ${instrument.name}, ${instrument.assetClass}, ${instrument.currency}, every ${instrument.frequency}`,
      ...origin(bars),
      ...lastRows(times, present({ open, high, low, close, adjClose, volume })),
    );
  }
  if (chain !== undefined)
    lines.push(
      `Option chain of ${chain.value.underlying} on ${chain.value.quoteDate}: ${chain.value.quotes.length} quotes, spot ${chain.value.spot}, ${chain.value.exercise}`,
      ...origin(chain),
    );
  return {
    value: {
      instrument: bars?.value.instrument ?? null,
      provenance: [...(bars?.provenance ?? []), ...(chain?.provenance ?? [])],
    },
    lines,
  };
}

function origin(loaded: Loaded<unknown>): readonly string[] {
  return loaded.provenance.map(
    (entry) =>
      `  ${entry.from} to ${entry.to}, ${entry.rows} rows${entry.synthetic ? ', SYNTHETIC' : ''}\n  source ${entry.source}${entry.retrievedAt ? `, retrieved ${entry.retrievedAt}` : ''}, hash ${entry.hash}`,
  );
}

function present(columns: Readonly<Record<string, Float64Array | null>>): Record<string, Float64Array> {
  return Object.fromEntries(
    Object.entries(columns).flatMap(([name, values]) => (values === null ? [] : [[name, values]])),
  );
}

function lastRows(times: Float64Array, columns: Readonly<Record<string, Float64Array>>): readonly string[] {
  const names = Object.keys(columns).slice(0, 8);
  const row = (cells: readonly string[]) => `  ${cells.map((cell) => cell.padStart(12)).join(' ')}`;
  const first = Math.max(0, times.length - LAST_ROWS);
  const rows = Array.from(times.slice(first), (time, i) =>
    row([
      toIsoTime(time),
      ...names.map((name) => {
        const value = columns[name]?.[first + i] ?? Number.NaN;
        if (!Number.isFinite(value)) return '-';
        return name.startsWith('expiry') ? toIsoTime(value) : String(Number(value.toPrecision(8)));
      }),
    ]),
  );
  return [row(['date', ...names]), ...rows];
}
