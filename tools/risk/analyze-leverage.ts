/** The same exposure by margin, futures and options: financing, drawdown, margin calls, ruin, and the leverage that grows fastest. */
import { z } from 'zod';
import { units } from '../../lib/units.ts';
import { defineTool } from '../define-tool.ts';
import { blackScholes } from '../kernels/options/black-scholes.ts';
import { analyzeLeveredGrowth, marginCallFall } from '../kernels/risk/leverage.ts';
import { simulatePortfolio } from '../kernels/risk/monte-carlo.ts';
import { quantile } from '../kernels/stats/quantile.ts';

const input = z.strictObject({
  leverage: units.ratio('exposure as a multiple of capital').positive().max(50),
  expectedReturn: units.annualReturn('expected return of the asset, unlevered').min(-1).max(10),
  volatility: units.annualVol('volatility of the asset').min(0.001).max(5),
  capital: units.money('own capital').positive().max(1e15).default(100_000),
  horizonDays: units.days('trading days').int().min(1).max(2520).default(252),
  borrowingRate: units.rate('rate of a margin loan').min(-0.5).max(2).default(0.06),
  riskFreeRate: units.rate('rate of cash').min(-0.5).max(2).default(0.03),
  futuresSpread: units.rate('financing of futures above cash').min(-0.5).max(2).default(0.003),
  maintenanceMargin: units.fraction('least equity of a margin account').min(0).max(0.9).default(0.25),
  optionVolatility: units
    .annualVol('implied volatility of options; the asset volatility where left out')
    .positive()
    .max(5)
    .optional(),
  moneyness: units.ratio('strike over spot of the call').min(0.3).max(2).default(1),
  ruinLevel: units.fraction('share of capital that counts as ruin').min(0.01).max(0.99).default(0.5),
  maximumGrossExposure: units.ratio('limit of Article 2').positive().default(1),
  seed: units.count('seed of the simulation').min(0).default(42),
});

const route = z.object({
  route: z.enum(['unlevered', 'margin', 'futures', 'options']),
  exposure: units.money('value of the asset that is controlled'),
  financingRate: units.rate('cost of what is borrowed, also inside futures and option prices').nullable(),
  financingCost: units.money('cost of financing over the horizon (options: time value paid)'),
  expectedReturn: units.annualReturn('expected return on capital').nullable(),
  volatility: units.annualVol('of capital at the start').nullable(),
  growth: units.annualReturn('median growth rate of capital').nullable(),
  ruinProbability: units.probability('chance to fall to the ruin level within the horizon').nullable(),
  lossLimit: units.money('most that can be lost').nullable(),
  marginCallFall: units.fraction('fall of the asset that triggers a margin call').nullable(),
  medianMaxDrawdown: units.fraction('median of the deepest fall over the horizon').nullable(),
  worstDrawdown95: units.fraction('deepest fall in the worst 5% of paths').nullable(),
  note: z.string(),
});

const output = z.object({
  routes: z.array(route),
  kellyLeverage: units.ratio('leverage with the highest growth, at the margin rate'),
  halfKellyLeverage: units.ratio('half of it'),
  growthAtKelly: units.annualReturn('growth there'),
  breakEvenLeverage: units.ratio('leverage beyond which growth is below cash; null where none is below').nullable(),
  aboveLimit: z.boolean().describe('more than the constitution allows'),
  paths: units.count('simulated paths behind the drawdowns'),
  horizonYears: units.years('horizon'),
});

type Input = z.output<typeof input>;
const PATHS = 4000;

export const analyzeLeverage = defineTool({
  name: 'analyze_leverage',
  title: 'Analyse leverage',
  family: 'risk',
  version: 1,
  description:
    'Compares the same leverage taken by a margin loan, by futures and by call options with no leverage: exposure, financing, expected and median growth, drawdown, margin call and probability of ruin, beside the Kelly leverage. Use it for "what does 2x do", "margin or futures", "how likely is ruin". Use size_position for one position without borrowing, analyze_option_strategy for option payoffs.',
  input,
  output,
  run: (value, _data, context) => {
    const years = value.horizonDays / 252;
    const grow = (leverage: number, financingRate: number) =>
      analyzeLeveredGrowth({
        leverage,
        mean: value.expectedReturn,
        volatility: value.volatility,
        financingRate,
        years,
        ruinLevel: value.ruinLevel,
      });
    const drawdowns = (leverage: number, financingRate: number): readonly [number, number] => {
      const { maxDrawdown } = simulatePortfolio(
        {
          weights: Float64Array.of(leverage),
          mean: Float64Array.of(value.expectedReturn / 252),
          covariance: Float64Array.of(value.volatility ** 2 / 252),
          days: value.horizonDays,
          paths: PATHS,
          rebalance: 'daily',
          cashReturn: financingRate / 252,
        },
        context.rng.fork(`leverage ${leverage} ${financingRate}`),
      );
      return [quantile(maxDrawdown, 0.5), quantile(maxDrawdown, 0.05)];
    };
    const linear = (name: 'unlevered' | 'margin' | 'futures', leverage: number, rate: number, note: string) => {
      const result = grow(leverage, rate);
      const [median, worst] = drawdowns(leverage, rate);
      return {
        route: name,
        exposure: leverage * value.capital,
        financingRate: leverage > 1 ? rate : null,
        financingCost: Math.max(0, leverage - 1) * value.capital * rate * years,
        expectedReturn: result.expectedReturn,
        volatility: result.volatility,
        growth: result.growth,
        ruinProbability: result.ruinProbability,
        lossLimit: leverage <= 1 ? value.capital : null,
        marginCallFall: name === 'margin' ? marginCallFall(leverage, value.maintenanceMargin) : null,
        medianMaxDrawdown: median,
        worstDrawdown95: worst,
        note,
      };
    };
    const futuresRate = value.riskFreeRate + value.futuresSpread;
    const margin = grow(value.leverage, value.borrowingRate);
    const sharpe = (value.expectedReturn - value.borrowingRate) / value.volatility;
    if (value.leverage > value.maximumGrossExposure) {
      context.warn('ABOVE_LEVERAGE_LIMIT', `Article 2 allows ${value.maximumGrossExposure} times the capital.`);
    }
    return {
      routes: [
        linear('unlevered', 1, value.riskFreeRate, 'Own capital only.'),
        linear('margin', value.leverage, value.borrowingRate, 'A loan; kept at the leverage by trading daily.'),
        linear(
          'futures',
          value.leverage,
          futuresRate,
          'Financing is inside the futures price; daily settlement in cash.',
        ),
        optionRoute(value, years),
      ],
      kellyLeverage: margin.kellyLeverage,
      halfKellyLeverage: margin.kellyLeverage / 2,
      growthAtKelly: margin.growthAtKelly,
      breakEvenLeverage: sharpe > 0 ? breakEven(value) : null,
      aboveLimit: value.leverage > value.maximumGrossExposure + 1e-9,
      paths: PATHS,
      horizonYears: years,
    };
  },
  summarise: (result, cite) => [
    ...result.routes
      .filter((r) => r.growth !== null)
      .map((r) => {
        const i = result.routes.indexOf(r);
        return `${r.route}: median growth ${cite(`routes[${i}].growth`)}, volatility ${cite(`routes[${i}].volatility`)}, median drawdown ${cite(`routes[${i}].medianMaxDrawdown`)}, ruin ${cite(`routes[${i}].ruinProbability`)}`;
      }),
    ...result.routes
      .filter((r) => r.route === 'options')
      .map((r) => {
        const i = result.routes.indexOf(r);
        return `options: premium at risk ${cite(`routes[${i}].lossLimit`)}, time value ${cite(`routes[${i}].financingCost`)}`;
      }),
    `Kelly leverage ${cite('kellyLeverage')}, half ${cite('halfKellyLeverage')}, growth there ${cite('growthAtKelly')}`,
    ...(result.aboveLimit ? ['More than Article 2 of the constitution allows.'] : []),
  ],
  examples: [
    {
      ask: 'What does 2x leverage on an asset with 8% return and 16% volatility do?',
      input: { leverage: 2, expectedReturn: 0.08, volatility: 0.16, borrowingRate: 0.04 },
      fixture: 'none',
      expect: { values: { kellyLeverage: 1.5625, aboveLimit: true }, tolerance: 1e-9 },
    },
    {
      ask: 'Leverage of minus two',
      input: { leverage: -2, expectedReturn: 0.08, volatility: 0.16 },
      fixture: 'none',
      expect: { error: 'INVALID_INPUT' },
    },
  ],
  assumptions: [
    'Geometric Brownian motion with constant mean and volatility: real falls are faster and larger, so ruin is understated.',
    'Margin and futures are kept at the leverage every day; a loan of fixed size is called at the fall shown.',
    'Options: one European call per unit of exposure at the horizon, delta-matched to the exposure, by Black–Scholes–Merton.',
  ],
  references: [
    'Merton (1969), Lifetime portfolio selection under uncertainty, eq. 29',
    'Karatzas & Shreve (1991), Brownian Motion and Stochastic Calculus, §3.5.C',
    'Black & Scholes (1973), eq. 13',
  ],
  cost: 'seconds',
});

/** Growth over cash is zero at this leverage: the far root of f + L(μ−f) − ½L²σ² = r. */
function breakEven(value: Input): number {
  const a = 0.5 * value.volatility ** 2;
  const b = value.expectedReturn - value.borrowingRate;
  const root = b * b + 4 * a * (value.borrowingRate - value.riskFreeRate);
  return (b + Math.sqrt(Math.max(0, root))) / (2 * a);
}

function optionRoute(value: Input, years: number): z.input<typeof route> {
  const strike = 100 * value.moneyness;
  const call = blackScholes({
    right: 'call',
    spot: 100,
    strike,
    years,
    rate: value.riskFreeRate,
    dividendYield: 0,
    volatility: value.optionVolatility ?? value.volatility,
  });
  // Units of the asset whose calls have the wanted exposure today.
  const exposure = value.leverage * value.capital;
  const premium = (exposure / 100 / call.delta) * call.price;
  const intrinsic = (exposure / 100 / call.delta) * Math.max(0, 100 - strike);
  return {
    route: 'options',
    exposure,
    financingRate: null,
    financingCost: premium - intrinsic,
    expectedReturn: null,
    volatility: value.leverage * value.volatility,
    growth: null,
    ruinProbability: null,
    lossLimit: Math.min(premium, value.capital),
    marginCallFall: null,
    medianMaxDrawdown: null,
    worstDrawdown95: null,
    note:
      premium > value.capital
        ? 'The premium is more than the capital: this exposure cannot be bought with these options.'
        : 'No margin call; the premium can be lost whole, and the exposure changes with delta.',
  };
}
