/**
 * Is this pair worth testing at all? Names pairs that are the same thing twice before any test calls them cointegrated.
 * A pair of one asset with itself, with a scaled copy or with its leveraged twin has a residual without news: tests on it
 * say "cointegrated" or break down numerically, and there is nothing to trade. Complete, positive or signed levels. O(n).
 */
import { pearsonCorrelation } from '../stats/correlation.ts';
import { variance } from '../stats/moments.ts';

export type PairDegeneracy =
  | 'constant-y'
  | 'constant-x'
  | 'identical'
  | 'proportional'
  | 'affine'
  | 'leveraged-twin'
  | 'mirror';

export interface DegeneratePair {
  readonly kind: PairDegeneracy;
  /** Scale of y against x: of levels for proportional and affine, of returns for leveraged twins. Null for constants. */
  readonly ratio: number | null;
}

function changes(v: Float64Array): Float64Array {
  return v.slice(1).map((value, t) => value - (v[t] as number));
}

function relativeChanges(v: Float64Array): Float64Array | null {
  return v.every((value) => value > 0) ? v.slice(1).map((value, t) => value / (v[t] as number) - 1) : null;
}

function isConstant(v: Float64Array): boolean {
  const first = v[0] as number;
  return v.every((value) => value === first);
}

/** Null for an ordinary pair. Leveraged twin: returns correlate above 0.995 with a slope near ±2 or ±3, or −1 (mirror). */
export function describeDegeneratePair(y: Float64Array, x: Float64Array): DegeneratePair | null {
  if (isConstant(y)) return { kind: 'constant-y', ratio: null };
  if (isConstant(x)) return { kind: 'constant-x', ratio: null };
  if (y.every((v, t) => v === x[t])) return { kind: 'identical', ratio: 1 };
  const dy = changes(y);
  const dx = changes(x);
  const slope = slopeOf(dy, dx);
  if (slope !== null && Math.abs(slope.correlation) > 1 - 1e-12) {
    const offset = y.reduce((worst, v, t) => Math.max(worst, Math.abs(v - slope.beta * (x[t] as number))), 0);
    const scale = y.reduce((worst, v) => Math.max(worst, Math.abs(v)), 0);
    return { kind: offset < 1e-9 * scale ? 'proportional' : 'affine', ratio: slope.beta };
  }
  const ry = relativeChanges(y);
  const rx = relativeChanges(x);
  const relative = ry && rx ? slopeOf(ry, rx) : null;
  if (relative && Math.abs(relative.correlation) > 0.995) {
    const whole = Math.round(relative.beta);
    const near = Math.abs(relative.beta - whole) < 0.05 * Math.abs(whole);
    const inverse = Math.round(1 / relative.beta);
    const nearInverse = Math.abs(1 / relative.beta - inverse) < 0.05 * Math.abs(inverse);
    if (near && whole === -1) return { kind: 'mirror', ratio: relative.beta };
    if (near && Math.abs(whole) >= 2 && Math.abs(whole) <= 4) return { kind: 'leveraged-twin', ratio: relative.beta };
    if (nearInverse && Math.abs(inverse) >= 2 && Math.abs(inverse) <= 4) {
      return { kind: 'leveraged-twin', ratio: relative.beta };
    }
  }
  return null;
}

function slopeOf(y: Float64Array, x: Float64Array): { readonly beta: number; readonly correlation: number } | null {
  const correlation = pearsonCorrelation(y, x);
  if (correlation === null) return null;
  return { correlation, beta: correlation * Math.sqrt(variance(y) / variance(x)) };
}
