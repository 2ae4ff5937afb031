/** The six steps: analyse, regime, target, deviation, decide, constitution; then whole shares, lots, taxes and dates. Pure. */
import { addDays } from '../../lib/dates.ts';
import { type ClassTrade, planClassTrades } from '../kernels/rebalance/class-trades.ts';
import { type CostBenefit, classCovariance, weighRebalancing } from '../kernels/rebalance/cost-benefit.ts';
import {
  type BandReadings,
  type Deviation,
  measureDeviation,
  REBALANCE_GUARD,
  readBands,
} from '../kernels/rebalance/deviation.ts';
import { planSectorTrades, type SectorPlan } from '../kernels/rebalance/sector-trades.ts';
import type { CheckRebalanceInput } from './check-rebalance-schema.ts';
import {
  type ArticleFinding,
  type ConstitutionCheck,
  checkArticles,
  sectorLimitsOf,
} from './constitution/check-articles.ts';
import type { Constitution } from './constitution/constitution-schema.ts';
import type { RebalanceSetting } from './rebalance-setting.ts';
import type { HoldReason, Recommendation } from './rebalance-words.ts';
import { planShareTrades, planTaxes, type SharePlan, type TaxPlan } from './share-trades.ts';

export interface RebalancePlan {
  readonly recommendation: Recommendation;
  readonly hold: HoldReason | null;
  readonly deviation: Deviation;
  readonly readings: BandReadings;
  readonly band: number;
  readonly urgentBand: number;
  /** What would bring every class to target, whatever is recommended. */
  readonly toTarget: readonly ClassTrade[];
  /** What is recommended, by class or sector; without HOLD lines. */
  readonly classTrades: readonly ClassTrade[];
  readonly sectorPlan: SectorPlan;
  readonly shares: SharePlan;
  /** Whole-share trades that come closest to the target, whatever is recommended. */
  readonly sharesToTarget: SharePlan;
  readonly taxes: TaxPlan;
  readonly tradingCost: number;
  readonly balance: CostBenefit;
  readonly findings: readonly ArticleFinding[];
  readonly adjusted: boolean;
}

interface Proposal {
  readonly shares: SharePlan;
  readonly taxes: TaxPlan;
  readonly tradingCost: number;
  readonly check: ConstitutionCheck;
  readonly adjusted: boolean;
}

export async function planRebalance(
  input: CheckRebalanceInput,
  setting: RebalanceSetting,
  rules: {
    readonly constitution: Constitution;
    readonly asOf: string;
    readonly lots: Parameters<typeof planTaxes>[0]['lots'];
  },
): Promise<RebalancePlan> {
  const { constitution } = rules;
  const { trading } = constitution.articles;
  const band = input.band ?? trading.band;
  const urgentBand = Math.max(band, input.urgentBand ?? trading.urgentBand);
  const deviation = measureDeviation(setting.current, setting.target, { band, urgentBand, reading: input.bandReading });
  const readings = readBands(setting.current, setting.target, { band, urgentBand });
  const toTarget = planClassTrades({ ...setting });
  const sectorPlan = planSectorTrades({
    weights: setting.sectors,
    total: setting.total,
    limits: sectorLimitsOf(constitution),
  });
  const today = await propose(
    input,
    setting,
    rules,
    setting.holdings.map((h) => h.value),
  );
  const breach =
    sectorPlan.breaches.length > 0 || today.check.findings.some((f) => f.article === 4 && f.status === 'adjusted');
  const tradable = toTarget.some((t) => t.action !== 'HOLD');
  let recommendation: Recommendation = 'HOLD';
  if (deviation.urgency === 'urgent' && tradable) recommendation = 'URGENT_REBALANCE';
  else if (deviation.needsRebalancing && tradable) recommendation = 'REBALANCE';
  else if (breach) recommendation = 'SECTOR_REBALANCE';
  let hold: HoldReason | null =
    recommendation !== 'HOLD' ? null : deviation.needsRebalancing && !tradable ? 'below-minimum' : 'within-band';
  let proposal =
    recommendation === 'HOLD'
      ? today
      : await propose(input, setting, rules, wantedValues(recommendation, setting, toTarget, sectorPlan));
  let balance = weigh(input, setting, proposal);
  if (recommendation === 'REBALANCE' && !breach && !balance.worthIt) {
    const stuck = proposal.shares.trades.length === 0 && setting.holdings.some((h) => h.price !== null);
    recommendation = 'HOLD';
    hold = stuck ? 'no-trade' : 'costs-more';
    proposal = { ...today, tradingCost: proposal.tradingCost, taxes: { ...today.taxes, tax: proposal.taxes.tax } };
  } else if (recommendation === 'HOLD') {
    balance = { ...balance, worthIt: false };
  }
  return {
    recommendation,
    hold,
    deviation,
    readings,
    band,
    urgentBand,
    toTarget,
    classTrades: recommendedTrades(recommendation, setting, toTarget, sectorPlan, proposal),
    sectorPlan,
    shares: proposal.shares,
    sharesToTarget: await planShareTrades({
      ...setting,
      wanted: targetValues(setting),
      reserve: Math.max(0, (setting.target['cash'] ?? 0) * setting.total),
      wholeShares: input.wholeShares,
    }),
    taxes: proposal.taxes,
    tradingCost: proposal.tradingCost,
    balance,
    findings: proposal.check.findings,
    adjusted: proposal.adjusted,
  };
}

/** Every bucket exactly at its target, shared as it is held today. */
function targetValues(setting: RebalanceSetting): readonly number[] {
  return setting.holdings.map((h, i) => {
    const bucket = setting.buckets[i] as string;
    const now = setting.current[bucket] ?? 0;
    return now > 0 ? (h.value * (setting.target[bucket] ?? 0)) / now : h.value;
  });
}

/** Value that each holding should have: its bucket's target, shared as it is held today. */
function wantedValues(
  recommendation: Recommendation,
  setting: RebalanceSetting,
  trades: readonly ClassTrade[],
  sectorPlan: SectorPlan,
): readonly number[] {
  if (recommendation === 'SECTOR_REBALANCE') {
    const moves = new Map(sectorPlan.trades.map((t) => [t.sector, t.to / t.from]));
    return setting.holdings.map((h) => h.value * (h.sector === null ? 1 : (moves.get(h.sector) ?? 1)));
  }
  const scale = new Map(trades.map((t) => [t.assetClass, t.action === 'HOLD' || t.from === 0 ? 1 : t.to / t.from]));
  return setting.holdings.map((h, i) => h.value * (scale.get(setting.buckets[i] as string) ?? 1));
}

/** Wanted values through the constitution, to whole shares, lots and costs; scaled back once where it would cost too much. */
async function propose(
  input: CheckRebalanceInput,
  setting: RebalanceSetting,
  rules: Parameters<typeof planRebalance>[2],
  wanted: readonly number[],
): Promise<Proposal> {
  const first = await proposeOnce(input, setting, rules, wanted);
  const limit = rules.constitution.articles.trading.maximumCost * setting.total;
  const cost = first.tradingCost + first.taxes.tax;
  if (cost <= limit + REBALANCE_GUARD) return first;
  const part = (0.98 * limit) / cost;
  const less = wanted.map((value, i) => {
    const now = setting.holdings[i]?.value ?? 0;
    return now + part * (value - now);
  });
  return { ...(await proposeOnce(input, setting, rules, less)), adjusted: true };
}

async function proposeOnce(
  input: CheckRebalanceInput,
  setting: RebalanceSetting,
  rules: Parameters<typeof planRebalance>[2],
  wanted: readonly number[],
): Promise<Proposal> {
  const { holdings, total } = setting;
  const rough = holdings.reduce((sum, h, i) => sum + Math.abs((wanted[i] as number) - h.value), 0);
  const check = checkArticles(
    {
      positions: holdings.map((h, i) => ({
        symbol: h.symbol,
        sector: h.sector,
        singleName: h.singleName,
        assetClass: h.assetClass,
        before: h.value / total,
        after: (wanted[i] as number) / total,
      })),
      ...(input.sectorWeights === undefined ? {} : { sectorWeights: setting.sectors }),
      cost: (rough * input.costBps) / 1e4 / total,
      drawdown: input.drawdown ?? null,
    },
    rules.constitution,
  );
  const adjusted = check.weights.some((w, i) => Math.abs(w - (wanted[i] as number) / total) > 1e-7);
  const cost = (rough * input.costBps) / 1e4;
  const shares = await planShareTrades({
    holdings,
    wanted: check.weights.map((w) => w * total),
    cash: setting.cash,
    total,
    reserve: reserveFor(setting, check, cost),
    wholeShares: input.wholeShares,
  });
  const taxes = planTaxes({
    trades: shares.trades,
    lots: rules.lots,
    date: rules.asOf,
    method: input.lotMethod,
    rates: { shortTermRate: input.shortTermRate, longTermRate: input.longTermRate },
  });
  const traded = holdings.length === 0 ? rough : shares.trades.reduce((sum, t) => sum + t.amount, 0);
  return { shares, taxes, tradingCost: (traded * input.costBps) / 1e4, check, adjusted };
}

/** Cash that share purchases must leave: the cash target (or what is held, where it does not move), and the costs. */
function reserveFor(setting: RebalanceSetting, check: ConstitutionCheck, cost: number): number {
  return Math.min(Math.max(0, check.cash * setting.total), setting.total) + (check.cash > 1e-9 ? 0 : cost);
}

function weigh(input: CheckRebalanceInput, setting: RebalanceSetting, proposal: Proposal): CostBenefit {
  const names = [...new Set([...Object.keys(setting.target), ...Object.keys(setting.current)])];
  const classes = names.map((name) => {
    const i = setting.buckets.indexOf(name);
    return i < 0 ? name : (setting.holdings[i]?.assetClass ?? name);
  });
  const after: Record<string, number> = Object.fromEntries(names.map((name) => [name, 0]));
  const byTrade = new Map(proposal.shares.trades.map((t) => [t.symbol, t.weightAfter]));
  for (const [i, h] of setting.holdings.entries()) {
    const bucket = setting.buckets[i] as string;
    after[bucket] = (after[bucket] ?? 0) + (byTrade.get(h.symbol) ?? h.value / setting.total);
  }
  const invested = Object.values(after).reduce((sum, w) => sum + w, 0);
  after['cash'] = (after['cash'] ?? 0) + 1 - invested;
  const gap = (weights: Readonly<Record<string, number>>): number[] =>
    names.map((name) => (weights[name] ?? 0) - (setting.target[name] ?? 0));
  return weighRebalancing({
    before: gap(setting.current),
    after: gap(after),
    covariance: classCovariance(classes),
    riskAversion: input.riskAversion,
    years: input.horizonYears,
    value: setting.total,
    cost: proposal.tradingCost + proposal.taxes.tax,
  });
}

function recommendedTrades(
  recommendation: Recommendation,
  setting: RebalanceSetting,
  toTarget: readonly ClassTrade[],
  sectorPlan: SectorPlan,
  proposal: Proposal,
): readonly ClassTrade[] {
  if (recommendation === 'HOLD') return [];
  if (recommendation === 'SECTOR_REBALANCE' && sectorPlan.trades.length > 0) {
    const lines: ClassTrade[] = sectorPlan.trades.map((t) => ({
      assetClass: t.sector,
      action: t.action,
      amount: t.amount,
      from: t.from,
      to: t.to,
      deviation: t.from - t.to,
    }));
    return lines;
  }
  if (!proposal.adjusted) return toTarget.filter((t) => t.action !== 'HOLD');
  const after: Record<string, number> = {};
  for (const [i, w] of proposal.check.weights.entries()) {
    const bucket = setting.buckets[i] as string;
    after[bucket] = (after[bucket] ?? 0) + w;
  }
  if ('cash' in setting.current || proposal.check.cash > 1e-9) after['cash'] = proposal.check.cash;
  return planClassTrades({ ...setting, target: after }).filter((t) => t.action !== 'HOLD');
}

/** Next look: a week later. */
export function nextReview(asOf: string): string {
  return addDays(asOf, 7);
}
