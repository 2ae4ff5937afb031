/** The one repair round: the model rewrites what has not been released, without the numbers that nothing holds. */
import { HumanMessage, SystemMessage } from '@langchain/core/messages';
import { addUsage, estimateTokens, usageOf } from '../act/budget.ts';
import type { DeskParts, RuntimeOf } from '../desk-parts.ts';
import { callModel } from '../models/call-model.ts';
import { describeError } from '../results.ts';
import type { DeskState, DeskUpdate } from '../state.ts';

export function createRepair(parts: DeskParts, runtimeOf: RuntimeOf) {
  return async (state: DeskState, sessionId: string): Promise<DeskUpdate> => {
    const runtime = runtimeOf(sessionId);
    const problems = (state.bound?.violations ?? []).map((violation) => `- "${violation.raw}": ${violation.reason}`);
    const persona = state.gathered[0]?.persona ?? 'ml_quant';
    const messages = [
      new SystemMessage(parts.prompts.persona(persona).text),
      new HumanMessage(
        [
          'This draft holds numbers without a source:',
          `<data>\n${state.draft}\n</data>`,
          problems.join('\n'),
          'Write the whole draft again, word for word where it was right. Use placeholders such as {{r1.path}} for numbers of results, and leave out every other number.',
          `Results: ${state.handles.map((entry) => `${entry.handle} = ${entry.tool}`).join(', ')}`,
        ].join('\n\n'),
      ),
    ];
    try {
      const reply = await callModel(runtime.model, { messages, tools: [], signal: runtime.signal });
      const usage = usageOf(
        runtime.model,
        reply.inputTokens || estimateTokens(state.draft),
        reply.outputTokens || estimateTokens(reply.text),
      );
      const last = state.gathered.at(-1);
      const replies = [...(last?.replies ?? []), { persona, text: reply.text, toolCalls: [] }];
      return {
        draft: reply.text.trim() === '' ? state.draft : reply.text,
        repairs: state.repairs + 1,
        usage: addUsage(state.usage, usage),
        gathered: last === undefined ? state.gathered : [...state.gathered.slice(0, -1), { ...last, replies }],
      };
    } catch (error) {
      if (runtime.signal.aborted) throw error;
      const { code, message, hint } = describeError(error);
      return { repairs: state.repairs + 1, failures: [...state.failures, { code, message, hint, part: 'repair' }] };
    }
  };
}
