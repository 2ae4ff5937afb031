/** Writes the answer and the record of the turn. */
import type { ChartSpec } from '../../lib/charts/chart-spec.ts';
import { addUsage } from '../act/budget.ts';
import type { DeskParts, RuntimeOf } from '../desk-parts.ts';
import type { Answer, Failure, ResultRow } from '../events.ts';
import { loadResults } from '../results.ts';
import type { DeskState, DeskUpdate, TurnRecord } from '../state.ts';

export function createAnswer(parts: DeskParts, runtimeOf: RuntimeOf) {
  return async (state: DeskState, sessionId: string): Promise<DeskUpdate> => {
    const answer = await composeAnswer(state, parts, runtimeOf(sessionId).model.name);
    return {
      final: answer,
      transcript: [toRecord(state, answer)],
      sessionUsage: addUsage(state.sessionUsage, state.usage),
    };
  };
}

export async function composeAnswer(state: DeskState, parts: DeskParts, model: string): Promise<Answer> {
  const input = state.input;
  const language = input?.language ?? 'en';
  const mine = state.handles.filter((entry) => entry.turn === input?.turn);
  const results = await loadResults(mine, parts);
  const rows: ResultRow[] = [...results.values()].map(({ handle, envelope }) => ({
    handle,
    tool: envelope.tool,
    runId: envelope.runId,
    asOf: envelope.asOf,
    synthetic: envelope.data.some((entry) => entry.synthetic),
    source: [...new Set(envelope.data.map((entry) => entry.source))].join('; '),
  }));
  const charts = [...results.values()].flatMap(({ envelope }) => chartsOf(envelope, parts));
  const warnings = [...results.values()].flatMap(({ envelope }) => envelope.warnings);
  const text =
    state.routing?.reply !== undefined && state.routing.reply !== '' && state.draft === ''
      ? state.routing.reply
      : state.draft;
  return {
    text: text === '' ? failureText(state.failures, language) : withFailures(text, state.failures, language),
    language,
    mode: state.routing?.mode ?? 'single',
    personas: [...new Set(state.gathered.map((work) => work.persona))],
    evidence: state.bound?.evidence ?? [],
    results: rows,
    charts,
    warnings: uniqueBy(warnings, (warning) => warning.code + warning.message),
    unverified: state.bound?.violations.length ?? 0,
    asOf: input?.asOf ?? parts.asOf,
    turn: input?.turn ?? 0,
    model,
    promptHash: [...new Set(state.gathered.map((work) => work.promptHash))].join('+'),
    usage: state.usage,
    proposals: state.proposals,
    failures: state.failures,
  };
}

function uniqueBy<T>(items: readonly T[], key: (item: T) => string): readonly T[] {
  return [...new Map(items.map((item) => [key(item), item])).values()];
}

function chartsOf(
  envelope: { readonly tool: string; readonly output: unknown },
  parts: DeskParts,
): readonly ChartSpec[] {
  const tool = parts.tools.find((candidate) => candidate.name === envelope.tool);
  const drawn = tool?.chart?.(envelope.output as never) ?? null;
  if (drawn === null) return [];
  return Array.isArray(drawn) ? (drawn as readonly ChartSpec[]) : [drawn as ChartSpec];
}

function failureText(failures: readonly Failure[], language: 'en' | 'ko'): string {
  const first = failures[0];
  if (first === undefined) return language === 'ko' ? '답을 만들지 못했습니다.' : 'There is no answer.';
  return `${first.message} ${first.hint}`.trim();
}

function withFailures(text: string, failures: readonly Failure[], language: 'en' | 'ko'): string {
  if (failures.length === 0) return text;
  const head = language === 'ko' ? '주의' : 'Note';
  return `${text}\n\n${failures.map((failure) => `${head}: ${failure.message} ${failure.hint}`.trim()).join('\n')}`;
}

function toRecord(state: DeskState, answer: Answer): TurnRecord {
  const memo = Object.assign({}, ...state.gathered.map((work) => work.memo)) as Readonly<Record<string, unknown>>;
  return {
    turn: state.input?.turn ?? 0,
    language: answer.language,
    asOf: answer.asOf,
    startedAt: state.input?.startedAt ?? '',
    user: state.input?.text ?? '',
    text: answer.text,
    mode: answer.mode,
    personas: answer.personas,
    calls: state.gathered.flatMap((work) => work.calls),
    runIds: answer.results.flatMap((row) => (row.runId === null ? [] : [row.runId])),
    replies: state.gathered.flatMap((work) => work.replies),
    model: answer.model,
    promptHash: answer.promptHash,
    memo: { ...memo, ...(state.routing?.missing.length ? { missing: state.routing.missing } : {}) },
  };
}
