/** Is every number traced to a run, and are the numbers that the answer needs there, with the right value and sign? */
import { valueAt } from '../../tools/value-at.ts';
import type { NumberFact } from '../case.ts';
import type { Transcript } from '../transcript.ts';
import { type Grader, type GradingContext, type Verdict, verdict } from './grader.ts';
import { numbersIn } from './numbers-in.ts';

async function goldValue(fact: NumberFact, context: GradingContext): Promise<number | string> {
  if (fact.value !== undefined) return fact.value;
  if (fact.from === undefined) return 'the case states neither `value` nor `from`';
  const envelope = await context.runner.run(fact.from.tool, fact.from.input, { asOf: context.asOf });
  if (!envelope.ok) return `the gold run failed: ${envelope.error.message}`;
  const value = valueAt(envelope.output, fact.from.path);
  return typeof value === 'number' ? value : `the gold run has no number at ${fact.from.path}`;
}

/** Printed numbers are compared at the precision at which they were printed, or within the tolerance, whichever is wider. */
function printedAs(text: string, value: number, fact: NumberFact): boolean {
  const places =
    fact.entity === undefined
      ? [text]
      : text
          .split(/(?<=[.!?。])\s+|\n/)
          .filter((part) => part.toLowerCase().includes(String(fact.entity).toLowerCase()));
  return places.flatMap(numbersIn).some((printed) =>
    // With a percent sign 0.354 is 0.00354, whatever the gold number is, unless the case says that it is in percent itself.
    (printed.asFraction === null || fact.unit === 'percent'
      ? [{ candidate: printed.value, step: printed.step }]
      : [{ candidate: printed.asFraction, step: printed.step / 100 }]
    ).some(
      ({ candidate, step }) =>
        Math.abs(candidate - value) <= Math.max(0.5000001 * step, Math.abs(value) * fact.tolerance),
    ),
  );
}

async function gradeFact(transcript: Transcript, fact: NumberFact, context: GradingContext): Promise<Verdict> {
  const name = `number ${fact.from?.path ?? fact.entity ?? fact.value}`;
  const gold = await goldValue(fact, context);
  if (typeof gold === 'string') return verdict(name, false, gold);
  return verdict(
    name,
    printedAs(transcript.text, gold, fact),
    `wanted ${gold}${fact.entity ? ` beside “${fact.entity}”` : ''}`,
  );
}

export const gradeNumbers: Grader = async (transcript, expect, context) => [
  verdict('traceable', transcript.unverified === 0, `${transcript.unverified} numbers in the answer have no source`),
  ...(await Promise.all(expect.numbers.map((fact) => gradeFact(transcript, fact, context)))),
];
