/** Input fields that the portfolio tools share, and how they are read. Annual units throughout. */
import { z } from 'zod';
import { invalidInput } from '../../lib/errors.ts';
import { isoDate, units } from '../../lib/units.ts';

export const covarianceMethods = [
  'ledoit-wolf',
  'ledoit-wolf-constant-correlation',
  'ledoit-wolf-single-factor',
  'oas',
  'sample',
  'ewma',
  'marchenko-pastur',
] as const;
export type CovarianceMethod = (typeof covarianceMethods)[number];

export const expectedReturnMethods = ['shrunk', 'historical', 'capm'] as const;
export type ExpectedReturnMethod = (typeof expectedReturnMethods)[number];

const perAsset = <Value extends z.ZodType>(value: Value, description: string) =>
  z
    .union([z.array(value).max(500), z.record(z.string(), value)])
    .optional()
    .describe(`${description}; a list in the order of the assets, or an object by asset`);

export const universeFields = {
  symbols: z
    .array(z.string().max(40))
    .min(1)
    .max(100)
    .optional()
    .describe('Symbols whose prices are read from the store'),
  assets: z
    .array(z.string().max(60))
    .max(500)
    .optional()
    .describe('Names of assets whose covariance (and expected returns) are given; use instead of symbols'),
  expectedReturns: perAsset(units.annualReturn('expected return'), 'Expected annual returns'),
  covariance: z
    .array(z.array(units.variance('annual covariance')).max(500))
    .max(500)
    .optional()
    .describe('Annual covariance, one row per asset'),
  volatilities: perAsset(
    units.annualVol('volatility'),
    'Annual volatilities, with `correlation` instead of `covariance`',
  ),
  correlation: z
    .array(z.array(units.correlation('correlation')).max(500))
    .max(500)
    .optional()
    .describe('Correlation matrix, with `volatilities`'),
  covarianceMethod: z
    .enum(covarianceMethods)
    .default('ledoit-wolf')
    .describe('How the covariance is estimated from prices'),
  expectedReturnsMethod: z
    .enum(expectedReturnMethods)
    .default('shrunk')
    .describe('How expected returns are estimated from prices when none are given'),
  ewmaDecay: units.fraction('weight of yesterday in the ewma covariance').min(0.5).max(0.9999).default(0.94),
  marketPremium: units.annualReturn('return of the market over cash, for capm').default(0.05),
  periodsPerYear: units.count('periods a year; default from the calendar of the symbols').min(1).max(366).optional(),
  lookback: units.count('how many of the last periods to use').min(10).max(10000).optional(),
  start: isoDate('first day of the history').optional(),
  end: isoDate('last day of the history').optional(),
  asOf: isoDate('nothing after this day is used').optional(),
  riskFreeRate: units.rate('annual risk-free rate').min(-0.1).max(1).default(0.03),
};

export const limitFields = {
  minWeight: units.fraction('least weight of each asset; negative allows shorts').min(-10).max(1).default(0),
  maxWeight: units.fraction('most weight of each asset').min(-10).max(10).default(1),
  minWeights: z
    .record(z.string(), units.fraction('least weight'))
    .optional()
    .describe('Least weight by asset, instead of minWeight'),
  maxWeights: z
    .record(z.string(), units.fraction('most weight'))
    .optional()
    .describe('Most weight by asset, instead of maxWeight'),
  sectors: perAsset(z.string().max(60), 'Sector of each asset; read from the store for symbols'),
  sectorCaps: z
    .record(z.string(), units.fraction('most weight of the sector'))
    .optional()
    .describe('Most weight by sector'),
  sectorFloors: z
    .record(z.string(), units.fraction('least weight of the sector'))
    .optional()
    .describe('Least weight by sector'),
  groups: z
    .array(
      z.strictObject({
        name: z.string().max(60).describe('Name of the group'),
        assets: z.array(z.string().max(60)).min(1).max(500).describe('Its assets'),
        minWeight: units.fraction('least weight of the group').optional(),
        maxWeight: units.fraction('most weight of the group').optional(),
      }),
    )
    .max(50)
    .optional()
    .describe('Limits on the weight of any group of assets'),
  allowCash: z
    .boolean()
    .default(false)
    .describe('True lets a part stay in cash at the risk-free rate; otherwise all is invested'),
  shortLimit: units.fraction('largest sum of short positions, a positive number').min(0).max(10).optional(),
  grossLimit: units.fraction('largest sum of absolute weights').min(0.01).max(20).optional(),
  currentWeights: perAsset(units.fraction('weight now'), 'Weights held now, for turnover and costs'),
  turnoverLimit: units
    .fraction('most one-way turnover: half the sum of absolute weight changes')
    .min(0)
    .max(10)
    .optional(),
  costBps: units.bps('cost of trading, in basis points of the traded value').min(0).max(2000).optional(),
  impactCoefficient: units
    .coefficient('quadratic cost: this number times the squared weight change')
    .min(0)
    .max(100)
    .optional(),
  costHorizonYears: units
    .years('years over which trading costs are spread when they are set against returns')
    .min(0.02)
    .max(30)
    .default(1),
  portfolioValue: units.money('value of the portfolio, for the liquidity limit').min(0).optional(),
  maxVolumeShare: units
    .fraction('most of the average daily money volume that one trade may be; needs portfolioValue')
    .min(0.0001)
    .max(5)
    .optional(),
};

export type PerAsset<T> = readonly T[] | Readonly<Record<string, T>>;

/** A list in asset order from either spelling; `fallback` for assets that an object leaves out (undefined: refuse). */
export function readPerAsset<T>(
  field: string,
  given: PerAsset<T>,
  assets: readonly string[],
  fallback?: T,
): readonly T[] {
  if (Array.isArray(given)) {
    if (given.length !== assets.length) {
      throw invalidInput({
        what: `\`${field}\``,
        needed: `${assets.length} entries, one per asset`,
        got: `${given.length} entries`,
        hint: 'Give one entry per asset, or an object by asset name.',
      });
    }
    return given as readonly T[];
  }
  const record = given as Readonly<Record<string, T>>;
  const unknown = Object.keys(record).find((name) => !assets.includes(name));
  if (unknown !== undefined) {
    throw invalidInput({
      what: `\`${field}\``,
      needed: `an object whose keys are among ${assets.slice(0, 12).join(', ')}`,
      got: unknown,
      hint: 'Use the names exactly as in `symbols` or `assets`.',
    });
  }
  return assets.map((asset) => {
    const value = record[asset] ?? fallback;
    if (value === undefined)
      throw invalidInput({
        what: `\`${field}\``,
        needed: `given for ${asset}`,
        got: 'nothing',
        hint: 'Add the missing asset, or give a list in the order of the assets.',
      });
    return value;
  });
}
