/**
 * Densities of standardised errors (mean 0, variance 1) and their derivatives.
 *
 * normal; Student t with ν > 2 degrees of freedom scaled to variance 1; skewed t of Hansen with η > 2 and −1 < λ < 1.
 * `total` sums ln f over all z and, where asked, writes ψ(z) = d ln f / dz for each and adds the derivatives with respect to
 * the shape parameters. Shape derivatives of constants are central differences of ln Γ (error below 1e-9).
 * Source: Bollerslev (1987), Rev. Econ. Stat. 69:542; Hansen (1994), Int. Econ. Rev. 35:705, eqs 8–14.
 *
 * @example errorDensity('t').total(z, n, Float64Array.of(6), null, null)
 */
import { logGamma } from '../stats/gamma-function.ts';

export type ErrorDistribution = 'normal' | 't' | 'skewt';

export interface ErrorDensity {
  readonly shapeNames: readonly string[];
  readonly lower: readonly number[];
  readonly upper: readonly number[];
  readonly start: readonly number[];
  /** Σ ln f(z_t); fills `psi` (n) and `shapeGradient` where given. */
  total(
    z: Float64Array,
    n: number,
    shape: Float64Array,
    psi: Float64Array | null,
    shapeGradient: Float64Array | null,
  ): number;
}

const LOG_2PI = Math.log(2 * Math.PI);
const LOG_PI = Math.log(Math.PI);

export function errorDensity(distribution: ErrorDistribution): ErrorDensity {
  if (distribution === 'normal') return normal;
  return distribution === 't' ? studentT : skewT;
}

const normal: ErrorDensity = {
  shapeNames: [],
  lower: [],
  upper: [],
  start: [],
  total(z, n, _shape, psi) {
    let squares = 0;
    for (let t = 0; t < n; t++) {
      const value = z[t] as number;
      squares += value * value;
      if (psi) psi[t] = -value;
    }
    return -0.5 * (n * LOG_2PI + squares);
  },
};

const studentT: ErrorDensity = {
  shapeNames: ['nu'],
  lower: [2.05],
  upper: [500],
  start: [8],
  total(z, n, shape, psi, shapeGradient) {
    const nu = shape[0] as number;
    const width = nu - 2;
    const slope = -(nu + 1);
    let logs = 0;
    let product = 1;
    let tails = 0;
    for (let t = 0; t < n; t++) {
      const value = z[t] as number;
      const square = value * value;
      // One logarithm for sixteen rows: the factors are 1 + z²/(ν − 2), far from overflow.
      product *= 1 + square / width;
      if ((t & 15) === 15) {
        logs += Math.log(product);
        product = 1;
      }
      if (psi) {
        const inverse = 1 / (width + square);
        psi[t] = slope * value * inverse;
        tails += square * inverse;
      }
    }
    logs += Math.log(product);
    if (shapeGradient) {
      const h = 1e-4 * nu;
      const constant = (studentConstant(nu + h) - studentConstant(nu - h)) / (2 * h);
      shapeGradient[0] = (shapeGradient[0] as number) + n * constant - 0.5 * logs + (0.5 * (nu + 1) * tails) / width;
    }
    return n * studentConstant(nu) - 0.5 * (nu + 1) * logs;
  },
};

function studentConstant(nu: number): number {
  return logGamma((nu + 1) / 2) - logGamma(nu / 2) - 0.5 * (LOG_PI + Math.log(nu - 2));
}

const skewT: ErrorDensity = {
  shapeNames: ['eta', 'lambda'],
  lower: [2.05, -0.99],
  upper: [300, 0.99],
  start: [8, -0.05],
  total(z, n, shape, psi, shapeGradient) {
    const eta = shape[0] as number;
    const lambda = shape[1] as number;
    if (shapeGradient) {
      const h = 1e-5;
      const etaStep = h * eta;
      const up = skewSum(z, n, eta + etaStep, lambda, null) - skewSum(z, n, eta - etaStep, lambda, null);
      const tilt = skewSum(z, n, eta, lambda + h, null) - skewSum(z, n, eta, lambda - h, null);
      shapeGradient[0] = (shapeGradient[0] as number) + up / (2 * etaStep);
      shapeGradient[1] = (shapeGradient[1] as number) + tilt / (2 * h);
    }
    return skewSum(z, n, eta, lambda, psi);
  },
};

function skewSum(z: Float64Array, n: number, eta: number, lambda: number, psi: Float64Array | null): number {
  const logC = studentConstant(eta);
  const a = (4 * lambda * Math.exp(logC) * (eta - 2)) / (eta - 1);
  const b = Math.sqrt(1 + 3 * lambda * lambda - a * a);
  const edge = -a / b;
  const width = eta - 2;
  let logs = 0;
  let product = 1;
  for (let t = 0; t < n; t++) {
    const value = z[t] as number;
    const side = value < edge ? 1 - lambda : 1 + lambda;
    const u = (b * value + a) / side;
    product *= 1 + (u * u) / width;
    if ((t & 15) === 15) {
      logs += Math.log(product);
      product = 1;
    }
    if (psi) psi[t] = (-(eta + 1) * u * b) / (side * (width + u * u));
  }
  return n * (Math.log(b) + logC) - 0.5 * (eta + 1) * (logs + Math.log(product));
}
