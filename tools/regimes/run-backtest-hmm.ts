/** The computation behind `backtest_hmm`: walk forward, trade the next bar, compare. */
import type { z } from 'zod';
import { parseIsoDate, toIsoDate } from '../../lib/dates.ts';
import { throwIfCancelled } from '../../lib/errors.ts';
import type { RunContext } from '../define-tool.ts';
import type { BacktestResult } from '../kernels/backtest/backtest-types.ts';
import { runBacktest } from '../kernels/backtest/run-backtest.ts';
import { walkForward } from '../kernels/hmm/walk-forward.ts';
import { performanceSummary } from '../kernels/performance/performance-summary.ts';
import type { backtestHmmInput, backtestHmmOutput } from './backtest-hmm-schema.ts';
import { type FeatureMatrix, featureMatrix } from './feature-matrix.ts';
import type { PriceData } from './price-data.ts';
import { regimeLabels } from './regime-labels.ts';

type Input = z.output<typeof backtestHmmInput>;
type Output = z.input<typeof backtestHmmOutput>;

export interface BacktestHmmData {
  readonly main: PriceData;
  readonly vix: PriceData | null;
  readonly vixReason: string | null;
}

const VIX_LIMIT = 20;
const HISTORY_POINTS = 260;

export function runBacktestHmm(input: Input, data: BacktestHmmData, context: RunContext): Output {
  const matrix = featureMatrix(data.main, [], input);
  const walk = walkForward(matrix, {
    states: input.states,
    covarianceType: input.covarianceType,
    minimumRows: input.minimumRows,
    refitEvery: input.refitEvery,
    ...(input.rollingRows === undefined ? {} : { window: input.rollingRows }),
    rng: context.rng,
    onProgress: (fraction) => {
      throwIfCancelled(context.signal, 'The backtest');
      context.progress(0.95 * fraction, 'refitting on past data');
    },
  });
  const first = walk.firstRow;
  const positions = hmmPositions(walk.filtered, first, matrix.rows, input);
  const vixPositions = data.vix === null ? null : positionsByVix(matrix, data.vix, first);
  const price = matrix.price.slice(first);
  const test = (wanted: Float64Array): BacktestResult =>
    simulate(price, wanted, input.costBps, data.main.periodsPerYear);
  const hmm = test(positions);
  const hold = test(new Float64Array(price.length).fill(1));
  const vix = vixPositions === null ? null : test(vixPositions);
  if (walk.relabelled > 0) {
    context.warn(
      'RELABELLED',
      `The order of the state means changed at ${walk.relabelled} of ${walk.refits} refits: names moved between states there.`,
    );
  }
  const dates = Array.from(matrix.times.subarray(first), toIsoDate);
  const periods = data.main.periodsPerYear;
  const performances = {
    hmm: describe(hmm, periods),
    buyAndHold: describe(hold, periods),
    vixRule: vix === null ? null : describe(vix, periods),
  };
  return {
    symbol: data.main.symbol,
    name: data.main.name,
    synthetic: data.main.synthetic || (data.vix?.synthetic ?? false),
    from: dates[0] as string,
    to: dates[dates.length - 1] as string,
    rows: dates.length,
    refits: walk.refits,
    relabelled: walk.relabelled,
    notConverged: walk.notConverged,
    ...performances,
    vixReason: data.vixReason,
    verdict: verdict(performances),
    crises: input.crises.map((c) => crisisLag(c, matrix.times.subarray(first), price, positions, vixPositions)),
    current: currentOf(walk.filtered, matrix, positions, input.states, dates),
    history: history(dates, hmm, hold, vix, positions, walk.filtered.subarray(first * input.states), input.states),
  };
}

/** Wanted position after each day of the test, from filtered probabilities of that day. */
function hmmPositions(filtered: Float64Array, first: number, rows: number, input: Input): Float64Array {
  const k = input.states;
  return Float64Array.from({ length: rows - first }, (_, i) => {
    const bear = filtered[(first + i) * k] as number;
    const bull = filtered[(first + i) * k + k - 1] as number;
    if (bear >= input.threshold) return input.rule === 'long-short' ? -1 : 0;
    return input.rule === 'long-short' && bull < input.threshold ? 0 : 1;
  });
}

/** Out while the last VIX known on the day is above 20; in where none is known yet. */
function positionsByVix(matrix: FeatureMatrix, vix: PriceData, first: number): Float64Array {
  let cursor = -1;
  return Float64Array.from({ length: matrix.rows - first }, (_, i) => {
    const time = matrix.times[first + i] as number;
    while (cursor + 1 < vix.times.length && (vix.times[cursor + 1] as number) <= time) cursor++;
    return cursor >= 0 && (vix.close[cursor] as number) > VIX_LIMIT + 1e-9 ? 0 : 1;
  });
}

/** Trades only when the wanted position changes; filled one bar later, at that bar's close. */
function simulate(price: Float64Array, wanted: Float64Array, costBps: number, periodsPerYear: number): BacktestResult {
  let held = 0;
  return runBacktest(
    { rows: price.length, cols: 1, close: price },
    { capital: 1, periodsPerYear, costs: { commissionRate: costBps / 1e4 } },
    ({ row }, target) => {
      const position = wanted[row] as number;
      if (position === held) return 'hold';
      held = position;
      target[0] = position;
      return 'weights';
    },
  );
}

function describe(result: BacktestResult, periodsPerYear: number): Output['hmm'] {
  const summary = performanceSummary(result.returns, { periodsPerYear });
  const { costs } = result;
  return {
    totalReturn: summary.totalReturn,
    annualReturn: summary.compoundAnnualReturn,
    annualVolatility: summary.annualVolatility,
    sharpe: summary.sharpe,
    maxDrawdown: summary.maxDrawdown,
    timeInMarket: result.gross.filter((g) => g > 1e-9).length / result.gross.length,
    trades: result.fillCount,
    turnoverAnnual: (result.turnover.reduce((a, b) => a + b, 0) / result.turnover.length) * periodsPerYear,
    costs: costs.commission + costs.spread + costs.slippage,
  };
}

function verdict({ hmm, buyAndHold }: Pick<Output, 'hmm' | 'buyAndHold'>): string {
  const better = (hmm.sharpe ?? 0) > (buyAndHold.sharpe ?? 0);
  const calmer = hmm.maxDrawdown > buyAndHold.maxDrawdown;
  if (better && calmer)
    return 'after costs the model had a higher Sharpe ratio and a smaller drawdown than buy-and-hold; one history, so no promise';
  if (calmer) return 'after costs the model had a smaller drawdown, but not a higher Sharpe ratio than buy-and-hold';
  if (better) return 'after costs the model had a higher Sharpe ratio, but not a smaller drawdown than buy-and-hold';
  return 'after costs the model did not beat buy-and-hold in Sharpe ratio or drawdown';
}

function crisisLag(
  crisis: { readonly name: string; readonly date: string },
  times: Float64Array,
  price: Float64Array,
  positions: Float64Array,
  vixPositions: Float64Array | null,
): Output['crises'][number] {
  const begin = parseIsoDate(crisis.date);
  const start = times.findIndex((t) => t >= begin);
  const empty = { ...crisis, hmmLagDays: null, vixLagDays: null, faster: null, marketReturnUntilHmmOut: null };
  if (start < 0 || (times[0] as number) > begin) return { ...empty, reason: 'it is outside the test period' };
  const lagOf = (wanted: Float64Array): number | null => {
    const found = wanted.findIndex((p, i) => i >= start && p <= 0);
    return found < 0 ? null : found - start;
  };
  const hmmLagDays = lagOf(positions);
  const vixLagDays = vixPositions === null ? null : lagOf(vixPositions);
  const both = hmmLagDays !== null && vixLagDays !== null;
  const faster = !both ? null : hmmLagDays < vixLagDays ? 'hmm' : hmmLagDays > vixLagDays ? 'vix' : 'equal';
  const until = hmmLagDays === null ? null : (price[start + hmmLagDays] as number) / (price[start] as number) - 1;
  const reason =
    hmmLagDays === null
      ? 'the model never left the market after it'
      : vixPositions === null
        ? 'there is no VIX series'
        : null;
  return { ...crisis, hmmLagDays, vixLagDays, faster, marketReturnUntilHmmOut: until, reason };
}

function currentOf(
  filtered: Float64Array,
  matrix: FeatureMatrix,
  positions: Float64Array,
  states: number,
  dates: readonly string[],
): Output['current'] {
  const now = filtered.subarray((matrix.rows - 1) * states);
  const best = now.indexOf(Math.max(...now));
  const position = positions[positions.length - 1] as number;
  return {
    date: dates[dates.length - 1] as string,
    label: regimeLabels(states)[best] as string,
    probability: now[best] as number,
    action: position > 0 ? 'long' : position < 0 ? 'short' : 'flat',
  };
}

function history(
  dates: readonly string[],
  hmm: BacktestResult,
  hold: BacktestResult,
  vix: BacktestResult | null,
  positions: Float64Array,
  filtered: Float64Array,
  states: number,
): Output['history'] {
  const points = Math.min(HISTORY_POINTS, dates.length);
  return Array.from({ length: points }, (_, i) => {
    const t = points === 1 ? 0 : Math.round((i * (dates.length - 1)) / (points - 1));
    return {
      date: dates[t] as string,
      hmm: hmm.equity[t] as number,
      buyAndHold: hold.equity[t] as number,
      vixRule: vix === null ? null : (vix.equity[t] as number),
      position: positions[t] as number,
      bearProbability: filtered[t * states] as number,
    };
  });
}
