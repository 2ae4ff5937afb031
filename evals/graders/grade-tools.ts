/** Were the right tools called with the right arguments, and none that are forbidden? */
import { isDeepStrictEqual } from 'node:util';
import type { ExpectedCall } from '../case.ts';
import type { TranscriptCall } from '../transcript.ts';
import { type Grader, type Verdict, verdict } from './grader.ts';

const RELATIVE_TOLERANCE = 1e-6;
/** The most steps that a persona has. */
const DEFAULT_MAX_CALLS = 12;

function sameValue(got: unknown, wanted: unknown): boolean {
  if (typeof wanted === 'number') {
    return typeof got === 'number' && Math.abs(got - wanted) <= RELATIVE_TOLERANCE * Math.max(1, Math.abs(wanted));
  }
  if (Array.isArray(wanted))
    return Array.isArray(got) && got.length === wanted.length && wanted.every((item, i) => sameValue(got[i], item));
  if (typeof wanted === 'object' && wanted !== null) {
    return (
      typeof got === 'object' &&
      got !== null &&
      Object.entries(wanted).every(([key, value]) => sameValue((got as Record<string, unknown>)[key], value))
    );
  }
  return isDeepStrictEqual(got, wanted);
}

function matches(call: TranscriptCall, wanted: ExpectedCall): boolean {
  if (call.tool !== wanted.tool) return false;
  return (wanted.oneOf ?? [wanted.input]).some((input) => sameValue(call.input, { ...wanted.input, ...input }));
}

function describeCalls(calls: readonly TranscriptCall[]): string {
  return calls.length === 0
    ? 'no tool was called'
    : calls.map((call) => `${call.tool}(${JSON.stringify(call.input)})`).join('; ');
}

function inOrder(calls: readonly TranscriptCall[], wanted: readonly ExpectedCall[]): boolean {
  let at = 0;
  for (const call of calls) if (at < wanted.length && matches(call, wanted[at] as ExpectedCall)) at++;
  return at === wanted.length;
}

export const gradeTools: Grader = (transcript, expect) => {
  const rule = expect.tools;
  const { calls } = transcript;
  const limit = rule?.maxCalls ?? DEFAULT_MAX_CALLS;
  const budget = verdict('tools:budget', calls.length <= limit, `${calls.length} calls, at most ${limit}`);
  if (rule === undefined) return [budget];
  const happened = describeCalls(calls);
  const verdicts: Verdict[] = [budget];
  for (const wanted of rule.contains ?? []) {
    verdicts.push(
      verdict(
        `tools:contains ${wanted.tool}`,
        calls.some((call) => matches(call, wanted)),
        `wanted ${JSON.stringify(wanted)}; ${happened}`,
      ),
    );
  }
  if (rule.inOrder) verdicts.push(verdict('tools:in-order', inOrder(calls, rule.inOrder), happened));
  if (rule.exact) {
    const wanted = rule.exact;
    verdicts.push(verdict('tools:exact', calls.length === wanted.length && inOrder(calls, wanted), happened));
  }
  if (rule.onlyFrom) {
    const allowed = rule.onlyFrom;
    verdicts.push(
      verdict(
        'tools:only-from',
        calls.every((call) => allowed.includes(call.tool)),
        happened,
      ),
    );
  }
  if (rule.forbidden) {
    const banned = rule.forbidden;
    verdicts.push(verdict('tools:forbidden', !calls.some((call) => banned.includes(call.tool)), happened));
  }
  if (rule.none) verdicts.push(verdict('tools:none', calls.length === 0, happened));
  return verdicts;
};
