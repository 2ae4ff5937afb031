/** `npx tsx graph/testing/measure-routing.ts`: how many of the hundred own questions are routed right. No tool is run. */

import { languageOf } from '../language.ts';
import { createBrain } from '../models/embedded/brain.ts';
import { type Understood, understandMessage } from '../models/embedded/understand.ts';
import { ownQuestions } from './own-questions.ts';
import { testParts } from './test-desk.ts';

export function outcomeOf(part: Understood): string {
  if (part.concept !== null) return 'concept';
  if (part.intent?.id === 'help') return 'help';
  if (part.mode === 'collective') return 'collective';
  if (part.mode === 'decline' || part.plan === null) return 'decline';
  if (part.plan.kind === 'ask') return 'clarify';
  return part.plan.kind === 'call' ? part.plan.calls.map((call) => call.tool).join('+') : 'say';
}

export async function measureRouting(): Promise<{ readonly right: number; readonly wrong: readonly string[] }> {
  const parts = testParts();
  const brain = createBrain(parts);
  const wrong: string[] = [];
  let right = 0;
  for (const { ask, expect } of ownQuestions) {
    const context = {
      asOf: '2025-12-31',
      language: languageOf(ask),
      previousCalls: [],
      previousText: '',
      previousMemo: {},
    };
    const understood = await understandMessage(ask, context, brain);
    const outcomes = understood.map(outcomeOf);
    const ids = understood.map((part) => part.intent?.tools[0] ?? '');
    const accepted = expect.split('|');
    const ok = accepted.some(
      (one) =>
        outcomes.some((outcome) => outcome.includes(one)) ||
        (one !== 'clarify' && one !== 'decline' && ids.includes(one)),
    );
    if (ok) right += 1;
    else
      wrong.push(
        `${ask} → ${outcomes.join(' & ')} [${understood.map((part) => part.intent?.id ?? part.concept?.id).join()}], expected ${expect}`,
      );
  }
  return { right, wrong };
}
