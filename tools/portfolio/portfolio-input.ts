/** Input fields that the portfolio tools share, and how they are read. Annual units throughout. */
import { z } from 'zod';
import { invalidInput } from '../../lib/errors.ts';
import { units } from '../../lib/units.ts';

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

/** A list in asset order or an object by asset: people write either. */
export const perAsset = <Value extends z.ZodType>(value: Value, description: string) =>
  z
    .union([z.array(value).max(500), z.record(z.string(), value)])
    .optional()
    .describe(`${description}: list in asset order or object by asset`);

const square = (value: z.ZodNumber, description: string) =>
  z.array(z.array(value).max(500)).max(500).optional().describe(description);

export const universeFields = {
  symbols: z.array(z.string()).min(1).max(100).optional().describe('Symbols with prices in the store'),
  assets: z.array(z.string()).max(500).optional().describe('Names, when covariance or volatilities are given'),
  expectedReturns: perAsset(units.annualReturn('mean').min(-1).max(100), 'Expected returns'),
  covariance: square(units.variance('annual').min(-100).max(100), 'Annual covariance'),
  volatilities: z
    .array(units.annualVol('volatility').min(0).max(10))
    .max(500)
    .optional()
    .describe('Instead of covariance, with correlation'),
  correlation: square(units.correlation('ρ'), 'Correlation matrix; uncorrelated if left out'),
  covarianceMethod: z.enum(covarianceMethods).default('ledoit-wolf').describe('Estimator for symbols'),
  expectedReturnsMethod: z.enum(expectedReturnMethods).default('shrunk').describe('Estimator for symbols'),
  periodsPerYear: units.count('default from the calendar').min(1).max(366).optional(),
  lookback: units.count('last periods used').min(10).max(10000).optional(),
  start: z.string().optional().describe('First day (ISO)'),
  end: z.string().optional().describe('Last day (ISO)'),
  asOf: z.string().optional().describe('Nothing later is used (ISO)'),
  riskFreeRate: units.rate('cash').min(-0.1).max(1).default(0.03),
};

export const limitFields = {
  minWeight: units
    .fraction('least weight; negative allows shorts; with maxNames: of held names')
    .min(-10)
    .max(1)
    .default(0),
  maxWeight: units.fraction('most weight').min(0).max(10).default(1),
  sectors: perAsset(z.string(), 'Sector'),
  sectorCaps: z.record(z.string(), units.fraction('cap')).optional().describe('Most weight by sector'),
  groups: z
    .array(
      z.strictObject({
        name: z.string().describe('Name'),
        assets: z.array(z.string()).min(1).max(500).describe('Members'),
        minWeight: units.fraction('least').optional(),
        maxWeight: units.fraction('most').optional(),
      }),
    )
    .max(500)
    .optional()
    .describe('Limits on sums of weights; one member limits one asset'),
  allowCash: z.boolean().default(false).describe('Weights may sum to less than one'),
};

export const tradeFields = {
  shortLimit: units.fraction('most Σ of shorts').min(0).max(10).optional(),
  grossLimit: units.fraction('most Σ|weight|').min(0.01).max(20).optional(),
  currentWeights: perAsset(units.fraction('held'), 'Weights now'),
  turnoverLimit: units.fraction('most ½Σ|change|').min(0).max(10).optional(),
  costBps: units.bps('cost of trading, set against one year of return').min(0).max(2000).optional(),
  impactCoefficient: units.coefficient('quadratic cost per squared change').min(0).max(100).optional(),
  portfolioValue: units.money('for maxVolumeShare').min(0).optional(),
  maxVolumeShare: units.fraction('most of a day of volume a trade may be').min(0.0001).max(5).optional(),
};

export const conflictSchema = z.object({
  constraint: z.string().describe('Limit'),
  limit: units.coefficient('now'),
  needed: units.coefficient('enough, if only it changed').nullable(),
});

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
