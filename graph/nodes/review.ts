/** Looks at the bound answer and at the proposals of this turn: no promise of returns, and no trade without a person. */
import { markUnverified } from '../../tools/binding/bind-text.ts';
import type { DeskParts } from '../desk-parts.ts';
import type { PendingProposal } from '../events.ts';
import { loadResults } from '../results.ts';
import { checkDirections } from '../review/check-directions.ts';
import type { DeskState, DeskUpdate } from '../state.ts';

const promises =
  /\b(?:guaranteed|risk[- ]free profit|can(?:not|'t) lose|sure thing|will (?:definitely|certainly) (?:rise|go up|make))\b|무조건\s?(?:오|수익)|확실한 수익|원금\s?보장/i;

export function createReview(parts: DeskParts) {
  return async (state: DeskState): Promise<DeskUpdate> => {
    const language = state.input?.language ?? 'en';
    const bound = state.bound ?? { text: '', evidence: [], violations: [] };
    const marked = markUnverified(bound, language);
    const notes: string[] = [];
    if (promises.test(marked.text)) {
      notes.push(
        language === 'ko'
          ? '수익은 누구도 보장할 수 없습니다. 보장처럼 들리는 표현은 무시하세요.'
          : 'Nobody can promise a return: read any such wording above as an error.',
      );
    }
    notes.push(...checkDirections(marked.text, bound.evidence, language));
    const proposals = await findProposals(state, parts);
    return {
      draft: [marked.text, ...notes].filter((part) => part !== '').join('\n\n'),
      proposals,
    };
  };
}

/** Proposal objects among the results of this turn, under `proposal` or `proposals`. */
async function findProposals(state: DeskState, parts: DeskParts): Promise<readonly PendingProposal[]> {
  const mine = state.handles.filter((entry) => entry.turn === state.input?.turn);
  const results = await loadResults(mine, parts);
  const found: PendingProposal[] = [];
  for (const [handle, result] of results) {
    const { proposal, proposals } = result.envelope.output as {
      readonly proposal?: unknown;
      readonly proposals?: unknown;
    };
    const list = Array.isArray(proposals)
      ? (proposals as readonly unknown[])
      : proposal === undefined
        ? []
        : [proposal];
    list.forEach((item, i) => {
      if (typeof item !== 'object' || item === null || !hasTrades(item)) return;
      found.push({
        handle,
        path: Array.isArray(proposals) ? `proposals[${i}]` : 'proposal',
        proposal: item as PendingProposal['proposal'],
        decision: 'pending',
      });
    });
  }
  return found;
}

function hasTrades(item: object): boolean {
  return 'trades' in item ? Array.isArray(item.trades) && item.trades.length > 0 : true;
}
