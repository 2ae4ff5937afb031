/** The curve of least risk for each return, with the tangency portfolio on it. */
import { z } from 'zod';
import type { Loaded } from '../../data/types.ts';
import { invalidInput } from '../../lib/errors.ts';
import { units } from '../../lib/units.ts';
import { defineTool } from '../define-tool.ts';
import { volatilitiesOf } from '../kernels/covariance/sample.ts';
import { checkCovariance } from '../kernels/optimise/check-covariance.ts';
import { diagnosePortfolio } from '../kernels/optimise/diagnose.ts';
import { traceFrontier } from '../kernels/optimise/frontier.ts';
import { portfolioMoments } from '../kernels/optimise/mean-variance.ts';
import { optimisePortfolio } from '../kernels/optimise/optimise-portfolio.ts';
import { buildProblem } from './build-problem.ts';
import { describeConflicts, explainConflict } from './describe-conflicts.ts';
import { estimateMoments } from './estimate-moments.ts';
import { loadReturnPanel, type ReturnPanel } from './load-return-panel.ts';
import { conflictSchema, limitFields, universeFields } from './portfolio-input.ts';

const input = z.strictObject({
  ...universeFields,
  ...limitFields,
  points: units.count('points on the curve').min(2).max(60).default(20),
});

const point = {
  expectedReturn: units.annualReturn('return'),
  volatility: units.annualVol('risk'),
  sharpe: units.ratio('Sharpe ratio').nullable(),
  weights: z.array(units.fraction('weight')).describe('In asset order'),
};

const output = z.object({
  status: z.enum(['optimal', 'infeasible', 'not_converged']).describe('Status'),
  reason: z.string().nullable().describe('Why not'),
  assets: z.array(z.string()).describe('Assets'),
  frontier: z.array(z.object(point)).describe('From least risk to most return'),
  tangency: z.object(point).nullable().describe('Largest Sharpe ratio; null if none is positive'),
  single: z
    .array(
      z.object({
        asset: z.string().describe('Asset'),
        expectedReturn: point.expectedReturn,
        volatility: point.volatility,
      }),
    )
    .describe('Assets alone'),
  conflicts: z.array(conflictSchema).describe('Limits that cannot hold together'),
  kktResidual: units.coefficient('largest optimality error').nullable(),
  assumptions: z
    .object({
      riskFreeRate: units.rate('cash'),
      covarianceMethod: z.string().describe('Covariance'),
      expectedReturnsMethod: z.string().describe('Means'),
      observations: units.count('rows').nullable(),
      periodsPerYear: units.count('a year').nullable(),
      synthetic: z.boolean().describe('Simulated prices'),
    })
    .describe('Defaults in force'),
});

export const traceEfficientFrontier = defineTool({
  name: 'trace_efficient_frontier',
  title: 'Trace the efficient frontier',
  family: 'portfolio',
  version: 1,
  description:
    'Computes the efficient frontier: for each attainable expected return the weights of least volatility, plus the tangency portfolio, within the same limits as optimize_portfolio. Use it to show the trade-off between risk and return or to compare a portfolio with the curve. Use optimize_portfolio for one best portfolio, and analyze_portfolio_risk for the risk of given weights.',
  input,
  output,
  async load(request, ports): Promise<Loaded<ReturnPanel | null>> {
    if (request.symbols === undefined) return { value: null, provenance: [] };
    return loadReturnPanel(
      { symbols: request.symbols, start: request.start, end: request.end, lookback: request.lookback },
      ports,
    );
  },
  async run(request, panel: ReturnPanel | null, context) {
    const warn = (code: string, message: string): void => context.warn(code, message);
    const moments = estimateMoments(request, panel, warn);
    if (moments.expectedReturns === undefined) {
      throw invalidInput({
        what: '`expectedReturns`',
        needed: 'given for a frontier',
        got: 'nothing',
        hint: 'Give `expectedReturns`, or use `symbols` whose prices are held.',
      });
    }
    const checked = checkCovariance(moments.covariance, moments.assets);
    if (checked.repair !== 'none') {
      warn(
        'COVARIANCE_REPAIRED',
        'The covariance is not positive semidefinite; the nearest correlation matrix (Higham 2002) is used.',
      );
    }
    const problem = { ...buildProblem(request, moments, panel), covariance: checked.matrix };
    const expected = moments.expectedReturns;
    const volatilities = volatilitiesOf(checked.matrix);
    const base = {
      assets: [...moments.assets],
      single: moments.assets.map((asset, i) => ({
        asset,
        expectedReturn: expected[i] as number,
        volatility: volatilities[i] as number,
      })),
      assumptions: {
        riskFreeRate: request.riskFreeRate,
        covarianceMethod: moments.covarianceMethod,
        expectedReturnsMethod: moments.expectedReturnsMethod,
        observations: moments.observations,
        periodsPerYear: moments.periodsPerYear,
        synthetic: panel?.synthetic ?? false,
      },
    };
    const curve = traceFrontier(problem, request.points);
    if (curve.status !== 'optimal') {
      const { status, conflicts } = await diagnosePortfolio(problem);
      const reason =
        status === 'infeasible'
          ? explainConflict(conflicts, moments.assets)
          : 'The solver stopped before the required accuracy.';
      return {
        ...base,
        status: status === 'infeasible' ? ('infeasible' as const) : ('not_converged' as const),
        reason,
        frontier: [],
        tangency: null,
        conflicts: describeConflicts(conflicts, moments.assets),
        kktResidual: null,
      };
    }
    const best = await optimisePortfolio(
      problem,
      { kind: 'max-sharpe' },
      { names: moments.assets, riskFree: request.riskFreeRate },
    );
    if (best.status === 'no_positive_excess_return') {
      warn(
        'NO_POSITIVE_EXCESS_RETURN',
        'No portfolio within the limits is expected to beat the risk-free rate, so there is no tangency portfolio.',
      );
    }
    const at = best.weights === undefined ? undefined : portfolioMoments(problem, best.weights);
    const sharpeOf = (m: { expectedReturn: number; volatility: number }): number | null =>
      m.volatility > 1e-12 ? (m.expectedReturn - request.riskFreeRate) / m.volatility : null;
    const tangencySharpe = at === undefined ? null : sharpeOf(at);
    return {
      ...base,
      status: 'optimal' as const,
      reason: null,
      frontier: curve.points.map((point) => ({
        expectedReturn: point.expectedReturn,
        volatility: point.volatility,
        sharpe: sharpeOf(point),
        weights: Array.from(point.weights),
      })),
      tangency:
        at === undefined || best.weights === undefined || tangencySharpe === null
          ? null
          : {
              expectedReturn: at.expectedReturn,
              volatility: at.volatility,
              sharpe: tangencySharpe,
              weights: Array.from(best.weights),
            },
      conflicts: [],
      kktResidual: Math.max(...curve.points.map((point) => point.solution.kkt.stationarity)),
    };
  },
  summarise(result, cite) {
    if (result.status !== 'optimal') return [`${result.status}: ${result.reason ?? ''}`];
    const last = result.frontier.length - 1;
    const lines = [
      `Least risk: volatility ${cite('frontier[0].volatility')} at an expected return of ${cite('frontier[0].expectedReturn')}.`,
      `Most return: ${cite(`frontier[${last}].expectedReturn`)} at ${cite(`frontier[${last}].volatility`)}.`,
    ];
    if (result.tangency !== null) {
      lines.push(
        `Largest Sharpe ratio ${cite('tangency.sharpe')} at ${cite('tangency.volatility')} volatility and ${cite('tangency.expectedReturn')} return.`,
      );
    }
    lines.push(
      `Assumed: risk-free rate ${cite('assumptions.riskFreeRate')}, covariance ${result.assumptions.covarianceMethod}, expected returns ${result.assumptions.expectedReturnsMethod}.`,
    );
    return lines;
  },
  chart(result) {
    if (result.frontier.length === 0) return null;
    return {
      kind: 'xy',
      title: 'Efficient frontier',
      synthetic: result.assumptions.synthetic,
      x: { label: 'Volatility', numbers: result.frontier.map((point) => point.volatility), unit: 'annualVol' },
      y: { label: 'Expected return', unit: 'annualReturn' },
      series: [
        {
          name: 'frontier',
          values: result.frontier.map((point) => point.expectedReturn),
          style: 'line',
          tone: 'accent',
        },
      ],
      marks: [
        ...(result.tangency === null
          ? []
          : [
              {
                x: result.tangency.volatility,
                y: result.tangency.expectedReturn,
                label: 'tangency',
                tone: 'good' as const,
              },
            ]),
        ...result.single.slice(0, 20).map((asset) => ({
          x: asset.volatility,
          y: asset.expectedReturn,
          label: asset.asset,
          tone: 'muted' as const,
        })),
      ],
    };
  },
  examples: [
    {
      ask: 'Frontier of two uncorrelated assets',
      input: {
        assets: ['A', 'B'],
        expectedReturns: [0.08, 0.05],
        covariance: [
          [0.04, 0],
          [0, 0.01],
        ],
        points: 5,
      },
      fixture: 'none',
      // Least variance holds them in proportion 1/σ²: 0.2 and 0.8.
      expect: {
        values: { status: 'optimal', 'frontier[0].weights[0]': 0.2, 'frontier[4].expectedReturn': 0.08 },
        tolerance: 1e-9,
      },
    },
    {
      ask: 'Frontier with caps that cannot sum to one',
      input: { assets: ['A', 'B'], expectedReturns: [0.08, 0.05], volatilities: [0.2, 0.1], maxWeight: 0.4 },
      fixture: 'none',
      expect: { values: { status: 'infeasible' } },
    },
    {
      ask: 'Frontier without expected returns',
      input: { assets: ['A', 'B'], volatilities: [0.2, 0.1] },
      fixture: 'none',
      expect: { error: 'INVALID_INPUT' },
    },
  ],
  assumptions: [
    'Single period, annual units; the curve is only as good as the expected returns.',
    'Each point is its own exact quadratic program; points are equally spaced in expected return.',
  ],
  references: ['Markowitz (1952), Portfolio Selection, J. Finance 7', 'Merton (1972), J. Financ. Quant. Anal. 7'],
  cost: 'seconds',
});
