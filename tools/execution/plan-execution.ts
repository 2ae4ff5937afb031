/** How fast to work an order: the Almgren–Chriss schedule, its cost and risk, and the frontier between them. */
import { z } from 'zod';
import { units } from '../../lib/units.ts';
import { defineTool } from '../define-tool.ts';
import { almgrenChriss, type ExecutionProblem, minimumValueAtRisk } from '../kernels/execution/almgren-chriss.ts';
import { squareRootImpactBps } from '../kernels/execution/market-impact.ts';
import { sliceByWeights } from '../kernels/execution/slice-quantity.ts';

const input = z.strictObject({
  symbol: z.string().max(40).optional().describe('What is traded, for the record'),
  side: z.enum(['buy', 'sell']).default('sell').describe('Side of the order'),
  quantity: units.count('shares to trade').min(1).max(1_000_000_000),
  price: units.price('price now').positive(),
  dailyVolatility: units.dailyVol('volatility per day as a fraction: 1.9% is 0.019').positive().max(1),
  averageDailyVolume: units.quantity('average daily volume in shares').positive(),
  horizonDays: units.days('days to finish').positive().max(60).default(1),
  periods: units.count('trading periods over the horizon').min(1).max(500).default(13),
  riskAversion: units
    .coefficient('lambda per unit of money; default: the plan with the smallest 95% cost')
    .min(0)
    .optional(),
  spreadBps: units.bps('bid-ask spread').min(0).max(1000).default(5),
  lotSize: units.count('lot size of the rounded schedule').min(1).default(1),
  permanentImpact: units
    .coefficient('gamma, price per share; default: a spread for 10% of daily volume')
    .min(0)
    .optional(),
  temporaryImpact: units
    .coefficient('eta, price per (share a day); default: a spread for each 1% of daily volume')
    .positive()
    .optional(),
});

const Z95 = 1.6448536269514722;

export const planExecution = defineTool({
  name: 'plan_execution',
  title: 'Plan an execution',
  family: 'execution',
  version: 1,
  description:
    'Computes the Almgren–Chriss schedule of a large order with expected cost, risk, half-life and the cost-risk frontier, beside equal slices and the square-root impact. Use it to decide how fast to trade and to show cost before trading. Use slice_order when the speed is decided; neither sends an order.',
  input,
  output: z.object({
    symbol: z.string().nullable().describe('What is traded'),
    side: z.enum(['buy', 'sell']).describe('Side of the order'),
    quantity: units.quantity('shares'),
    riskAversion: units.coefficient('lambda used, per unit of money'),
    riskAversionSource: z.enum(['given', 'least 95% cost']).describe('Where lambda came from'),
    expectedCost: units.money('expected cost of the schedule in the price’s currency'),
    expectedCostBps: units.bps('the same over the order’s value'),
    costDeviation: units.money('standard deviation of the cost'),
    costAtRisk95: units.money('cost not exceeded with 95% confidence'),
    halfLifeDays: units.days('time in which the rest of the order shrinks by e').nullable(),
    equalSlicesCost: units.money('expected cost of equal slices'),
    equalSlicesDeviation: units.money('standard deviation of equal slices'),
    squareRootImpactBps: units.bps('impact by the square-root rule, coefficient 1'),
    permanentImpact: units.coefficient('gamma, price per share'),
    temporaryImpact: units.coefficient('eta, price per (share a day)'),
    shareOfVolume: units.fraction('order over the volume of the horizon'),
    schedule: z.array(
      z.object({
        period: units.count('period, from 1'),
        quantity: units.quantity('shares, whole lots'),
        remaining: units.quantity('shares left after it'),
        equal: units.quantity('what equal slices would trade'),
      }),
    ),
    frontier: z.array(
      z.object({
        riskAversion: units.coefficient('lambda'),
        expectedCostBps: units.bps('expected cost'),
        deviationBps: units.bps('standard deviation'),
        firstPeriodShare: units.fraction('part of the order in the first period'),
      }),
    ),
  }),
  run(request, _data, context) {
    const value = request.price * request.quantity;
    const spread = (request.spreadBps / 1e4) * request.price;
    const guessed = request.permanentImpact === undefined || request.temporaryImpact === undefined;
    if (guessed) {
      context.warn(
        'ASSUMED_IMPACT',
        'Impact coefficients are Almgren and Chriss’s rule of thumb (a spread for 10% and for each 1% of daily volume), not an estimate for this instrument.',
      );
    }
    const ruleSpread = Math.max(spread, 1e-4 * request.price);
    const gamma = request.permanentImpact ?? ruleSpread / (0.1 * request.averageDailyVolume);
    const eta = request.temporaryImpact ?? ruleSpread / (0.01 * request.averageDailyVolume);
    const problem: ExecutionProblem = {
      shares: request.quantity,
      days: request.horizonDays,
      periods: request.periods,
      sigma: request.dailyVolatility * request.price,
      epsilon: 0.5 * spread,
      gamma,
      eta,
    };
    const shareOfVolume = request.quantity / (request.averageDailyVolume * request.horizonDays);
    if (shareOfVolume > 0.25) {
      context.warn(
        'LARGE_ORDER',
        'The order is more than a quarter of the volume of its horizon: linear impact understates the cost.',
      );
    }
    const lambda = request.riskAversion ?? minimumValueAtRisk(problem, Z95).lambda;
    const plan = almgrenChriss(problem, lambda);
    const equal = almgrenChriss(problem, 0);
    const quantities = sliceByWeights(
      request.quantity,
      [...plan.trades].map((trade) => Math.max(trade, 0)),
      request.lotSize,
    );
    let remaining = request.quantity;
    const deviation = Math.sqrt(plan.variance);
    return {
      symbol: request.symbol ?? null,
      side: request.side,
      quantity: request.quantity,
      riskAversion: lambda,
      riskAversionSource: request.riskAversion === undefined ? ('least 95% cost' as const) : ('given' as const),
      expectedCost: plan.expectedCost,
      expectedCostBps: (1e4 * plan.expectedCost) / value,
      costDeviation: deviation,
      costAtRisk95: plan.expectedCost + Z95 * deviation,
      halfLifeDays: plan.halfLife,
      equalSlicesCost: equal.expectedCost,
      equalSlicesDeviation: Math.sqrt(equal.variance),
      squareRootImpactBps: squareRootImpactBps({
        quantity: request.quantity,
        averageDailyVolume: request.averageDailyVolume,
        dailyVolatility: request.dailyVolatility,
        coefficient: 1,
      }),
      permanentImpact: gamma,
      temporaryImpact: eta,
      shareOfVolume,
      schedule: quantities.map((quantity, i) => {
        remaining -= quantity;
        return { period: i + 1, quantity, remaining, equal: request.quantity / request.periods };
      }),
      frontier: frontier(problem, value),
    };
  },
  summarise: (output, cite) => [
    `${output.side} ${cite('quantity')}: expected cost ${cite('expectedCost')} (${cite('expectedCostBps')}), deviation ${cite('costDeviation')}, at 95% ${cite('costAtRisk95')}.`,
    `Equal slices would cost ${cite('equalSlicesCost')} with deviation ${cite('equalSlicesDeviation')}; the square-root rule says ${cite('squareRootImpactBps')}.`,
    `First period ${cite('schedule[0].quantity')}${output.halfLifeDays === null ? '' : `, half-life ${cite('halfLifeDays')}`}; the order is ${cite('shareOfVolume')} of the horizon's volume.`,
    `Risk aversion ${cite('riskAversion')} (${output.riskAversionSource}). Nothing is sent to a broker.`,
  ],
  chart: (output) => [
    {
      kind: 'xy',
      title: 'Shares left to trade',
      x: { label: 'period', numbers: [0, ...output.schedule.map((row) => row.period)], unit: 'count' },
      y: { label: 'shares', unit: 'quantity', zero: true },
      series: [
        {
          name: 'plan',
          values: [output.quantity, ...output.schedule.map((row) => row.remaining)],
          style: 'step',
          tone: 'accent',
        },
        {
          name: 'equal slices',
          values: [output.quantity, ...output.schedule.map((row) => output.quantity - row.equal * row.period)],
          style: 'dashed',
          tone: 'muted',
        },
      ],
    },
    {
      kind: 'xy',
      title: 'Cost against risk',
      x: { label: 'standard deviation of cost', numbers: output.frontier.map((row) => row.deviationBps), unit: 'bps' },
      y: { label: 'expected cost', unit: 'bps' },
      series: [
        {
          name: 'efficient schedules',
          values: output.frontier.map((row) => row.expectedCostBps),
          style: 'line',
          tone: 'accent',
        },
      ],
    },
  ],
  examples: [
    {
      ask: 'Sell a million shares at 50 over five days, 1.9% daily vol, 5 million a day',
      input: {
        quantity: 1_000_000,
        price: 50,
        dailyVolatility: 0.019,
        averageDailyVolume: 5_000_000,
        horizonDays: 5,
        periods: 5,
        spreadBps: 25,
        permanentImpact: 2.5e-7,
        temporaryImpact: 2.5e-6,
        riskAversion: 1e-6,
      },
      fixture: 'none',
      expect: { values: { expectedCost: 911226.9863037934, costDeviation: 603430.6688080587 }, tolerance: 1e-9 },
    },
    {
      ask: 'Work 15,000 shares at 40 today, 2% vol, adv 600k: what does it cost?',
      input: { side: 'buy', quantity: 15000, price: 40, dailyVolatility: 0.02, averageDailyVolume: 600_000 },
      fixture: 'none',
      expect: { warning: 'ASSUMED_IMPACT' },
    },
    {
      ask: 'Plan with a permanent impact far above the temporary one',
      input: {
        quantity: 1000,
        price: 10,
        dailyVolatility: 0.02,
        averageDailyVolume: 10_000,
        periods: 1,
        permanentImpact: 1,
        temporaryImpact: 1e-6,
      },
      fixture: 'none',
      expect: { error: 'INVALID_INPUT' },
    },
  ],
  assumptions: [
    'Linear permanent and temporary impact, arithmetic random walk without drift, the order known in advance.',
    'Continuous schedule rounded to lots by largest remainder; cost figures are of the continuous schedule.',
  ],
  references: ['Almgren & Chriss (2001), J. Risk 3(2):5, eq. 8–20', 'Grinold & Kahn (2000), ch. 16 (square root)'],
  cost: 'instant',
});

function frontier(problem: ExecutionProblem, value: number) {
  const centre = problem.eta / (problem.sigma ** 2 * problem.days ** 2);
  return Array.from({ length: 13 }, (_, i) => {
    const riskAversion = centre * 10 ** ((12 - i) / 3 - 1.5);
    const plan = almgrenChriss(problem, riskAversion);
    return {
      riskAversion,
      expectedCostBps: (1e4 * plan.expectedCost) / value,
      deviationBps: (1e4 * Math.sqrt(plan.variance)) / value,
      firstPeriodShare: (plan.trades[0] as number) / problem.shares,
    };
  });
}
