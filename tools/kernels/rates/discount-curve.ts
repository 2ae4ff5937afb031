/**
 * What is a unit paid at time T worth today? A curve of discount factors whose logarithms are linear between its nodes
 * (flat instantaneous forwards), from ln D(0) = 0, with the last forward carried on; and the bootstrap that builds it from
 * par yields. Times in years. Hagan and West (2006), Appl. Math. Finance 13, section 3.2 ("raw" interpolation).
 */
import { invalidInput } from '../../../lib/errors.ts';
import { findRoot } from '../optimise-smooth/brent.ts';

export interface DiscountCurve {
  /** Ascending, positive. */
  readonly times: Float64Array;
  readonly logDiscounts: Float64Array;
}

export function createDiscountCurve(times: ArrayLike<number>, discounts: ArrayLike<number>): DiscountCurve {
  const t = Float64Array.from(times);
  for (let i = 0; i < t.length; i++) {
    if (!((t[i] as number) > (i === 0 ? 0 : (t[i - 1] as number)))) {
      throw invalidInput({
        what: 'Curve times',
        needed: 'positive and ascending',
        got: t[i],
        hint: 'Sort the maturities and drop repeats.',
      });
    }
    if (!((discounts[i] as number) > 0)) {
      throw invalidInput({
        what: `The discount factor at ${t[i]} years`,
        needed: 'positive',
        got: discounts[i],
        hint: 'Check the rate: a discount factor is a price.',
      });
    }
  }
  return { times: t, logDiscounts: Float64Array.from(discounts, Math.log) };
}

/** ln D(t); t ≤ 0 gives 0. */
export function logDiscountAt(curve: DiscountCurve, t: number): number {
  const { times, logDiscounts } = curve;
  if (t <= 0) return 0;
  const n = times.length;
  let k = 0;
  while (k < n - 1 && (times[k] as number) < t) k++;
  const t1 = times[k] as number;
  const l1 = logDiscounts[k] as number;
  const t0 = k === 0 ? 0 : (times[k - 1] as number);
  const l0 = k === 0 ? 0 : (logDiscounts[k - 1] as number);
  return l0 + ((l1 - l0) * (t - t0)) / (t1 - t0);
}

export function discountAt(curve: DiscountCurve, t: number): number {
  return Math.exp(logDiscountAt(curve, t));
}

export interface ZeroRates {
  readonly continuous: number;
  readonly annual: number;
  readonly semiannual: number;
}

export function zeroRateAt(curve: DiscountCurve, t: number): ZeroRates {
  const continuous = -logDiscountAt(curve, t) / t;
  return { continuous, annual: Math.expm1(continuous), semiannual: 2 * Math.expm1(continuous / 2) };
}

export interface ForwardRate {
  readonly continuous: number;
  readonly simple: number;
  readonly annual: number;
}

/** The rate agreed today for lending from `start` to `end`. */
export function forwardRate(curve: DiscountCurve, start: number, end: number): ForwardRate {
  if (!(end > start && start >= 0)) {
    throw invalidInput({
      what: 'A forward period',
      needed: 'a start of zero or more and a later end',
      got: `${start} to ${end}`,
      hint: 'Give years, such as 1 to 2.',
    });
  }
  const growth = logDiscountAt(curve, start) - logDiscountAt(curve, end);
  const continuous = growth / (end - start);
  return { continuous, simple: Math.expm1(growth) / (end - start), annual: Math.expm1(continuous) };
}

export interface BootstrapOptions {
  /** Up to this maturity quotes are simple-interest bills, D = 1/(1 + y·T); default 0.5. */
  readonly simpleUpTo?: number;
  /** Coupons a year of the par bonds above it; default 2. */
  readonly frequency?: number;
}

/** Par yields (decimal) to a curve that reprices each of them, one node a quote. O(n · coupons). */
export function bootstrapParCurve(
  maturities: ArrayLike<number>,
  parYields: ArrayLike<number>,
  options: BootstrapOptions = {},
): DiscountCurve {
  const { simpleUpTo = 0.5, frequency = 2 } = options;
  const times: number[] = [];
  const logs: number[] = [];
  for (let k = 0; k < maturities.length; k++) {
    const maturity = maturities[k] as number;
    const rate = parYields[k] as number;
    if (!Number.isFinite(rate)) {
      throw invalidInput({
        what: `The par yield at ${maturity} years`,
        needed: 'a number',
        got: rate,
        hint: 'Leave missing maturities out.',
      });
    }
    if (!(maturity > (times.at(-1) ?? 0))) {
      throw invalidInput({
        what: 'Maturities',
        needed: 'positive and ascending',
        got: maturity,
        hint: 'Sort them and drop repeats.',
      });
    }
    const log =
      maturity <= simpleUpTo + 1e-9 ? -Math.log1p(rate * maturity) : parNode(times, logs, maturity, rate, frequency);
    times.push(maturity);
    logs.push(log);
  }
  return { times: Float64Array.from(times), logDiscounts: Float64Array.from(logs) };
}

/** ln D of a par bond's last date: the root of its price minus 100 in that number. */
function parNode(
  times: readonly number[],
  logs: readonly number[],
  maturity: number,
  rate: number,
  frequency: number,
): number {
  const priceLess = (log: number): number => {
    const curve = { times: Float64Array.from([...times, maturity]), logDiscounts: Float64Array.from([...logs, log]) };
    return parBondValue(curve, maturity, rate, frequency) - 1;
  };
  const guess = -Math.log1p(rate) * maturity;
  const width = 0.5 * maturity * Math.max(0.05, Math.abs(rate)) + 0.2;
  return findRoot(priceLess, guess - width, guess + width, { tolerance: 1e-16 }).x;
}

function parBondValue(curve: DiscountCurve, maturity: number, rate: number, frequency: number): number {
  let value = discountAt(curve, maturity);
  for (const t of couponTimes(maturity, frequency)) value += (rate / frequency) * discountAt(curve, t);
  return value;
}

/** Coupon dates counted back from maturity; a date within 1e-9 of now has been paid. */
export function couponTimes(maturity: number, frequency: number): number[] {
  const out: number[] = [];
  for (let t = maturity; t > 1e-9; t -= 1 / frequency) out.push(t);
  return out.reverse();
}

/** The coupon at which a bond of this maturity is worth par on the curve. */
export function parYieldAt(curve: DiscountCurve, maturity: number, frequency = 2): number {
  let annuity = 0;
  for (const t of couponTimes(maturity, frequency)) annuity += discountAt(curve, t) / frequency;
  return (1 - discountAt(curve, maturity)) / annuity;
}
