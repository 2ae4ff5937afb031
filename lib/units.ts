/**
 * Units of numbers. Every numeric leaf of a tool's input and output is made here, so that its unit is known to
 * the schema reader, the documentation and the formatter that prints it in an answer.
 *
 * The unit lives in a registry of its own instead of `.meta()`, because `.meta()` keys leak into JSON Schema and
 * some model providers refuse unknown keywords.
 */
import { z } from 'zod';

/** How a unit is described to a reader of a schema. The formatter in `lib/format.ts` says how it is printed. */
export const unitCatalogue = {
  fraction: 'decimal fraction, 0.01 = 1%',
  rate: 'annual rate as a decimal fraction, 0.03 = 3% a year',
  annualReturn: 'annualised return as a decimal fraction',
  annualVol: 'annualised volatility as a decimal fraction, 0.2 = 20%',
  dailyVol: 'volatility per day as a decimal fraction',
  variance: 'variance of decimal returns',
  volPoints: 'volatility points, 20 = 20% a year',
  probability: 'probability between 0 and 1',
  correlation: 'correlation between -1 and 1',
  percentagePoints: 'percentage points',
  bps: 'basis points, 1 = 0.01%',
  ratio: 'dimensionless ratio',
  statistic: 'test statistic',
  coefficient: 'model coefficient in the units that its description names',
  logLikelihood: 'natural log-likelihood',
  information: 'information criterion (lower is better)',
  money: 'money in the currency that the result names',
  price: 'price in the quoted currency',
  quantity: 'number of units, shares or contracts',
  count: 'count',
  index: 'position, counted from 0',
  days: 'days',
  years: 'years',
  seconds: 'seconds',
  bytes: 'bytes',
} as const;

export type Unit = keyof typeof unitCatalogue;

const unitRegistry = z.registry<{ unit: Unit }>();

function unitNumber(unit: Unit) {
  return (description: string): z.ZodNumber =>
    z.number().describe(`${description} (${unitCatalogue[unit]})`).register(unitRegistry, { unit });
}

function unitInteger(unit: Unit) {
  return (description: string): z.ZodNumber =>
    z.number().int().describe(`${description} (${unitCatalogue[unit]})`).register(unitRegistry, { unit });
}

/** Number schemas by unit: `units.fraction('weight of the asset')`. Chain `.min()`, `.max()`, `.default()` after it. */
export const units = {
  fraction: unitNumber('fraction'),
  rate: unitNumber('rate'),
  annualReturn: unitNumber('annualReturn'),
  annualVol: unitNumber('annualVol'),
  dailyVol: unitNumber('dailyVol'),
  variance: unitNumber('variance'),
  volPoints: unitNumber('volPoints'),
  probability: unitNumber('probability'),
  correlation: unitNumber('correlation'),
  percentagePoints: unitNumber('percentagePoints'),
  bps: unitNumber('bps'),
  ratio: unitNumber('ratio'),
  statistic: unitNumber('statistic'),
  coefficient: unitNumber('coefficient'),
  logLikelihood: unitNumber('logLikelihood'),
  information: unitNumber('information'),
  money: unitNumber('money'),
  price: unitNumber('price'),
  quantity: unitNumber('quantity'),
  count: unitInteger('count'),
  index: unitInteger('index'),
  days: unitNumber('days'),
  years: unitNumber('years'),
  seconds: unitNumber('seconds'),
  bytes: unitInteger('bytes'),
} as const satisfies Record<Unit, (description: string) => z.ZodNumber>;

/** An ISO calendar date, `2020-02-28`. */
export function isoDate(description: string): z.ZodString {
  return z
    .string()
    .regex(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, 'must be an ISO date such as 2020-02-28')
    .describe(`${description} (ISO date)`);
}

/** The unit of a number schema, or undefined where it has none. Looks through optional, nullable and default. */
export function unitOf(schema: z.ZodType): Unit | undefined {
  const own = unitRegistry.get(schema);
  if (own) return own.unit;
  const inner = innerType(schema);
  return inner === undefined ? undefined : unitOf(inner);
}

/** The schema inside optional, nullable, default and readonly wrappers; undefined when there is no wrapper. */
export function innerType(schema: z.ZodType): z.ZodType | undefined {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodReadonly
  ) {
    return schema.unwrap() as z.ZodType;
  }
  return undefined;
}
