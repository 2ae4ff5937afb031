/**
 * A hedge ratio that moves: y_t = β_t x_t + α_t + v_t, (β, α) a random walk. At each bar the filter first predicts from the
 * past (that prediction error is the tradable spread) and only then learns from the bar.
 *
 * Source: Kalman (1960); in this form Chan (2013), Algorithmic Trading, ch. 3. W = δ/(1−δ) · I, v ~ N(0, Ve). The first
 * prediction has mean 0 and covariance `initialVariance` · I. Joseph form is not needed at 2 × 2. O(n), no allocation in the loop.
 */
import { invalidInput } from '../../../lib/errors.ts';

export interface KalmanHedge {
  /** Filtered state after each bar. */
  readonly beta: Float64Array;
  readonly alpha: Float64Array;
  /** One-step prediction error y_t − ŷ_{t|t−1} and its variance. */
  readonly innovation: Float64Array;
  readonly innovationVariance: Float64Array;
  readonly logLikelihood: number;
  /** Filtered covariance at the end: var β, cov, var α. */
  readonly finalCovariance: readonly [number, number, number];
}

export interface KalmanHedgeOptions {
  readonly delta: number;
  readonly observationVariance: number;
  readonly initialVariance?: number;
}

export function kalmanHedge(y: Float64Array, x: Float64Array, options: KalmanHedgeOptions): KalmanHedge {
  const { delta, observationVariance: ve, initialVariance = 1 } = options;
  if (!(delta > 0 && delta < 1)) throw invalidInput({ what: 'delta', needed: 'between 0 and 1', got: delta });
  if (!(ve > 0)) throw invalidInput({ what: 'The observation variance', needed: 'positive', got: ve });
  const n = y.length;
  const beta = new Float64Array(n);
  const alpha = new Float64Array(n);
  const innovation = new Float64Array(n);
  const innovationVariance = new Float64Array(n);
  const drift = delta / (1 - delta);
  let b = 0;
  let a = 0;
  let pbb = initialVariance;
  let pba = 0;
  let paa = initialVariance;
  let logLikelihood = 0;
  for (let t = 0; t < n; t++) {
    if (t > 0) {
      pbb += drift;
      paa += drift;
    }
    const xt = x[t] as number;
    const gb = pbb * xt + pba;
    const ga = pba * xt + paa;
    const q = gb * xt + ga + ve;
    const e = (y[t] as number) - b * xt - a;
    b += (gb / q) * e;
    a += (ga / q) * e;
    pbb -= (gb * gb) / q;
    pba -= (gb * ga) / q;
    paa -= (ga * ga) / q;
    beta[t] = b;
    alpha[t] = a;
    innovation[t] = e;
    innovationVariance[t] = q;
    logLikelihood -= 0.5 * (Math.log(2 * Math.PI * q) + (e * e) / q);
  }
  return { beta, alpha, innovation, innovationVariance, logLikelihood, finalCovariance: [pbb, pba, paa] };
}
