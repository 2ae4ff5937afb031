/** Portfolio construction on synthetic factor markets: the figures that the optimiser is built to. */
import { createRng } from '../lib/rng.ts';
import { ledoitWolfConstantCorrelation, ledoitWolfIdentity } from '../tools/kernels/covariance/shrinkage.ts';
import { createMatrix, type Matrix } from '../tools/kernels/linalg/matrix.ts';
import { gram } from '../tools/kernels/linalg/multiply.ts';
import { solveHrp } from '../tools/kernels/optimise/hrp.ts';
import { solveMeanVariance } from '../tools/kernels/optimise/mean-variance.ts';
import { solveTailRisk } from '../tools/kernels/optimise/min-cvar.ts';
import type { PortfolioProblem } from '../tools/kernels/optimise/portfolio-problem.ts';
import { solveRiskBudget } from '../tools/kernels/optimise/risk-budget.ts';
import type { Benchmark } from './benchmark.ts';

/** Five factors, the first a market; ten sectors of at most 20%. */
function market(n: number, cap: number): PortfolioProblem & { readonly expectedReturns: Float64Array } {
  const rng = createRng(7);
  const factors = 5;
  const loadings = createMatrix(factors, n);
  for (let i = 0; i < n; i++) {
    loadings.data[i] = 0.15 + 0.05 * rng.normal();
    for (let f = 1; f < factors; f++) loadings.data[f * n + i] = 0.07 * rng.normal();
  }
  const covariance = gram(loadings);
  for (let i = 0; i < n; i++) {
    covariance.data[i * n + i] = (covariance.data[i * n + i] as number) + (0.1 + 0.2 * rng.uniform()) ** 2;
  }
  const expectedReturns = Float64Array.from(
    { length: n },
    (_, i) => 0.03 + 0.4 * (loadings.data[i] as number) + 0.04 * rng.normal(),
  );
  const rows = Array.from({ length: 10 }, (_, sector) => ({
    name: `sector ${sector}`,
    coefficients: Float64Array.from({ length: n }, (_unused, i) => (i % 10 === sector ? 1 : 0)),
    lower: Number.NEGATIVE_INFINITY,
    upper: 0.2,
  }));
  return { covariance, expectedReturns, lower: new Float64Array(n), upper: new Float64Array(n).fill(cap), rows };
}

function scenarios(rows: number, n: number): Matrix {
  const rng = createRng(3);
  const beta = Float64Array.from({ length: n }, () => 0.8 + 0.4 * rng.uniform());
  const out = createMatrix(rows, n);
  for (let t = 0; t < rows; t++) {
    const common = 0.01 * rng.normal();
    for (let i = 0; i < n; i++) out.data[t * n + i] = (beta[i] as number) * common + 0.012 * rng.normal();
  }
  return out;
}

function maxSharpe(n: number, cap: number): () => unknown {
  const problem = market(n, cap);
  const numerator = problem.expectedReturns.map((value) => value - 0.03);
  // Tiny calls first: every loop runs before the optimiser compiles it.
  const small = market(8, 0.3);
  for (let k = 0; k < 30; k++) {
    solveMeanVariance(small, { kind: 'max-ratio', numerator: small.expectedReturns.map((value) => value - 0.03) });
  }
  return () => solveMeanVariance(problem, { kind: 'max-ratio', numerator });
}

export const benchmarks: readonly Benchmark[] = [
  { name: 'max Sharpe, 20 assets, caps and sectors', target: '≤ 0.3 ms', setup: () => maxSharpe(20, 0.15) },
  { name: 'max Sharpe, 100 assets, caps and sectors', target: '≤ 4 ms', setup: () => maxSharpe(100, 0.15) },
  { name: 'max Sharpe, 500 assets, caps and sectors', target: '≤ 90 ms', setup: () => maxSharpe(500, 0.15) },
  {
    name: 'max Sharpe, 500 assets, 1% caps (many names held)',
    target: '≤ 250 ms',
    setup: () => maxSharpe(500, 0.01),
  },
  {
    name: 'min CVaR 95%, 50 assets × 1,000 scenarios',
    target: '≤ 0.2 s',
    setup: () => {
      const returns = scenarios(1000, 50);
      const limits = { lower: new Float64Array(50), upper: new Float64Array(50).fill(0.15) };
      return () => solveTailRisk(returns, limits, { kind: 'cvar', confidence: 0.95 });
    },
  },
  {
    name: 'hierarchical risk parity, 500 assets',
    target: '≤ 0.05 s',
    setup: () => {
      const { covariance } = market(500, 1);
      return () => solveHrp(covariance);
    },
  },
  {
    name: 'risk budget, 500 assets',
    target: '≤ 0.1 s',
    setup: () => {
      const { covariance } = market(500, 1);
      const budgets = Array.from({ length: 500 }, (_, i) => 1 + (i % 3));
      return () => solveRiskBudget(covariance, budgets);
    },
  },
  {
    name: 'Ledoit–Wolf identity, 2,500 × 500',
    target: '≤ 0.5 s',
    setup: () => {
      const returns = scenarios(2500, 500);
      return () => ledoitWolfIdentity(returns);
    },
  },
  {
    name: 'Ledoit–Wolf constant correlation, 2,500 × 500',
    target: '≤ 1 s',
    setup: () => {
      const returns = scenarios(2500, 500);
      return () => ledoitWolfConstantCorrelation(returns);
    },
  },
];
