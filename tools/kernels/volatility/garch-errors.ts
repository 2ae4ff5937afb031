/**
 * Standard errors of a GARCH fit, classic and robust.
 *
 * classic: inverse of the observed information H; robust: H⁻¹ (Σ s_t s_tᵀ) H⁻¹, right for the variance equation even where the
 * errors are not of the assumed distribution. H from central differences of the exact gradient, scores s_t by the forward
 * recursion of each parameter. NaN where H is not positive definite. O(n·p²).
 * Source: Bollerslev & Wooldridge (1992), Econometric Reviews 11:143, eq. 2.11.
 *
 * @example garchStandardErrors(returns, fit).robust
 */
import type { GarchFit } from './fit-garch.ts';
import { invertSymmetric } from './fit-garch.ts';
import { createGarchLikelihood, type GarchSpec } from './garch-likelihood.ts';

export interface GarchErrors {
  readonly classic: Float64Array;
  readonly robust: Float64Array;
}

export function garchStandardErrors(returns: Float64Array, fit: GarchFit): GarchErrors {
  const { parameters } = fit;
  const p = parameters.length;
  const likelihood = createGarchLikelihood(returns, fit.spec);
  const wide = kinkFreeStep(returns, fit.spec);
  const hessian = new Float64Array(p * p);
  for (let j = 0; j < p; j++) {
    const h = stepOf(parameters, j, wide);
    const up = likelihood.gradient(moved(parameters, j, h));
    const down = likelihood.gradient(moved(parameters, j, -h));
    for (let i = 0; i < p; i++) hessian[i * p + j] = -((up[i] as number) - (down[i] as number)) / (2 * h);
  }
  const inverse = invertSymmetric(hessian, p);
  const missing = new Float64Array(p).fill(Number.NaN);
  if (inverse === null) return { classic: missing, robust: missing };
  const outer = outerProduct(garchScores(returns, fit.spec, parameters), returns.length, p);
  const classic = Float64Array.from({ length: p }, (_, i) => Math.sqrt(inverse[i * p + i] as number));
  const robust = Float64Array.from({ length: p }, (_, i) => {
    let sum = 0;
    for (let a = 0; a < p; a++) {
      for (let b = 0; b < p; b++)
        sum += (inverse[i * p + a] as number) * (outer[a * p + b] as number) * (inverse[b * p + i] as number);
    }
    return Math.sqrt(sum);
  });
  return { classic, robust };
}

/** Per-row scores, n × p, by central differences of the row likelihoods. */
function garchScores(returns: Float64Array, spec: GarchSpec, parameters: Float64Array): Float64Array {
  const n = returns.length;
  const p = parameters.length;
  const out = new Float64Array(n * p);
  const likelihood = createGarchLikelihood(returns, spec);
  const wide = kinkFreeStep(returns, spec);
  const shapeFrom = p - likelihood.density.shapeNames.length;
  const rowsAt = (x: Float64Array): Float64Array => {
    likelihood.value(x);
    const rows = new Float64Array(n);
    const shape = x.subarray(shapeFrom);
    const single = new Float64Array(1);
    for (let t = 0; t < n; t++) {
      single[0] = likelihood.residuals[t] as number;
      rows[t] =
        likelihood.density.total(single, 1, shape, null, null) - 0.5 * Math.log(likelihood.variances[t] as number);
    }
    return rows;
  };
  for (let j = 0; j < p; j++) {
    const h = stepOf(parameters, j, wide);
    const up = rowsAt(moved(parameters, j, h));
    const down = rowsAt(moved(parameters, j, -h));
    for (let t = 0; t < n; t++) out[t * p + j] = ((up[t] as number) - (down[t] as number)) / (2 * h);
  }
  return out;
}

function outerProduct(scores: Float64Array, n: number, p: number): Float64Array {
  const out = new Float64Array(p * p);
  for (let t = 0; t < n; t++) {
    for (let i = 0; i < p; i++) {
      for (let j = 0; j < p; j++) {
        out[i * p + j] = (out[i * p + j] as number) + (scores[t * p + i] as number) * (scores[t * p + j] as number);
      }
    }
  }
  return out;
}

/** The egarch likelihood is kinked in μ (j = 0) at every return: only a step across many kinks sees its curvature. */
function stepOf(x: Float64Array, j: number, kinkFree: number): number {
  if (j === 0 && kinkFree > 0) return kinkFree;
  return 1e-5 * Math.max(1e-2, Math.abs(x[j] as number));
}

function kinkFreeStep(returns: Float64Array, spec: GarchSpec): number {
  if (spec.kind === 'garch') return 0;
  let squares = 0;
  for (const r of returns) squares += r * r;
  return (0.5 * Math.sqrt(squares)) / returns.length;
}

function moved(x: Float64Array, j: number, h: number): Float64Array {
  const out = x.slice();
  out[j] = (x[j] as number) + h;
  return out;
}
