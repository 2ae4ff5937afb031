/**
 * Gauss–Legendre nodes and weights on [−1, 1]: the rule that integrates polynomials of degree 2n − 1 exactly.
 *
 * Nodes are the zeros of Pₙ, by Newton from the asymptotic cosine guess; weights 2/((1 − x²)Pₙ'(x)²). Cost: O(n²) once.
 * Source: Abramowitz & Stegun (1964), 25.4.29; Press et al. (2007), Numerical Recipes, 3rd ed., section 4.6.1.
 *
 * @example gaussLegendre(2).nodes // [-0.57735, 0.57735]
 */
export interface QuadratureRule {
  /** Ascending. */
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
}

export function gaussLegendre(n: number): QuadratureRule {
  const nodes = new Float64Array(n);
  const weights = new Float64Array(n);
  for (let i = 0; i < (n + 1) >> 1; i++) {
    let x = Math.cos((Math.PI * (i + 0.75)) / (n + 0.5));
    let derivative = 0;
    for (let step = 0; step < 100; step++) {
      let previous = 1;
      let current = x;
      for (let k = 2; k <= n; k++) {
        const next = ((2 * k - 1) * x * current - (k - 1) * previous) / k;
        previous = current;
        current = next;
      }
      derivative = (n * (x * current - previous)) / (x * x - 1);
      const move = current / derivative;
      x -= move;
      if (Math.abs(move) < 1e-15) break;
    }
    const weight = 2 / ((1 - x * x) * derivative * derivative);
    nodes[i] = -x;
    nodes[n - 1 - i] = x;
    weights[i] = weight;
    weights[n - 1 - i] = weight;
  }
  if (n % 2 === 1) nodes[n >> 1] = 0;
  return { nodes, weights };
}
