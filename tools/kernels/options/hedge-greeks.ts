/**
 * Which quantities of given instruments bring a book's exposures closest to their targets?
 *
 * Minimises Σ scale_g²(book_g + Σ q_i a_gi − target_g)² + ridge·Σ(cost_i q_i)², by the normal equations with Cholesky. With as many independent
 * instruments as exposures every target is met; with more, the cheapest such hedge is chosen; with fewer, the best compromise. Cost: O(n³).
 * Source: Hull (2018), 10th ed., 19.6 (delta, gamma and vega neutrality); Golub & Van Loan (2013), 6.1 (regularised least squares).
 *
 * @example hedgeGreeks({ book: [500], targets: [0], scales: [1], instruments: [[1]], costs: [1] }).quantities // [-500]
 */
export interface HedgeProblem {
  /** Exposure of the book, one an exposure. */
  readonly book: readonly number[];
  readonly targets: readonly number[];
  /** Weight of one unit of each exposure. */
  readonly scales: readonly number[];
  /** One row an instrument, one column an exposure. */
  readonly instruments: readonly (readonly number[])[];
  /** Cost of one unit of each instrument, above 0. */
  readonly costs: readonly number[];
}

export function hedgeGreeks(problem: HedgeProblem): {
  readonly quantities: Float64Array;
  readonly after: Float64Array;
} {
  const n = problem.instruments.length;
  const normal = new Float64Array(n * n);
  const right = new Float64Array(n);
  // Each instrument in units that move the scaled exposures by about one: the equations are then well scaled.
  const size = problem.instruments.map(
    (row) => Math.hypot(...row.map((value, g) => value * (problem.scales[g] as number))) || 1,
  );
  for (let i = 0; i < n; i++) {
    for (const [g, scale] of problem.scales.entries()) {
      const own = ((problem.instruments[i]?.[g] ?? 0) * scale) / (size[i] as number);
      const gap = ((problem.targets[g] ?? 0) - (problem.book[g] ?? 0)) * scale;
      right[i] = (right[i] as number) + own * gap;
      for (let j = 0; j < n; j++) {
        const other = ((problem.instruments[j]?.[g] ?? 0) * scale) / (size[j] as number);
        normal[i * n + j] = (normal[i * n + j] as number) + own * other;
      }
    }
    const weight = (problem.costs[i] ?? 1) / (size[i] as number);
    const typical = Math.max(...problem.costs.map((cost, j) => cost / (size[j] as number)), 1e-300);
    normal[i * n + i] = (normal[i * n + i] as number) + 1e-10 * (weight / typical) ** 2 + 1e-13;
  }
  const quantities = choleskySolve(normal, right, n).map((value, i) => value / (size[i] as number));
  const after = Float64Array.from(problem.book, (value, g) => {
    let sum = value;
    for (let i = 0; i < n; i++) sum += (quantities[i] as number) * (problem.instruments[i]?.[g] ?? 0);
    return sum;
  });
  return { quantities, after };
}

function choleskySolve(a: Float64Array, b: Float64Array, n: number): Float64Array {
  const l = new Float64Array(n * n);
  const x = Float64Array.from(b);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * n + j] as number;
      for (let k = 0; k < j; k++) sum -= (l[i * n + k] as number) * (l[j * n + k] as number);
      l[i * n + j] = i === j ? Math.sqrt(Math.max(sum, 1e-16)) : sum / (l[j * n + j] as number);
    }
  }
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) x[i] = (x[i] as number) - (l[i * n + k] as number) * (x[k] as number);
    x[i] = (x[i] as number) / (l[i * n + i] as number);
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i] = (x[i] as number) - (l[k * n + i] as number) * (x[k] as number);
    x[i] = (x[i] as number) / (l[i * n + i] as number);
  }
  return x;
}
