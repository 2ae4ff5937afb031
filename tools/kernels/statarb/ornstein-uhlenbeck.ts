/**
 * How fast does a spread revert, and to where? Exact discretisation of dx = θ(μ − x)dt + σ dW over bars of length dt:
 * x_{t+1} = a + b x_t + e, b = e^{−θ dt}. Maximum likelihood conditional on the first value is least squares.
 *
 * Source: Uhlenbeck & Ornstein (1930); Avellaneda & Lee (2010, Quant. Finance 10:761), appendix. Bias of b: Kendall (1954,
 * Biometrika 41:403). Complete data. O(n).
 */
import { notEnoughData } from '../../../lib/errors.ts';
import { inverseNormalCdf } from '../stats/normal.ts';
import { degenerateSeries } from './adf.ts';

export interface OrnsteinUhlenbeck {
  /** `reverting`: 0 < b < 1. `not-reverting`: b ≥ 1, no mean to return to. `oscillating`: b ≤ 0, faster than one bar. */
  readonly status: 'reverting' | 'not-reverting' | 'oscillating';
  readonly a: number;
  readonly b: number;
  /** Standard error of b with divisor n − 2. */
  readonly bStandardError: number;
  /** Residual variance with divisor n (maximum likelihood). */
  readonly residualVariance: number;
  readonly logLikelihood: number;
  readonly transitions: number;
  /** The rest is null where the process does not revert. Rates are per unit of dt, half-lives in bars. */
  readonly theta: number | null;
  readonly mu: number | null;
  readonly sigma: number | null;
  readonly stationaryDeviation: number | null;
  readonly halfLifeBars: number | null;
  /** Interval from b ± z·se; an end is null where it is beyond every horizon. */
  readonly halfLifeLowerBars: number | null;
  readonly halfLifeUpperBars: number | null;
  /** After adding (1+3b)/n to b, which short samples underestimate; null where that leaves no reversion. */
  readonly halfLifeCorrectedBars: number | null;
  /** (last − μ) ÷ stationary deviation. */
  readonly lastScore: number | null;
}

/** `dt` in years (1/252) makes θ and σ annual. Example: b = 0.9 has half-life ln 2 / −ln 0.9 = 6.58 bars. */
export function fitOrnsteinUhlenbeck(
  x: Float64Array,
  options: { readonly dt: number; readonly confidence?: number },
): OrnsteinUhlenbeck {
  const { dt, confidence = 0.95 } = options;
  const n = x.length - 1;
  if (n < 4) throw notEnoughData({ what: 'An Ornstein–Uhlenbeck fit', needed: 5, got: x.length });
  const { slope: b, intercept: a, residualSum, centredSquares } = autoregress(x);
  if (!(residualSum > 0)) throw degenerateSeries();
  const residualVariance = residualSum / n;
  const bStandardError = Math.sqrt(residualSum / (n - 2) / centredSquares);
  const head = {
    a,
    b,
    bStandardError,
    residualVariance,
    logLikelihood: (-n / 2) * (Math.log(2 * Math.PI * residualVariance) + 1),
    transitions: n,
  };
  if (!(b > 0 && b < 1)) return { status: b >= 1 ? 'not-reverting' : 'oscillating', ...head, ...NOTHING };
  const theta = -Math.log(b) / dt;
  const mu = a / (1 - b);
  const stationaryDeviation = Math.sqrt(residualVariance / (1 - b * b));
  const z = inverseNormalCdf(0.5 + confidence / 2) * bStandardError;
  return {
    status: 'reverting',
    ...head,
    theta,
    mu,
    sigma: Math.sqrt((residualVariance * 2 * theta) / (1 - b * b)),
    stationaryDeviation,
    halfLifeBars: halfLife(b),
    halfLifeLowerBars: b - z > 0 ? halfLife(b - z) : 0,
    halfLifeUpperBars: halfLife(b + z),
    halfLifeCorrectedBars: halfLife(b + (1 + 3 * b) / n),
    lastScore: ((x[n] as number) - mu) / stationaryDeviation,
  };
}

const NOTHING = {
  theta: null,
  mu: null,
  sigma: null,
  stationaryDeviation: null,
  halfLifeBars: null,
  halfLifeLowerBars: null,
  halfLifeUpperBars: null,
  halfLifeCorrectedBars: null,
  lastScore: null,
} as const;

/** ln 2 ÷ −ln b, null where nothing decays. */
export function halfLife(b: number): number | null {
  return b > 0 && b < 1 ? Math.LN2 / -Math.log(b) : null;
}

function autoregress(x: Float64Array) {
  const n = x.length - 1;
  let meanBefore = 0;
  let meanAfter = 0;
  for (let t = 0; t < n; t++) {
    meanBefore += x[t] as number;
    meanAfter += x[t + 1] as number;
  }
  meanBefore /= n;
  meanAfter /= n;
  let cross = 0;
  let centredSquares = 0;
  for (let t = 0; t < n; t++) {
    const u = (x[t] as number) - meanBefore;
    cross += u * ((x[t + 1] as number) - meanAfter);
    centredSquares += u * u;
  }
  if (!(centredSquares > 0)) throw degenerateSeries();
  const slope = cross / centredSquares;
  const intercept = meanAfter - slope * meanBefore;
  let residualSum = 0;
  for (let t = 0; t < n; t++) residualSum += ((x[t + 1] as number) - intercept - slope * (x[t] as number)) ** 2;
  return { slope, intercept, residualSum, centredSquares };
}
