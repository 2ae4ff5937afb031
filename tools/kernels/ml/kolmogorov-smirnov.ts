/** Two-sample Kolmogorov–Smirnov test with an exact p and a one-sample equivalent for large samples. */
import { notEnoughData } from '../../../lib/errors.ts';
import { logGamma } from '../stats/gamma-function.ts';

export interface KolmogorovSmirnov {
  /** Largest distance of the two empirical distribution functions. */
  readonly statistic: number;
  /** Exact one-sample p at the effective size nm/(n+m), rounded. */
  readonly pAsymptotic: number;
  /** Exact two-sample p for samples without ties; null where n·m is above the limit. */
  readonly pExact: number | null;
}

/**
 * Could both samples come from one distribution? Kolmogorov (1933), Smirnov (1948). The exact p is the mass of the lattice
 * walks that leave the band (Hodges, 1958, Ark. Mat. 3:469). O(n log n + nm).
 *
 * @example kolmogorovSmirnov(training, recent).pAsymptotic
 */
export function kolmogorovSmirnov(a: Float64Array, b: Float64Array, exactLimit = 25_000_000): KolmogorovSmirnov {
  const least = Math.min(a.length, b.length);
  if (least < 2) throw notEnoughData({ what: 'A Kolmogorov–Smirnov test', needed: 2, got: least });
  const n = a.length;
  const m = b.length;
  const distance = latticeDistance(Float64Array.from(a).sort(), Float64Array.from(b).sort());
  const statistic = distance / (n * m);
  const effective = Math.max(1, Math.round((n * m) / (n + m)));
  return {
    statistic,
    pAsymptotic: oneSampleSurvival(effective, statistic),
    pExact: n * m <= exactLimit ? leavingMass(n, m, distance) : null,
  };
}

/** max |m·#{a ≤ x} − n·#{b ≤ x}|: n·m times the statistic, an exact integer. */
function latticeDistance(a: Float64Array, b: Float64Array): number {
  const n = a.length;
  const m = b.length;
  let i = 0;
  let j = 0;
  let largest = 0;
  while (i < n && j < m) {
    const x = Math.min(a[i] as number, b[j] as number);
    while (i < n && a[i] === x) i++;
    while (j < m && b[j] === x) j++;
    largest = Math.max(largest, Math.abs(m * i - n * j));
  }
  return largest;
}

/** Probability that a random order of n + m draws reaches |m·i − n·j| ≥ distance somewhere; sums only positive terms. */
function leavingMass(n: number, m: number, distance: number): number {
  if (distance <= 0) return 1;
  let mass = new Float64Array(m + 1);
  let left = 0;
  mass[0] = 1;
  for (let i = 0; i <= n; i++) {
    const next = new Float64Array(m + 1);
    for (let j = 0; j <= m; j++) {
      const here = mass[j] as number;
      if (here === 0) continue;
      if (Math.abs(m * i - n * j) >= distance) {
        left += here;
        continue;
      }
      const remaining = n - i + m - j;
      if (remaining === 0) continue;
      if (j < m) mass[j + 1] = (mass[j + 1] as number) + (here * (m - j)) / remaining;
      if (i < n) next[j] = (next[j] as number) + (here * (n - i)) / remaining;
    }
    mass = next;
  }
  return Math.min(1, left);
}

/**
 * P(D_n ≥ d) of the one-sample statistic: the matrix form of Marsaglia, Tsang & Wang (2003, J. Stat. Softw. 8:18) near the
 * centre, twice the one-sided tail of Birnbaum & Tingey (1951, eq. 3.0) where both tails cannot happen together.
 */
export function oneSampleSurvival(n: number, d: number): number {
  if (d <= 0.5 / n) return 1;
  if (d >= 1) return 0;
  if (n * d * d >= 2.2 || d >= 0.5) return Math.min(1, 2 * oneSidedSurvival(n, d));
  return Math.max(0, 1 - matrixCdf(n, d));
}

/** P(D_n⁺ ≥ d) = d Σ_j C(n, j) (d + j/n)^(j−1) (1 − d − j/n)^(n−j). */
function oneSidedSurvival(n: number, d: number): number {
  let sum = 0;
  const logFactorial = logGamma(n + 1);
  for (let j = 0; j <= Math.floor(n * (1 - d)); j++) {
    const rest = 1 - d - j / n;
    if (rest <= 0) continue;
    const choose = logFactorial - logGamma(j + 1) - logGamma(n - j + 1);
    sum += Math.exp(choose + (j - 1) * Math.log(d + j / n) + (n - j) * Math.log(rest));
  }
  return Math.min(1, d * sum);
}

function matrixCdf(n: number, d: number): number {
  const k = Math.floor(n * d) + 1;
  const size = 2 * k - 1;
  const h = k - n * d;
  const matrix = new Float64Array(size * size);
  for (let i = 0; i < size; i++) for (let j = 0; j < size; j++) matrix[i * size + j] = i - j + 1 < 0 ? 0 : 1;
  for (let i = 0; i < size; i++) {
    matrix[i * size] = (matrix[i * size] as number) - h ** (i + 1);
    const last = (size - 1) * size + i;
    matrix[last] = (matrix[last] as number) - h ** (size - i);
  }
  const corner = (size - 1) * size;
  matrix[corner] = (matrix[corner] as number) + (2 * h - 1 > 0 ? (2 * h - 1) ** size : 0);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      const steps = i - j + 1;
      for (let g = 2; g <= steps; g++) matrix[i * size + j] = (matrix[i * size + j] as number) / g;
    }
  }
  const { power, exponent } = matrixPower(matrix, size, n);
  let logValue = Math.log(power[(k - 1) * size + k - 1] as number) + exponent * Math.LN2;
  logValue += logGamma(n + 1) - n * Math.log(n);
  return Math.exp(logValue);
}

/** Binary powering with the scale kept apart so that nothing overflows. */
function matrixPower(matrix: Float64Array, size: number, n: number): { power: Float64Array; exponent: number } {
  let result: Float64Array | null = null;
  let exponent = 0;
  let square = matrix;
  let squareExponent = 0;
  for (let bits = n; bits > 0; bits >>>= 1) {
    if ((bits & 1) === 1) {
      result = result === null ? square.slice() : product(result, square, size);
      exponent += squareExponent;
      exponent += rescale(result);
    }
    if (bits > 1) {
      square = product(square, square, size);
      squareExponent = 2 * squareExponent + rescale(square);
    }
  }
  return { power: result ?? matrix, exponent };
}

function rescale(matrix: Float64Array): number {
  let largest = 0;
  for (const value of matrix) largest = Math.max(largest, Math.abs(value));
  const shift = largest > 0 ? Math.floor(Math.log2(largest)) : 0;
  const factor = 2 ** -shift;
  for (let i = 0; i < matrix.length; i++) matrix[i] = (matrix[i] as number) * factor;
  return shift;
}

function product(a: Float64Array, b: Float64Array, size: number): Float64Array {
  const out = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < size; k++) {
      const value = a[i * size + k] as number;
      if (value === 0) continue;
      for (let j = 0; j < size; j++) {
        out[i * size + j] = (out[i * size + j] as number) + value * (b[k * size + j] as number);
      }
    }
  }
  return out;
}
