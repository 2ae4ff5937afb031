/** Capital for strategies by risk budget: caps, volatility target, cash, and a simulation of what can happen. Seed-shaped result. */
import { z } from 'zod';
import type { Loaded } from '../../data/types.ts';
import { invalidInput } from '../../lib/errors.ts';
import { units } from '../../lib/units.ts';
import { defineTool } from '../define-tool.ts';
import { correlationOf, covarianceFrom, sampleCovariance } from '../kernels/covariance/sample.ts';
import { createMatrix, identityMatrix, type Matrix, matrixFromRows, rowsOf } from '../kernels/linalg/matrix.ts';
import { dot } from '../kernels/linalg/multiply.ts';
import { allocateCapital } from '../kernels/optimise/allocate-capital.ts';
import { checkCovariance } from '../kernels/optimise/check-covariance.ts';
import { simulatePortfolio } from '../kernels/risk/monte-carlo.ts';
import { quantileInterval, shortfallInterval } from '../kernels/risk/tail-intervals.ts';
import { quantile } from '../kernels/stats/quantile.ts';
import { loadReturnPanel, type ReturnPanel } from './load-return-panel.ts';

const TRADING_DAYS = 252;

const input = z.strictObject({
  strategies: z
    .array(
      z.strictObject({
        strategy: z.string().max(60).describe('Name'),
        expectedReturn: units.annualReturn('expected, given by the strategy agent').min(-1).max(10),
        volatility: units.annualVol('volatility').min(0.0001).max(5),
        budget: units.ratio('share of risk; equal if left out').min(0.000001).max(1000).optional(),
        symbol: z.string().optional().describe('Price series that stands for it, for the correlation'),
        exposures: z
          .record(z.string(), units.coefficient('beta').min(-100).max(100))
          .optional()
          .describe('Betas to factors'),
      }),
    )
    .min(1)
    .max(50)
    .describe('Strategies that ask for capital'),
  correlation: z
    .array(z.array(units.correlation('ρ')).max(50))
    .max(50)
    .optional()
    .describe('Correlation in strategy order; read from the symbols if left out'),
  assumedCorrelation: units
    .correlation('one number for every pair, when nothing is measured')
    .min(-1)
    .max(1)
    .optional(),
  correlationDays: units.count('days of history for the correlation').min(30).max(5000).default(252),
  targetVolatility: units.annualVol('of the book').min(0.0001).max(2).default(0.12),
  maxWeight: units.fraction('per strategy, before scaling').min(0.001).max(1).default(0.3),
  minWeight: units.fraction('per strategy').min(0).max(1).default(0),
  dropBelow: units.fraction('smaller weights go to cash').min(0).max(1).default(0.01),
  riskFreeRate: units.rate('what cash earns').min(-0.1).max(1).default(0.03),
  horizonDays: units.count('trading days simulated').min(1).max(2520).default(252),
  paths: units.count('simulated paths').min(100).max(100000).default(10000),
  tailDegrees: units
    .coefficient('degrees of freedom of t-distributed days; normal if left out')
    .gt(2)
    .max(200)
    .optional(),
  seed: units.count('random seed').default(42),
  asOf: z.string().optional().describe('Nothing later is used (ISO)'),
});

const interval = z.object({ low: units.fraction('low').nullable(), high: units.fraction('high').nullable() });

const output = z.object({
  agent: z.string().describe('Who allocates'),
  allocation: z
    .array(
      z.object({
        strategy: z.string().describe('Strategy'),
        weight: units.fraction('capital'),
        risk_contribution: units.fraction('achieved share of variance'),
        wished_contribution: units.fraction('budgeted share of variance'),
        return_contribution: units.annualReturn('weight times expected return'),
        capped: z.boolean().describe('Cap binds'),
        dropped: z.boolean().describe('Below the least weight, moved to cash'),
      }),
    )
    .describe('One row per strategy'),
  cash: units.fraction('capital in cash'),
  expected_return: units.annualReturn('of the book, cash included; an input assumption, not a promise'),
  expected_volatility: units.annualVol('of the book'),
  sharpe: units.ratio('excess return / volatility').nullable(),
  target_volatility: units.annualVol('asked for'),
  volatility_before_scaling: units.annualVol('before scaling'),
  scale: units.ratio('min(1, target / volatility)'),
  leverage_for_target: units.ratio('capital multiple that the target would need; above 1 is reported, never taken'),
  var_95: units.fraction('loss exceeded on 5% of paths at the horizon'),
  var_95_interval: interval.describe('95% sampling interval'),
  cvar_95: units.fraction('mean loss of the worst 5% of paths'),
  cvar_95_interval: interval.describe('95% sampling interval'),
  max_drawdown: units.fraction('deepest fall, exceeded on 5% of paths'),
  max_drawdown_median: units.fraction('deepest fall of the middle path'),
  loss_probability: units.probability('of ending below the start'),
  horizon_days: units.count('days simulated'),
  paths: units.count('paths'),
  strategy_correlation: z.array(z.array(units.correlation('ρ'))).describe('In strategy order'),
  correlation_source: z.string().describe('Where the correlation comes from'),
  factor_exposure: z
    .array(
      z.object({
        factor: z.string().describe('Factor'),
        exposure: units.coefficient('beta of the book'),
        hedge: units.coefficient('position in the factor that makes it zero, per unit of capital'),
      }),
    )
    .describe('Net exposure and the hedge that removes it'),
  synthetic: z.boolean().describe('Correlations from simulated prices'),
});

type Input = z.output<typeof input>;

export const allocateRiskBudget = defineTool({
  name: 'allocate_risk_budget',
  title: 'Allocate capital by risk budget',
  family: 'portfolio',
  version: 1,
  description:
    'Divides capital between strategies so that each takes its share of risk, with a cap per strategy, a volatility target, no leverage, and a Monte Carlo of loss and drawdown. Use it to build a book from strategies or premia with expected return, volatility and correlation. Use optimize_portfolio for assets and other objectives, and analyze_portfolio_risk for weights that are already chosen.',
  input,
  output,
  async load(request, ports): Promise<Loaded<ReturnPanel | null>> {
    if (request.correlation !== undefined) return { value: null, provenance: [] };
    const symbols = request.strategies.map((row) => row.symbol).filter((symbol) => symbol !== undefined);
    if (symbols.length === 0) return { value: null, provenance: [] };
    if (symbols.length < request.strategies.length) {
      const missing = request.strategies.find((row) => row.symbol === undefined);
      throw invalidInput({
        what: `The symbol of ${missing?.strategy}`,
        needed: 'given, because the others have one',
        got: 'nothing',
        hint: 'Give a symbol for every strategy, or the correlation matrix.',
      });
    }
    return loadReturnPanel({ symbols: [...new Set(symbols)], lookback: request.correlationDays }, ports);
  },
  run(request, panel: ReturnPanel | null, context) {
    const names = request.strategies.map((row) => row.strategy);
    if (new Set(names).size !== names.length) {
      throw invalidInput({
        what: '`strategies`',
        needed: 'with different names',
        got: names.join(', '),
        hint: 'Rename one.',
      });
    }
    const { correlation, source } = correlationOfStrategies(request, panel);
    const volatilities = request.strategies.map((row) => row.volatility);
    const checked = checkCovariance(covarianceFrom(correlation, volatilities), names);
    if (checked.repair !== 'none') {
      context.warn(
        'COVARIANCE_REPAIRED',
        'The correlation is not positive semidefinite; the nearest one (Higham 2002) is used.',
      );
    }
    const book = allocateCapital({
      covariance: checked.matrix,
      budgets: request.strategies.map((row) => row.budget ?? 1),
      maxWeight: request.maxWeight,
      minWeight: request.minWeight,
      targetVolatility: request.targetVolatility,
      dropBelow: request.dropBelow,
    });
    if (book.leverageForTarget > 1 + 1e-9) {
      context.warn(
        'TARGET_NEEDS_LEVERAGE',
        `The book reaches ${(100 * book.unscaledVolatility).toFixed(2)}% volatility without borrowing; the target of ${(100 * request.targetVolatility).toFixed(2)}% would need ${book.leverageForTarget.toFixed(2)} times the capital, which is not taken.`,
      );
    }
    if (book.capped.includes(true))
      context.warn('CAP_BINDS', 'A cap binds, so achieved risk contributions differ from the budgets; both are shown.');
    const below = request.strategies
      .filter((row) => row.expectedReturn <= request.riskFreeRate)
      .map((row) => row.strategy);
    if (below.length > 0)
      context.warn(
        'NOT_PAID_FOR_RISK',
        `Expected to earn no more than cash: ${below.join(', ')}. Risk budgets do not look at returns.`,
      );
    return report(request, book, checked.matrix, source, panel?.synthetic ?? false, context.rng);
  },
  summarise(result, cite) {
    const rows = result.allocation
      .map((row, i) => ({ row, i }))
      .filter(({ row }) => row.weight > 0)
      .slice(0, 8);
    const lines = [
      `Capital: ${rows.map(({ row, i }) => `${row.strategy} ${cite(`allocation[${i}].weight`)} (risk ${cite(`allocation[${i}].risk_contribution`)})`).join(', ')}; cash ${cite('cash')}.`,
      `Volatility ${cite('expected_volatility')} for a target of ${cite('target_volatility')}, scale ${cite('scale')}; expected return ${cite('expected_return')} if the inputs hold.`,
      `Over ${cite('horizon_days')} days: 95% VaR ${cite('var_95')}, CVaR ${cite('cvar_95')}, drawdown exceeded on 5% of paths ${cite('max_drawdown')}.`,
    ];
    if (result.leverage_for_target > 1)
      lines.push(`The target would need ${cite('leverage_for_target')} times the capital; no leverage is taken.`);
    lines.push(`Correlation: ${result.correlation_source}.`);
    return lines;
  },
  chart(result) {
    return {
      kind: 'bar',
      title: 'Capital and risk by strategy',
      synthetic: result.synthetic,
      categories: result.allocation.map((row) => row.strategy),
      unit: 'fraction',
      series: [
        { name: 'capital', values: result.allocation.map((row) => row.weight), tone: 'accent' },
        { name: 'risk achieved', values: result.allocation.map((row) => row.risk_contribution), tone: 'warn' },
        { name: 'risk wished', values: result.allocation.map((row) => row.wished_contribution), tone: 'muted' },
      ],
    };
  },
  examples: [
    {
      ask: 'Split capital between four uncorrelated premia of 10% volatility',
      input: {
        strategies: ['carry', 'momentum', 'volatility', 'mean reversion'].map((strategy) => ({
          strategy,
          expectedReturn: 0.08,
          volatility: 0.1,
        })),
        assumedCorrelation: 0,
      },
      fixture: 'none',
      expect: {
        values: { 'allocation[0].weight': 0.25, expected_volatility: 0.05, scale: 1, cash: 0 },
        tolerance: 1e-9,
        warning: 'TARGET_NEEDS_LEVERAGE',
      },
    },
    {
      ask: 'Three strategies with a cap of 30% each',
      input: {
        strategies: [
          { strategy: 'carry', expectedReturn: 0.06, volatility: 0.08 },
          { strategy: 'momentum', expectedReturn: 0.07, volatility: 0.12 },
          { strategy: 'volatility', expectedReturn: 0.09, volatility: 0.15 },
        ],
        assumedCorrelation: 0.2,
      },
      fixture: 'none',
      expect: { values: { 'allocation[2].weight': 0.3, cash: 0.1 }, tolerance: 1e-9 },
    },
    {
      ask: 'Allocate without any correlation',
      input: {
        strategies: [
          { strategy: 'carry', expectedReturn: 0.06, volatility: 0.08 },
          { strategy: 'momentum', expectedReturn: 0.07, volatility: 0.12 },
        ],
      },
      fixture: 'none',
      expect: { error: 'INVALID_INPUT' },
    },
  ],
  assumptions: [
    'Expected returns and volatilities are taken as given; the expected return of the book is an assumption, never a promise.',
    'Daily returns are independent and normal (or t); weights are rebalanced daily; cash earns the risk-free rate.',
    'VaR and drawdown are simulated, so they carry a sampling interval besides the model error.',
  ],
  references: [
    'Maillard, Roncalli and Teïletche (2010), J. Portfolio Manag. 36 (risk budgets)',
    'Moreira and Muir (2017), J. Finance 72 (volatility scaling)',
    'Glasserman (2003), Monte Carlo Methods in Financial Engineering, section 9.3',
  ],
  cost: 'seconds',
});

function correlationOfStrategies(
  request: Input,
  panel: ReturnPanel | null,
): { readonly correlation: Matrix; readonly source: string } {
  const n = request.strategies.length;
  if (request.correlation !== undefined) {
    const rows = request.correlation;
    if (rows.length !== n || rows.some((row) => row.length !== n)) {
      throw invalidInput({
        what: '`correlation`',
        needed: `${n} rows of ${n} numbers`,
        got: `${rows.length} rows`,
        hint: 'One row per strategy, in order.',
      });
    }
    if (rows.some((row, i) => Math.abs((row[i] as number) - 1) > 1e-9 || row.some((value) => Math.abs(value) > 1))) {
      throw invalidInput({
        what: '`correlation`',
        needed: 'one on the diagonal and between −1 and 1',
        got: 'something else',
        hint: 'Give correlations, not covariances.',
      });
    }
    return { correlation: matrixFromRows(rows), source: 'given' };
  }
  if (panel !== null) {
    const measured = correlationOf(sampleCovariance(createMatrix(panel.rows, panel.assets.length, panel.returns)));
    const index = request.strategies.map((row) => panel.assets.indexOf(row.symbol as string));
    const correlation = createMatrix(n, n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        const a = index[i] as number;
        const b = index[j] as number;
        correlation.data[i * n + j] = i === j ? 1 : (measured.data[a * measured.cols + b] as number);
      }
    }
    return { correlation, source: `${panel.rows} returns from ${panel.from} to ${panel.to}` };
  }
  const assumed = request.assumedCorrelation;
  if (assumed === undefined && n > 1) {
    throw invalidInput({
      what: '`correlation`',
      needed: 'given, or a `symbol` for every strategy, or `assumedCorrelation`',
      got: 'nothing',
      hint: 'Set assumedCorrelation (for example 0.3) to go on without a measurement.',
    });
  }
  const correlation = identityMatrix(n);
  for (let k = 0; k < n * n; k++) if (Math.floor(k / n) !== k % n) correlation.data[k] = assumed ?? 0;
  return { correlation, source: n === 1 ? 'one strategy' : 'assumed, the same for every pair' };
}

function report(
  request: Input,
  book: ReturnType<typeof allocateCapital>,
  covariance: Matrix,
  source: string,
  synthetic: boolean,
  rng: Parameters<typeof simulatePortfolio>[1],
): z.input<typeof output> {
  const { strategies, riskFreeRate } = request;
  const returns = Float64Array.from(strategies, (row) => row.expectedReturn);
  const simulated = simulatePortfolio(
    {
      weights: book.weights,
      mean: returns.map((value) => value / TRADING_DAYS),
      covariance: covariance.data.map((value) => value / TRADING_DAYS),
      days: request.horizonDays,
      paths: request.paths,
      rebalance: 'daily',
      cashReturn: riskFreeRate / TRADING_DAYS,
      ...(request.tailDegrees === undefined ? {} : { tailDegrees: request.tailDegrees }),
    },
    rng,
  );
  const valueAtRisk = quantileInterval(simulated.terminalReturn, 0.95);
  const shortfall = shortfallInterval(simulated.terminalReturn, 0.95);
  const expected = dot(returns, book.weights) + book.cash * riskFreeRate;
  return {
    agent: 'Risk Budgeter',
    allocation: strategies.map((row, i) => ({
      strategy: row.strategy,
      weight: book.weights[i] as number,
      risk_contribution: book.achieved[i] as number,
      wished_contribution: book.wished[i] as number,
      return_contribution: (book.weights[i] as number) * row.expectedReturn,
      capped: book.capped[i] as boolean,
      dropped: book.dropped[i] as boolean,
    })),
    cash: Math.abs(book.cash) < 1e-12 ? 0 : book.cash,
    expected_return: expected,
    expected_volatility: book.volatility,
    sharpe: book.volatility > 1e-9 ? (expected - riskFreeRate) / book.volatility : null,
    target_volatility: request.targetVolatility,
    volatility_before_scaling: book.unscaledVolatility,
    scale: book.scale,
    leverage_for_target: book.leverageForTarget,
    var_95: valueAtRisk.estimate,
    var_95_interval: { low: valueAtRisk.low, high: valueAtRisk.high },
    cvar_95: shortfall.estimate,
    cvar_95_interval: { low: shortfall.low, high: shortfall.high },
    max_drawdown: -quantile(simulated.maxDrawdown, 0.05),
    max_drawdown_median: -quantile(simulated.maxDrawdown, 0.5),
    loss_probability: simulated.terminalReturn.filter((value) => value < 0).length / request.paths,
    horizon_days: request.horizonDays,
    paths: request.paths,
    strategy_correlation: rowsOf(correlationOf(covariance)),
    correlation_source: source,
    factor_exposure: factorExposures(request, book.weights),
    synthetic,
  };
}

function factorExposures(request: Input, weights: Float64Array): { factor: string; exposure: number; hedge: number }[] {
  const totals = new Map<string, number>();
  for (const [i, row] of request.strategies.entries()) {
    for (const [factor, beta] of Object.entries(row.exposures ?? {})) {
      totals.set(factor, (totals.get(factor) ?? 0) + beta * (weights[i] as number));
    }
  }
  return [...totals].map(([factor, exposure]) => ({ factor, exposure, hedge: -exposure }));
}
