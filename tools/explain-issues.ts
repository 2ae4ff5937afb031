/** Turns zod's issues about a tool's input into one message: what was needed, what arrived, what to do next. */
import type { z } from 'zod';
import { invalidInput, TradewindError } from '../lib/errors.ts';
import { nearest } from '../lib/nearest.ts';

const SHOWN = 4;

function describeValue(value: unknown): string {
  if (value === undefined) return 'missing';
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined,
    input,
  );
}

function explainIssue(issue: z.core.$ZodIssue, input: unknown, fields: readonly string[]): string {
  const where = issue.path.length === 0 ? 'the input' : `\`${issue.path.map(String).join('.')}\``;
  if (issue.code === 'unrecognized_keys') {
    return issue.keys
      .map((key) => {
        const close = nearest(key, fields, 1)[0];
        return `\`${key}\` is not a field${issue.path.length === 0 ? '' : ` of ${where}`}${close === undefined ? '' : `; did you mean \`${close}\`?`}`;
      })
      .join('; ');
  }
  const arrived = valueAt(input, issue.path);
  const needed = issue.message.replace(/^Invalid input: /, '').replace(/, received .*$/, '');
  return `${where}: ${needed}, but it is ${describeValue(arrived)}`;
}

/** The error for an input that does not fit a tool's schema. */
export function explainIssues(
  tool: string,
  error: z.ZodError,
  input: unknown,
  fields: readonly string[],
): TradewindError {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    return invalidInput({
      what: `The input of ${tool}`,
      needed: 'one JSON object',
      got: describeValue(input),
      hint: `Fields: ${fields.join(', ')}.`,
    });
  }
  const messages = error.issues.slice(0, SHOWN).map((issue) => explainIssue(issue, input, fields));
  const more = error.issues.length - messages.length;
  return new TradewindError({
    code: 'INVALID_INPUT',
    kind: 'input',
    message: `The input of ${tool} does not fit: ${messages.join('; ')}${more > 0 ? `; and ${more} more` : ''}.`,
    hint: `Fields of ${tool}: ${fields.join(', ')}. See \`tradewind tool describe ${tool}\`.`,
    details: { fields: error.issues.map((issue) => issue.path.map(String).join('.')).slice(0, SHOWN) },
  });
}
