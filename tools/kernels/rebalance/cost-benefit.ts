/**
 * Does a rebalancing fix more than it costs?
 *
 * The benefit of going back to target is the certainty equivalent of the tracking risk that it removes: ½ λ (δ'Σδ before − δ'Σδ after) × years × value, with δ the deviation per class, Σ the annual covariance of
 * class returns and λ the risk aversion. The cost is commissions and spread on what is traded, plus tax. Where the cost is higher, holding is the better answer.
 *
 * δ in fractions, Σ annual n×n row-major, money in one currency. O(n²).
 * Reference: Leland (1999), "Optimal portfolio management with transaction costs and capital gains taxes", eq. 3 (quadratic loss of a deviation); Grinold & Kahn (2000), eq. 4.5.
 *
 * @example weighRebalancing({ before: [0.15, -0.1, -0.05], after: [0, 0, 0], covariance, riskAversion: 3, years: 1, value: 100_000, cost: 30 })
 */
export interface CostBenefit {
  /** Currency, over the horizon. */
  readonly benefit: number;
  readonly cost: number;
  readonly worthIt: boolean;
  /** √(δ'Σδ) before: annual tracking volatility against the target. */
  readonly trackingVolatility: number;
}

/** Annual volatility of stocks, bonds, cash and their correlations: long-run round numbers, an assumption that every result shows. */
export const CLASS_RISK = {
  classes: ['stocks', 'bonds', 'cash'],
  volatility: [0.16, 0.06, 0.005],
  correlation: [1, 0.1, 0, 0.1, 1, 0.1, 0, 0.1, 1],
} as const;

/** Annual class covariance from the assumption above; classes it does not know get the volatility of stocks and correlation 0.5 with stocks. */
export function classCovariance(classes: readonly string[]): Float64Array {
  const known: readonly string[] = CLASS_RISK.classes;
  const index = classes.map((name) => known.indexOf(name));
  const volatility = index.map((i) => CLASS_RISK.volatility[i] ?? 0.16);
  const n = classes.length;
  const out = new Float64Array(n * n);
  for (let a = 0; a < n; a++) {
    for (let b = 0; b < n; b++) {
      const i = index[a] as number;
      const j = index[b] as number;
      const correlation =
        i >= 0 && j >= 0 ? (CLASS_RISK.correlation[i * 3 + j] as number) : i === 0 || j === 0 ? 0.5 : 0;
      out[a * n + b] = (a === b ? 1 : correlation) * (volatility[a] as number) * (volatility[b] as number);
    }
  }
  return out;
}

export function weighRebalancing(parts: {
  readonly before: readonly number[];
  readonly after: readonly number[];
  readonly covariance: Float64Array;
  readonly riskAversion: number;
  readonly years: number;
  readonly value: number;
  readonly cost: number;
}): CostBenefit {
  const before = quadratic(parts.before, parts.covariance);
  const after = quadratic(parts.after, parts.covariance);
  const benefit = 0.5 * parts.riskAversion * (before - after) * parts.years * parts.value;
  return {
    benefit,
    cost: parts.cost,
    worthIt: benefit > parts.cost,
    trackingVolatility: Math.sqrt(Math.max(0, before)),
  };
}

function quadratic(x: readonly number[], matrix: Float64Array): number {
  const n = x.length;
  let sum = 0;
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) sum += (x[i] as number) * (x[j] as number) * (matrix[i * n + j] as number);
  return sum;
}
