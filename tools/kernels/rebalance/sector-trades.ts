/**
 * Which sales bring every sector under its limit, and where do the proceeds go?
 *
 * Every sector above its limit sells the excess. The proceeds go to the other named sectors by **inverse current weight** (the smallest gets the most), never above a receiver's own
 * limit; what no receiver can hold stays in cash. A bucket such as "Other" is a remainder, not a sector: it neither breaches nor receives.
 *
 * Weights are fractions of the portfolio; amounts in its currency. O(sectors²).
 * Reference: inverse-weight split: proportional rationing with caps, Moulin (2000), Econometrica 68:3 (water-filling of a divisible good).
 *
 * @example planSectorTrades({ weights: { Technology: 0.45, Finance: 0.15, Healthcare: 0.1 }, limits, total: 100_000 })
 * // → SELL Technology 5,000 · BUY Healthcare 3,000 · BUY Finance 2,000
 */
import { type Allocation, REBALANCE_GUARD, tidy } from './deviation.ts';

export interface SectorLimits {
  /** Limits of named sectors, as fractions. */
  readonly named: Allocation;
  /** Limit of any sector without a name in the list. */
  readonly other: number;
}

/** Article 4 of the constitution, as far as sectors go. */
export const DEFAULT_SECTOR_LIMITS: SectorLimits = {
  named: { Technology: 0.4, Finance: 0.3, Healthcare: 0.25 },
  other: 0.2,
};

/** Names that mean "everything else" and not one sector. */
const REMAINDERS: ReadonlySet<string> = new Set(['other', 'others', 'unknown', 'unclassified', 'diversified', '기타']);

export function isRemainder(sector: string): boolean {
  return REMAINDERS.has(sector.toLowerCase());
}

export function sectorLimit(sector: string, limits: SectorLimits = DEFAULT_SECTOR_LIMITS): number {
  const canonical = canonicalSector(sector);
  return limits.named[canonical] ?? limits.named[sector] ?? limits.other;
}

const SYNONYMS: Readonly<Record<string, string>> = {
  tech: 'Technology',
  it: 'Technology',
  technology: 'Technology',
  'information technology': 'Technology',
  'info tech': 'Technology',
  기술: 'Technology',
  finance: 'Finance',
  financial: 'Finance',
  financials: 'Finance',
  'financial services': 'Finance',
  금융: 'Finance',
  'health care': 'Healthcare',
  healthcare: 'Healthcare',
  health: 'Healthcare',
  헬스케어: 'Healthcare',
};

/** One spelling per sector: "Tech", "Information Technology" → "Technology". Unknown names stay as they are. */
export function canonicalSector(sector: string): string {
  return SYNONYMS[sector.trim().toLowerCase()] ?? sector.trim();
}

export interface SectorTrade {
  readonly sector: string;
  readonly action: 'BUY' | 'SELL';
  readonly amount: number;
  readonly from: number;
  readonly to: number;
}

export interface SectorPlan {
  readonly trades: readonly SectorTrade[];
  /** Sale proceeds that no sector could take. */
  readonly toCash: number;
  readonly breaches: readonly { readonly sector: string; readonly weight: number; readonly limit: number }[];
}

export function planSectorTrades(parts: {
  readonly weights: Allocation;
  readonly total: number;
  readonly limits?: SectorLimits;
}): SectorPlan {
  const { weights, total, limits = DEFAULT_SECTOR_LIMITS } = parts;
  const named = Object.keys(weights).filter((sector) => !isRemainder(sector));
  const over = named.filter((sector) => (weights[sector] as number) > sectorLimit(sector, limits) + REBALANCE_GUARD);
  const sells = over.map((sector) => ({
    sector,
    from: weights[sector] as number,
    to: sectorLimit(sector, limits),
  }));
  const freed = sells.reduce((sum, s) => sum + s.from - s.to, 0);
  const receivers = named.filter((sector) => !over.includes(sector) && (weights[sector] as number) > 0);
  const buys = spreadInverse(receivers, weights, limits, freed);
  const placed = Object.values(buys).reduce((sum, part) => sum + part, 0);
  const trades: SectorTrade[] = sells.map((s) => ({
    sector: s.sector,
    action: 'SELL',
    amount: cents((s.from - s.to) * total),
    from: s.from,
    to: s.to,
  }));
  const bought = receivers
    .filter((sector) => (buys[sector] ?? 0) > REBALANCE_GUARD)
    .map((sector) => ({
      sector,
      action: 'BUY' as const,
      amount: cents((buys[sector] as number) * total),
      from: weights[sector] as number,
      to: tidy((weights[sector] as number) + (buys[sector] as number)),
    }))
    .sort((a, b) => b.amount - a.amount);
  return {
    trades: [...trades, ...bought],
    toCash: cents(Math.max(0, freed - placed) * total),
    breaches: sells.map((s) => ({ sector: s.sector, weight: s.from, limit: s.to })),
  };
}

/** Water-filling: shares by 1/weight; a receiver that is full is fixed at its limit and the rest is shared again. */
function spreadInverse(
  receivers: readonly string[],
  weights: Allocation,
  limits: SectorLimits,
  freed: number,
): Record<string, number> {
  const result: Record<string, number> = {};
  let open = [...receivers];
  let left = freed;
  while (open.length > 0 && left > REBALANCE_GUARD) {
    const inverse = open.reduce((sum, s) => sum + 1 / (weights[s] as number), 0);
    const part = (s: string): number => (left * (1 / (weights[s] as number))) / inverse;
    const room = (s: string): number => sectorLimit(s, limits) - (weights[s] as number);
    const full = open.filter((s) => part(s) > room(s) + REBALANCE_GUARD);
    if (full.length === 0) {
      for (const s of open) result[s] = part(s);
      return result;
    }
    for (const s of full) {
      result[s] = Math.max(0, room(s));
      left -= result[s];
    }
    open = open.filter((s) => !full.includes(s));
  }
  return result;
}

function cents(amount: number): number {
  return Math.round(amount * 100 + 1e-6 * Math.sign(amount)) / 100;
}
