/** What is wrong in a claimed backtest, and what is left of its Sharpe ratio. */
import { z } from 'zod';
import { invalidInput } from '../../lib/errors.ts';
import { units } from '../../lib/units.ts';
import { defineTool, type RunContext } from '../define-tool.ts';
import {
  deflatedSharpe,
  expectedMaximumSharpe,
  minimumTrackRecord,
  probabilisticSharpe,
  type SharpeEvidence,
} from '../kernels/performance/sharpe.ts';
import { inverseNormalCdf } from '../kernels/stats/normal.ts';

const input = z.strictObject({
  sharpe: units.ratio('claimed Sharpe ratio, annualised unless perPeriod').min(-100).max(100),
  perPeriod: z.boolean().default(false).describe('True where the Sharpe ratio is of one bar, not annualised'),
  years: units.years('length of the backtest').positive().max(200).optional(),
  observations: units.count('returns behind it; default: years × periodsPerYear').min(2).max(100_000_000).optional(),
  periodsPerYear: units
    .count('returns a year that there really are: 252 daily, 52 weekly, 12 monthly')
    .min(1)
    .max(2_000_000)
    .default(252),
  annualisedWith: units
    .count('periods a year that the claim was annualised with, where it differs')
    .min(1)
    .max(2_000_000)
    .optional(),
  trials: units.count('strategies, parameters and filters tried before this one').min(1).max(100_000_000).optional(),
  trialsSharpeSpread: units
    .ratio('standard deviation of the trials’ annualised Sharpe ratios, if known')
    .positive()
    .max(20)
    .optional(),
  skewness: units.ratio('of the returns; default 0').min(-50).max(50).default(0),
  kurtosis: units.ratio('of the returns, 3 for a normal').min(1).max(500).default(3),
  autocorrelation: units.correlation('of returns at one bar').min(-0.95).max(0.95).default(0),
  fills: z.enum(['same-bar', 'next-bar', 'unknown']).default('unknown').describe('Bar on which orders were filled'),
  sharpeOneBarLater: units
    .ratio('annualised Sharpe with one more bar of delay, if known')
    .min(-100)
    .max(100)
    .optional(),
  signal: z
    .enum(['past-only', 'smoothed', 'full-sample', 'unknown'])
    .default('unknown')
    .describe(
      'smoothed: two-sided filters or smoothed state probabilities; full-sample: parameters, means or hedge ratios of all data',
    ),
  universe: z
    .enum(['point-in-time', 'todays-members', 'unknown'])
    .default('unknown')
    .describe('todays-members: today’s index members or survivors'),
  costs: z.enum(['included', 'none', 'unknown']).default('unknown').describe('Whether costs were charged'),
  turnoverPerYear: units.ratio('one-way turnover a year').min(0).max(100_000).optional(),
  costBps: units.bps('cost per traded value to charge where none was').min(0).max(1000).default(5),
  annualVolatility: units.annualVol('of the strategy; needed to charge costs').positive().max(5).optional(),
  outOfSample: z.enum(['yes', 'no', 'unknown']).default('unknown').describe('Whether the result is out of sample'),
  confidence: units.probability('that the corrected statistic should reach').min(0.5).max(0.999).default(0.95),
});

const finding = z.object({
  code: z.enum([
    'SAME_BAR_FILL',
    'DELAY_SENSITIVE',
    'LOOK_AHEAD_SIGNAL',
    'SURVIVORSHIP',
    'WRONG_ANNUALISATION',
    'MANY_TRIALS',
    'NO_COSTS',
    'SHORT_RECORD',
    'FAT_TAILS',
    'AUTOCORRELATION',
    'IN_SAMPLE',
    'IMPLAUSIBLE',
  ]),
  severity: z.enum(['fatal', 'serious', 'minor']).describe('fatal: the number means nothing as it stands'),
  explanation: z.string().describe('What is wrong and what to do'),
});

const output = z.object({
  claimed: units.ratio('annualised Sharpe as claimed'),
  corrected: units.ratio(
    'annualised Sharpe after period, delay, autocorrelation and costs; what trials leave is below',
  ),
  steps: z
    .array(z.object({ step: z.string().describe('Correction'), sharpe: units.ratio('annualised, after it') }))
    .describe('In the order in which they were applied'),
  observations: units.count('returns').nullable(),
  standardError: units.ratio('of the corrected annualised Sharpe').nullable(),
  lower: units.ratio('lower end of its interval').nullable(),
  upper: units.ratio('upper end').nullable(),
  probabilisticSharpe: units.probability('that the true Sharpe is above zero, one trial').nullable(),
  expectedMaximum: units.ratio('annualised Sharpe that the best of the trials shows without any skill').nullable(),
  deflatedSharpe: units.probability('that the Sharpe is real after choosing the best of the trials').nullable(),
  minimumYears: units.years('of record that the corrected Sharpe needs to be above zero at the confidence').nullable(),
  haircut: units.fraction('share of the claimed Sharpe that the corrections take').nullable(),
  findings: z.array(finding).describe('Worst first'),
  verdict: z.enum(['not-credible', 'weak', 'plausible', 'not-enough-information']).describe('Of the claim as a whole'),
  reason: z.string().describe('The verdict in words'),
  ask: z.array(z.string()).describe('What to ask the author'),
});

type Input = z.output<typeof input>;
type Output = z.input<typeof output>;
type Finding = z.input<typeof finding>;

export const auditBacktest = defineTool({
  name: 'audit_backtest',
  title: 'Audit a claimed backtest',
  family: 'backtest',
  version: 1,
  description:
    'Finds what is wrong in a claimed backtest result (fills on the signal’s bar, a Sharpe that dies one bar later, smoothed or full-sample signals, today’s index members, many trials, wrong annualisation, missing costs, short records) and computes the corrected Sharpe, its interval, PSR and deflated Sharpe. Use it whenever someone states a Sharpe ratio or a backtest and asks whether to believe it. Use backtest_strategy to run a rule yourself, validate_model for a trained model.',
  input,
  output,
  run,
  summarise: (out, cite) => {
    const or = (value: number | null, path: string) => (value === null ? 'unknown' : cite(path));
    return [
      `Claimed Sharpe ${cite('claimed')}, corrected ${cite('corrected')} (interval ${or(out.lower, 'lower')} to ${or(out.upper, 'upper')}). Verdict: ${out.verdict}. ${out.reason}`,
      `PSR ${or(out.probabilisticSharpe, 'probabilisticSharpe')}; best of the trials without skill would show ${or(out.expectedMaximum, 'expectedMaximum')}; deflated Sharpe ${or(out.deflatedSharpe, 'deflatedSharpe')}; record needed ${or(out.minimumYears, 'minimumYears')}.`,
      ...out.findings.slice(0, 7).map((f) => `${f.severity.toUpperCase()} ${f.code}: ${f.explanation}`),
      ...(out.ask.length > 0 ? [`Ask: ${out.ask.join(' ')}`] : []),
    ];
  },
  examples: [
    {
      ask: 'sharpe 5.1 at delay 0, .3 one bar later',
      input: { sharpe: 5.1, sharpeOneBarLater: 0.3, fills: 'same-bar', years: 5 },
      fixture: 'none',
      expect: { values: { verdict: 'not-credible', corrected: 0.3, 'findings[0].severity': 'fatal' } },
    },
    {
      ask: 'Best of 200 parameter sets has Sharpe 1.2 over five years of daily data, next-bar fills, costs in',
      input: {
        sharpe: 1.2,
        years: 5,
        trials: 200,
        fills: 'next-bar',
        costs: 'included',
        signal: 'past-only',
        universe: 'point-in-time',
      },
      fixture: 'none',
      expect: { values: { 'findings[0].code': 'MANY_TRIALS' } },
    },
    {
      ask: 'Audit a Sharpe of 2',
      input: { sharpe: 2, observations: 1 },
      fixture: 'none',
      expect: { error: 'INVALID_INPUT' },
    },
  ],
  assumptions: [
    'Trials count as independent; correlated trials deflate less. Without the spread of their Sharpe ratios the sampling error of one stands in.',
    'The correction for delay uses the stated Sharpe one bar later; look-ahead in the signal and survivorship cannot be undone by a formula.',
  ],
  references: [
    'Bailey & López de Prado (2012), J. Risk 15:3; (2014), J. Portf. Manag. 40:94',
    'Lo (2002), Financ. Anal. J. 58:36; Harvey & Liu (2015), J. Portf. Manag. 42:13',
    'Brown, Goetzmann, Ibbotson & Ross (1992), Rev. Financ. Stud. 5:553',
  ],
  cost: 'instant',
});

function run(given: Input, _data: null, context: RunContext): Output {
  const root = Math.sqrt(given.periodsPerYear);
  const claimed = given.perPeriod ? given.sharpe * root : given.sharpe;
  const { corrected, steps } = correct(given, claimed);
  const observations =
    given.observations ?? (given.years === undefined ? null : Math.round(given.years * given.periodsPerYear));
  if (observations !== null && observations < 2) {
    throw invalidInput({
      what: 'The record',
      needed: 'at least two returns',
      got: observations,
      hint: 'Give years or observations.',
    });
  }
  if (observations === null)
    context.warn('NO_RECORD_LENGTH', 'Without years or observations nothing can be said about significance.');
  const evidence = observations === null ? null : evidenceOf(given, corrected / root, observations);
  const statistics = evidence === null ? NO_STATISTICS : statisticsOf(given, evidence, root);
  const findings = findProblems(given, claimed, corrected, observations, statistics).sort(
    (a, b) => RANK[a.severity] - RANK[b.severity],
  );
  return {
    claimed,
    corrected,
    steps,
    observations,
    ...statistics,
    haircut: claimed > 0 ? 1 - corrected / claimed : null,
    findings,
    ...judge(given, findings, statistics),
    ask: questions(given),
  };
}

const RANK = { fatal: 0, serious: 1, minor: 2 } as const;

type Statistics = Pick<
  Output,
  'standardError' | 'lower' | 'upper' | 'probabilisticSharpe' | 'expectedMaximum' | 'deflatedSharpe' | 'minimumYears'
>;

const NO_STATISTICS: Statistics = {
  standardError: null,
  lower: null,
  upper: null,
  probabilisticSharpe: null,
  expectedMaximum: null,
  deflatedSharpe: null,
  minimumYears: null,
};

/** Period, delay, autocorrelation, costs: each only where the claim says that it is needed. */
function correct(given: Input, claimed: number): { readonly corrected: number; readonly steps: Output['steps'] } {
  const steps: Output['steps'] = [];
  let value = claimed;
  if (given.annualisedWith !== undefined && given.annualisedWith !== given.periodsPerYear && !given.perPeriod) {
    value *= Math.sqrt(given.periodsPerYear / given.annualisedWith);
    steps.push({
      step: `annualised with ${given.periodsPerYear} instead of ${given.annualisedWith} periods`,
      sharpe: value,
    });
  }
  if (given.sharpeOneBarLater !== undefined && given.fills !== 'next-bar') {
    value = Math.min(value, given.sharpeOneBarLater);
    steps.push({ step: 'filled one bar later', sharpe: value });
  }
  if (given.autocorrelation !== 0) {
    // Lo (2002), eq. 20, for an AR(1): variance of the annual sum against independent returns.
    const q = given.periodsPerYear;
    const rho = given.autocorrelation;
    const factor = 1 + ((2 * rho) / (1 - rho)) * (1 - (1 - rho ** q) / (q * (1 - rho)));
    value /= Math.sqrt(factor);
    steps.push({ step: 'autocorrelation in the annualisation', sharpe: value });
  }
  if (given.costs === 'none' && given.turnoverPerYear !== undefined && given.annualVolatility !== undefined) {
    value -= (2 * given.turnoverPerYear * (given.costBps / 1e4)) / given.annualVolatility;
    steps.push({ step: `${given.costBps} bps on both sides of the turnover`, sharpe: value });
  }
  return { corrected: value, steps };
}

/** The variance factor 1 − S·SR + (K−1)/4·SR² must be positive; a kurtosis below S² + 1 cannot exist. */
function evidenceOf(given: Input, sharpe: number, n: number): SharpeEvidence {
  const kurtosis = Math.max(given.kurtosis, given.skewness ** 2 + 1);
  return { sharpe, n, skewness: given.skewness, kurtosis };
}

function statisticsOf(given: Input, evidence: SharpeEvidence, root: number): Statistics {
  const { sharpe, skewness, kurtosis, n } = evidence;
  const error = Math.sqrt(Math.max(1e-12, 1 - skewness * sharpe + ((kurtosis - 1) / 4) * sharpe * sharpe) / (n - 1));
  const width = inverseNormalCdf(0.5 + given.confidence / 2) * error;
  const years = minimumTrackRecord(evidence, 0, given.confidence);
  const spread = given.trialsSharpeSpread === undefined ? 1 / Math.sqrt(n - 1) : given.trialsSharpeSpread / root;
  const trials = given.trials;
  return {
    standardError: error * root,
    lower: (sharpe - width) * root,
    upper: (sharpe + width) * root,
    probabilisticSharpe: probabilisticSharpe(evidence),
    expectedMaximum: trials === undefined ? null : expectedMaximumSharpe(trials, spread) * root,
    deflatedSharpe: trials === undefined ? null : deflatedSharpe(evidence, trials, spread).probability,
    minimumYears: years === null || !Number.isFinite(years) ? null : years / given.periodsPerYear,
  };
}

function findProblems(given: Input, claimed: number, corrected: number, n: number | null, s: Statistics): Finding[] {
  const out: Finding[] = [];
  const add = (code: Finding['code'], severity: Finding['severity'], explanation: string) =>
    out.push({ code, severity, explanation });
  if (given.fills === 'same-bar') {
    add(
      'SAME_BAR_FILL',
      'fatal',
      'Orders fill at a price that was needed to compute the signal. Fill on the next bar.',
    );
  }
  const later = given.sharpeOneBarLater;
  if (later !== undefined && claimed > 0.5 && later < claimed / 2) {
    add(
      'DELAY_SENSITIVE',
      'fatal',
      'More than half of the Sharpe ratio disappears with one bar of delay: it is look-ahead, or an edge of the very bar that cannot be traded (bid–ask bounce, stale closes).',
    );
  }
  if (given.signal === 'smoothed' || given.signal === 'full-sample') {
    add(
      'LOOK_AHEAD_SIGNAL',
      'fatal',
      given.signal === 'smoothed'
        ? 'Smoothed signals use the future of every bar. Recompute with filtered, one-sided values.'
        : 'Parameters, means or hedge ratios of the whole sample know the future. Estimate on the past only, rolling or expanding.',
    );
  }
  if (given.universe === 'todays-members') {
    add(
      'SURVIVORSHIP',
      'serious',
      'Today’s members survived and grew into the index: long positions in them are flattered by years of winners. Use the members of each date.',
    );
  }
  if (given.annualisedWith !== undefined && given.annualisedWith !== given.periodsPerYear) {
    add(
      'WRONG_ANNUALISATION',
      'serious',
      `Returns come ${given.periodsPerYear} times a year but the ratio was annualised with ${given.annualisedWith}; the factor is the square root of the true number.`,
    );
  }
  if (
    s.deflatedSharpe !== null &&
    s.expectedMaximum !== null &&
    (given.trials ?? 1) > 1 &&
    (s.deflatedSharpe ?? 1) < given.confidence
  ) {
    add(
      'MANY_TRIALS',
      (s.deflatedSharpe ?? 1) < 0.5 ? 'fatal' : 'serious',
      `The best of ${given.trials} trials without any skill is expected to look about this good; deflate, or test the one choice on fresh data.`,
    );
  }
  if (given.costs === 'none')
    add(
      'NO_COSTS',
      'serious',
      'No costs were charged: subtract twice the turnover times the cost from the mean return.',
    );
  if (n !== null && s.lower !== null && (s.lower ?? 0) <= 0 && corrected > 0) {
    add('SHORT_RECORD', 'serious', 'The interval of the Sharpe ratio contains zero at this length of record.');
  }
  if (given.kurtosis > 10 || given.skewness < -1)
    add(
      'FAT_TAILS',
      'minor',
      'Skew and fat tails widen the error of the Sharpe ratio and hide crash risk; look at drawdown and expected shortfall.',
    );
  if (Math.abs(given.autocorrelation) > 0.1)
    add(
      'AUTOCORRELATION',
      given.autocorrelation > 0 ? 'serious' : 'minor',
      'Autocorrelated returns (smoothed marks, stale prices) make √time annualisation wrong; Lo’s factor is used.',
    );
  if (given.outOfSample === 'no')
    add('IN_SAMPLE', 'serious', 'The result is in sample: parameters were chosen on the data that judge them.');
  if (claimed > 3 && out.every((f) => f.severity !== 'fatal'))
    add(
      'IMPLAUSIBLE',
      'serious',
      'Sharpe ratios above 3 after costs are rare outside market making; look for look-ahead before believing it.',
    );
  return out;
}

function judge(given: Input, findings: readonly Finding[], s: Statistics): Pick<Output, 'verdict' | 'reason'> {
  const fatal = findings.filter((f) => f.severity === 'fatal');
  if (fatal.length > 0)
    return {
      verdict: 'not-credible',
      reason: `The number means nothing as it stands (${fatal.map((f) => f.code).join(', ')}).`,
    };
  const probability = s.deflatedSharpe ?? s.probabilisticSharpe;
  if (probability === null || probability === undefined) {
    return {
      verdict: 'not-enough-information',
      reason: 'The length of the record is needed before anything can be said.',
    };
  }
  if (findings.some((f) => f.severity === 'serious') || probability < given.confidence) {
    return {
      verdict: 'weak',
      reason: 'The evidence does not reach the confidence asked for once the faults are counted.',
    };
  }
  return {
    verdict: 'plausible',
    reason: 'No fault was stated and the statistic holds; what was not stated has still to be asked.',
  };
}

function questions(given: Input): string[] {
  const out: string[] = [];
  if (given.fills === 'unknown') out.push('On which bar are orders filled, and what is the Sharpe one bar later?');
  if (given.trials === undefined) out.push('How many variants were tried?');
  if (given.signal === 'unknown') out.push('Is every parameter estimated on the past only?');
  if (given.universe === 'unknown') out.push('Which instruments, chosen when?');
  if (given.costs === 'unknown') out.push('Which costs are in it?');
  if (given.outOfSample === 'unknown') out.push('What did it do on data nobody had seen?');
  return out;
}
