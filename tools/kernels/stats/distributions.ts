/**
 * Distribution functions of Student's t, chi-square, F, gamma and beta, and their inverses. The normal distribution has
 * its own file. Source: Johnson, Kotz & Balakrishnan (1994, 1995), Continuous Univariate Distributions, chapters 17,
 * 18, 25, 27, 28: each is an incomplete beta or gamma function. Tails keep relative precision (ask for the tail you want).
 */
import { invalidInput } from '../../../lib/errors.ts';
import { incompleteGamma, logGamma } from './gamma-function.ts';
import { incompleteBeta } from './incomplete-beta.ts';

function checkDegrees(degrees: number): void {
  if (!(degrees > 0)) throw invalidInput({ what: 'Degrees of freedom', needed: 'positive', got: degrees });
}

/** P(T ≤ t) for Student's t. Example: studentTCdf(2, 10) = 0.963305983. */
export function studentTCdf(t: number, degrees: number): number {
  const tail = 0.5 * studentTTwoSided(t, degrees);
  return t <= 0 ? tail : 1 - tail;
}

/** P(|T| ≥ |t|): the two-sided p-value, precise in the far tail. */
export function studentTTwoSided(t: number, degrees: number): number {
  checkDegrees(degrees);
  const square = t * t;
  if (square === Number.POSITIVE_INFINITY) return 0;
  return incompleteBeta(degrees / 2, 0.5, degrees / (degrees + square), square / (degrees + square)).lower;
}

/** Density of Student's t. */
export function studentTPdf(t: number, degrees: number): number {
  checkDegrees(degrees);
  const front = logGamma((degrees + 1) / 2) - logGamma(degrees / 2) - 0.5 * Math.log(degrees * Math.PI);
  return Math.exp(front - ((degrees + 1) / 2) * Math.log1p((t * t) / degrees));
}

/** The t with P(T ≤ t) = p, 0 < p < 1. */
export function inverseStudentTCdf(p: number, degrees: number): number {
  checkProbability(p);
  if (p === 0.5) return 0;
  if (p > 0.5) return -inverseStudentTCdf(1 - p, degrees);
  const tail = (t: number): number => 0.5 * studentTTwoSided(t, degrees);
  let high = 1;
  while (tail(high) > p) high *= 2;
  return -solveDecreasing(tail, p, 0, high);
}

/** P(X ≤ x) and P(X > x) for chi-square. */
export function chiSquareCdf(x: number, degrees: number): number {
  checkDegrees(degrees);
  return x <= 0 ? 0 : incompleteGamma(degrees / 2, x / 2).lower;
}

export function chiSquareSurvival(x: number, degrees: number): number {
  checkDegrees(degrees);
  return x <= 0 ? 1 : incompleteGamma(degrees / 2, x / 2).upper;
}

/** The x with P(X ≤ x) = p for chi-square. */
export function inverseChiSquareCdf(p: number, degrees: number): number {
  return 2 * inverseGammaCdf(p, degrees / 2);
}

/** P(X ≤ x) for the gamma distribution with shape and unit scale. */
export function gammaCdf(x: number, shape: number): number {
  return x <= 0 ? 0 : incompleteGamma(shape, x).lower;
}

/** The x with P(X ≤ x) = p for the gamma distribution with unit scale. */
export function inverseGammaCdf(p: number, shape: number): number {
  checkProbability(p);
  const upperTail = (x: number): number => incompleteGamma(shape, x).upper;
  let high = Math.max(1, shape);
  while (upperTail(high) > 1 - p) high *= 2;
  if (p > 0.5) return solveDecreasing(upperTail, 1 - p, 0, high);
  return solveDecreasing((x) => -incompleteGamma(shape, x).lower, -p, 0, high);
}

/** P(F > f) with the given numerator and denominator degrees of freedom. */
export function fSurvival(f: number, numerator: number, denominator: number): number {
  checkDegrees(numerator);
  checkDegrees(denominator);
  if (f <= 0) return 1;
  const sum = denominator + numerator * f;
  return incompleteBeta(denominator / 2, numerator / 2, denominator / sum, (numerator * f) / sum).lower;
}

export function fCdf(f: number, numerator: number, denominator: number): number {
  checkDegrees(numerator);
  checkDegrees(denominator);
  if (f <= 0) return 0;
  const sum = denominator + numerator * f;
  return incompleteBeta(numerator / 2, denominator / 2, (numerator * f) / sum, denominator / sum).lower;
}

/** P(X ≤ x) for the beta distribution on [0, 1]. */
export function betaCdf(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  return x >= 1 ? 1 : incompleteBeta(a, b, x, 1 - x).lower;
}

/** The x with P(X ≤ x) = p for the beta distribution. */
export function inverseBetaCdf(p: number, a: number, b: number): number {
  checkProbability(p);
  return solveDecreasing((x) => -betaCdf(x, a, b), -p, 0, 1);
}

function checkProbability(p: number): void {
  if (!(p > 0 && p < 1)) throw invalidInput({ what: 'A probability to invert', needed: 'between 0 and 1', got: p });
}

/** Root of f(x) = target for decreasing f on [low, high] by bisection safeguarded secant steps (Illinois), to the last bits. */
function solveDecreasing(f: (x: number) => number, target: number, low: number, high: number): number {
  let fLow = f(low) - target;
  let fHigh = f(high) - target;
  let side = 0;
  for (let i = 0; i < 300 && high - low > 1e-16 * Math.abs(high); i++) {
    const secant = (low * fHigh - high * fLow) / (fHigh - fLow);
    const x = i % 3 === 2 || !(secant > low && secant < high) ? 0.5 * (low + high) : secant;
    if (x === low || x === high) break;
    const value = f(x) - target;
    if (value === 0) return x;
    if (value > 0) {
      low = x;
      fLow = value;
      if (side === 1) fHigh /= 2;
      side = 1;
    } else {
      high = x;
      fHigh = value;
      if (side === -1) fLow /= 2;
      side = -1;
    }
  }
  return 0.5 * (low + high);
}
