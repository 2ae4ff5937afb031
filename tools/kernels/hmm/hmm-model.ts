/**
 * The parameters of a Gaussian hidden Markov model and what follows from them alone.
 *
 * Shapes: `means` K × D, `covariances` K × D × D (always stored full), `transitions` K × K with
 * `transitions[i·K + j] = P(s_t = j | s_(t−1) = i)`, rows sum to 1. Units: those of the data.
 * Source: Rabiner (1989), Proc. IEEE 77:257, sec. II; Hamilton (1994), Time Series Analysis, ch. 22.
 *
 * @example expectedDurations(model) // [74.8, 33.9] periods: 1 / (1 − a_ii)
 */

export type CovarianceType = 'full' | 'diag' | 'spherical';

export interface HmmModel {
  readonly states: number;
  readonly features: number;
  readonly start: Float64Array;
  readonly transitions: Float64Array;
  readonly means: Float64Array;
  readonly covariances: Float64Array;
}

/** Observations: `rows` × `cols`, row-major, rows are time; all finite. */
export interface Observations {
  readonly data: Float64Array;
  readonly rows: number;
  readonly cols: number;
}

/** Free parameters: start K − 1, transitions K(K − 1), means K·D, covariances by type. */
export function countParameters(states: number, features: number, covarianceType: CovarianceType): number {
  const perState = { full: (features * (features + 1)) / 2, diag: features, spherical: 1 }[covarianceType];
  return states - 1 + states * (states - 1) + states * features + states * perState;
}

/** Akaike and Schwarz criteria; lower is better. */
export function informationCriteria(
  logLikelihood: number,
  parameters: number,
  rows: number,
): { readonly aic: number; readonly bic: number } {
  return { aic: 2 * parameters - 2 * logLikelihood, bic: parameters * Math.log(rows) - 2 * logLikelihood };
}

/** Mean stay 1 / (1 − a_ii), in periods; Infinity for an absorbing state. */
export function expectedDurations(transitions: Float64Array, states: number): Float64Array {
  return Float64Array.from({ length: states }, (_, i) => {
    let leave = 0;
    for (let j = 0; j < states; j++) if (j !== i) leave += transitions[i * states + j] as number;
    return leave > 0 ? 1 / leave : Number.POSITIVE_INFINITY;
  });
}

/**
 * π = πA, Σπ = 1, by the elimination of Grassmann, Taksar & Heyman (1985), Oper. Res. 33:1107: no subtraction, so
 * small probabilities keep their relative accuracy. Where the chain is reducible it is one stationary law, not the only one.
 */
export function stationaryDistribution(transitions: Float64Array, states: number): Float64Array {
  const a = Float64Array.from(transitions);
  for (let n = states - 1; n > 0; n--) {
    let leave = 0;
    for (let j = 0; j < n; j++) leave += a[n * states + j] as number;
    if (leave <= 0) continue;
    for (let i = 0; i < n; i++) {
      const into = (a[i * states + n] as number) / leave;
      a[i * states + n] = into;
      for (let j = 0; j < n; j++) {
        if (j !== i) a[i * states + j] = (a[i * states + j] as number) + into * (a[n * states + j] as number);
      }
    }
  }
  const pi = new Float64Array(states);
  pi[0] = 1;
  let total = 1;
  for (let n = 1; n < states; n++) {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += (pi[i] as number) * (a[i * states + n] as number);
    pi[n] = sum;
    total += sum;
  }
  return pi.map((p) => p / total);
}

/** The state distribution `steps` periods ahead: p·Aʰ. */
export function propagate(probabilities: Float64Array, transitions: Float64Array, steps: number): Float64Array {
  const states = probabilities.length;
  let now = Float64Array.from(probabilities);
  for (let step = 0; step < steps; step++) {
    const next = new Float64Array(states);
    for (let i = 0; i < states; i++) {
      const p = now[i] as number;
      for (let j = 0; j < states; j++) next[j] = (next[j] as number) + p * (transitions[i * states + j] as number);
    }
    now = next;
  }
  return now;
}

/** The same model with its states in another order: state `order[k]` becomes state `k`. */
export function reorderStates(model: HmmModel, order: readonly number[]): HmmModel {
  const { states, features } = model;
  const rowsOf = (source: Float64Array, width: number): Float64Array => {
    const out = new Float64Array(source.length);
    order.forEach((from, k) => {
      out.set(source.subarray(from * width, (from + 1) * width), k * width);
    });
    return out;
  };
  const transitions = new Float64Array(states * states);
  order.forEach((from, i) => {
    order.forEach((to, j) => {
      transitions[i * states + j] = model.transitions[from * states + to] as number;
    });
  });
  return {
    states,
    features,
    start: rowsOf(model.start, 1),
    transitions,
    means: rowsOf(model.means, features),
    covariances: rowsOf(model.covariances, features * features),
  };
}

/** State indices by ascending mean of the first feature; ties by ascending variance, then by index. */
export function orderByMean(model: HmmModel): readonly number[] {
  const { states, features } = model;
  const mean = (k: number): number => model.means[k * features] as number;
  const variance = (k: number): number => model.covariances[k * features * features] as number;
  return Array.from({ length: states }, (_, k) => k).sort(
    (a, b) => mean(a) - mean(b) || variance(a) - variance(b) || a - b,
  );
}
