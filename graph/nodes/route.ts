/** Two steps: the embedded classifier proposes; a real model, where one is configured, decides with structured output. */
import { HumanMessage, SystemMessage } from '@langchain/core/messages';
import { z } from 'zod';
import { addUsage, estimateTokens, noUsage, reserve, usageOf } from '../act/budget.ts';
import { type DeskParts, defaultLimits, type RuntimeOf } from '../desk-parts.ts';
import { callModel, type ModelTool } from '../models/call-model.ts';
import { describeError } from '../results.ts';
import type { DeskState, DeskUpdate, Route } from '../state.ts';

export type Classifier = (state: DeskState) => Promise<Route>;

const decision = z.object({
  mode: z.enum(['single', 'several', 'collective', 'war-room', 'document', 'clarify', 'decline']),
  assignments: z
    .array(z.object({ persona: z.string(), question: z.string() }))
    .max(7)
    .default([]),
  reply: z.string().default(''),
  reason: z.string().default(''),
});

export function createRoute(parts: DeskParts, runtimeOf: RuntimeOf, classify: Classifier) {
  return async (state: DeskState, sessionId: string): Promise<DeskUpdate> => {
    const runtime = runtimeOf(sessionId);
    const proposal = await classify(state);
    const decided = runtime.model.decidesRoute ? await decide(state, proposal) : { route: proposal, update: {} };
    const { route } = decided;
    runtime.emit({
      type: 'routed',
      mode: route.mode,
      personas: route.assignments.map((assignment) => assignment.persona),
      reason: route.reason,
    });
    if (route.mode === 'clarify')
      runtime.emit({ type: 'clarification', question: route.reply, missing: route.missing });
    return { ...decided.update, routing: route };

    async function decide(
      current: DeskState,
      proposed: Route,
    ): Promise<{ readonly route: Route; readonly update: DeskUpdate }> {
      const tool: ModelTool = {
        type: 'function',
        function: {
          name: 'route',
          description: 'Says who answers.',
          parameters: z.toJSONSchema(decision, { io: 'input' }),
        },
      };
      const messages = [new SystemMessage(routerPrompt(parts)), new HumanMessage(routerQuestion(current, proposed))];
      const input = estimateTokens(messages.map((message) => message.text).join(''));
      try {
        reserve(
          runtime.model,
          { ...defaultLimits, ...parts.limits },
          { turn: noUsage, session: current.sessionUsage },
          input,
        );
        const reply = await callModel(runtime.model, {
          messages,
          tools: [tool],
          forceTool: 'route',
          signal: runtime.signal,
        });
        const usage = usageOf(runtime.model, reply.inputTokens || input, reply.outputTokens || 60);
        const call = reply.toolCalls.find((candidate) => candidate.name === 'route');
        const route = call === undefined ? proposed : checked(call.args, proposed, parts, current);
        return { route, update: { usage: addUsage(current.usage, usage) } };
      } catch (error) {
        if (runtime.signal.aborted) throw error;
        const failure = describeError(error);
        if (/UNAUTHORISED|BUDGET|NOT_FOUND|DROPPED|UNAVAILABLE|RATE_LIMITED|STALLED/.test(failure.code)) {
          return {
            route: { ...proposed, mode: 'decline', assignments: [], reply: '', reason: failure.code },
            update: { failures: [{ ...failure, part: 'route' }] },
          };
        }
        return { route: proposed, update: {} };
      }
    }
  };
}

function routerPrompt(parts: DeskParts): string {
  const people = parts.personas.map((persona) => {
    const { meta } = parts.prompts.persona(persona.id);
    return `- ${persona.id}: ${persona.does} Handles ${meta.handles.join(', ')}. Not for ${meta.not_for.join(', ')}.`;
  });
  return `${parts.prompts.router}\n\nPersonas:\n${people.join('\n')}`;
}

function routerQuestion(state: DeskState, proposal: Route): string {
  const recent = state.transcript
    .slice(-3)
    .map((turn) => `user: ${turn.user.slice(0, 200)}\n${turn.personas.join(',')}: ${turn.text.slice(0, 200)}`);
  return [
    ...(recent.length > 0 ? [`Before:\n<data>\n${recent.join('\n')}\n</data>`] : []),
    `Classifier: ${JSON.stringify({ mode: proposal.mode, assignments: proposal.assignments, reason: proposal.reason })}`,
    `Question:\n<data>\n${state.input?.text ?? ''}\n</data>`,
  ].join('\n\n');
}

function checked(args: unknown, proposal: Route, parts: DeskParts, state: DeskState): Route {
  const parsed = decision.safeParse(args);
  if (!parsed.success) return proposal;
  const { mode, reply, reason } = parsed.data;
  const known = parsed.data.assignments.filter((one) => parts.personas.some((persona) => persona.id === one.persona));
  const needsPeople = mode !== 'clarify' && mode !== 'decline';
  if (needsPeople && known.length === 0)
    return proposal.assignments.length > 0
      ? proposal
      : {
          ...proposal,
          mode: 'single',
          assignments: [{ persona: 'ml_quant', question: state.input?.text ?? '' }],
          reply: '',
        };
  if (!needsPeople && reply.trim() === '') return proposal;
  const assignments = (mode === 'several' || mode === 'collective' ? known : known.slice(0, 1)).map((one) => ({
    persona: one.persona,
    question: mode === 'several' && one.question.trim() !== '' ? one.question : (state.input?.text ?? ''),
  }));
  return { mode, assignments: needsPeople ? assignments : [], reply: needsPeople ? '' : reply, missing: [], reason };
}
