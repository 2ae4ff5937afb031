/**
 * What a fitted volatility model expects next, and how it reacts to news.
 *
 * GARCH and GJR: σ²_(T+h) = ω + φ σ²_(T+h−1) for h ≥ 2, exact. EGARCH: exact for h = 1; beyond that the mean over `paths` simulated paths
 * that draw from the standardised residuals of the fit (filtered historical simulation), so an Rng is needed.
 * News impact: σ² of the next period as a function of a shock of `x` standard deviations, from the average variance.
 * Units: variance of the returns as given. O(h) or O(paths·h).
 * Source: Bollerslev (1986), eq. 18; Engle & Ng (1993), J. Finance 48:1749; Barone-Adesi, Giannopoulos & Vosper (1999).
 *
 * @example forecastVariance(fit, 10, createRng(42)) // Float64Array of 10 variances
 */
import type { Rng } from '../../../lib/rng.ts';
import type { GarchFit } from './fit-garch.ts';

const MEAN_ABSOLUTE = Math.sqrt(2 / Math.PI);

export function forecastVariance(fit: GarchFit, steps: number, rng: Rng, paths = 2000): Float64Array {
  const last = fit.variances.length - 1;
  const z = fit.residuals[last] as number;
  const first = nextVariance(fit, z, fit.variances[last] as number);
  const out = new Float64Array(steps);
  if (fit.spec.kind === 'garch') {
    const omega = coefficient(fit, 'omega');
    for (let h = 0, v = first; h < steps; h++, v = omega + fit.persistence * v) out[h] = v;
    return out;
  }
  for (let path = 0; path < paths; path++) {
    let variance = first;
    for (let h = 0; h < steps; h++) {
      out[h] = (out[h] as number) + variance / paths;
      variance = nextVariance(fit, fit.residuals[rng.integer(last + 1)] as number, variance);
    }
  }
  if (steps > 0) out[0] = first;
  return out;
}

/** σ² of the next period after a standardised shock `z` at variance `variance`. */
export function nextVariance(fit: GarchFit, z: number, variance: number): number {
  const omega = coefficient(fit, 'omega');
  const alpha = coefficient(fit, 'alpha');
  const gamma = coefficient(fit, 'gamma');
  const beta = coefficient(fit, 'beta');
  if (fit.spec.kind === 'garch') return omega + ((z < 0 ? alpha + gamma : alpha) * z * z + beta) * variance;
  return Math.exp(omega + alpha * (Math.abs(z) - MEAN_ABSOLUTE) + gamma * z + beta * Math.log(variance));
}

function coefficient(fit: GarchFit, name: string): number {
  return fit.parameters[fit.names.indexOf(name)] ?? 0;
}
