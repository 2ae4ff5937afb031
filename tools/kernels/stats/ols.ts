/**
 * Ordinary least squares with classic, heteroskedasticity-consistent and autocorrelation-consistent standard errors.
 * Source: White (1980, Econometrica 48:817), MacKinnon & White (1985, J. Econometrics 29:305) for HC1–HC3,
 * Newey & West (1987, Econometrica 55:703) with Bartlett weights 1 − l/(L+1).
 */
import { invalidInput, notEnoughData } from '../../../lib/errors.ts';
import { leastSquares } from '../linalg/least-squares.ts';
import { matrixFromColumns } from '../linalg/matrix.ts';
import { fSurvival, inverseStudentTCdf, studentTTwoSided } from './distributions.ts';
import { mean } from './moments.ts';

export interface OlsFit {
  readonly n: number;
  readonly k: number;
  readonly columns: readonly Float64Array[];
  readonly coefficients: Float64Array;
  readonly residuals: Float64Array;
  /** (X'X)⁻¹ row-major k×k. */
  readonly inverseGram: Float64Array;
  readonly residualSumOfSquares: number;
  /** Standard deviation of the residuals with divisor n − k. */
  readonly residualStandardDeviation: number;
  readonly rSquared: number;
  readonly adjustedRSquared: number;
  /** All slopes zero: F statistic and p. Null where there is no slope or the fit is exact. */
  readonly f: number | null;
  readonly fPValue: number | null;
  /** Gaussian log-likelihood with the variance divided by n. */
  readonly logLikelihood: number;
  readonly aic: number;
  readonly bic: number;
  readonly durbinWatson: number;
}

/**
 * Fits y on the columns (add a column of ones for a constant and say so by `constant`). R² is centred where there is a
 * constant. Complete data only; collinear columns are an error that names the column. O(n k²).
 */
export function fitOls(
  y: Float64Array,
  columns: readonly Float64Array[],
  options: { readonly constant: boolean },
): OlsFit {
  const n = y.length;
  const k = columns.length;
  if (n <= k) throw notEnoughData({ what: `A regression on ${k} columns`, needed: k + 1, got: n });
  const solved = leastSquares(matrixFromColumns(columns), y);
  if (solved.rank < k) throw collinear(solved.inverseGram, k);
  const centre = options.constant ? mean(y) : 0;
  let total = 0;
  for (let t = 0; t < n; t++) total += ((y[t] as number) - centre) ** 2;
  let rss = 0;
  for (let t = 0; t < n; t++) rss += (solved.residuals[t] as number) ** 2;
  const slopes = options.constant ? k - 1 : k;
  const rSquared = total > 0 ? 1 - rss / total : 0;
  const f = slopes > 0 && rss > 0 ? (total - rss) / slopes / (rss / (n - k)) : null;
  const logLikelihood = (-n / 2) * (Math.log((2 * Math.PI * rss) / n) + 1);
  return {
    n,
    k,
    columns,
    coefficients: solved.coefficients,
    residuals: solved.residuals,
    inverseGram: solved.inverseGram,
    residualSumOfSquares: rss,
    residualStandardDeviation: Math.sqrt(rss / (n - k)),
    rSquared,
    adjustedRSquared: 1 - ((n - (options.constant ? 1 : 0)) / (n - k)) * (1 - rSquared),
    f,
    fPValue: f === null ? null : fSurvival(f, slopes, n - k),
    logLikelihood,
    aic: -2 * logLikelihood + 2 * k,
    bic: -2 * logLikelihood + k * Math.log(n),
    durbinWatson: durbinWatson(solved.residuals, rss),
  };
}

function collinear(inverseGram: Float64Array, k: number): Error {
  const index = Array.from({ length: k }, (_, j) => inverseGram[j * k + j]).indexOf(0);
  return invalidInput({
    code: 'COLLINEAR_REGRESSORS',
    what: 'The columns of a regression',
    needed: 'linearly independent',
    got: `such that column ${index} (counted from 0) is a combination of the others`,
    hint: 'Drop the column that repeats the others.',
  });
}

function durbinWatson(residuals: Float64Array, rss: number): number {
  let sum = 0;
  for (let t = 1; t < residuals.length; t++) sum += ((residuals[t] as number) - (residuals[t - 1] as number)) ** 2;
  return rss > 0 ? sum / rss : 0;
}

export type OlsErrors =
  | { readonly kind: 'classic' | 'hc0' | 'hc1' | 'hc2' | 'hc3' }
  | { readonly kind: 'newey-west'; readonly lags: number; readonly smallSample?: boolean };

/** Covariance of the coefficients, row-major k×k, under the stated view of the errors. O(n k² (1 + lags)). */
export function olsCovariance(fit: OlsFit, errors: OlsErrors): Float64Array {
  if (errors.kind === 'classic') {
    const scale = fit.residualSumOfSquares / (fit.n - fit.k);
    return fit.inverseGram.map((v) => v * scale);
  }
  const scores = fit.columns.map((column) => column.map((v, t) => v * (fit.residuals[t] as number)));
  let factor = 1;
  if (errors.kind === 'hc2' || errors.kind === 'hc3') scaleByLeverage(fit, scores, errors.kind === 'hc2' ? 0.5 : 1);
  if (errors.kind === 'hc1' || (errors.kind === 'newey-west' && errors.smallSample === true)) {
    factor = fit.n / (fit.n - fit.k);
  }
  const meat = longRunGram(scores, errors.kind === 'newey-west' ? errors.lags : 0);
  return sandwich(fit.inverseGram, meat, fit.k, factor);
}

function scaleByLeverage(fit: OlsFit, scores: readonly Float64Array[], power: number): void {
  const { n, k, inverseGram, columns } = fit;
  for (let t = 0; t < n; t++) {
    let leverage = 0;
    for (let a = 0; a < k; a++) {
      for (let b = 0; b < k; b++) {
        leverage +=
          ((columns[a] as Float64Array)[t] as number) *
          (inverseGram[a * k + b] as number) *
          ((columns[b] as Float64Array)[t] as number);
      }
    }
    const divisor = (1 - leverage) ** power;
    for (const score of scores) score[t] = (score[t] as number) / divisor;
  }
}

/** Σ over lags of Bartlett-weighted cross-products of the scores: row-major k×k. */
function longRunGram(scores: readonly Float64Array[], lags: number): Float64Array {
  const k = scores.length;
  const out = new Float64Array(k * k);
  for (let lag = 0; lag <= lags; lag++) {
    const weight = 1 - lag / (lags + 1);
    for (let a = 0; a < k; a++) {
      for (let b = 0; b < k; b++) {
        const left = scores[a] as Float64Array;
        const right = scores[b] as Float64Array;
        let dot = 0;
        for (let t = lag; t < left.length; t++) dot += (left[t] as number) * (right[t - lag] as number);
        out[a * k + b] = (out[a * k + b] as number) + weight * dot;
        if (lag > 0) out[b * k + a] = (out[b * k + a] as number) + weight * dot;
      }
    }
  }
  return out;
}

function sandwich(bread: Float64Array, meat: Float64Array, k: number, factor: number): Float64Array {
  const out = new Float64Array(k * k);
  for (let a = 0; a < k; a++) {
    for (let b = 0; b < k; b++) {
      let sum = 0;
      for (let c = 0; c < k; c++) {
        for (let d = 0; d < k; d++) {
          sum += (bread[a * k + c] as number) * (meat[c * k + d] as number) * (bread[d * k + b] as number);
        }
      }
      out[a * k + b] = sum * factor;
    }
  }
  return out;
}

export interface CoefficientTest {
  readonly estimate: number;
  readonly standardError: number;
  readonly t: number;
  /** Two-sided, Student t with n − k degrees of freedom. */
  readonly pValue: number;
  readonly lower: number;
  readonly upper: number;
}

/** Each coefficient with its standard error, t, p and interval. */
export function coefficientTests(
  fit: OlsFit,
  errors: OlsErrors = { kind: 'classic' },
  confidence = 0.95,
): readonly CoefficientTest[] {
  const covariance = olsCovariance(fit, errors);
  const degrees = fit.n - fit.k;
  const width = -inverseStudentTCdf((1 - confidence) / 2, degrees);
  return Array.from(fit.coefficients, (estimate, j) => {
    const standardError = Math.sqrt(covariance[j * fit.k + j] as number);
    const t = estimate / standardError;
    return {
      estimate,
      standardError,
      t,
      pValue: studentTTwoSided(t, degrees),
      lower: estimate - width * standardError,
      upper: estimate + width * standardError,
    };
  });
}

/** A column of ones. */
export function ones(n: number): Float64Array {
  return new Float64Array(n).fill(1);
}
