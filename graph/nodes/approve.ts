/** Stops for a person when a proposal waits. Nothing happens before `interrupt`: its node runs again from the top. */
import { interrupt } from '@langchain/langgraph';
import type { PendingProposal } from '../events.ts';
import type { DeskState, DeskUpdate } from '../state.ts';

/** One decision per proposal, in order; a missing one is a refusal. */
export type Decisions = readonly PendingProposal['decision'][];

export function approve(state: DeskState): DeskUpdate {
  if (state.proposals.length === 0) return {};
  const decisions: Decisions = interrupt<readonly PendingProposal[], Decisions>(state.proposals);
  return {
    proposals: state.proposals.map((proposal, i) => {
      const decision = decisions[i];
      return { ...proposal, decision: decision === 'approved' || decision === 'edited' ? decision : 'rejected' };
    }),
  };
}
