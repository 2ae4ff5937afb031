/** Turns what a person said they hold into values, classes and weights; looks up only what was not said. */
import type { Ports } from '../../../data/ports.ts';
import type { Instrument, Loaded, Lot, Provenance, ToolWarning } from '../../../data/types.ts';
import { invalidInput, isTradewindError, notAvailable } from '../../../lib/errors.ts';
import type { Allocation } from '../../kernels/rebalance/deviation.ts';
import type { Constitution } from '../constitution/constitution-schema.ts';
import { defaultConstitution } from '../constitution/default-constitution.ts';
import { readConstitution } from '../constitution/read-constitution.ts';
import { classifyHolding } from './classify-holding.ts';
import type { HoldingsInput } from './holdings-input.ts';

export interface Holding {
  readonly symbol: string;
  readonly quantity: number | null;
  readonly price: number | null;
  readonly value: number;
  readonly assetClass: string;
  readonly sector: string | null;
  readonly singleName: boolean;
}

export interface Holdings {
  /** The cut-off of the call. */
  readonly asOf: string;
  readonly currency: string;
  /** Everything but cash. */
  readonly holdings: readonly Holding[];
  readonly cash: number;
  readonly total: number;
  readonly lots: readonly Lot[];
  readonly constitution: Constitution;
  /** Name of the stored portfolio, where proposals can be booked; null for inline and bundled ones. */
  readonly bookable: string | null;
}

type Said = NonNullable<HoldingsInput['positions']>[number];

/** Empty holdings (no portfolio, no positions) are allowed: the caller may know only an allocation. */
export async function loadHoldings(
  input: HoldingsInput,
  ports: Ports,
  options: { readonly useOnlyPortfolio?: boolean } = {},
): Promise<Loaded<Holdings>> {
  const name = input.portfolio ?? ((options.useOnlyPortfolio ?? true) ? await onlyPortfolio(input, ports) : undefined);
  const stored = name === undefined ? null : await ports.portfolios.get(name);
  // A portfolio is what it is today; it must not carry the as-of of a result past the cut-off.
  const provenance: Provenance[] = (stored?.provenance ?? []).map((entry) => ({
    ...entry,
    from: entry.from > ports.asOf ? ports.asOf : entry.from,
    to: entry.to > ports.asOf ? ports.asOf : entry.to,
  }));
  const warnings: ToolWarning[] = [...(stored?.warnings ?? [])];
  const said: readonly Said[] = stored === null ? (input.positions ?? []) : mergeLots(stored.value.lots);
  const weighted = said.some((p) => p.weight !== undefined);
  if (weighted && input.totalValue === undefined) {
    warnings.push({
      code: 'NOTIONAL_TOTAL',
      message: 'No total value was given: amounts are shown for a portfolio of 100,000.',
    });
  }
  const total = input.totalValue ?? 100_000;
  const holdings: Holding[] = [];
  let cash = stored?.value.cash ?? input.cash ?? 0;
  for (const position of said) {
    const instrument = await lookUp(position, ports);
    const kind = classifyHolding(position, instrument);
    const priced = await priceOf(position, total, ports, provenance);
    if (kind.assetClass === 'cash') cash += priced.value;
    else holdings.push({ symbol: instrument?.symbol ?? position.symbol, ...priced, ...pick(kind) });
    if (!kind.known) {
      warnings.push({
        code: 'UNKNOWN_CLASS',
        message: `Nothing says what ${position.symbol.slice(0, 40)} is; it is treated as a single stock without a sector.`,
      });
    }
  }
  const invested = holdings.reduce((sum, h) => sum + h.value, 0);
  if (weighted) cash = fillWithCash(said, total, invested, cash);
  const constitution = await loadConstitution(ports);
  return {
    value: {
      asOf: ports.asOf,
      currency: stored?.value.currency ?? input.currency,
      holdings,
      cash,
      total: invested + cash,
      lots: stored?.value.lots ?? input.lots ?? [],
      constitution: constitution.value,
      bookable: stored === null || stored.value.synthetic ? null : stored.value.name,
    },
    provenance: [...provenance, ...constitution.provenance.map((entry) => datedLike(entry, provenance, ports.asOf))],
    warnings,
  };
}

/** Where nothing is said and the person has stored exactly one portfolio, that one is meant. */
async function onlyPortfolio(input: HoldingsInput, ports: Ports): Promise<string | undefined> {
  if (input.positions !== undefined || input.cash !== undefined || input.totalValue !== undefined) return undefined;
  const own = (await ports.portfolios.list()).filter((portfolio) => !portfolio.synthetic);
  return own.length === 1 ? own[0]?.name : undefined;
}

function pick(kind: ReturnType<typeof classifyHolding>): Pick<Holding, 'assetClass' | 'sector' | 'singleName'> {
  return { assetClass: kind.assetClass, sector: kind.sector, singleName: kind.singleName };
}

/** A file of limits has no day of its own: it must not move the as-of of the result. */
function datedLike(entry: Provenance, others: readonly Provenance[], asOf: string): Provenance {
  const day = others.reduce((last, other) => (other.to > last ? other.to : last), '');
  return { ...entry, from: day || asOf, to: day || asOf };
}

/** The limits that hold here: built in, or the person's own file. */
export async function loadConstitution(ports: Ports): Promise<Loaded<Constitution>> {
  const own = (await ports.policy?.constitution()) ?? null;
  if (own === null) return { value: defaultConstitution, provenance: [] };
  return { value: readConstitution(own.value).constitution, provenance: own.provenance };
}

function mergeLots(lots: readonly Lot[]): readonly Said[] {
  const quantities = new Map<string, number>();
  for (const lot of lots) quantities.set(lot.symbol, (quantities.get(lot.symbol) ?? 0) + lot.quantity);
  return [...quantities].map(([symbol, quantity]) => ({ symbol, quantity }));
}

/** A directory that does not know the name is no error: the person may say what it is. */
async function lookUp(position: Said, ports: Ports): Promise<Instrument | null> {
  if (position.assetClass !== undefined && position.sector !== undefined) return null;
  try {
    return await ports.market.resolve(position.symbol);
  } catch (error) {
    if (isTradewindError(error)) return null;
    throw error;
  }
}

async function priceOf(
  position: Said,
  total: number,
  ports: Ports,
  provenance: Provenance[],
): Promise<Pick<Holding, 'quantity' | 'price' | 'value'>> {
  const { quantity, price, value, weight } = position;
  if (weight !== undefined) return { quantity: null, price: price ?? null, value: weight * total };
  if (value !== undefined) {
    return { quantity: quantity ?? (price === undefined ? null : value / price), price: price ?? null, value };
  }
  if (quantity === undefined) {
    throw invalidInput({
      code: 'POSITION_WITHOUT_SIZE',
      what: `The position ${position.symbol.slice(0, 40)}`,
      needed: 'given with a value, a weight, or a quantity',
      got: 'only a name',
      hint: 'Add how much is held, for example {"symbol": "VTI", "value": 71200}.',
    });
  }
  const each = price ?? (await lastClose(position.symbol, ports, provenance));
  return { quantity, price: each, value: quantity * each };
}

async function lastClose(symbol: string, ports: Ports, provenance: Provenance[]): Promise<number> {
  const loaded = await ports.market.bars(symbol);
  const { close } = loaded.value;
  for (let i = close.length - 1; i >= 0; i--) {
    const price = close[i] as number;
    if (!Number.isFinite(price)) continue;
    provenance.push(...loaded.provenance);
    return price;
  }
  throw notAvailable({
    code: 'NO_DATA',
    message: `There is no price of ${symbol} on or before ${ports.asOf}.`,
    hint: 'Give its price or its value.',
  });
}

/** Weights that leave room: the rest is cash. */
function fillWithCash(said: readonly Said[], total: number, invested: number, cash: number): number {
  const weights = said.reduce((sum, p) => sum + (p.weight ?? 0), 0);
  if (weights > 1 + 1e-6) {
    throw invalidInput({
      what: 'The weights of the positions',
      needed: 'at most 1 in sum',
      got: weights,
      hint: 'Write 55% as 0.55.',
    });
  }
  return Math.max(cash, total - invested);
}

/** Weights by asset class, cash included. */
export function allocationOf(holdings: Holdings): Allocation {
  const out: Record<string, number> = { stocks: 0, bonds: 0, cash: 0 };
  if (!(holdings.total > 0)) return out;
  for (const h of holdings.holdings) out[h.assetClass] = (out[h.assetClass] ?? 0) + h.value / holdings.total;
  out['cash'] = (out['cash'] ?? 0) + holdings.cash / holdings.total;
  return out;
}

/** Weights by sector of the whole portfolio; funds and others without a sector count as "Diversified". */
export function sectorsOf(holdings: Holdings): Allocation {
  const out: Record<string, number> = {};
  for (const h of holdings.holdings) {
    if (h.sector === null) continue;
    out[h.sector] = (out[h.sector] ?? 0) + h.value / holdings.total;
  }
  return out;
}
