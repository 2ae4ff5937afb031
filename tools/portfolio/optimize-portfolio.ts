/** The best weights for an objective within limits, with the proof; or why there are none. */
import { z } from 'zod';
import type { Loaded } from '../../data/types.ts';
import { invalidInput } from '../../lib/errors.ts';
import { units } from '../../lib/units.ts';
import { defineTool, type RunContext } from '../define-tool.ts';
import { diversificationRatio } from '../kernels/optimise/diversification.ts';
import { portfolioMoments } from '../kernels/optimise/mean-variance.ts';
import { conditionalValueAtRisk } from '../kernels/optimise/min-cvar.ts';
import { oneWayTurnover } from '../kernels/optimise/portfolio-problem.ts';
import { riskContributions } from '../kernels/optimise/risk-budget.ts';
import { buildProblem } from './build-problem.ts';
import { type Choice, choosePortfolio, objectives } from './choose-portfolio.ts';
import { describeConflicts, explainConflict, percent } from './describe-conflicts.ts';
import { estimateMoments, type Moments } from './estimate-moments.ts';
import { loadReturnPanel, type ReturnPanel } from './load-return-panel.ts';
import { limitFields, universeFields } from './portfolio-input.ts';

const perAssetNumber = (value: z.ZodNumber, description: string) =>
  z
    .union([z.array(value).max(500), z.record(z.string(), value)])
    .optional()
    .describe(`${description}; a list in the order of the assets, or an object by asset`);

const input = z.strictObject({
  ...universeFields,
  ...limitFields,
  objective: z.enum(objectives).default('max-sharpe').describe('What to optimise'),
  targetReturn: units.annualReturn('least expected return, for target-return and min-cvar').optional(),
  targetVolatility: units.annualVol('most volatility, for target-volatility').min(0).max(5).optional(),
  riskAversion: units
    .coefficient('γ of μ − ½γσ² for max-utility, δ for black-litterman')
    .min(0.01)
    .max(1000)
    .default(2.5),
  budgets: perAssetNumber(units.ratio('share of risk'), 'Shares of risk, for risk-budget'),
  views: z
    .array(
      z.strictObject({
        assets: z.array(z.string().max(60)).min(1).max(100).describe('The view is about the mean of these'),
        versus: z.array(z.string().max(60)).min(1).max(100).optional().describe('… in excess of the mean of these'),
        expectedReturn: units.annualReturn('expected return, or excess return over `versus`'),
        confidence: units
          .probability('how sure; 1 is certain; leave out for the model default')
          .gt(0)
          .max(1)
          .optional(),
      }),
    )
    .max(50)
    .optional()
    .describe('Views for black-litterman'),
  marketWeights: perAssetNumber(units.fraction('market weight'), 'Market portfolio for black-litterman'),
  tau: units.coefficient('uncertainty of the equilibrium for black-litterman').gt(0).max(1).default(0.05),
  benchmarkWeights: perAssetNumber(units.fraction('benchmark weight'), 'Benchmark for tracking-error'),
  trackingErrorLimit: units.annualVol('most tracking error').min(0).max(5).optional(),
  confidence: units.probability('confidence of the tail risk').min(0.5).max(0.999).default(0.95),
  linkage: z.enum(['single', 'complete', 'average', 'ward']).default('single').describe('Clustering of hrp'),
  maxNames: units.count('most assets with a weight (branch and bound)').min(1).max(500).optional(),
  minHolding: units.fraction('least weight of an asset that is held, with maxNames').min(0).max(1).optional(),
});

const output = z.object({
  status: z
    .enum(['optimal', 'infeasible', 'unbounded', 'no_positive_excess_return', 'not_converged'])
    .describe('`optimal` has weights; anything else has a reason and no weights'),
  reason: z.string().nullable().describe('Why there are no weights, with the smallest change that helps'),
  objective: z.string().describe('What was optimised'),
  weights: z
    .array(
      z.object({
        asset: z.string().describe('Asset'),
        weight: units.fraction('weight'),
        riskContribution: units.fraction('share of the variance').nullable(),
        trade: units.fraction('weight minus current weight').nullable(),
      }),
    )
    .describe('Weights in the order of the assets; empty when there is no optimum'),
  cash: units.fraction('part left in cash').nullable(),
  expectedReturn: units.annualReturn('expected return, cash included').nullable(),
  volatility: units.annualVol('volatility').nullable(),
  sharpe: units.ratio('(expected return − risk-free rate) / volatility, annual').nullable(),
  diversificationRatio: units.ratio('weighted volatilities over portfolio volatility').nullable(),
  holdings: units.count('assets with a weight').nullable(),
  turnover: units.fraction('one-way turnover from the current weights').nullable(),
  tradingCost: units.fraction('cost of the trades, a fraction of the portfolio').nullable(),
  tail: z
    .object({
      confidence: units.probability('confidence'),
      valueAtRisk: units.fraction('historical loss quantile per period'),
      conditionalValueAtRisk: units.fraction('mean loss beyond it per period'),
    })
    .nullable()
    .describe('Historical tail of the portfolio, where prices were read'),
  binding: z
    .array(
      z.object({
        constraint: z.string().describe('The limit'),
        side: z.enum(['lower', 'upper', 'equal']).describe('Which side binds'),
        shadowPrice: units.coefficient(
          'improvement of the objective (volatility, return, utility or Sharpe ratio) per 1.00 of loosening; signed for equalities',
        ),
      }),
    )
    .describe('Limits that bind, dearest first'),
  conflicts: z
    .array(
      z.object({
        constraint: z.string().describe('A limit of the minimal conflicting set'),
        limit: units.coefficient('its value'),
        needed: units.coefficient('the value that would be enough if only it changed').nullable(),
        sentence: z.string().describe('The same in words'),
      }),
    )
    .describe('Why it is infeasible: a minimal set of limits that cannot hold together'),
  leastVolatility: units.annualVol('least risk within the other limits, for a risk limit').nullable(),
  mostReturn: units.annualReturn('most expected return within the limits, where that is the point').nullable(),
  certificate: z
    .object({
      method: z.string().describe('Solver'),
      exact: z.boolean().describe('True where the binding set was solved exactly'),
      stationarity: units.coefficient('largest gradient of the Lagrangian').nullable(),
      primalViolation: units.coefficient('largest violated limit').nullable(),
      complementarity: units.coefficient('largest multiplier times slack').nullable(),
      dualityGap: units.coefficient('primal minus dual objective').nullable(),
      iterations: units.count('iterations').nullable(),
      optimalityGap: units.fraction('relative gap of the branch and bound').nullable(),
      nodes: units.count('nodes of the branch and bound').nullable(),
    })
    .nullable()
    .describe('Evidence that the weights are optimal'),
  assumptions: z.object({
    riskFreeRate: units.rate('risk-free rate'),
    covarianceMethod: z.string().describe('Covariance estimator'),
    shrinkage: units.fraction('shrinkage intensity').nullable(),
    expectedReturnsMethod: z.string().describe('Where the expected returns come from'),
    periodsPerYear: units.count('periods a year').nullable(),
    observations: units.count('return observations').nullable(),
    from: z.string().nullable().describe('First price date'),
    to: z.string().nullable().describe('Last price date'),
    minWeight: units.fraction('default least weight'),
    maxWeight: units.fraction('default most weight'),
    fullyInvested: z.boolean().describe('True where cash is not allowed'),
  }),
  synthetic: z.boolean().describe('True where the prices are simulated'),
});

type Input = z.output<typeof input>;

export const optimizePortfolio = defineTool({
  name: 'optimize_portfolio',
  title: 'Optimise a portfolio',
  family: 'portfolio',
  version: 1,
  description:
    'Finds the weights that are best for an objective (Sharpe, variance, target, risk parity, HRP, CVaR, Black-Litterman and more) within weight, sector, group, turnover and cost limits, proves them, and for impossible limits names the conflict and the smallest change that helps. Use it for "what weights", "best mix", "minimum risk" and "is this limit set feasible". Use trace_efficient_frontier for the whole curve, allocate_risk_budget to divide capital between strategies, and check_rebalance for trades from holdings.',
  input,
  output,
  async load(request, ports): Promise<Loaded<ReturnPanel | null>> {
    if (request.symbols === undefined) return { value: null, provenance: [] };
    if (request.assets !== undefined) {
      throw invalidInput({
        what: 'The input',
        needed: 'either `symbols` or `assets`, not both',
        got: 'both',
        hint: 'Leave one of them out.',
      });
    }
    return loadReturnPanel(
      { symbols: request.symbols, start: request.start, end: request.end, lookback: request.lookback },
      ports,
    );
  },
  async run(request, panel: ReturnPanel | null, context) {
    const warn = (code: string, message: string): void => context.warn(code, message);
    const moments = estimateMoments(request, panel, warn);
    const problem = buildProblem(request, moments, panel);
    const choice = await choosePortfolio(request, problem, moments, warn);
    return report(request, choice, moments, panel, context);
  },
  summarise(result, cite) {
    const assumed = `risk-free rate ${cite('assumptions.riskFreeRate')} a year, covariance ${result.assumptions.covarianceMethod}, expected returns ${result.assumptions.expectedReturnsMethod}`;
    if (result.status !== 'optimal') return [`${result.status}: ${result.reason ?? ''}`, `Assumed: ${assumed}.`];
    const largest = result.weights
      .map((row, i) => ({ row, i }))
      .filter(({ row }) => Math.abs(row.weight) > 1e-9)
      .sort((a, b) => b.row.weight - a.row.weight)
      .slice(0, 8);
    const lines = [
      `${result.objective}: optimal. ${largest.map(({ row, i }) => `${row.asset} ${cite(`weights[${i}].weight`)}`).join(', ')}.`,
      `Volatility ${cite('volatility')}${result.expectedReturn === null ? '' : `, expected return ${cite('expectedReturn')}, Sharpe ${cite('sharpe')}`}.`,
    ];
    if (result.binding.length > 0)
      lines.push(
        `Binding: ${result.binding
          .slice(0, 4)
          .map((b, k) => `${b.constraint} (worth ${cite(`binding[${k}].shadowPrice`)} per 1.00)`)
          .join('; ')}.`,
      );
    if (result.turnover !== null) lines.push(`Turnover ${cite('turnover')}, cost ${cite('tradingCost')}.`);
    if (result.certificate?.dualityGap != null) lines.push(`Proof: duality gap ${cite('certificate.dualityGap')}.`);
    lines.push(`Assumed: ${assumed}.`);
    return lines;
  },
  chart(result) {
    const held = result.weights
      .filter((row) => Math.abs(row.weight) > 1e-9)
      .sort((a, b) => b.weight - a.weight)
      .slice(0, 20);
    if (held.length === 0) return null;
    return {
      kind: 'bar',
      title: `Weights: ${result.objective}`,
      synthetic: result.synthetic,
      categories: held.map((row) => row.asset),
      unit: 'fraction',
      series: [
        { name: 'weight', values: held.map((row) => row.weight), tone: 'accent' },
        { name: 'share of risk', values: held.map((row) => row.riskContribution), tone: 'muted' },
      ],
    };
  },
  examples: [
    {
      ask: 'Best Sharpe mix of two assets: 8% and 5% expected, 20% and 10% volatility, correlation zero',
      input: {
        assets: ['A', 'B'],
        expectedReturns: [0.08, 0.05],
        covariance: [
          [0.04, 0],
          [0, 0.01],
        ],
        riskFreeRate: 0.03,
      },
      fixture: 'none',
      // w ∝ Σ⁻¹(μ − r): 1.25 and 2.
      expect: {
        values: { status: 'optimal', 'weights[0].weight': 1.25 / 3.25, 'weights[1].weight': 2 / 3.25 },
        tolerance: 1e-10,
      },
    },
    {
      ask: 'Five stocks, none above 15%',
      input: {
        assets: ['A', 'B', 'C', 'D', 'E'],
        objective: 'min-variance',
        volatilities: [0.2, 0.2, 0.2, 0.2, 0.2],
        maxWeight: 0.15,
      },
      fixture: 'none',
      expect: { values: { status: 'infeasible', 'conflicts[0].needed': 0.2 }, tolerance: 1e-9 },
    },
    {
      ask: 'Risk parity over demo stocks, bonds and gold',
      input: { symbols: ['DEMO:MKT', 'DEMO:GOV10', 'DEMO:GOLD'], objective: 'equal-risk', lookback: 756 },
      fixture: 'bundled',
      expect: { values: { status: 'optimal', 'weights[0].riskContribution': 1 / 3 }, tolerance: 1e-9 },
    },
    {
      ask: 'A covariance that is not symmetric',
      input: {
        assets: ['A', 'B'],
        covariance: [
          [0.04, 0.01],
          [0.02, 0.01],
        ],
        objective: 'min-variance',
      },
      fixture: 'none',
      expect: { error: 'INVALID_INPUT' },
    },
  ],
  assumptions: [
    'Single period, annual units: returns and covariances are those of the coming year; nothing is known about their path.',
    'Estimates from prices describe the past; expected returns especially are very uncertain.',
    'Weights are fractions of the portfolio and sum to one unless cash is allowed; shorts only where minWeight is negative.',
    'Trading costs are spread over costHorizonYears and reduce the return that the optimiser sees.',
  ],
  references: [
    'Markowitz (1952), Portfolio Selection, J. Finance 7',
    'Mehrotra (1992), SIAM J. Optim. 2 (predictor–corrector); Nocedal and Wright (2006), ch. 16 (active set)',
    'Cornuéjols and Tütüncü (2007), Optimization Methods in Finance, section 8.2 (largest Sharpe ratio)',
    'Chinneck and Dravnieks (1991), ORSA J. Comput. 3 (deletion filter)',
    'Maillard, Roncalli and Teïletche (2010); López de Prado (2016); Rockafellar and Uryasev (2000); Black and Litterman (1992)',
  ],
  cost: 'seconds',
});

function report(
  request: Input,
  choice: Choice,
  moments: Moments,
  panel: ReturnPanel | null,
  context: RunContext,
): z.input<typeof output> {
  const { assets } = moments;
  const { weights, problem } = choice;
  const base = {
    objective: request.objective,
    conflicts: describeConflicts(choice.conflicts, assets),
    leastVolatility: choice.leastRisk ?? null,
    mostReturn: choice.mostReturn ?? null,
    assumptions: {
      riskFreeRate: request.riskFreeRate,
      covarianceMethod: moments.covarianceMethod,
      shrinkage: moments.shrinkage,
      expectedReturnsMethod:
        request.objective === 'black-litterman' ? 'black-litterman posterior' : moments.expectedReturnsMethod,
      periodsPerYear: moments.periodsPerYear,
      observations: moments.observations,
      from: panel?.from ?? null,
      to: panel?.to ?? null,
      minWeight: request.minWeight,
      maxWeight: request.maxWeight,
      fullyInvested: !request.allowCash,
    },
    synthetic: panel?.synthetic ?? false,
  };
  if (weights === undefined) {
    return {
      ...base,
      ...emptyResult,
      status: choice.status === 'stalled' ? 'not_converged' : choice.status,
      reason: reasonFor(request, choice, assets),
    };
  }
  const m = portfolioMoments(problem, weights);
  const known = problem.expectedReturns !== undefined;
  const contributions = riskContributions(problem.covariance, weights);
  if (request.allowCash && m.volatility < 1e-12)
    context.warn('ALL_IN_CASH', 'The portfolio is all cash: with cash allowed, the least risk is no risk.');
  return {
    ...base,
    status: 'optimal',
    reason: null,
    weights: assets.map((asset, i) => ({
      asset,
      weight: weights[i] as number,
      riskContribution: m.variance > 0 ? (contributions[i] as number) : null,
      trade: problem.current === undefined ? null : (weights[i] as number) - (problem.current[i] as number),
    })),
    cash: 1 - weights.reduce((a, b) => a + b, 0),
    expectedReturn: known ? m.expectedReturn : null,
    volatility: m.volatility,
    sharpe: known && m.volatility > 0 ? (m.expectedReturn - request.riskFreeRate) / m.volatility : null,
    diversificationRatio: m.volatility > 0 ? diversificationRatio(problem.covariance, weights) : null,
    holdings: weights.filter((weight) => Math.abs(weight) > 1e-9).length,
    turnover: problem.current === undefined ? null : oneWayTurnover(weights, problem.current),
    tradingCost: problem.current === undefined ? null : m.cost * request.costHorizonYears,
    tail: tailOf(request, moments, weights),
    binding: bindingOf(choice, assets, request),
    certificate: {
      method: choice.method,
      exact: choice.exact,
      stationarity: choice.kkt?.stationarity ?? choice.residual ?? null,
      primalViolation: choice.kkt?.primal ?? null,
      complementarity: choice.kkt?.complementarity ?? null,
      dualityGap: choice.dualityGap ?? null,
      iterations: choice.iterations ?? null,
      optimalityGap: choice.cardinality?.gap ?? null,
      nodes: choice.cardinality?.nodes ?? null,
    },
  };
}

const emptyResult = {
  weights: [],
  cash: null,
  expectedReturn: null,
  volatility: null,
  sharpe: null,
  diversificationRatio: null,
  holdings: null,
  turnover: null,
  tradingCost: null,
  tail: null,
  binding: [],
  certificate: null,
};

function tailOf(request: Input, moments: Moments, weights: Float64Array) {
  if (moments.scenarios === undefined) return null;
  const { cvar, var: valueAtRisk } = conditionalValueAtRisk(moments.scenarios, weights, request.confidence);
  return { confidence: request.confidence, valueAtRisk, conditionalValueAtRisk: cvar };
}

function bindingOf(choice: Choice, assets: readonly string[], request: Input) {
  const rows = choice.multipliers
    .filter((multiplier) => multiplier.side !== 'equal')
    .map((multiplier) => ({
      constraint:
        multiplier.constraint.kind === 'row'
          ? multiplier.constraint.name
          : `${multiplier.side === 'upper' ? 'maxWeight' : 'minWeight'} of ${assets[multiplier.constraint.index]}`,
      side: multiplier.side,
      shadowPrice: multiplier.shadowPrice,
    }));
  if (choice.riskShadowPrice > 0) {
    const constraint = request.objective === 'tracking-error' ? 'tracking error limit' : 'volatility target';
    rows.push({ constraint, side: 'upper', shadowPrice: choice.riskShadowPrice });
  }
  return rows.sort((a, b) => b.shadowPrice - a.shadowPrice);
}

function reasonFor(request: Input, choice: Choice, assets: readonly string[]): string {
  if (choice.status === 'no_positive_excess_return') {
    return `No portfolio within these limits is expected to earn more than the risk-free rate of ${percent(request.riskFreeRate)}: the most is ${percent(choice.mostReturn ?? 0)}, so the largest Sharpe ratio is not a sensible choice; cash is better.`;
  }
  if (choice.status === 'unbounded')
    return 'The objective has no maximum: weights are free in a direction that keeps improving it. Add bounds, a gross limit or a risk term.';
  if (choice.status === 'stalled')
    return 'The solver stopped before the required accuracy; the inputs are too ill-conditioned. Use a shrunk covariance or remove near-duplicate assets.';
  if (choice.leastRisk !== undefined) {
    const what = request.objective === 'tracking-error' ? 'tracking error' : 'volatility';
    const wanted = request.objective === 'tracking-error' ? request.trackingErrorLimit : request.targetVolatility;
    return `The least ${what} within these limits is ${percent(choice.leastRisk)}, above the ${percent(wanted ?? 0)} asked for. Raise the limit to that, or allow cash.`;
  }
  const most =
    choice.mostReturn === undefined
      ? ''
      : ` The most expected return within the limits is ${percent(choice.mostReturn)}.`;
  return `${explainConflict(choice.conflicts, assets)}${most}`;
}
