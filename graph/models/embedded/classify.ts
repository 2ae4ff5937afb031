/** The cheap first step of routing: who should answer, by the same rules that the embedded model answers with. */
import type { DeskParts } from '../../desk-parts.ts';
import type { Classifier } from '../../nodes/route.ts';
import type { Assignment, DeskState, Route } from '../../state.ts';
import { createBrain } from './brain.ts';
import { notUnderstood } from './compose.ts';
import { type Context, type Understood, understandMessage } from './understand.ts';

export function createClassifier(parts: DeskParts): Classifier {
  const brain = createBrain(parts);
  return async (state) => {
    const text = state.input?.text ?? '';
    const understood = await understandMessage(text, contextOf(state), brain);
    const first = understood[0];
    if (first === undefined) return route('decline', [], 'empty');
    if (understood.length === 1) return single(first, text, brain);
    return severalRoute(understood, text);
  };
}

function contextOf(state: DeskState): Context {
  const last = state.transcript.at(-1);
  return {
    asOf: state.input?.asOf ?? '',
    language: state.input?.language ?? 'en',
    previousCalls: state.transcript.findLast((turn) => turn.calls.length > 0)?.calls ?? [],
    previousText: last?.text ?? '',
    previousMemo: last?.memo ?? {},
  };
}

function single(part: Understood, text: string, brain: Parameters<typeof notUnderstood>[1]): Route {
  if (part.persona === null)
    return { ...route('decline', [], 'no intent recognised'), reply: notUnderstood(part, brain) };
  const reason = part.intent?.id ?? (part.concept === null ? 'follow-up' : `concept ${part.concept.id}`);
  if (part.mode === 'collective') {
    const strategies = ['vol_harvester', 'carry_strategist', 'mean_reversion', 'momentum'];
    return route(
      'collective',
      strategies.map((persona) => ({ persona, question: text })),
      reason,
    );
  }
  if (part.mode === 'decline' && part.plan?.kind === 'say')
    return { ...route('decline', [], reason), reply: part.plan.text };
  const mode = part.plan?.kind === 'ask' ? 'clarify' : part.mode;
  const made = route(mode, [{ persona: part.persona, question: text }], reason);
  return part.plan?.kind === 'ask' ? { ...made, missing: part.plan.missing, reply: part.plan.question } : made;
}

/** Neighbouring questions of one persona stay together; each persona gets its own words. */
function severalRoute(parts: readonly Understood[], text: string): Route {
  const assignments: Assignment[] = [];
  for (const part of parts) {
    const persona = part.persona ?? assignments.at(-1)?.persona ?? 'ml_quant';
    const known = assignments.findIndex((assignment) => assignment.persona === persona);
    const before = assignments[known];
    if (before === undefined) assignments.push({ persona, question: part.question.text });
    else assignments[known] = { persona, question: `${before.question}\n${part.question.text}` };
  }
  if (assignments.length === 1)
    return route(
      'single',
      [{ persona: assignments[0]?.persona ?? 'ml_quant', question: text }],
      'several questions for one persona',
    );
  return route('several', assignments, 'several questions');
}

function route(mode: Route['mode'], assignments: readonly Assignment[], reason: string): Route {
  return { mode, assignments, reply: '', missing: [], reason };
}
