/** One persona at work. Under `Send` each branch counts handles from a base of its own; `gather` renumbers them. */
import { runPersona } from '../act/run-persona.ts';
import type { DeskParts, RuntimeOf } from '../desk-parts.ts';
import { nextHandleNumber } from '../results.ts';
import type { DeskState, DeskUpdate } from '../state.ts';

const BRANCH_HANDLES = 10_000;

export function createAct(parts: DeskParts, runtimeOf: RuntimeOf) {
  return async (state: DeskState, sessionId: string): Promise<DeskUpdate> => {
    const { branch, input } = state;
    if (branch === null || input === null) return {};
    const persona = parts.personas.find((candidate) => candidate.id === branch.persona);
    if (persona === undefined) throw new Error(`Route names the unknown persona ${branch.persona}.`);
    const alone = (state.routing?.assignments.length ?? 1) === 1;
    const firstHandle = alone ? nextHandleNumber(state.handles) : BRANCH_HANDLES * (branch.order + 1);
    const memory = (await parts.memory?.list())?.map((item) => `${item.kind}: ${item.key} = ${item.value}`) ?? [];
    const work = await runPersona(
      {
        persona,
        prompt: parts.prompts.persona(persona.id),
        question: branch.question,
        order: branch.order,
        firstHandle,
        alone,
        state,
        memory,
      },
      parts,
      runtimeOf(sessionId),
    );
    return { work: [work] };
  };
}
