/** What a rebalancing starts from: holdings, allocation, target, regime and limits, whichever way the person said them. */
import { invalidInput } from '../../lib/errors.ts';
import { type Allocation, tidy } from '../kernels/rebalance/deviation.ts';
import { classifyMarketRegime, type MarketRegime, REGIME_TARGETS } from '../kernels/rebalance/market-regime.ts';
import type { CheckRebalanceInput } from './check-rebalance-schema.ts';
import { canonicalClass } from './holdings/classify-holding.ts';
import { allocationOf, type Holding, type Holdings, sectorsOf } from './holdings/load-holdings.ts';

export interface RebalanceSetting {
  /** With the cash flow in it. */
  readonly total: number;
  readonly cash: number;
  readonly holdings: readonly Holding[];
  /** The bucket of each holding: its class, or its symbol where targets are by symbol. */
  readonly buckets: readonly string[];
  readonly current: Allocation;
  readonly target: Allocation;
  readonly byClass: Allocation;
  readonly sectors: Allocation;
  readonly regime: MarketRegime | null;
  readonly confidence: number | null;
  readonly vix: number | null;
  readonly minimumTrade: number;
}

/** Smallest trade in currencies whose unit is small; an assumption, shown in the result. */
const SMALL_UNITS: Readonly<Record<string, number>> = { KRW: 1000, JPY: 100, VND: 10_000, IDR: 10_000 };

export function settingOf(
  input: CheckRebalanceInput,
  data: Holdings & { readonly vix: number | null },
): RebalanceSetting {
  const base = input.currentAllocation === undefined ? data : fromAllocation(input, data);
  if (!(base.total + input.cashFlow > 0)) {
    throw invalidInput({
      code: 'EMPTY_PORTFOLIO',
      what: 'The portfolio',
      needed: 'positions, a stored portfolio, or an allocation with a total',
      got: 'nothing of value',
      hint: 'Give positions with values, for example [{"symbol": "VTI", "value": 71200}], or import them with `tradewind portfolio import`.',
    });
  }
  const total = base.total + input.cashFlow;
  const cash = base.cash + input.cashFlow;
  const target = targetOf(input, data.vix);
  const bySymbol = Object.keys(target.weights).some((key) => base.holdings.some((h) => same(h.symbol, key)));
  const buckets = base.holdings.map((h) => (bySymbol ? bucketOf(h, target.weights) : h.assetClass));
  const current: Record<string, number> = bySymbol ? {} : { stocks: 0, bonds: 0, cash: 0 };
  for (const [i, h] of base.holdings.entries()) {
    const bucket = buckets[i] as string;
    current[bucket] = tidy((current[bucket] ?? 0) + h.value / total);
  }
  if (!bySymbol || cash !== 0 || 'cash' in target.weights) current['cash'] = tidy(cash / total);
  const moved = { ...base, total, cash };
  return {
    total,
    cash,
    holdings: base.holdings,
    buckets,
    current: withoutEmpty(current, target.weights),
    target: target.weights,
    byClass: allocationOf(moved),
    sectors: input.sectorWeights ?? sectorsOf(moved),
    regime: target.regime,
    confidence: target.confidence,
    vix: target.vix,
    minimumTrade:
      input.minimumTrade ?? data.constitution.articles.trading.minimumTrade * (SMALL_UNITS[data.currency] ?? 1),
  };
}

function same(a: string, b: string): boolean {
  return a.toUpperCase() === b.toUpperCase();
}

function bucketOf(holding: Holding, target: Allocation): string {
  return Object.keys(target).find((key) => same(key, holding.symbol)) ?? holding.symbol;
}

/** Classes that are neither held nor wanted say nothing. */
function withoutEmpty(current: Record<string, number>, target: Allocation): Allocation {
  return Object.fromEntries(Object.entries(current).filter(([name, weight]) => weight !== 0 || name in target));
}

function fromAllocation(input: CheckRebalanceInput, data: Holdings): Holdings {
  const weights = canonical(input.currentAllocation ?? {}, 'currentAllocation');
  const total = input.totalValue ?? 100_000;
  const holdings: Holding[] = Object.entries(weights)
    .filter(([name]) => name !== 'cash')
    .map(([name, weight]) => ({
      symbol: name,
      quantity: null,
      price: null,
      value: weight * total,
      assetClass: name,
      sector: null,
      singleName: false,
    }));
  const invested = holdings.reduce((sum, h) => sum + h.value, 0);
  return { ...data, holdings, cash: total - invested, total };
}

function canonical(weights: Allocation, what: string): Allocation {
  const out: Record<string, number> = {};
  for (const [name, weight] of Object.entries(weights)) {
    const key = canonicalClass(name);
    out[key] = (out[key] ?? 0) + weight;
  }
  const sum = Object.values(out).reduce((total, w) => total + w, 0);
  if (Math.abs(sum - 1) > 1e-6) {
    throw invalidInput({
      what: `The weights of ${what}`,
      needed: '1 in sum',
      got: Math.round(sum * 1e6) / 1e6,
      hint: 'Write 60/40 as {"stocks": 0.6, "bonds": 0.4}; add cash where some is kept.',
    });
  }
  return out;
}

function targetOf(
  input: CheckRebalanceInput,
  loadedVix: number | null,
): { weights: Allocation; regime: MarketRegime | null; confidence: number | null; vix: number | null } {
  const vix = input.vix ?? loadedVix;
  const rule =
    vix === null
      ? null
      : classifyMarketRegime({
          vix,
          yieldCurveSlope: input.yieldCurveSlope ?? null,
          fedStance: input.fedStance ?? null,
          gdpGrowth: input.gdpGrowth ?? null,
          unemployment: input.unemployment ?? null,
          inflation: input.inflation ?? null,
        });
  const regime = input.regime ?? rule?.regime ?? null;
  const confidence =
    rule !== null && (input.regime === undefined || input.regime === rule.regime) ? rule.confidence : null;
  if (input.targetAllocation !== undefined) {
    return { weights: canonical(input.targetAllocation, 'targetAllocation'), regime, confidence, vix };
  }
  if (regime === null) {
    throw invalidInput({
      code: 'NO_TARGET',
      what: 'The target',
      needed: 'given, or set by the market regime, which needs the VIX',
      got: 'neither',
      hint: 'Give targetAllocation, for example {"stocks": 0.6, "bonds": 0.4}, or the level of the VIX.',
    });
  }
  return { weights: { ...REGIME_TARGETS[regime] }, regime, confidence, vix };
}
