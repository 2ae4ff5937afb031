/**
 * Minimises a function of a few variables without derivatives.
 *
 * Method: the simplex search of Nelder & Mead (1965), Computer Journal 7:308, with the dimension-adapted coefficients of
 * Gao & Han (2012), Comput. Optim. Appl. 51:259, eq. 4.1 (equal to the classic ones for n = 2). Non-finite values count as
 * worse than anything. `residual` is the spread of the values over the simplex. It finds a local minimum at most: restart it.
 * Cost: one or two evaluations and O(n²) work an iteration.
 *
 * @example minimiseNelderMead((x) => Math.abs(x[0] - 1) + x[1] ** 2, Float64Array.of(0, 3)).x // near [1, 0]
 */
import { invalidInput } from '../../../lib/errors.ts';
import type { Minimum } from './bfgs.ts';
import type { Objective } from './numeric-derivatives.ts';

export interface NelderMeadOptions {
  /** First edge of the simplex along each coordinate; default 5% of the coordinate, or 0.00025 where it is zero. */
  readonly step?: Float64Array;
  /** Default 200 · n. */
  readonly maxIterations?: number;
  /** Stop where both the spread of the values and the size of the simplex are below; default 1e-10. */
  readonly tolerance?: number;
}

interface Vertex {
  readonly x: Float64Array;
  readonly value: number;
}

export function minimiseNelderMead(
  objective: Objective,
  start: Float64Array,
  options: NelderMeadOptions = {},
): Minimum {
  const n = start.length;
  if (n === 0) throw invalidInput({ what: 'The start', needed: 'one coordinate or more', got: 0 });
  let evaluations = 0;
  const vertex = (x: Float64Array): Vertex => {
    evaluations++;
    const value = objective(x);
    return { x, value: Number.isNaN(value) ? Number.POSITIVE_INFINITY : value };
  };
  const tolerance = options.tolerance ?? 1e-10;
  const maxIterations = options.maxIterations ?? 200 * n;
  const shape = { expand: 1 + 2 / n, contract: 0.75 - 1 / (2 * n), shrink: 1 - 1 / n || 0.5 };
  let simplex = [vertex(Float64Array.from(start)), ...edges(start, options.step).map(vertex)].sort(byValue);
  let iterations = 0;
  while (iterations < maxIterations && !isSmall(simplex, tolerance)) {
    iterations++;
    simplex = move(simplex, vertex, shape).sort(byValue);
  }
  const best = simplex[0] as Vertex;
  const residual = (simplex[n] as Vertex).value - best.value;
  const converged = isSmall(simplex, tolerance);
  return { x: best.x, value: best.value, converged, iterations, residual, evaluations };
}

function move(
  simplex: readonly Vertex[],
  vertex: (x: Float64Array) => Vertex,
  shape: { readonly expand: number; readonly contract: number; readonly shrink: number },
): Vertex[] {
  const n = simplex.length - 1;
  const best = simplex[0] as Vertex;
  const worst = simplex[n] as Vertex;
  const centre = new Float64Array(n);
  for (let k = 0; k < n; k++)
    for (let i = 0; i < n; i++) centre[i] = (centre[i] as number) + ((simplex[k] as Vertex).x[i] as number) / n;
  const along = (t: number): Vertex => vertex(centre.map((c, i) => c + t * (c - (worst.x[i] as number))));
  const kept = simplex.slice(0, n);
  const reflected = along(1);
  if (reflected.value < best.value) {
    const expanded = along(shape.expand);
    return [...kept, expanded.value < reflected.value ? expanded : reflected];
  }
  if (reflected.value < (simplex[n - 1] as Vertex).value) return [...kept, reflected];
  const outside = reflected.value < worst.value;
  const contracted = along(outside ? shape.contract : -shape.contract);
  if (contracted.value < Math.min(reflected.value, worst.value)) return [...kept, contracted];
  return [
    best,
    ...simplex
      .slice(1)
      .map((v) => vertex(v.x.map((a, i) => (best.x[i] as number) + shape.shrink * (a - (best.x[i] as number))))),
  ];
}

function edges(start: Float64Array, step: Float64Array | undefined): Float64Array[] {
  return Array.from(start, (at, i) => {
    const x = Float64Array.from(start);
    x[i] = at + (step?.[i] ?? (at === 0 ? 0.00025 : 0.05 * at));
    return x;
  });
}

function isSmall(simplex: readonly Vertex[], tolerance: number): boolean {
  const best = simplex[0] as Vertex;
  const worst = simplex[simplex.length - 1] as Vertex;
  if (!(worst.value - best.value <= tolerance * Math.max(1, Math.abs(best.value)))) return false;
  return simplex.every((v) =>
    v.x.every(
      (a, i) =>
        Math.abs(a - (best.x[i] as number)) <= Math.sqrt(tolerance) * Math.max(1e-3, Math.abs(best.x[i] as number)),
    ),
  );
}

function byValue(a: Vertex, b: Vertex): number {
  return a.value - b.value || 0;
}
