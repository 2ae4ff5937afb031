/**
 * How much of a wanted purchase keeps every limit, and what would have to be sold first to do all of it?
 *
 * Paid from cash, the portfolio's value does not change, so each limit gives room in closed form: position (limit − weight)·V, sector (limit − weight)·V, cash (balance − floor·V), turnover, or a
 * request of its own. Paid with new money A the total grows as well: (s + A)/(V + A) ≤ L gives A ≤ (L·V − s)/(1 − L). The purchase is the smallest of them; the limit that binds is named. Sales come from the
 * same sector where that limit binds (its largest positions first), else from whatever is furthest above its limit, then the largest.
 *
 * Money in one currency, limits as fractions. O(positions log positions).
 * Reference: the constraint set is a polymatroid along one ray, so the largest feasible step is the smallest slack ratio (Bertsimas & Tsitsiklis 1997, §3.2, ratio test).
 *
 * @example sizePartialPosition({ positions, cash, symbol: 'AAPL', sector: 'Technology', amount: 15000, limits }) // → amount 10000, binding "sector"
 */
import { invalidInput } from '../../../lib/errors.ts';
import { REBALANCE_GUARD } from './deviation.ts';
import { isRemainder, type SectorLimits, sectorLimit } from './sector-trades.ts';

export interface HeldPosition {
  readonly symbol: string;
  readonly value: number;
  /** Null for funds, bonds and others without one sector. */
  readonly sector: string | null;
  /** False for diversified holdings, to which the single-position limit does not apply. */
  readonly singleName: boolean;
}

export interface PositionLimits {
  readonly position: number;
  readonly sectors: SectorLimits;
  /** Least cash, as a fraction of the portfolio. */
  readonly cashFloor: number;
}

export type BindingLimit = 'none' | 'position' | 'sector' | 'cash';

export interface LimitRoom {
  readonly limit: Exclude<BindingLimit, 'none'>;
  /** Weight of what the limit is about, before and after the advised purchase, and the limit itself. */
  readonly before: number;
  readonly after: number;
  readonly allowed: number;
  /** Largest purchase that this limit alone permits; may be negative where it is breached already. */
  readonly room: number;
}

export interface PartialPosition {
  readonly amount: number;
  readonly wanted: number;
  readonly binding: BindingLimit;
  readonly rooms: readonly LimitRoom[];
  /** What to sell first so that the whole purchase fits; empty where it fits already or sales cannot help. */
  readonly sellFirst: readonly { readonly symbol: string; readonly amount: number; readonly because: BindingLimit }[];
  readonly totalValue: number;
}

export interface PartialPositionInput {
  readonly positions: readonly HeldPosition[];
  readonly cash: number;
  readonly symbol: string;
  readonly sector: string | null;
  readonly singleName: boolean;
  readonly amount: number;
  readonly limits: PositionLimits;
  readonly funding?: 'cash' | 'new-money';
}

export function sizePartialPosition(input: PartialPositionInput): PartialPosition {
  const total = input.cash + input.positions.reduce((sum, p) => sum + p.value, 0);
  if (!(input.amount > 0) || !(total > 0)) {
    throw invalidInput({
      what: 'The purchase',
      needed: 'a positive amount into a portfolio with value',
      got: `${input.amount} into ${total}`,
      hint: 'Give the amount in currency and the current positions.',
    });
  }
  const rooms = limitRooms(input, total);
  const least = rooms.reduce((best, r) => (r.room < best.room ? r : best), rooms[0] as LimitRoom);
  const fits = rooms.length === 0 || least.room >= input.amount - 1e-6;
  const amount = fits ? input.amount : Math.max(0, Math.floor(least.room * 100 + 1e-4) / 100);
  const base = input.funding === 'new-money' ? total + amount : total;
  return {
    amount,
    wanted: input.amount,
    binding: fits ? 'none' : least.limit,
    rooms: rooms.map((r) => ({ ...r, after: afterWeight(r, amount, total, base) })),
    sellFirst: fits ? [] : salesFor(input, rooms, total),
    totalValue: total,
  };
}

function afterWeight(room: LimitRoom, amount: number, total: number, base: number): number {
  const sign = room.limit === 'cash' ? -1 : 1;
  return (room.before * total + sign * amount) / base;
}

function limitRooms(input: PartialPositionInput, total: number): readonly LimitRoom[] {
  const { positions, limits, symbol, sector } = input;
  const held = positions.filter((p) => p.symbol === symbol).reduce((sum, p) => sum + p.value, 0);
  const rooms: LimitRoom[] = [];
  const add = (limit: LimitRoom['limit'], value: number, allowed: number): void => {
    const room =
      input.funding === 'new-money'
        ? (allowed * total - value) / Math.max(1e-12, 1 - allowed)
        : allowed * total - value;
    rooms.push({ limit, before: value / total, after: value / total, allowed, room });
  };
  if (sector !== null && !isRemainder(sector)) {
    const inSector = positions.filter((p) => p.sector === sector).reduce((sum, p) => sum + p.value, 0);
    add('sector', inSector, sectorLimit(sector, limits.sectors));
  }
  if (input.singleName) add('position', held, limits.position);
  if (input.funding !== 'new-money') {
    const allowed = limits.cashFloor;
    rooms.push({
      limit: 'cash',
      before: input.cash / total,
      after: input.cash / total,
      allowed,
      room: input.cash - allowed * total,
    });
  }
  return rooms;
}

/** Sales that make room for the whole wish. A position limit cannot be widened by selling something else. */
function salesFor(
  input: PartialPositionInput,
  rooms: readonly LimitRoom[],
  total: number,
): PartialPosition['sellFirst'] {
  const lacking = new Map(rooms.map((r) => [r.limit, Math.max(0, input.amount - r.room)]));
  if ((lacking.get('position') ?? 0) > 1e-6) return [];
  const sales: { symbol: string; amount: number; because: BindingLimit }[] = [];
  const sector = lacking.get('sector') ?? 0;
  const others = input.positions.filter((p) => p.symbol !== input.symbol);
  const bySize = (a: HeldPosition, b: HeldPosition): number => b.value - a.value;
  sell(others.filter((p) => p.sector === input.sector).sort(bySize), sector, 'sector', sales);
  const raised = sales.reduce((sum, s) => sum + s.amount, 0);
  const excess = (p: HeldPosition): number => p.value / total - (p.singleName ? input.limits.position : 1);
  const rest = others
    .filter((p) => p.sector !== input.sector || sector === 0)
    .sort((a, b) => Math.max(0, excess(b)) - Math.max(0, excess(a)) || b.value - a.value);
  sell(rest, (lacking.get('cash') ?? 0) - raised, 'cash', sales);
  return sales;
}

function sell(
  candidates: readonly HeldPosition[],
  needed: number,
  because: BindingLimit,
  out: { symbol: string; amount: number; because: BindingLimit }[],
): void {
  let left = needed;
  for (const p of candidates) {
    if (left <= REBALANCE_GUARD) return;
    const amount = Math.min(p.value, left);
    if (amount <= 0) continue;
    out.push({ symbol: p.symbol, amount: Math.ceil(amount * 100 - 1e-6) / 100, because });
    left -= amount;
  }
}
