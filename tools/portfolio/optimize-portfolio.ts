/** The best weights for an objective within limits, with the proof; or why there are none. */
import { z } from 'zod';
import type { Loaded } from '../../data/types.ts';
import { invalidInput } from '../../lib/errors.ts';
import { units } from '../../lib/units.ts';
import { defineTool, type RunContext } from '../define-tool.ts';
import { portfolioMoments } from '../kernels/optimise/mean-variance.ts';
import { conditionalValueAtRisk } from '../kernels/optimise/min-cvar.ts';
import { oneWayTurnover } from '../kernels/optimise/portfolio-problem.ts';
import { riskContributions } from '../kernels/optimise/risk-budget.ts';
import { buildProblem } from './build-problem.ts';
import { choosePortfolio } from './choose-portfolio.ts';
import { describeConflicts, explainConflict, percent } from './describe-conflicts.ts';
import { estimateMoments, type Moments } from './estimate-moments.ts';
import { loadReturnPanel, type ReturnPanel } from './load-return-panel.ts';
import { conflictSchema, limitFields, perAsset, tradeFields, universeFields } from './portfolio-input.ts';
import { type Choice, objectives } from './portfolio-objectives.ts';

const input = z.strictObject({
  ...universeFields,
  ...limitFields,
  ...tradeFields,
  objective: z.enum(objectives).default('max-sharpe').describe('What to optimise'),
  targetReturn: units.annualReturn('least, for target-return and min-cvar').min(-1).max(100).optional(),
  targetVolatility: units.annualVol('most volatility or tracking error').min(0).max(5).optional(),
  riskAversion: units.coefficient('γ of max-utility, δ of black-litterman').min(0.01).max(1000).default(2.5),
  budgets: perAsset(units.ratio('share').max(1000), 'Shares of risk, for risk-budget'),
  views: z
    .array(
      z.strictObject({
        assets: z.array(z.string()).min(1).max(100).describe('Mean of these'),
        versus: z.array(z.string()).min(1).max(100).optional().describe('less the mean of these'),
        expectedReturn: units.annualReturn('view').min(-1).max(100),
        confidence: units.probability('1 is certain').min(0.001).max(1).optional(),
      }),
    )
    .max(50)
    .optional()
    .describe('For black-litterman'),
  benchmarkWeights: perAsset(units.fraction('weight'), 'Market (black-litterman) or benchmark (tracking-error)'),
  confidence: units.probability('of the tail').min(0.5).max(0.999).default(0.95),
  maxNames: units.count('most names held').min(1).max(500).optional(),
});

const output = z.object({
  status: z
    .enum(['optimal', 'infeasible', 'unbounded', 'no_positive_excess_return', 'not_converged'])
    .describe('Weights exist only when optimal'),
  reason: z.string().nullable().describe('Why not, and the smallest change that helps'),
  objective: z.string().describe('Objective'),
  weights: z
    .array(
      z.object({
        asset: z.string().describe('Asset'),
        weight: units.fraction('weight'),
        riskContribution: units.fraction('share of variance').nullable(),
        trade: units.fraction('change from now').nullable(),
      }),
    )
    .describe('In asset order'),
  cash: units.fraction('in cash').nullable(),
  expectedReturn: units.annualReturn('with cash').nullable(),
  volatility: units.annualVol('volatility').nullable(),
  sharpe: units.ratio('excess return / volatility').nullable(),
  turnover: units.fraction('one-way').nullable(),
  tradingCost: units.fraction('of the portfolio').nullable(),
  cvar: units.fraction('historical mean tail loss per period').nullable(),
  binding: z
    .array(
      z.object({
        constraint: z.string().describe('Limit'),
        side: z.enum(['lower', 'upper']).describe('Which side'),
        shadowPrice: units.coefficient('gain of the objective per 1.00 looser'),
      }),
    )
    .describe('Binding limits, dearest first'),
  conflicts: z.array(conflictSchema).describe('Minimal set of limits that cannot hold together'),
  leastVolatility: units.annualVol('attainable').nullable(),
  mostReturn: units.annualReturn('attainable').nullable(),
  certificate: z
    .object({
      method: z.string().describe('Solver'),
      exact: z.boolean().describe('Binding set solved exactly'),
      kktResidual: units.coefficient('largest optimality error').nullable(),
      dualityGap: units.coefficient('primal minus dual').nullable(),
      iterations: units.count('iterations').nullable(),
      optimalityGap: units.fraction('of branch and bound').nullable(),
    })
    .nullable()
    .describe('Proof of optimality'),
  assumptions: z
    .object({
      riskFreeRate: units.rate('cash'),
      covarianceMethod: z.string().describe('Covariance'),
      shrinkage: units.fraction('intensity').nullable(),
      expectedReturnsMethod: z.string().describe('Means'),
      periodsPerYear: units.count('a year').nullable(),
      observations: units.count('rows').nullable(),
      span: z.string().nullable().describe('Price dates'),
      minWeight: units.fraction('least'),
      maxWeight: units.fraction('most'),
      fullyInvested: z.boolean().describe('No cash'),
      synthetic: z.boolean().describe('Simulated prices'),
    })
    .describe('Defaults in force'),
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
      synthetic: result.assumptions.synthetic,
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
    'Trading costs reduce the return of one year that the optimiser sees.',
    'EWMA decay 0.94; CAPM market premium 5% a year; Black–Litterman τ 0.05; HRP single linkage.',
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
      span: panel === null ? null : `${panel.from} to ${panel.to}`,
      minWeight: request.minWeight,
      maxWeight: request.maxWeight,
      fullyInvested: !request.allowCash,
      synthetic: panel?.synthetic ?? false,
    },
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
    sharpe: known && m.volatility > 1e-12 ? (m.expectedReturn - request.riskFreeRate) / m.volatility : null,
    turnover: problem.current === undefined ? null : oneWayTurnover(weights, problem.current),
    tradingCost: problem.current === undefined ? null : m.cost,
    cvar: tailOf(request, moments, weights),
    binding: bindingOf(choice, assets, request),
    certificate: {
      method: choice.method,
      exact: choice.exact,
      kktResidual: kktOf(choice),
      dualityGap: choice.dualityGap ?? null,
      iterations: choice.iterations ?? null,
      optimalityGap: choice.cardinality?.gap ?? null,
    },
  };
}

const emptyResult = {
  weights: [],
  cash: null,
  expectedReturn: null,
  volatility: null,
  sharpe: null,
  turnover: null,
  tradingCost: null,
  cvar: null,
  binding: [],
  certificate: null,
};

function tailOf(request: Input, moments: Moments, weights: Float64Array): number | null {
  if (moments.scenarios === undefined) return null;
  return conditionalValueAtRisk(moments.scenarios, weights, request.confidence).cvar;
}

function kktOf(choice: Choice): number | null {
  if (choice.kkt === undefined) return choice.residual ?? null;
  return Math.max(choice.kkt.stationarity, choice.kkt.primal, choice.kkt.complementarity);
}

function bindingOf(choice: Choice, assets: readonly string[], request: Input) {
  const rows = choice.multipliers
    .filter((multiplier) => multiplier.side !== 'equal')
    .map((multiplier) => ({
      constraint:
        multiplier.constraint.kind === 'row'
          ? multiplier.constraint.name
          : `${multiplier.side === 'upper' ? 'maxWeight' : 'minWeight'} of ${assets[multiplier.constraint.index]}`,
      side: multiplier.side === 'upper' ? ('upper' as const) : ('lower' as const),
      shadowPrice: multiplier.shadowPrice,
    }));
  if (choice.riskShadowPrice > 0) {
    const constraint = request.objective === 'tracking-error' ? 'tracking error limit' : 'volatility target';
    rows.push({ constraint, side: 'upper' as const, shadowPrice: choice.riskShadowPrice });
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
    const wanted = request.targetVolatility;
    return `The least ${what} within these limits is ${percent(choice.leastRisk)}, above the ${percent(wanted ?? 0)} asked for. Raise the limit to that, or allow cash.`;
  }
  const most =
    choice.mostReturn === undefined
      ? ''
      : ` The most expected return within the limits is ${percent(choice.mostReturn)}.`;
  return `${explainConflict(choice.conflicts, assets)}${most}`;
}
