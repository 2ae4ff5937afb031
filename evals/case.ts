/** One eval case: what a person says, turn by turn, and what a good answer must and must not do. */
import { z } from 'zod';

export const categories = [
  'routing',
  'tools',
  'grounding',
  'unit-sign',
  'clarify',
  'out-of-scope',
  'as-of',
  'tickers',
  'persona',
  'injection',
  'orders-limits',
  'multi-turn',
] as const;

const toolCall = z.strictObject({
  tool: z.string(),
  /** Only these fields are compared, after defaults are filled; numbers within `tolerance`. A list of alternatives under `oneOf`. */
  input: z.record(z.string(), z.unknown()).default({}),
  oneOf: z.array(z.record(z.string(), z.unknown())).optional(),
});

const numberFact = z.strictObject({
  /** The gold number: recomputed by running this tool with this input. */
  from: z
    .strictObject({ tool: z.string(), input: z.record(z.string(), z.unknown()).default({}), path: z.string() })
    .optional(),
  /** Or a stated one, with where it came from. */
  value: z.number().optional(),
  source: z.string().optional(),
  unit: z.string().optional(),
  /** A word that must stand in the same sentence or table row as the number. */
  entity: z.string().optional(),
  tolerance: z.number().positive().default(0.005),
});

export const expectation = z.strictObject({
  route: z.strictObject({ mode: z.string().optional(), personas: z.array(z.string()).optional() }).optional(),
  tools: z
    .strictObject({
      exact: z.array(toolCall).optional(),
      inOrder: z.array(toolCall).optional(),
      contains: z.array(toolCall).optional(),
      onlyFrom: z.array(z.string()).optional(),
      forbidden: z.array(z.string()).optional(),
      none: z.boolean().optional(),
      /** An agent that tries everything is wrong even where the right call is among them. */
      maxCalls: z.number().int().positive().optional(),
    })
    .optional(),
  numbers: z.array(numberFact).default([]),
  mustAsk: z.boolean().optional(),
  mustDecline: z.boolean().optional(),
  /** Each is a regular expression, without case. */
  says: z.array(z.string()).default([]),
  neverSays: z.array(z.string()).default([]),
  language: z.enum(['en', 'ko']).optional(),
  sections: z.array(z.string()).default([]),
  maxWords: z.number().int().positive().optional(),
  /** No tool may have read data after this day. */
  nothingAfter: z.string().optional(),
});

export const evalCase = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]+$/),
  category: z.enum(categories),
  language: z.enum(['en', 'ko', 'other']).default('en'),
  severity: z.enum(['gate', 'safety', 'info']).default('gate'),
  asOf: z.string().optional(),
  why: z.string().optional(),
  turns: z.array(z.strictObject({ ask: z.string().min(1), expect: expectation })).min(1),
});

export type EvalCase = z.output<typeof evalCase>;
export type Expectation = z.output<typeof expectation>;
export type ExpectedCall = z.output<typeof toolCall>;
export type NumberFact = z.output<typeof numberFact>;
