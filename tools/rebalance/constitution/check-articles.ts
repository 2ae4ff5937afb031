/**
 * Checks a portfolio, as it would be after the proposed trades, article by article, and finds the smallest change that keeps every limit.
 */
import type { Allocation } from '../../kernels/rebalance/deviation.ts';
import { type GroupLimit, projectOntoLimits } from '../../kernels/rebalance/project-limits.ts';
import { canonicalSector, isRemainder, type SectorLimits, sectorLimit } from '../../kernels/rebalance/sector-trades.ts';
import { type ArticleName, articles, type Constitution } from './constitution-schema.ts';

export interface ConstitutionPosition {
  readonly symbol: string;
  readonly sector: string | null;
  readonly singleName: boolean;
  readonly assetClass: string;
  /** Fractions of the portfolio. */
  readonly before: number;
  readonly after: number;
}

export interface ConstitutionSubject {
  readonly positions: readonly ConstitutionPosition[];
  /** Sector weights where positions are not known one by one. */
  readonly sectorWeights?: Allocation;
  /** Cost of the trades as a fraction of value; null where it was not estimated. */
  readonly cost: number | null;
  /** Fall from the peak, positive; null where no history was given. */
  readonly drawdown: number | null;
}

export type ArticleStatus = 'pass' | 'adjusted' | 'refused' | 'not-checked';

export interface ArticleFinding {
  readonly article: number;
  readonly name: ArticleName;
  readonly title: string;
  /** What was measured: `position AAPL`, `sector Technology`, `cash`. */
  readonly subject: string;
  readonly value: number | null;
  readonly limit: number;
  readonly status: ArticleStatus;
}

export interface ConstitutionCheck {
  readonly status: 'pass' | 'adjusted' | 'refused';
  readonly findings: readonly ArticleFinding[];
  /** Weights after adjustment, in the order of the positions. */
  readonly weights: readonly number[];
  readonly cash: number;
}

const GUARD = 1e-9;

export function sectorLimitsOf(constitution: Constitution): SectorLimits {
  const { sectors, otherSector } = constitution.articles.concentration;
  return { named: sectors, other: otherSector };
}

export function checkArticles(subject: ConstitutionSubject, constitution: Constitution): ConstitutionCheck {
  const { positions } = subject;
  const wanted = applyBrake(subject, constitution);
  const groups = sectorGroups(subject, constitution);
  const { leverage, cash, concentration } = constitution.articles;
  const most = Math.min(leverage.maximumGrossExposure, leverage.maximumGrossExposure > 1 ? Infinity : 1 - cash.floor);
  const projected = projectOntoLimits({
    wanted: wanted.weights,
    caps: Float64Array.from(positions, (p) => (p.singleName ? concentration.singlePosition : most)),
    groups,
    most,
  });
  const staged = limitTurnover(subject, projected.weights, constitution);
  const findings = [
    ...exposureFindings(subject, constitution),
    ...positionFindings(subject, constitution),
    ...sectorFindings(subject, constitution),
    ...tradingFindings(subject, constitution, staged.turnover),
    brakeFinding(subject, constitution, wanted.held),
  ];
  const status = findings.some((f) => f.status === 'refused')
    ? 'refused'
    : findings.some((f) => f.status === 'adjusted')
      ? 'adjusted'
      : 'pass';
  const weights = [...staged.weights];
  return { status, findings, weights, cash: 1 - weights.reduce((sum, w) => sum + w, 0) };
}

function finding(name: ArticleName, parts: Omit<ArticleFinding, 'article' | 'name' | 'title'>): ArticleFinding {
  return { article: articles[name].number, name, title: articles[name].title, ...parts };
}

/** Below the brake, additions to stocks are taken back to the weights of today. */
function applyBrake(
  subject: ConstitutionSubject,
  constitution: Constitution,
): { weights: Float64Array; held: boolean } {
  const weights = Float64Array.from(subject.positions, (p) => p.after);
  if (subject.drawdown === null || subject.drawdown <= constitution.articles.drawdown.brake + GUARD) {
    return { weights, held: false };
  }
  const stocks = subject.positions.map((p, i) => (p.assetClass === 'stocks' ? i : -1)).filter((i) => i >= 0);
  const total = (pick: (p: ConstitutionPosition) => number): number =>
    stocks.reduce((sum, i) => sum + pick(subject.positions[i] as ConstitutionPosition), 0);
  if (total((p) => p.after) <= total((p) => p.before) + GUARD) return { weights, held: false };
  for (const i of stocks) {
    const p = subject.positions[i] as ConstitutionPosition;
    weights[i] = Math.min(p.after, p.before);
  }
  return { weights, held: true };
}

function sectorGroups(subject: ConstitutionSubject, constitution: Constitution): readonly GroupLimit[] {
  const members = new Map<string, number[]>();
  for (const [i, p] of subject.positions.entries()) {
    if (p.sector === null || isRemainder(p.sector)) continue;
    const name = canonicalSector(p.sector);
    members.set(name, [...(members.get(name) ?? []), i]);
  }
  const limits = sectorLimitsOf(constitution);
  return [...members].map(([name, list]) => ({ name, members: list, limit: sectorLimit(name, limits) }));
}

function exposureFindings(subject: ConstitutionSubject, constitution: Constitution): readonly ArticleFinding[] {
  const gross = subject.positions.reduce((sum, p) => sum + Math.abs(p.after), 0);
  const cash = 1 - subject.positions.reduce((sum, p) => sum + p.after, 0);
  const { leverage, cash: cashArticle } = constitution.articles;
  return [
    finding('leverage', {
      subject: 'gross exposure',
      value: gross,
      limit: leverage.maximumGrossExposure,
      status: gross > leverage.maximumGrossExposure + GUARD ? 'adjusted' : 'pass',
    }),
    finding('cash', {
      subject: 'cash',
      value: cash,
      limit: cashArticle.floor,
      status: cash < cashArticle.floor - GUARD ? 'adjusted' : 'pass',
    }),
  ];
}

function positionFindings(subject: ConstitutionSubject, constitution: Constitution): readonly ArticleFinding[] {
  const limit = constitution.articles.concentration.singlePosition;
  const singles = subject.positions.filter((p) => p.singleName);
  const over = singles.filter((p) => p.after > limit + GUARD);
  const shown = over.length > 0 ? over : singles.toSorted((a, b) => b.after - a.after).slice(0, 1);
  return shown.map((p) =>
    finding('concentration', {
      subject: `position ${p.symbol}`,
      value: p.after,
      limit,
      status: p.after > limit + GUARD ? 'adjusted' : 'pass',
    }),
  );
}

function sectorFindings(subject: ConstitutionSubject, constitution: Constitution): readonly ArticleFinding[] {
  const totals: Record<string, number> = {};
  for (const [sector, weight] of Object.entries(subject.sectorWeights ?? {})) totals[canonicalSector(sector)] = weight;
  if (subject.sectorWeights === undefined) {
    for (const p of subject.positions) {
      if (p.sector !== null) totals[canonicalSector(p.sector)] = (totals[canonicalSector(p.sector)] ?? 0) + p.after;
    }
  }
  const limits = sectorLimitsOf(constitution);
  return Object.entries(totals)
    .filter(([sector]) => !isRemainder(sector))
    .sort(([, a], [, b]) => b - a)
    .slice(0, 12)
    .map(([sector, value]) => {
      const limit = sectorLimit(sector, limits);
      const status = value > limit + GUARD ? 'adjusted' : 'pass';
      return finding('concentration', { subject: `sector ${sector}`, value, limit, status });
    });
}

/** One-way turnover: half of what is bought and sold together, counting cash. */
function turnoverOf(subject: ConstitutionSubject, weights: ArrayLike<number>): number {
  let gross = 0;
  let cashMove = 0;
  for (const [i, p] of subject.positions.entries()) {
    const move = (weights[i] as number) - p.before;
    gross += Math.abs(move);
    cashMove -= move;
  }
  return (gross + Math.abs(cashMove)) / 2;
}

/** Where a change turns over too much, only the first stage of it is taken. */
function limitTurnover(
  subject: ConstitutionSubject,
  weights: Float64Array,
  constitution: Constitution,
): { weights: Float64Array; turnover: number } {
  const turnover = turnoverOf(subject, weights);
  const most = constitution.articles.trading.maximumTurnover;
  if (turnover <= most + GUARD) return { weights, turnover };
  const part = most / turnover;
  return {
    weights: weights.map((w, i) => {
      const before = subject.positions[i]?.before ?? 0;
      return before + part * (w - before);
    }),
    turnover,
  };
}

function tradingFindings(
  subject: ConstitutionSubject,
  constitution: Constitution,
  turnover: number,
): readonly ArticleFinding[] {
  const { maximumTurnover, maximumCost } = constitution.articles.trading;
  const { cost } = subject;
  return [
    finding('trading', {
      subject: 'one-way turnover',
      value: turnover,
      limit: maximumTurnover,
      status: turnover > maximumTurnover + GUARD ? 'adjusted' : 'pass',
    }),
    finding('trading', {
      subject: 'cost of the trades',
      value: cost,
      limit: maximumCost,
      status: cost === null ? 'not-checked' : cost > maximumCost + GUARD ? 'refused' : 'pass',
    }),
  ];
}

function brakeFinding(subject: ConstitutionSubject, constitution: Constitution, held: boolean): ArticleFinding {
  return finding('drawdown', {
    subject: 'fall from the peak',
    value: subject.drawdown,
    limit: constitution.articles.drawdown.brake,
    status: subject.drawdown === null ? 'not-checked' : held ? 'adjusted' : 'pass',
  });
}
