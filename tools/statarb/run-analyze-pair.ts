/** The computation behind `analyze_pair`. */
import type { z } from 'zod';
import { invalidInput } from '../../lib/errors.ts';
import { type PriceColumns, rowDates } from '../backtest/price-columns.ts';
import type { RunContext } from '../define-tool.ts';
import { type DegeneratePair, describeDegeneratePair } from '../kernels/statarb/degenerate-pair.ts';
import { hedgeLine } from '../kernels/statarb/hedge-ratio.ts';
import { hurstByLaggedDeviation } from '../kernels/statarb/hurst.ts';
import { johansenTest } from '../kernels/statarb/johansen.ts';
import { kalmanHedge } from '../kernels/statarb/kalman-hedge.ts';
import { fitOrnsteinUhlenbeck } from '../kernels/statarb/ornstein-uhlenbeck.ts';
import {
  type BothDirections,
  bothDirections,
  comparePeriods,
  gregoryHansenTest,
  type HedgedSpread,
  hedgedSpread,
} from '../kernels/statarb/pair-analysis.ts';
import { phillipsOuliarisTest } from '../kernels/statarb/phillips-ouliaris.ts';
import { runZScoreMachine } from '../kernels/statarb/z-score.ts';
import { quantile } from '../kernels/stats/quantile.ts';
import type { analyzePairInput, analyzePairOutput } from './analyze-pair-schema.ts';

type Input = z.output<typeof analyzePairInput>;
type Output = z.input<typeof analyzePairOutput>;

const finite = (v: number | undefined): number | null => (v === undefined || !Number.isFinite(v) ? null : v);

export function runAnalyzePair(input: Input, data: PriceColumns, context: RunContext): Output {
  if (data.columns.length < 2) {
    throw invalidInput({
      code: 'SAME_INSTRUMENT',
      what: 'The two legs',
      needed: 'different instruments',
      got: `${data.symbols[0]} twice`,
      hint: 'A series is trivially "cointegrated" with itself; name another leg.',
    });
  }
  const prices = data.columns as readonly [Float64Array, Float64Array];
  const [y, x] = prices.map((p) => (input.scale === 'log' ? p.map(Math.log) : p)) as [Float64Array, Float64Array];
  const dates = rowDates(data.times);
  const head = {
    y: data.symbols[0] as string,
    x: data.symbols[1] as string,
    synthetic: data.synthetic,
    from: dates[0] as string,
    to: dates[dates.length - 1] as string,
    rows: y.length,
    scale: input.scale,
  };
  const degenerate = describeDegeneratePair(prices[0], prices[1]);
  if (degenerate !== null) return { ...head, ...describeDegenerate(degenerate, head) };
  if (y.length < 250) {
    context.warn('FEW_OBSERVATIONS', `${y.length} bars: cointegration tests have little power below about 250.`);
  }
  const both = bothDirections(y, x);
  const hedged = hedgedSpread(y, x, input.hedge, input.zWindow);
  const reversion = describeReversion(both, data.periodsPerYear, input.confidence);
  const now = describeNow(hedged, input);
  const breaks = describeBreaks(y, x, dates, both);
  const costs = describeCosts(input, hedged, reversion);
  const cointegration = describeCointegration(both, y, x, head);
  const judged = judge(cointegration, reversion, breaks, costs);
  return {
    ...head,
    degenerate: null,
    cointegration,
    hedge: describeHedge(y, x, hedged, input.hedge, data.periodsPerYear),
    reversion,
    now,
    breaks,
    costs,
    ...judged,
    zSeries: Array.from(hedged.z.slice(-250), (z, i) => ({
      date: dates[dates.length - Math.min(250, y.length) + i] as string,
      z: finite(z),
    })),
  };
}

const DEGENERATE: Readonly<Record<DegeneratePair['kind'], string>> = {
  'constant-y': 'The left leg does not move.',
  'constant-x': 'The right leg does not move.',
  identical: 'Both legs are the same series: the spread is zero by construction.',
  proportional: 'One leg is a fixed multiple of the other: the spread is zero by construction.',
  affine: 'One leg is a fixed line through the other: the spread has no news.',
  'leveraged-twin':
    'One leg moves as a constant multiple of the other every day, as a leveraged fund does; the gap is its daily rebalancing, not a mean-reverting spread.',
  mirror: 'One leg is the daily inverse of the other, as an inverse fund is.',
};

function describeDegenerate(degenerate: DegeneratePair, head: { readonly y: string; readonly x: string }) {
  const nothing = null;
  return {
    degenerate: degenerate.kind,
    cointegration: {
      yOnX: nothing,
      xOnY: nothing,
      agreement: 'untested' as const,
      explanation: 'Cointegration tests were not run: they are meaningless for this pair.',
      johansenTrace: nothing,
      johansenFivePercent: nothing,
      johansenRank: nothing,
      phillipsOuliarisP: nothing,
    },
    hedge: {
      method: 'none',
      ratio: degenerate.ratio,
      ols: nothing,
      tls: nothing,
      kalman: nothing,
      kalmanYearAgo: nothing,
    },
    reversion: {
      status: 'not-estimated' as const,
      halfLifeBars: nothing,
      halfLifeLower: nothing,
      halfLifeUpper: nothing,
      halfLifeCorrected: nothing,
      stationaryDeviation: nothing,
      hurst: nothing,
    },
    now: {
      spread: nothing,
      z: nothing,
      zBandLow: nothing,
      zBandHigh: nothing,
      zFiveBarsAgo: nothing,
      state: 'no-z' as const,
      sinceBars: 0,
      direction: 'unknown' as const,
    },
    breaks: {
      gregoryHansen: nothing,
      fivePercent: nothing,
      date: nothing,
      hedgeBefore: nothing,
      hedgeAfter: nothing,
      olderHalfP: nothing,
      newerHalfP: nothing,
      suspected: false,
    },
    costs: { roundTrip: nothing, moveAtEntry: nothing, coversTimes: nothing },
    verdict: 'degenerate' as const,
    reason: `${head.y} and ${head.x} are not a pair to trade. ${DEGENERATE[degenerate.kind]}`,
    zSeries: [],
  };
}

function describeCointegration(
  both: BothDirections,
  y: Float64Array,
  x: Float64Array,
  head: { readonly y: string; readonly x: string },
): Output['cointegration'] {
  const johansen = johansenTest([y, x], { deterministic: 'constant', differences: 1 });
  const first = johansen.rows[0];
  const direction = (r: BothDirections['yOnX']) => ({
    statistic: r.statistic,
    pValue: r.pValue,
    fivePercent: r.criticalValues?.fivePercent ?? null,
    hedgeRatio: r.betas[0] as number,
    lag: r.lag,
  });
  return {
    yOnX: direction(both.yOnX),
    xOnY: direction(both.xOnY),
    agreement: both.agreement,
    explanation: explain(both, head, johansen.traceRank),
    johansenTrace: finite(first?.trace),
    johansenFivePercent: finite(first?.traceCritical?.[1]),
    johansenRank: johansen.traceRank,
    phillipsOuliarisP: phillipsOuliarisTest(y, [x]).zTau.pValue,
  };
}

function explain(both: BothDirections, head: { readonly y: string; readonly x: string }, rank: number): string {
  if (both.agreement === 'both') return 'Both directions reject no cointegration at 5%.';
  if (both.agreement === 'neither') return 'Neither direction rejects no cointegration at 5%.';
  if (both.agreement === 'untested') return 'The two legs are nearly collinear, so the residual test is not reliable.';
  const better = both.agreement === 'y-on-x-only' ? `${head.y} on ${head.x}` : `${head.x} on ${head.y}`;
  const poorer = both.agreement === 'y-on-x-only' ? head.x : head.y;
  return `Only ${better} rejects at 5%. The two regressions minimise different distances and give different hedge ratios, so in finite samples their residuals differ, most when R² is low or ${poorer} is the noisier leg. Choosing the direction after seeing p doubles the chance of a false find: ask for both, or let Johansen decide (it finds ${rank === 0 ? 'no relation' : rank === 1 ? 'one relation' : 'both series stationary'}).`;
}

function describeHedge(
  y: Float64Array,
  x: Float64Array,
  hedged: HedgedSpread,
  method: string,
  year: number,
): Output['hedge'] {
  const kalman = kalmanHedge(y, x, { delta: 1e-4, observationVariance: 1e-3 }).beta;
  return {
    method,
    ratio: hedged.beta,
    ols: hedgeLine(y, x, 'ols').beta,
    tls: hedgeLine(y, x, 'tls').beta,
    kalman: finite(kalman[kalman.length - 1]),
    kalmanYearAgo: finite(kalman[kalman.length - 1 - Math.round(year)]),
  };
}

function describeReversion(both: BothDirections, year: number, confidence: number): Output['reversion'] {
  const residual = both.yOnX.residuals;
  const ou = fitOrnsteinUhlenbeck(residual, { dt: 1 / year, confidence });
  return {
    status: ou.status,
    halfLifeBars: ou.halfLifeBars,
    halfLifeLower: ou.halfLifeLowerBars,
    halfLifeUpper: ou.halfLifeUpperBars,
    halfLifeCorrected: ou.halfLifeCorrectedBars,
    stationaryDeviation: ou.stationaryDeviation,
    hurst: residual.length > 210 ? hurstByLaggedDeviation(residual, 100) : null,
  };
}

function describeNow(hedged: HedgedSpread, input: Input): Output['now'] {
  const n = hedged.z.length;
  const known = hedged.z.filter((v) => !Number.isNaN(v));
  const z = finite(hedged.z[n - 1]);
  const before = finite(hedged.z[n - 6]);
  const stop = input.stop > input.entry ? input.stop : null;
  const path = runZScoreMachine(hedged.z, { entry: input.entry, exit: Math.min(input.exit, input.entry * 0.99), stop });
  const position = path.positions[n - 1] as number;
  let since = 1;
  while (since < n && path.positions[n - 1 - since] === position) since++;
  const change = z === null || before === null ? 0 : Math.abs(z) - Math.abs(before);
  return {
    spread: finite(hedged.spread[n - 1]),
    z,
    zBandLow: known.length > 20 ? quantile(known, 0.05) : null,
    zBandHigh: known.length > 20 ? quantile(known, 0.95) : null,
    zFiveBarsAgo: before,
    state: z === null ? 'no-z' : position > 0 ? 'long-spread' : position < 0 ? 'short-spread' : 'flat',
    sinceBars: since,
    direction:
      z === null || before === null ? 'unknown' : change > 0.1 ? 'widening' : change < -0.1 ? 'narrowing' : 'steady',
  };
}

function describeBreaks(
  y: Float64Array,
  x: Float64Array,
  dates: readonly string[],
  both: BothDirections,
): Output['breaks'] {
  const test = both.agreement === 'untested' ? null : gregoryHansenTest(y, x);
  const halves = both.agreement === 'untested' ? null : comparePeriods(y, x);
  const older = halves?.olderPValue ?? null;
  const newer = halves?.newerPValue ?? null;
  const weakened = older !== null && newer !== null && older < 0.1 && newer > 0.2;
  const explainsMore = test !== null && test.statistic < test.critical.fivePercent && both.agreement === 'neither';
  return {
    gregoryHansen: test?.statistic ?? null,
    fivePercent: test?.critical.fivePercent ?? null,
    date: test === null ? null : (dates[test.breakIndex] as string),
    hedgeBefore: test?.betaBefore ?? null,
    hedgeAfter: test?.betaAfter ?? null,
    olderHalfP: older,
    newerHalfP: newer,
    suspected: weakened || explainsMore || (halves?.beyondHistory === true && newer !== null && newer > 0.2),
  };
}

function describeCosts(input: Input, hedged: HedgedSpread, reversion: Output['reversion']): Output['costs'] {
  const deviation = reversion.stationaryDeviation ?? null;
  const roundTrip = 2 * (input.costBps / 1e4) * (1 + Math.abs(hedged.beta));
  if (deviation === null || input.scale !== 'log') return { roundTrip, moveAtEntry: null, coversTimes: null };
  const moveAtEntry = (input.entry - Math.max(0, input.exit)) * deviation;
  return { roundTrip, moveAtEntry, coversTimes: roundTrip > 0 ? moveAtEntry / roundTrip : null };
}

function judge(
  cointegration: Output['cointegration'],
  reversion: Output['reversion'],
  breaks: Output['breaks'],
  costs: Output['costs'],
): { readonly verdict: Output['verdict']; readonly reason: string } {
  if (breaks.suspected) {
    return { verdict: 'broken', reason: 'The relation of the older data is not supported by the newer half.' };
  }
  if (cointegration.agreement === 'neither' && (cointegration.johansenRank ?? 0) !== 1) {
    return { verdict: 'not-cointegrated', reason: 'No test finds a relation at 5%: a wide spread need not come back.' };
  }
  if (cointegration.agreement !== 'both') {
    return {
      verdict: 'mixed-evidence',
      reason: 'The tests disagree; treat the relation as unproven and test it out of sample.',
    };
  }
  if (reversion.status !== 'reverting' || (reversion.halfLifeBars ?? 1e9) > 60) {
    return {
      verdict: 'too-slow',
      reason:
        'Half of a gap takes more than 60 bars to close: capital is tied up and breaks are likelier than reversion.',
    };
  }
  if (costs.coversTimes !== null && (costs.coversTimes ?? 0) < 2) {
    return {
      verdict: 'too-expensive',
      reason: 'The expected move from entry to exit does not cover twice the round-trip cost.',
    };
  }
  return {
    verdict: 'tradable',
    reason:
      'Cointegrated in both directions, reverting fast enough, and the move covers its costs; in-sample evidence, so check backtest_pair.',
  };
}
