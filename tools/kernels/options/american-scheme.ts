/**
 * The numbers of the American-boundary method that depend only on its accuracy: nodes, quadrature, interpolation matrices.
 *
 * Nodes: Chebyshev points of the second kind in √τ. Time integrals use u = τcos²θ with Gauss–Legendre in θ, which removes
 * the square-root singularities at both ends (the paper's u = τ(1 − ((1+y)/2)²) leaves the one at expiry). Because every quadrature point is a fixed fraction of its node's τ, the interpolated
 * boundary there is a fixed row of weights (barycentric formula), computed once.
 * Source: Andersen, Lake & Offengenden (2016), J. Comput. Finance 20:39, section 5; Berrut & Trefethen (2004), SIAM Review 46:501, eq. 5.4.
 *
 * @example americanScheme('fast').nodes.length
 */
import { gaussLegendre } from './gauss-legendre.ts';

export interface AmericanScheme {
  /** z from 1 (today's τ) down to −1 (expiry). */
  readonly nodes: Float64Array;
  /** √((τ−u)/τ) of each quadrature point. */
  readonly points: Float64Array;
  /** Weights of ∫du/τ. */
  readonly pointWeights: Float64Array;
  /** Row (node, point), one column a node. */
  readonly interpolation: Float64Array;
  readonly pricePoints: Float64Array;
  readonly pricePointWeights: Float64Array;
  readonly priceInterpolation: Float64Array;
  /** Scratch of one boundary evaluation, one entry a quadrature point: overwritten before it is read. */
  readonly upSlopes: Float64Array;
  readonly downSlopes: Float64Array;
  readonly roots: Float64Array;
  readonly maxSteps: number;
  readonly tolerance: number;
}

interface SchemeSize {
  readonly nodes: number;
  readonly points: number;
  readonly pricePoints: number;
  readonly maxSteps: number;
  readonly tolerance: number;
}

const sizes = {
  fast: { nodes: 8, points: 10, pricePoints: 24, maxSteps: 5, tolerance: 1e-4 },
  high: { nodes: 24, points: 40, pricePoints: 96, maxSteps: 30, tolerance: 1e-11 },
} as const satisfies Record<string, SchemeSize>;

export type AmericanAccuracy = keyof typeof sizes;

/** Constants, built when first needed: building both takes a few milliseconds that start-up should not pay. */
const built = new Map<AmericanAccuracy, AmericanScheme>();

export function americanScheme(accuracy: AmericanAccuracy): AmericanScheme {
  const known = built.get(accuracy);
  if (known !== undefined) return known;
  const scheme = buildScheme(sizes[accuracy]);
  built.set(accuracy, scheme);
  return scheme;
}

function timePoints(count: number): { readonly points: Float64Array; readonly weights: Float64Array } {
  const { nodes, weights } = gaussLegendre(count);
  return {
    points: nodes.map((y) => Math.sin((Math.PI / 4) * (1 + y))),
    weights: weights.map((weight, k) => (Math.PI / 4) * weight * Math.sin((Math.PI / 2) * (1 + (nodes[k] as number)))),
  };
}

function buildScheme(size: SchemeSize): AmericanScheme {
  const n = size.nodes;
  const nodes = Float64Array.from({ length: n + 1 }, (_, i) => Math.cos((Math.PI * i) / n));
  const inner = timePoints(size.points);
  const outer = timePoints(size.pricePoints);
  const interpolation = new Float64Array(n * size.points * (n + 1));
  for (let i = 0; i < n; i++) {
    const x = 0.5 * (1 + (nodes[i] as number));
    for (let k = 0; k < size.points; k++) {
      const z = 2 * x * Math.sqrt(1 - (inner.points[k] as number) ** 2) - 1;
      interpolation.set(barycentricRow(nodes, z), (i * size.points + k) * (n + 1));
    }
  }
  const priceInterpolation = new Float64Array(size.pricePoints * (n + 1));
  for (let k = 0; k < size.pricePoints; k++) {
    const z = 2 * Math.sqrt(1 - (outer.points[k] as number) ** 2) - 1;
    priceInterpolation.set(barycentricRow(nodes, z), k * (n + 1));
  }
  return {
    nodes,
    points: inner.points,
    pointWeights: inner.weights,
    interpolation,
    pricePoints: outer.points,
    pricePointWeights: outer.weights,
    priceInterpolation,
    upSlopes: new Float64Array(size.points),
    downSlopes: new Float64Array(size.points),
    roots: new Float64Array(size.points),
    maxSteps: size.maxSteps,
    tolerance: size.tolerance,
  };
}

/** Weights of the node values in the interpolant at z. */
function barycentricRow(nodes: Float64Array, z: number): Float64Array {
  const n = nodes.length - 1;
  const row = new Float64Array(n + 1);
  let total = 0;
  for (let j = 0; j <= n; j++) {
    const gap = z - (nodes[j] as number);
    if (Math.abs(gap) < 1e-15) {
      row.fill(0);
      row[j] = 1;
      return row;
    }
    const weight = ((j % 2 === 0 ? 1 : -1) * (j === 0 || j === n ? 0.5 : 1)) / gap;
    row[j] = weight;
    total += weight;
  }
  for (let j = 0; j <= n; j++) row[j] = (row[j] as number) / total;
  return row;
}
