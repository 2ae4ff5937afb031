/** The state machine of one question: intake → route → act (one branch a persona) → gather → bind ⇄ repair → review → approve → answer. */
import { END, type LangGraphRunnableConfig, Send, START, StateGraph } from '@langchain/langgraph';
import type { DeskParts, RuntimeOf } from './desk-parts.ts';
import { createAct } from './nodes/act.ts';
import { createAllocate } from './nodes/allocate.ts';
import { createAnswer } from './nodes/answer.ts';
import { approve } from './nodes/approve.ts';
import { createBind } from './nodes/bind.ts';
import { createGather } from './nodes/gather.ts';
import { intake } from './nodes/intake.ts';
import { createRepair } from './nodes/repair.ts';
import { createReview } from './nodes/review.ts';
import { type Classifier, createRoute } from './nodes/route.ts';
import { type DeskState, type DeskUpdate, deskState } from './state.ts';

export const nodeNames = [
  'intake',
  'route',
  'act',
  'gather',
  'allocate',
  'bind',
  'repair',
  'review',
  'approve',
  'answer',
] as const;

export interface GraphHooks {
  /** Called before each node: tests kill the process here. */
  readonly beforeNode?: (node: (typeof nodeNames)[number]) => void;
}

export function buildGraph(parts: DeskParts, runtimeOf: RuntimeOf, classify: Classifier, hooks: GraphHooks = {}) {
  const node =
    (
      name: (typeof nodeNames)[number],
      run: (state: DeskState, sessionId: string) => DeskUpdate | Promise<DeskUpdate>,
    ) =>
    async (state: unknown, config: LangGraphRunnableConfig) => {
      hooks.beforeNode?.(name);
      // The schema of the state is given by custom zod types; DeskState is the same shape by hand.
      return (await run(state as DeskState, String(config.configurable?.['thread_id'] ?? ''))) as Record<
        string,
        unknown
      >;
    };
  const afterRoute = (state: unknown) => {
    const { routing: route, ...rest } = state as DeskState;
    if (route === null || route.assignments.length === 0) return 'bind';
    return route.assignments.map(
      (assignment, order) => new Send('act', { ...rest, routing: route, branch: { ...assignment, order } }),
    );
  };
  const afterBind = (state: unknown) => {
    const { bound, repairs, input } = state as DeskState;
    const repairable = input !== null && parts.model.provider !== 'embedded';
    return repairable && repairs === 0 && (bound?.violations.length ?? 0) > 0 ? 'repair' : 'review';
  };
  return new StateGraph(deskState)
    .addNode('intake', node('intake', intake))
    .addNode('route', node('route', createRoute(parts, runtimeOf, classify)))
    .addNode('act', node('act', createAct(parts, runtimeOf)))
    .addNode('gather', node('gather', createGather(parts)))
    .addNode('allocate', node('allocate', createAllocate(parts, runtimeOf)))
    .addNode('bind', node('bind', createBind(parts)))
    .addNode('repair', node('repair', createRepair(parts, runtimeOf)))
    .addNode('review', node('review', createReview(parts)))
    .addNode('approve', node('approve', approve))
    .addNode('answer', node('answer', createAnswer(parts, runtimeOf)))
    .addEdge(START, 'intake')
    .addEdge('intake', 'route')
    .addConditionalEdges('route', afterRoute, ['act', 'bind'])
    .addEdge('act', 'gather')
    .addConditionalEdges(
      'gather',
      (state: unknown) => ((state as DeskState).routing?.mode === 'collective' ? 'allocate' : 'bind'),
      ['allocate', 'bind'],
    )
    .addEdge('allocate', 'bind')
    .addConditionalEdges('bind', afterBind, ['repair', 'review'])
    .addEdge('repair', 'bind')
    .addEdge('review', 'approve')
    .addEdge('approve', 'answer')
    .addEdge('answer', END)
    .compile({ checkpointer: parts.checkpointer });
}
