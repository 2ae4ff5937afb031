/** Joins the branches in order: handles renumbered through the session, drafts under one heading each, failures named. */
import { addUsage, noUsage } from '../act/budget.ts';
import type { DeskParts } from '../desk-parts.ts';
import { nextHandleNumber, renameHandles } from '../results.ts';
import type { DeskState, DeskUpdate, HandleEntry, PersonaWork } from '../state.ts';

export function createGather(parts: DeskParts) {
  return (state: DeskState): DeskUpdate => {
    const works = [...state.work].sort((a, b) => a.order - b.order);
    const names = new Map<string, string>();
    const entries: HandleEntry[] = [];
    let next = nextHandleNumber(state.handles);
    for (const entry of works.flatMap((work) => work.results)) {
      const handle = `r${next++}`;
      names.set(entry.handle, handle);
      entries.push({ ...entry, handle });
    }
    const korean = state.input?.language === 'ko';
    const title = (work: PersonaWork): string => {
      const persona = parts.personas.find((candidate) => candidate.id === work.persona);
      return (korean ? persona?.titleKo : persona?.title) ?? work.persona;
    };
    const drafts = works
      .filter((work) => work.draft !== '')
      .map((work) => {
        const text = renameHandles(work.draft, names);
        return works.length === 1 ? text : `**${title(work)}**\n\n${text}`;
      });
    const failures = works.flatMap((work) => work.failures);
    const lost =
      works.length > 1
        ? works
            .filter((work) => work.draft === '')
            .map(
              (work) =>
                `**${title(work)}.** ${korean ? '이 부분은 답하지 못했습니다' : 'This part has no answer'}: ${work.failures[0]?.message ?? ''}`,
            )
        : [];
    return {
      handles: entries,
      work: null,
      draft: [...drafts, ...lost].join('\n\n'),
      released: works.length === 1 ? (works[0]?.released ?? '') : '',
      failures,
      usage: works.reduce((sum, work) => addUsage(sum, work.usage), noUsage),
      branch: null,
      gathered: works.map((work) => ({
        ...work,
        draft: '',
        results: work.results.map((entry) => ({ ...entry, handle: names.get(entry.handle) ?? entry.handle })),
        calls: work.calls.map((call) => ({
          ...call,
          handle: call.handle === null ? null : (names.get(call.handle) ?? call.handle),
        })),
      })),
    };
  };
}
