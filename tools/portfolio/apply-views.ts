/** Black–Litterman: views move the equilibrium of the market weights, and the posterior is what the optimiser sees. */
import { invalidInput } from '../../lib/errors.ts';
import type { Matrix } from '../kernels/linalg/matrix.ts';
import { blackLitterman, equilibriumReturns, viewUncertainty } from '../kernels/optimise/black-litterman.ts';
import type { PortfolioProblem } from '../kernels/optimise/portfolio-problem.ts';
import type { Moments } from './estimate-moments.ts';
import { readPerAsset } from './portfolio-input.ts';
import type { ObjectiveRequest } from './portfolio-objectives.ts';

/** Uncertainty of the equilibrium in Black–Litterman, as He and Litterman (1999). */
const TAU = 0.05;

type Warn = (code: string, message: string) => void;

/** Views move the equilibrium of the market weights; the posterior is what the optimiser sees. */
export function withViews(
  request: ObjectiveRequest,
  problem: PortfolioProblem,
  moments: Moments,
  warn: Warn,
): PortfolioProblem {
  const { assets } = moments;
  const n = assets.length;
  if (request.benchmarkWeights === undefined)
    warn('EQUAL_WEIGHTED_MARKET', 'No `benchmarkWeights`: the equilibrium starts from equal weights.');
  const market = readPerAsset(
    'benchmarkWeights',
    request.benchmarkWeights ?? {},
    assets,
    request.benchmarkWeights === undefined ? 1 / n : 0,
  );
  const views = request.views ?? [];
  if (views.length === 0) warn('NO_VIEWS', 'Without views Black–Litterman returns the equilibrium portfolio.');
  const P: Matrix = { rows: views.length, cols: n, data: new Float64Array(views.length * n) };
  for (const [k, view] of views.entries()) {
    addSide(P, k, view.assets, 1, assets);
    addSide(P, k, view.versus ?? [], -1, assets);
  }
  // An absolute view speaks of the total return; the model works in excess of cash.
  const Q = views.map((view) =>
    view.versus === undefined ? view.expectedReturn - request.riskFreeRate : view.expectedReturn,
  );
  const omega = viewUncertainty(problem.covariance, P, TAU);
  for (const [k, view] of views.entries()) {
    const c = view.confidence;
    if (c !== undefined)
      omega.data[k * views.length + k] = ((1 - c) / c) * (omega.data[k * views.length + k] as number);
  }
  const equilibrium = equilibriumReturns(problem.covariance, market, request.riskAversion);
  const posterior = blackLitterman({
    covariance: problem.covariance,
    equilibrium,
    tau: TAU,
    views: { P, Q, omega },
  });
  return {
    ...problem,
    covariance: posterior.totalCovariance,
    expectedReturns: posterior.posterior.map((value) => value + request.riskFreeRate),
  };
}

function addSide(P: Matrix, k: number, names: readonly string[], sign: 1 | -1, assets: readonly string[]): void {
  for (const name of names) {
    const i = assets.indexOf(name);
    if (i < 0)
      throw invalidInput({
        what: '`views`',
        needed: `about assets among ${assets.join(', ')}`,
        got: name,
        hint: 'Use the asset names exactly as shown.',
      });
    P.data[k * P.cols + i] = (P.data[k * P.cols + i] as number) + sign / names.length;
  }
}
