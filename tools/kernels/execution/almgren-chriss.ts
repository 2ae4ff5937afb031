/**
 * Almgren & Chriss: how fast should a large order be worked, between impact (trade slowly) and risk (trade quickly)?
 *
 * Holdings x_k = X·sinh(κ(T − t_k))/sinh(κT), 2(cosh κτ − 1)/τ² = λσ²/η̃, η̃ = η − γτ/2; with drift α the optimum moves by
 * x̄ = α/(2λσ²). E = γX²/2 + εΣ|n| + (η̃/τ)Σn² − ατΣx_k, V = σ²τΣx_k² (k = 1…N).
 * Units: X shares, T in days, σ in price units per √day, γ price/share², η (price/share)/(share/day), ε price/share, λ per money.
 * κ comes from asinh, which keeps its digits for small λ. Cost: O(N). λ = 0 gives equal slices.
 * Source: R. Almgren & N. Chriss (2001), Optimal execution of portfolio transactions, J. Risk 3(2):5, eq. 8–9, 16–20, 26.
 *
 * @example almgrenChriss(order, 1e-6).expectedCost
 */
import { invalidInput } from '../../../lib/errors.ts';
import { findMinimum } from '../optimise-smooth/brent.ts';

export interface ExecutionProblem {
  readonly shares: number;
  readonly days: number;
  readonly periods: number;
  /** Price units per √day. */
  readonly sigma: number;
  /** Fixed cost of a share: half spread and fees. */
  readonly epsilon: number;
  /** Permanent impact of a share. */
  readonly gamma: number;
  /** Temporary impact per share a day. */
  readonly eta: number;
  /** Expected change of the price a day. */
  readonly alpha?: number;
}

export interface ExecutionPlan {
  /** N + 1 values from X to 0. */
  readonly holdings: Float64Array;
  readonly trades: Float64Array;
  readonly kappa: number;
  readonly kappaContinuous: number;
  /** 1/κ in days; null where κ is 0. */
  readonly halfLife: number | null;
  readonly expectedCost: number;
  readonly variance: number;
}

function requireProblem(problem: ExecutionProblem): number {
  for (const [name, value] of Object.entries(problem)) {
    if (!Number.isFinite(value)) throw invalidInput({ what: `\`${name}\``, needed: 'a finite number', got: value });
  }
  if (!(problem.shares > 0 && problem.days > 0 && problem.sigma >= 0)) {
    throw invalidInput({
      what: 'Shares, days and volatility',
      needed: 'positive',
      got: `${problem.shares}, ${problem.days}, ${problem.sigma}`,
    });
  }
  if (!(Number.isInteger(problem.periods) && problem.periods >= 1 && problem.periods <= 10_000)) {
    throw invalidInput({
      what: 'The number of periods',
      needed: 'a whole number from 1 to 10,000',
      got: problem.periods,
    });
  }
  const effective = problem.eta - (problem.gamma * problem.days) / problem.periods / 2;
  if (!(effective > 0)) {
    throw invalidInput({
      what: 'Temporary less half the permanent impact of one period (η − γτ/2)',
      needed: 'above 0',
      got: effective,
      hint: 'Use more periods, a smaller permanent impact or a larger temporary one.',
    });
  }
  return effective;
}

export function almgrenChriss(problem: ExecutionProblem, lambda: number): ExecutionPlan {
  const effective = requireProblem(problem);
  if (!(lambda >= 0)) throw invalidInput({ what: 'The risk aversion λ', needed: 'at least 0', got: lambda });
  const { shares, days, periods, sigma } = problem;
  const alpha = problem.alpha ?? 0;
  const tau = days / periods;
  const urgency = (lambda * sigma * sigma) / effective;
  const kappa = (2 / tau) * Math.asinh(0.5 * tau * Math.sqrt(urgency));
  const target = alpha === 0 || lambda === 0 || sigma === 0 ? 0 : alpha / (2 * lambda * sigma * sigma);
  const holdings = Float64Array.from({ length: periods + 1 }, (_, k) => {
    const left = 1 - k / periods;
    const decay = sinhRatio(kappa * days, left);
    return decay * shares + (1 - decay - sinhRatio(kappa * days, 1 - left)) * target;
  });
  holdings[0] = shares;
  holdings[periods] = 0;
  return {
    ...measure(problem, holdings, effective),
    kappa,
    kappaContinuous: Math.sqrt((lambda * sigma * sigma) / problem.eta),
    halfLife: kappa > 0 ? 1 / kappa : null,
  };
}

/** sinh(a·f)/sinh(a) without overflow; f itself for a = 0. */
function sinhRatio(a: number, f: number): number {
  if (a < 1e-8) return f;
  return (Math.exp(a * (f - 1)) * -Math.expm1(-2 * a * f)) / -Math.expm1(-2 * a);
}

function measure(problem: ExecutionProblem, holdings: Float64Array, effective: number) {
  const { shares, days, periods, sigma, epsilon, gamma } = problem;
  const alpha = problem.alpha ?? 0;
  const tau = days / periods;
  const trades = new Float64Array(periods);
  let absolute = 0;
  let square = 0;
  let held = 0;
  let heldSquare = 0;
  for (let k = 1; k <= periods; k++) {
    const x = holdings[k] as number;
    const trade = (holdings[k - 1] as number) - x;
    trades[k - 1] = trade;
    absolute += Math.abs(trade);
    square += trade * trade;
    held += x;
    heldSquare += x * x;
  }
  return {
    holdings,
    trades,
    expectedCost: 0.5 * gamma * shares * shares + epsilon * absolute + (effective / tau) * square - alpha * tau * held,
    variance: sigma * sigma * tau * heldSquare,
  };
}

/** Everything in the first period: the other end of the frontier. */
export function immediateExecution(problem: ExecutionProblem): {
  readonly expectedCost: number;
  readonly variance: number;
} {
  const effective = requireProblem(problem);
  const holdings = new Float64Array(problem.periods + 1);
  holdings[0] = problem.shares;
  const { expectedCost, variance } = measure(problem, holdings, effective);
  return { expectedCost, variance };
}

/** The risk aversion whose plan has the smallest E + z·√V: the cost not exceeded with the confidence of z. */
export function minimumValueAtRisk(problem: ExecutionProblem, z: number) {
  const value = (logLambda: number): number => {
    const plan = almgrenChriss(problem, Math.exp(logLambda));
    return plan.expectedCost + z * Math.sqrt(plan.variance);
  };
  // The scale of λ: where urgency κ²T² is 1, twelve e-folds to both sides.
  const effective = requireProblem(problem);
  const centre = Math.log(effective / (problem.sigma ** 2 * problem.days ** 2));
  let low = centre - 14;
  let high = centre + 14;
  // Golden section stops at √ε of ln λ; one parabola on a wide stencil then gives the minimum to six digits.
  const coarse = findMinimum(value, low, high, { tolerance: 1e-9 }).x;
  low = coarse - 2e-2;
  high = coarse + 2e-2;
  const a = value(low);
  const b = value(coarse);
  const c = value(high);
  const logLambda = coarse + (0.5 * 2e-2 * (a - c)) / (a - 2 * b + c);
  const plan = almgrenChriss(problem, Math.exp(logLambda));
  return { lambda: Math.exp(logLambda), value: plan.expectedCost + z * Math.sqrt(plan.variance), plan };
}
