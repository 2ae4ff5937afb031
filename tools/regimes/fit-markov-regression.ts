/** Hamilton's switching model of one instrument's returns, with standard errors. */
import { z } from 'zod';
import type { ChartSpec } from '../../lib/charts/chart-spec.ts';
import { toIsoDate } from '../../lib/dates.ts';
import { isoDate, units } from '../../lib/units.ts';
import { defineTool, type RunContext } from '../define-tool.ts';
import { expectedDurations, propagate } from '../kernels/hmm/hmm-model.ts';
import { markovErrors } from '../kernels/markov-switching/markov-errors.ts';
import { fitMarkovRegression as fitKernel } from '../kernels/markov-switching/markov-regression.ts';
import { logReturns, simpleReturns } from '../kernels/timeseries/returns.ts';
import { loadPriceData, type PriceData } from './price-data.ts';
import { priceWindow } from './price-window.ts';

const inputSchema = z.strictObject({
  ...priceWindow,
  returns: z.enum(['log', 'simple']).default('log').describe('Kind of return'),
  regimes: units.count('regimes').min(2).max(4).default(2),
  switchingMean: z.boolean().default(true).describe('False: one mean for all regimes'),
  switchingVariance: z.boolean().default(true).describe('False: one variance for all regimes'),
  restarts: units.count('random starts').min(1).max(50).default(6),
  seed: units.count('seed of the random starts').min(0).default(42),
});

const outputSchema = z.object({
  symbol: z.string(),
  name: z.string(),
  synthetic: z.boolean().describe('True for made-up demo data'),
  from: isoDate('first return'),
  to: isoDate('last return'),
  rows: units.count('returns used'),
  current: z.object({
    date: isoDate('last day'),
    label: z.string().describe('Regime with the highest filtered probability'),
    probability: units.probability('of that regime, data up to the day only'),
  }),
  regimes: z
    .array(
      z.object({
        label: z.string().describe('calm to turbulent by variance; low to high mean where the variance is common'),
        filteredProbability: units.probability('now, data up to the day only'),
        nextProbability: units.probability('in the next period'),
        mean: units.fraction('return a period'),
        meanStandardError: units.fraction('standard error').nullable(),
        volatility: units.dailyVol('standard deviation a period'),
        volatilityAnnual: units.annualVol('standard deviation a year'),
        volatilityAnnualStandardError: units.annualVol('standard error').nullable(),
        stayProbability: units.probability('of staying one more period'),
        expectedDurationDays: units.days('mean stay in periods').nullable(),
        stationaryProbability: units.probability('long-run share of time'),
      }),
    )
    .describe('Ascending by variance'),
  transitions: z
    .array(
      z.array(
        z.object({
          probability: units.probability('of the move'),
          standardError: units
            .probability('null at the boundary, and for the entry that follows from the others')
            .nullable(),
        }),
      ),
    )
    .describe('Rows: from; columns: to'),
  logLikelihood: units.logLikelihood('of returns in percent'),
  parameters: units.count('free parameters'),
  aic: units.information('Akaike criterion'),
  bic: units.information('Bayes criterion'),
  oneRegime: z.object({
    logLikelihood: units.logLikelihood('of a single normal'),
    bic: units.information('of a single normal'),
  }),
  converged: z.boolean(),
  iterations: units.count('iterations of the optimiser'),
  residual: units.coefficient('largest gradient of the mean log-likelihood'),
  reason: z.string().nullable().describe('Why there are no standard errors'),
  history: z
    .array(
      z.object({
        date: isoDate('day'),
        filtered: z.array(units.probability('data up to the day')),
        smoothed: z.array(units.probability('uses the future')),
      }),
    )
    .describe('At most 260 evenly spaced days'),
});

type Input = z.output<typeof inputSchema>;
type Output = z.output<typeof outputSchema>;
const HISTORY_POINTS = 260;

export const fitMarkovRegression = defineTool({
  name: 'fit_markov_regression',
  title: 'Fit a Markov-switching regression',
  family: 'regimes',
  version: 1,
  description:
    "Fits Hamilton's regime-switching model to the returns of one instrument: a mean and a variance for each regime by maximum likelihood, with standard errors, filtered and smoothed probabilities, durations and transition probabilities. Use it when standard errors or tests of regime parameters matter, or when only the mean or only the variance should switch. Use fit_hmm for more features, a choice of the number of states and signals, detect_breaks where a change is once and for all.",
  input: inputSchema,
  output: outputSchema,
  load: loadPriceData,
  run: (input, data: PriceData, context) => run(input, data, context),
  summarise: (output, cite) => [
    `${output.name} (${output.symbol}${output.synthetic ? ', synthetic' : ''}), ${output.from} to ${output.to}, ${cite('rows')} returns, switching model with ${output.regimes.length} regimes.`,
    `On ${output.current.date}: ${output.current.label} with filtered probability ${cite('current.probability')}.`,
    ...output.regimes.map((r, k) => {
      const error = r.meanStandardError === null ? 'no error' : cite(`regimes[${k}].meanStandardError`);
      const stay =
        r.expectedDurationDays === null ? 'for ever in this sample' : cite(`regimes[${k}].expectedDurationDays`);
      return `${r.label}: mean ${cite(`regimes[${k}].mean`)} (${error}), volatility ${cite(`regimes[${k}].volatilityAnnual`)} a year, stays ${stay}, now ${cite(`regimes[${k}].filteredProbability`)}.`;
    }),
    `Log-likelihood ${cite('logLikelihood')}, BIC ${cite('bic')} against ${cite('oneRegime.bic')} of one regime; ${output.converged ? 'converged' : 'NOT converged'}.`,
    ...(output.reason === null ? [] : [`No standard errors: ${output.reason}.`]),
  ],
  chart: (output) => chartOf(output),
  examples: [
    {
      ask: 'Fit a two-regime switching model to the S&P 500 with standard errors',
      input: { symbol: 'SPX', start: '2010-01-01' },
      fixture: 'bundled',
      expect: { values: { converged: true, 'regimes[0].label': 'calm', 'regimes[1].label': 'turbulent' } },
    },
    {
      ask: 'Switching model on a month of data',
      input: { symbol: 'SPX', start: '2020-03-20' },
      fixture: 'bundled',
      expect: { error: 'NOT_ENOUGH_DATA' },
    },
  ],
  assumptions: [
    'Normal errors within a regime; constant transition probabilities; the chain starts from its stationary distribution.',
    'Parameters use the whole window; filtered probabilities of past days share them.',
  ],
  references: [
    'Hamilton (1989), Econometrica 57:357–384',
    'Kim (1994), J. Econometrics 60:1–22',
    'Hamilton (1990), J. Econometrics 45:39–70',
  ],
  cost: 'seconds',
});

function run(input: Input, data: PriceData, context: RunContext): z.input<typeof outputSchema> {
  const returns = input.returns === 'log' ? logReturns(data.price) : simpleReturns(data.price);
  const y = returns.map((r) => 100 * r);
  const fit = fitKernel(y, { ...input, rng: context.rng });
  const errors = markovErrors(y, fit);
  if (!fit.converged)
    context.warn('NOT_CONVERGED', 'The optimiser stopped before converging: do not rely on the result.');
  if (errors.reason !== null) context.warn('NO_STANDARD_ERRORS', `No standard errors: ${errors.reason}.`);
  const { model } = fit;
  const k = input.regimes;
  const n = y.length;
  const now = fit.filtered.slice((n - 1) * k);
  const next = propagate(now, model.transitions, 1);
  const durations = expectedDurations(model.transitions, k);
  const labels = labelsOf(k, input.switchingVariance);
  const annual = Math.sqrt(data.periodsPerYear);
  const dates = Array.from(data.times.subarray(1), toIsoDate);
  const best = now.indexOf(Math.max(...now));
  const single = normalLikelihood(y);
  return {
    symbol: data.symbol,
    name: data.name,
    synthetic: data.synthetic,
    from: dates[0] as string,
    to: dates[n - 1] as string,
    rows: n,
    current: { date: dates[n - 1] as string, label: labels[best] as string, probability: now[best] as number },
    regimes: labels.map((label, s) => {
      const deviation = Math.sqrt(model.covariances[s] as number) / 100;
      const varianceError = errors.variances[input.switchingVariance ? s : 0] as number;
      return {
        label,
        filteredProbability: now[s] as number,
        nextProbability: next[s] as number,
        mean: (model.means[s] as number) / 100,
        meanStandardError: orNull((errors.means[input.switchingMean ? s : 0] as number) / 100),
        volatility: deviation,
        volatilityAnnual: deviation * annual,
        volatilityAnnualStandardError: orNull((varianceError / (2 * 100 * deviation) / 100) * annual),
        stayProbability: model.transitions[s * k + s] as number,
        expectedDurationDays: orNull(durations[s] as number),
        stationaryProbability: model.start[s] as number,
      };
    }),
    transitions: labels.map((_, i) =>
      labels.map((__, j) => ({
        probability: model.transitions[i * k + j] as number,
        standardError: orNull(errors.transitions[i * k + j] as number),
      })),
    ),
    logLikelihood: fit.logLikelihood,
    parameters: fit.parameters,
    aic: fit.aic,
    bic: fit.bic,
    oneRegime: { logLikelihood: single, bic: 2 * Math.log(n) - 2 * single },
    converged: fit.converged,
    iterations: fit.iterations,
    residual: fit.residual,
    reason: errors.reason,
    history: historyOf(dates, fit.filtered, fit.smoothed, k),
  };
}

function labelsOf(k: number, byVariance: boolean): readonly string[] {
  if (!byVariance)
    return Array.from({ length: k }, (_, s) => (s === 0 ? 'low mean' : s === k - 1 ? 'high mean' : `mean ${s + 1}`));
  const middle = k === 3 ? ['unsettled'] : Array.from({ length: k - 2 }, (_, s) => `unsettled-${s + 1}`);
  return ['calm', ...middle, 'turbulent'];
}

function historyOf(
  dates: readonly string[],
  filtered: Float64Array,
  smoothed: Float64Array,
  k: number,
): Output['history'] {
  const points = Math.min(HISTORY_POINTS, dates.length);
  return Array.from({ length: points }, (_, i) => {
    const t = Math.round((i * (dates.length - 1)) / (points - 1));
    return {
      date: dates[t] as string,
      filtered: [...filtered.subarray(t * k, t * k + k)],
      smoothed: [...smoothed.subarray(t * k, t * k + k)],
    };
  });
}

function normalLikelihood(y: Float64Array): number {
  let mean = 0;
  for (const v of y) mean += v / y.length;
  let variance = 0;
  for (const v of y) variance += (v - mean) ** 2 / y.length;
  return -0.5 * y.length * (Math.log(2 * Math.PI * variance) + 1);
}

function orNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function chartOf(output: Output): ChartSpec {
  const last = output.regimes.length - 1;
  return {
    kind: 'xy',
    title: `${output.name}: probability of the ${output.regimes[last]?.label ?? 'last'} regime`,
    synthetic: output.synthetic,
    footer: `${output.symbol}, ${output.from} to ${output.to}; the smoothed line uses the future`,
    x: { label: 'date', dates: output.history.map((h) => h.date) },
    y: { label: 'probability', unit: 'probability', zero: true },
    series: [
      { name: 'filtered', values: output.history.map((h) => h.filtered[last] ?? null), tone: 'accent' },
      {
        name: 'smoothed (uses the future)',
        values: output.history.map((h) => h.smoothed[last] ?? null),
        style: 'dashed',
        tone: 'muted',
      },
    ],
  };
}
