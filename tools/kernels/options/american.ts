/**
 * American options: what is the right to exercise early worth?
 *
 * Method: spectral collocation of the exercise boundary (Andersen, Lake & Offengenden). H(√τ) = ln²(B(τ)/X) is interpolated on
 * Chebyshev nodes, the fixed point B = K e^{−(r−q)τ} N(τ,B)/D(τ,B) ("system B") is solved by Newton with its full Jacobian (the paper iterates; Newton
 * needs three to five steps), and
 * the premium is the integral of the carry saved below the boundary. A call is the put with S↔K and r↔q.
 * Units and inputs as in `black-scholes.ts`. Accuracy: `fast` about 1e-6 relative, `high` about 1e-9 of the strike; lattices of a few
 * thousand steps are only good to 1e-4…1e-3. With q < r < 0 (put) there are two boundaries: a 2,001-step lattice answers and says so.
 * Cost: O(m n l n) for n nodes, l quadrature points and m steps. Missing values: an error.
 * Source: L. Andersen, M. Lake & D. Offengenden (2016), High-performance American option pricing, J. Comput. Finance 20:39, eq. 7–11, 26–31, 43–45.
 *
 * @example americanOption({ right: 'put', spot: 36, strike: 40, years: 1, rate: 0.06, dividendYield: 0, volatility: 0.2 }).price // 4.48667
 */
import { normalCdf } from '../stats/normal.ts';
import { guessPutBoundary } from './american-boundary-guess.ts';
import { type AmericanScheme, americanScheme } from './american-scheme.ts';
import { binomialOption } from './binomial.ts';
import { blackScholesPrice } from './black-scholes.ts';
import { requireVanilla, type VanillaOption } from './option-inputs.ts';

export interface AmericanResult {
  readonly price: number;
  readonly european: number;
  readonly earlyExercisePremium: number;
  /** Spot at which immediate exercise becomes optimal today; null where it never is. */
  readonly exerciseBoundary: number | null;
  readonly method: 'boundary-collocation' | 'european' | 'intrinsic' | 'lattice';
  readonly converged: boolean;
  readonly iterations: number;
  /** Largest relative move of the boundary in the last step. */
  readonly residual: number;
}

export function americanOption(option: VanillaOption, accuracy: 'fast' | 'high' = 'high'): AmericanResult {
  requireVanilla(option);
  const european = blackScholesPrice(option);
  const sign = option.right === 'call' ? 1 : -1;
  const intrinsic = Math.max(sign * (option.spot - option.strike), 0);
  const put = asPut(option);
  const still = { converged: true, iterations: 0, residual: 0, exerciseBoundary: null };
  if (option.years === 0 || option.strike === 0 || neverExercised(put)) {
    const price = Math.max(european, intrinsic);
    return { price, european, earlyExercisePremium: price - european, method: 'european', ...still };
  }
  if (option.volatility === 0) {
    const price = Math.max(european, intrinsic, bestCertainExercise(option));
    return { price, european, earlyExercisePremium: price - european, method: 'intrinsic', ...still };
  }
  if (put.rate <= 0) return latticeResult(option, european, intrinsic);
  const boundary = solveBoundary(put, americanScheme(accuracy));
  if (!Number.isFinite(boundary.residual)) return latticeResult(option, european, intrinsic);
  const last = boundary.limit * Math.exp(-Math.sqrt(boundary.squaredLog[0] as number));
  const exerciseBoundary = option.right === 'put' ? last : (option.spot * option.strike) / last;
  const { converged, iterations, residual } = boundary;
  const done = { european, exerciseBoundary, converged, iterations, residual };
  if (put.spot <= last) {
    return { price: intrinsic, earlyExercisePremium: intrinsic - european, method: 'intrinsic', ...done };
  }
  const premium = Math.max(exercisePremium(put, boundary, americanScheme(accuracy)), 0);
  const price = Math.max(european + premium, intrinsic);
  return { price, earlyExercisePremium: price - european, method: 'boundary-collocation', ...done };
}

/** Two boundaries, or a boundary that the collocation cannot follow: a lattice, good to about 1e-3. */
function latticeResult(option: VanillaOption, european: number, intrinsic: number): AmericanResult {
  const price = Math.max(binomialOption(option, { steps: 2001, exercise: 'american' }), european, intrinsic);
  return {
    price,
    european,
    earlyExercisePremium: price - european,
    exerciseBoundary: null,
    method: 'lattice',
    converged: true,
    iterations: 0,
    residual: 0,
  };
}

interface Put {
  readonly spot: number;
  readonly strike: number;
  readonly years: number;
  readonly rate: number;
  readonly dividendYield: number;
  readonly volatility: number;
}

/** McDonald & Schroder (1998): C(S, K, r, q) = P(K, S, q, r). */
function asPut(option: VanillaOption): Put {
  if (option.right === 'put') return option;
  const { spot, strike, rate, dividendYield, years, volatility } = option;
  return { spot: strike, strike: spot, rate: dividendYield, dividendYield: rate, years, volatility };
}

/** Exercise at S pays rK − qS a year: never positive below the strike means European. */
function neverExercised(put: Put): boolean {
  // The premium is at most rKT: below 1e-12 of the strike it is rounding.
  if (put.rate * put.years > 1e-12) return false;
  if (put.rate >= 0) return put.dividendYield >= 0;
  return put.dividendYield >= put.rate;
}

/** Without volatility the path is known: exercise now, at expiry, or where the discounted gain is largest. */
function bestCertainExercise(option: VanillaOption): number {
  const { spot, strike, rate: r, dividendYield: q, years } = option;
  const sign = option.right === 'call' ? 1 : -1;
  const gain = (t: number) => sign * (spot * Math.exp(-q * t) - strike * Math.exp(-r * t));
  const turning = r === q ? 0 : Math.log((q * spot) / (r * strike)) / (q - r);
  return turning > 0 && turning < years
    ? Math.max(gain(0), gain(turning), gain(years))
    : Math.max(gain(0), gain(years));
}

interface Boundary {
  /** B at expiry: K·min(1, r/q). */
  readonly limit: number;
  /** H = ln²(B/limit) at the nodes, from τ = years (index 0) to τ = 0 (last). */
  readonly squaredLog: Float64Array;
  readonly converged: boolean;
  readonly iterations: number;
  readonly residual: number;
}

function solveBoundary(put: Put, scheme: AmericanScheme): Boundary {
  const { strike, years, rate, dividendYield } = put;
  const limit = dividendYield > rate ? (strike * rate) / dividendYield : strike;
  const n = scheme.nodes.length - 1;
  const logs = new Float64Array(n); // ln(limit/B) at the nodes, positive
  let start = limit;
  for (let i = n - 1; i >= 0; i--) {
    const x = 0.5 * (1 + (scheme.nodes[i] as number));
    start = guessPutBoundary(put, years * x * x, start);
    logs[i] = Math.log(limit / start);
  }
  const state = { growth: growthFactors(put, scheme), limit, logs, squaredLog: logs.map((log) => log * log) };
  const defect = new Float64Array(n);
  const jacobian = new Float64Array(n * n);
  let residual = Number.POSITIVE_INFINITY;
  let iterations = 0;
  while (iterations < scheme.maxSteps && residual > scheme.tolerance) {
    for (let i = 0; i < n; i++) defect[i] = boundaryDefect(put, scheme, state, i, jacobian);
    solveInPlace(jacobian, defect, n);
    residual = 0;
    for (let i = 0; i < n; i++) {
      const log = logs[i] as number;
      // A Newton step may not turn the boundary's logarithm negative.
      const next = Math.max(log - (defect[i] as number), 0.2 * log);
      residual = Math.max(residual, Math.abs(next - log));
      logs[i] = next;
      state.squaredLog[i] = next * next;
    }
    iterations += 1;
  }
  return { limit, squaredLog: state.squaredLog, converged: residual <= scheme.tolerance, iterations, residual };
}

/** e^{ru} and e^{qu} at every (node, quadrature point), interleaved. */
function growthFactors(put: Put, scheme: AmericanScheme): Float64Array {
  const n = scheme.nodes.length - 1;
  const l = scheme.points.length;
  const out = new Float64Array(2 * n * l);
  for (let i = 0; i < n; i++) {
    const x = 0.5 * (1 + (scheme.nodes[i] as number));
    const tau = put.years * x * x;
    for (let k = 0; k < l; k++) {
      const elapsed = tau * (1 - (scheme.points[k] as number) ** 2);
      out[2 * (i * l + k)] = Math.exp(put.rate * elapsed);
      out[2 * (i * l + k) + 1] = Math.exp(put.dividendYield * elapsed);
    }
  }
  return out;
}

interface BoundaryState {
  readonly growth: Float64Array;
  readonly limit: number;
  readonly logs: Float64Array;
  readonly squaredLog: Float64Array;
}

/** How far one node is from B = K e^{−(r−q)τ} N/D, in logarithms; fills that node's row of the Jacobian. */
function boundaryDefect(
  put: Put,
  scheme: AmericanScheme,
  state: BoundaryState,
  node: number,
  jacobian: Float64Array,
): number {
  const { strike, rate, dividendYield, volatility } = put;
  const { growth, squaredLog, limit, logs } = state;
  const n = logs.length;
  const l = scheme.points.length;
  const x = 0.5 * (1 + (scheme.nodes[node] as number));
  const tau = put.years * x * x;
  const carry = rate - dividendYield;
  const log = -(logs[node] as number);
  const deviation = volatility * Math.sqrt(tau);
  const dPlus = (log + Math.log(limit / strike) + carry * tau) / deviation + 0.5 * deviation;
  const dMinus = dPlus - deviation;
  let numerator = normalCdf(dMinus);
  let denominator = normalCdf(dPlus);
  let numeratorSlope = (INVERSE_ROOT_TWO_PI * Math.exp(-0.5 * dMinus * dMinus)) / deviation;
  let denominatorSlope = (INVERSE_ROOT_TWO_PI * Math.exp(-0.5 * dPlus * dPlus)) / deviation;
  const upSlopes = scheme.upSlopes;
  const downSlopes = scheme.downSlopes;
  const roots = scheme.roots;
  for (let k = 0; k < l; k++) {
    const row = (node * l + k) * (n + 1);
    let h = 0;
    for (let j = 0; j < n; j++) h += (scheme.interpolation[row + j] as number) * (squaredLog[j] as number);
    const root = Math.sqrt(Math.max(h, 0));
    const point = scheme.points[k] as number; // √((τ−u)/τ)
    const spread = deviation * point;
    const plus = (log + root + carry * tau * point * point) / spread + 0.5 * spread;
    const minus = plus - spread;
    const weight = tau * (scheme.pointWeights[k] as number);
    const up = rate * weight * (growth[2 * (node * l + k)] as number);
    const down = dividendYield * weight * (growth[2 * (node * l + k) + 1] as number);
    numerator += up * normalCdf(minus);
    const upSlope = (up * INVERSE_ROOT_TWO_PI * Math.exp(-0.5 * minus * minus)) / spread;
    let downSlope = 0;
    if (down !== 0) {
      denominator += down * normalCdf(plus);
      downSlope = (down * INVERSE_ROOT_TWO_PI * Math.exp(-0.5 * plus * plus)) / spread;
    }
    numeratorSlope += upSlope;
    denominatorSlope += downSlope;
    upSlopes[k] = upSlope;
    downSlopes[k] = downSlope;
    roots[k] = root;
  }
  for (let j = 0; j < n; j++) jacobian[node * n + j] = 0;
  for (let k = 0; k < l; k++) {
    const root = roots[k] as number;
    if (root < 1e-12) continue;
    const pull = ((upSlopes[k] as number) / numerator - (downSlopes[k] as number) / denominator) / root;
    const row = (node * l + k) * (n + 1);
    for (let j = 0; j < n; j++) {
      const at = node * n + j;
      jacobian[at] = (jacobian[at] as number) + pull * (scheme.interpolation[row + j] as number) * (logs[j] as number);
    }
  }
  const own = node * n + node;
  jacobian[own] = (jacobian[own] as number) + 1 - (numeratorSlope / numerator - denominatorSlope / denominator);
  return Math.log(strike / limit) - carry * tau + Math.log(numerator / denominator) - log;
}

/** Gaussian elimination with partial pivoting; the right side becomes the solution. n is 10 to 30. */
function solveInPlace(a: Float64Array, b: Float64Array, n: number): void {
  for (let column = 0; column < n; column++) {
    let pivot = column;
    for (let i = column + 1; i < n; i++) {
      if (Math.abs(a[i * n + column] as number) > Math.abs(a[pivot * n + column] as number)) pivot = i;
    }
    if (pivot !== column) {
      for (let j = column; j < n; j++) {
        const held = a[column * n + j] as number;
        a[column * n + j] = a[pivot * n + j] as number;
        a[pivot * n + j] = held;
      }
      const held = b[column] as number;
      b[column] = b[pivot] as number;
      b[pivot] = held;
    }
    const inverse = 1 / (a[column * n + column] as number);
    for (let i = column + 1; i < n; i++) {
      const factor = (a[i * n + column] as number) * inverse;
      if (factor === 0) continue;
      for (let j = column; j < n; j++) a[i * n + j] = (a[i * n + j] as number) - factor * (a[column * n + j] as number);
      b[i] = (b[i] as number) - factor * (b[column] as number);
    }
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = b[i] as number;
    for (let j = i + 1; j < n; j++) sum -= (a[i * n + j] as number) * (b[j] as number);
    b[i] = sum / (a[i * n + i] as number);
  }
}

const INVERSE_ROOT_TWO_PI = 0.3989422804014327;

/** ∫ [rK e^{−r(τ−u)}N(−d₋) − qS e^{−q(τ−u)}N(−d₊)] du over the life, with d at S/B(u). */
function exercisePremium(put: Put, boundary: Boundary, scheme: AmericanScheme): number {
  const { spot, strike, years, rate, dividendYield, volatility } = put;
  const n = scheme.nodes.length - 1;
  const log = Math.log(spot / boundary.limit);
  const deviation = volatility * Math.sqrt(years);
  let sum = 0;
  for (let k = 0; k < scheme.pricePoints.length; k++) {
    let h = 0;
    for (let j = 0; j < n; j++) {
      h += (scheme.priceInterpolation[k * (n + 1) + j] as number) * (boundary.squaredLog[j] as number);
    }
    const point = scheme.pricePoints[k] as number;
    const left = years * point * point;
    const spread = deviation * point;
    const plus = (log + Math.sqrt(Math.max(h, 0)) + (rate - dividendYield) * left) / spread + 0.5 * spread;
    const earned = rate * strike * Math.exp(-rate * left) * normalCdf(spread - plus);
    const paid = dividendYield === 0 ? 0 : dividendYield * spot * Math.exp(-dividendYield * left) * normalCdf(-plus);
    sum += (scheme.pricePointWeights[k] as number) * (earned - paid);
  }
  return years * sum;
}
