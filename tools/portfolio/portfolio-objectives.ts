/** The objectives that a person can name, what each needs, and the one shape in which every answer comes. */
import type { Conflict } from '../kernels/optimise/diagnose.ts';
import type { Multiplier } from '../kernels/optimise/mean-variance.ts';
import type { PortfolioStatus } from '../kernels/optimise/optimise-portfolio.ts';
import type { PortfolioProblem } from '../kernels/optimise/portfolio-problem.ts';
import type { KktResidual } from '../kernels/optimise/quadratic-program.ts';
import type { PerAsset } from './portfolio-input.ts';

export const objectives = [
  'max-sharpe',
  'min-variance',
  'target-return',
  'target-volatility',
  'equal-risk',
  'risk-budget',
  'hrp',
  'max-diversification',
  'min-cvar',
  'black-litterman',
  'equal-weight',
  'inverse-volatility',
  'max-utility',
  'max-return',
  'tracking-error',
  'min-absolute-deviation',
  'min-worst-loss',
] as const;
export type ObjectiveName = (typeof objectives)[number];

export interface ObjectiveRequest {
  readonly objective: ObjectiveName;
  readonly riskFreeRate: number;
  readonly targetReturn?: number | undefined;
  readonly targetVolatility?: number | undefined;
  readonly riskAversion: number;
  readonly budgets?: PerAsset<number> | undefined;
  readonly benchmarkWeights?: PerAsset<number> | undefined;
  readonly confidence: number;
  readonly views?: readonly ViewInput[] | undefined;
  readonly maxNames?: number | undefined;
  readonly minWeight: number;
}

export interface ViewInput {
  readonly assets: readonly string[];
  readonly versus?: readonly string[] | undefined;
  readonly expectedReturn: number;
  readonly confidence?: number | undefined;
}

export interface Choice {
  readonly status: PortfolioStatus;
  readonly weights: Float64Array | undefined;
  /** The problem that was solved: Black–Litterman replaces means and covariance, repairs replace the covariance. */
  readonly problem: PortfolioProblem;
  readonly method: string;
  readonly multipliers: readonly Multiplier[];
  readonly kkt: KktResidual | undefined;
  readonly dualityGap: number | undefined;
  readonly iterations: number | undefined;
  readonly exact: boolean;
  readonly residual: number | undefined;
  readonly conflicts: readonly Conflict[];
  readonly leastRisk: number | undefined;
  readonly mostReturn: number | undefined;
  readonly riskShadowPrice: number;
  readonly cardinality: { readonly gap: number; readonly nodes: number; readonly proved: boolean } | undefined;
  readonly tailRisk: number | undefined;
}
