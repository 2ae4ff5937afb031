/** A number derived from other numbers: the only way for a writer to compute. */
import { z } from 'zod';
import { type Unit, unitCatalogue, units } from '../../lib/units.ts';
import { defineTool } from '../define-tool.ts';
import { evaluateExpression, functionNames, MAX_CHARACTERS } from './evaluate-expression.ts';

const unitNames = Object.keys(unitCatalogue) as [Unit, ...Unit[]];

export const calculate = defineTool({
  name: 'calculate',
  title: 'Calculate',
  family: 'market',
  version: 1,
  description:
    'Computes one number from an expression over numbers and handles of earlier results. Use it for every derived figure (a difference, a ratio, an average, an amount of money), because answers may hold only recorded numbers. For statistics of price series use get_prices, for portfolio figures the portfolio and risk tools.',
  input: z.strictObject({
    expression: z
      .string()
      .trim()
      .min(1)
      .max(MAX_CHARACTERS)
      .describe(
        `Arithmetic over numbers and the names in \`values\`: + - * / ^ %, comparisons, a ? b : c, and ${functionNames.join(' ')}. \`log\` is the natural logarithm.`,
      ),
    values: z
      .record(
        z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,39}$/, 'a name of letters, digits and _'),
        units.coefficient('value of the name'),
      )
      .refine((record) => Object.keys(record).length <= 60, 'at most 60 values')
      .default({})
      .describe('Named numbers that the expression uses, such as {"sharpe": 0.8}'),
    unit: z
      .enum(unitNames)
      .default('coefficient')
      .describe('What the result is, so that it is printed well: fraction, money, ratio, days …'),
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/, 'a currency code such as USD')
      .optional()
      .describe('Of a result in money'),
  }),
  output: z.object({
    expression: z.string().describe('The expression as it was read'),
    value: units.coefficient('the result, in the unit named by `unit`'),
    unit: z.enum(unitNames).describe('The unit of the result'),
  }),
  async run(input) {
    const value = await evaluateExpression(input.expression, input.values);
    // -0 and 0 are one number to a reader.
    return { expression: input.expression, value: value + 0, unit: input.unit };
  },
  summarise: (output, cite) => [`${output.expression} = ${cite('value')} (${unitCatalogue[output.unit]})`],
  examples: [
    {
      ask: 'By how much does the second Sharpe ratio beat the first?',
      input: { expression: '(b - a) / a', values: { a: 0.8, b: 1 }, unit: 'fraction' },
      fixture: 'none',
      expect: { values: { value: 0.25 }, tolerance: 1e-15 },
    },
    {
      ask: 'What is 38% of a 250,000 dollar portfolio?',
      input: { expression: '0.38 * 250000', unit: 'money', currency: 'USD' },
      fixture: 'none',
      expect: { values: { value: 95000 }, tolerance: 1e-9 },
    },
    {
      ask: 'Divide the return by a volatility of zero.',
      input: { expression: 'r / v', values: { r: 0.1, v: 0 } },
      fixture: 'none',
      expect: { error: 'NOT_A_NUMBER' },
    },
    {
      ask: 'Evaluate import("fs").',
      input: { expression: 'import("fs")' },
      fixture: 'none',
      expect: { error: 'INVALID_EXPRESSION' },
    },
  ],
  assumptions: ['Double-precision arithmetic; comparisons give 1 or 0.'],
  references: ['IEEE 754-2019, binary64 arithmetic'],
  cost: 'instant',
});
