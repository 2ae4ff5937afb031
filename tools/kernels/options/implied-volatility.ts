/**
 * Which Black volatility does a price imply? Near machine precision over the whole domain, and a named bound where none exists.
 *
 * Method: the out-of-the-money price over √(FK) is inverted for total volatility s = σ√T. A rational-cubic guess in one of four
 * zones (below, two around the point of inflexion s_c = √(2|x|), above) is followed by third-order Householder steps on an
 * objective chosen for the zone (1/ln b, b, or ln(b_max − b)); two steps reach the conditioning of the problem.
 * The attainable error is set by the price's last digit: |δσ/σ| ≈ ε·b/(s·∂b/∂s). Units: undiscounted price, years.
 * Cost: O(1), no allocation in the solver. Missing values: an error. Source: P. Jäckel (2015), Let's be rational, Wilmott 75:40, sections 3–5.
 *
 * @example impliedVolatility({ right: 'call', forward: 100, strike: 100, years: 1, undiscountedPrice: 7.965567455405798 }).volatility // 0.2
 */
import { TradewindError } from '../../../lib/errors.ts';
import { inverseNormalCdf, normalCdf, normalPdf } from '../stats/normal.ts';
import { normalisedBlack, normalisedVega } from './normalised-black.ts';
import { type OptionRight, requireFinite, requirePositive } from './option-inputs.ts';
import { controlForLeftCurvature, controlForRightCurvature, rationalCubic } from './rational-cubic.ts';

const TWO_PI = 6.283185307179586;
const ROOT_THIRD = 0.5773502691896257;
const ROOT_THREE = 1.7320508075688772;
const ROOT_TWENTY_SEVEN = 5.196152422706632;
const ROOT_HALF_PI = 1.2533141373155003;

export interface ImpliedVolatilityInput {
  readonly right: OptionRight;
  readonly forward: number;
  readonly strike: number;
  readonly years: number;
  /** The price at expiry: today's price divided by the discount factor. */
  readonly undiscountedPrice: number;
}

export interface ImpliedVolatility {
  readonly volatility: number;
  /** Relative change of the volatility for one unit in the last place of the price: no solver can do better. */
  readonly relativeErrorPerUlp: number;
}

/** Validates, names the violated bound, and inverts. A price of exactly the intrinsic value gives 0. */
export function impliedVolatility(input: ImpliedVolatilityInput): ImpliedVolatility {
  const { right, forward, strike, years, undiscountedPrice: price } = input;
  requirePositive('The forward', forward);
  requirePositive('The strike', strike);
  requirePositive('The time to expiry in years (an expired option has no implied volatility; it)', years);
  requireFinite('The price', price);
  const intrinsic = Math.max(right === 'call' ? forward - strike : strike - forward, 0);
  const ceiling = right === 'call' ? forward : strike;
  if (price < 0) throw outOfBounds(input, 'PRICE_NEGATIVE', 'zero, the lower bound of any option price', 0);
  if (price < intrinsic) {
    throw outOfBounds(input, 'PRICE_BELOW_INTRINSIC', 'the intrinsic value on the forward (lower bound)', intrinsic);
  }
  if (price >= ceiling) {
    const name = right === 'call' ? 'the forward (upper bound of a call)' : 'the strike (upper bound of a put)';
    throw outOfBounds(input, 'PRICE_ABOVE_BOUND', name, ceiling);
  }
  if (price === intrinsic) return { volatility: 0, relativeErrorPerUlp: 0 };
  const x = -Math.abs(Math.log(forward / strike));
  const scale = Math.sqrt(forward * strike);
  const total = impliedTotalVolatility((price - intrinsic) / scale, x);
  const sensitivity = normalisedVega(x, total) * total * scale;
  return {
    volatility: total / Math.sqrt(years),
    relativeErrorPerUlp: (2.220446049250313e-16 * price) / sensitivity,
  };
}

function outOfBounds(input: ImpliedVolatilityInput, code: string, bound: string, value: number): TradewindError {
  const side = code === 'PRICE_ABOVE_BOUND' ? 'not below' : 'below';
  return new TradewindError({
    code,
    kind: 'input',
    message: `No volatility gives this ${input.right} price: ${input.undiscountedPrice} (undiscounted) is ${side} ${bound}, which is ${value}.`,
    hint: 'Check the price, the strike, the rate and whether the quote is stale; such a price is an arbitrage or an error.',
    details: { bound: value, undiscountedPrice: input.undiscountedPrice, forward: input.forward, strike: input.strike },
  });
}

/**
 * Total volatility s with b(x, s) = beta. Needs x = −|ln(F/K)| ≤ 0 and 0 < beta < e^{x/2}; outside it gives NaN.
 * This is the routine for whole chains: no validation, no allocation besides the four ends of one interpolation.
 */
export function impliedTotalVolatility(beta: number, x: number): number {
  const most = Math.exp(0.5 * x);
  if (!(beta > 0 && beta < most && x <= 0)) return Number.NaN;
  const centre = Math.sqrt(-2 * x);
  const bCentre = x === 0 ? 0 : normalisedBlack(x, centre);
  const vCentre = x === 0 ? 0.3989422804014327 : normalisedVega(x, centre);
  if (beta < bCentre) {
    const left = centre - bCentre / vCentre;
    const bLeft = normalisedBlack(x, left);
    if (beta < bLeft) return refineLowest(beta, x, guessLowest(beta, x, left, bLeft));
    const ends = { xL: bLeft, xR: bCentre, yL: left, yR: centre, dL: 1 / normalisedVega(x, left), dR: 1 / vCentre };
    return refineMiddle(beta, x, rationalCubic(beta, ends, controlForRightCurvature(ends, 0, false)));
  }
  const right = vCentre > 1e-300 ? centre + (most - bCentre) / vCentre : centre;
  const bRight = normalisedBlack(x, right);
  if (beta <= bRight) {
    const ends = { xL: bCentre, xR: bRight, yL: centre, yR: right, dL: 1 / vCentre, dR: 1 / normalisedVega(x, right) };
    return refineMiddle(beta, x, rationalCubic(beta, ends, controlForLeftCurvature(ends, 0, false)));
  }
  const guess = guessHighest(beta, x, right, bRight, most);
  return beta > 0.5 * most ? refineHighest(beta, x, guess, most) : refineMiddle(beta, x, guess);
}

/** Lowest zone: interpolate f = (2π|x|/√27) Φ³(−|x|/(√3 s)), which is almost linear in b. */
function guessLowest(beta: number, x: number, s: number, b: number): number {
  const size = -x;
  const z = (ROOT_THIRD * size) / s;
  const y = z * z;
  const square = s * s;
  const tail = normalCdf(-z);
  const bracket = 8 * ROOT_THREE * s * size + ((3 * square * (square - 8) - 8 * x * x) * tail) / normalPdf(z);
  const curvature = (((Math.PI / 6) * y) / (square * s)) * tail * bracket * Math.exp(2 * y + 0.25 * square);
  const slope = TWO_PI * y * tail * tail * Math.exp(y + 0.125 * square);
  const value = (TWO_PI / ROOT_TWENTY_SEVEN) * size * tail * tail * tail;
  const ends = { xL: 0, xR: b, yL: 0, yR: value, dL: 1, dR: slope };
  let f = rationalCubic(beta, ends, controlForRightCurvature(ends, curvature, true));
  if (!(f > 0)) {
    const t = beta / b;
    f = (value * t + b * (1 - t)) * t;
  }
  return Math.abs((ROOT_THIRD * x) / inverseNormalCdf(Math.cbrt((f * ROOT_TWENTY_SEVEN) / (TWO_PI * size))));
}

/** Highest zone: interpolate f = Φ(−s/2). */
function guessHighest(beta: number, x: number, s: number, b: number, most: number): number {
  const w = (x / s) * (x / s);
  const value = normalCdf(-0.5 * s);
  const slope = -0.5 * Math.exp(0.5 * w);
  const curvature = (ROOT_HALF_PI * Math.exp(w + 0.125 * s * s) * w) / s;
  let f = -1;
  if (curvature < 1e154) {
    const ends = { xL: b, xR: most, yL: value, yR: 0, dL: slope, dR: -0.5 };
    f = rationalCubic(beta, ends, controlForLeftCurvature(ends, curvature, true));
  }
  if (!(f > 0)) {
    const t = (beta - b) / (most - b);
    f = (value * (1 - t) + 0.5 * (most - b) * t) * (1 - t);
  }
  return -2 * inverseNormalCdf(f);
}

function householder(newton: number, second: number, third: number): number {
  return (newton * (1 + 0.5 * second * newton)) / (1 + newton * (second + (third * newton) / 6));
}

const MAX_STEPS = 12;
const RELATIVE_STOP = 1e-9; // a fourth-order step from here lands below one ulp

function refineLowest(beta: number, x: number, s: number): number {
  const target = Math.log(beta);
  for (let step = 0; step < MAX_STEPS; step++) {
    const b = normalisedBlack(x, s);
    if (!(b > 0)) {
      s *= 1.1;
      continue;
    }
    const slope = normalisedVega(x, s) / b;
    const log = Math.log(b);
    const h = x / s;
    const halley = (h * h) / s - 0.25 * s;
    const third = halley * halley - 3 * (h / s) * (h / s) - 0.25;
    const newton = ((target - log) * log) / (target * slope);
    const second = halley - slope * (1 + 2 / log);
    const cubic = third + 2 * slope * slope * (1 + (3 / log) * (1 + 1 / log)) - 3 * halley * slope * (1 + 2 / log);
    const ds = Math.max(householder(newton, second, cubic), -0.5 * s);
    s += ds;
    if (ds < RELATIVE_STOP * s && ds > -RELATIVE_STOP * s) break;
  }
  return s;
}

function refineMiddle(beta: number, x: number, s: number): number {
  for (let step = 0; step < MAX_STEPS; step++) {
    const h = x / s;
    const halley = (h * h) / s - 0.25 * s;
    const third = halley * halley - 3 * (h / s) * (h / s) - 0.25;
    const newton = (beta - normalisedBlack(x, s)) / normalisedVega(x, s);
    const ds = Math.max(householder(newton, halley, third), -0.5 * s);
    s += ds;
    if (ds < RELATIVE_STOP * s && ds > -RELATIVE_STOP * s) break;
  }
  return s;
}

function refineHighest(beta: number, x: number, s: number, most: number): number {
  const left = most - beta;
  for (let step = 0; step < MAX_STEPS; step++) {
    const remaining = most - normalisedBlack(x, s);
    if (!(remaining > 0)) {
      s *= 0.95;
      continue;
    }
    const slope = normalisedVega(x, s) / remaining;
    const h = x / s;
    const halley = (h * h) / s - 0.25 * s;
    const third = halley * halley - 3 * (h / s) * (h / s) - 0.25;
    const newton = -Math.log(left / remaining) / slope;
    const ds = Math.max(householder(newton, halley + slope, third + slope * (2 * slope + 3 * halley)), -0.5 * s);
    s += ds;
    if (ds < RELATIVE_STOP * s && ds > -RELATIVE_STOP * s) break;
  }
  return s;
}
