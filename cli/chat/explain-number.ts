/** `/why`: for a number of an answer, the tool, its inputs, the data, the formula's source, and how to compute it again. */
import type { App } from '../../app/create-app.ts';
import type { Answer } from '../../graph/events.ts';
import type { SuccessEnvelope } from '../../tools/envelope.ts';
import { tools } from '../../tools/registry.ts';

type Evidence = Answer['evidence'][number];

function strip(text: string): string {
  return text.replace(/[\s,]/g, '').replace('−', '-').toLowerCase();
}

/** By handle (`r1`), handle and path (`r1.states[0].mean`), or the number as it was printed. Newest answers first. */
export function findEvidence(answers: readonly Answer[], wanted: string): readonly Evidence[] {
  const target = strip(wanted);
  for (const answer of [...answers].reverse()) {
    const hits = answer.evidence.filter((row) => {
      const printed = strip(row.formatted);
      return (
        strip(`${row.handle}.${row.path}`) === target ||
        strip(row.handle) === target ||
        printed === target ||
        printed.replace(/[^\d.+-]/g, '') === target
      );
    });
    if (hits.length > 0) return hits;
  }
  return [];
}

function describeRun(envelope: SuccessEnvelope): readonly string[] {
  const tool = tools.find((candidate) => candidate.name === envelope.tool);
  return [
    `  tool: ${envelope.tool} version ${envelope.version}${tool ? `, ${tool.title}` : ''}`,
    `  input: ${JSON.stringify(envelope.input)}`,
    ...envelope.data.map(
      (entry) =>
        `  data: ${entry.symbols.join(', ')} ${entry.from} to ${entry.to}, ${entry.rows} rows, ${entry.source}${entry.synthetic ? ', SYNTHETIC' : ''}`,
    ),
    `  as of ${envelope.asOf}, seed ${envelope.seed}`,
    ...(tool && tool.references.length > 0 ? [`  method: ${tool.references.join('; ')}`] : []),
    ...envelope.warnings.map((warning) => `  warning ${warning.code}: ${warning.message}`),
    `  recompute: tradewind runs replay ${envelope.runId} --diff`,
  ];
}

export async function explainNumber(app: App, answers: readonly Answer[], wanted: string): Promise<string> {
  const rows = findEvidence(answers, wanted);
  if (rows.length === 0) {
    const known = (answers.at(-1)?.evidence ?? [])
      .slice(0, 8)
      .map((row) => `${row.formatted} (${row.handle}.${row.path})`);
    return known.length === 0
      ? 'No answer with numbers yet.'
      : `No number or handle “${wanted}” in the answers of this chat. The last answer has ${known.join(', ')}.`;
  }
  const lines: string[] = [];
  for (const runId of new Set(rows.map((row) => row.runId))) {
    for (const row of rows.filter((one) => one.runId === runId).slice(0, 6)) {
      lines.push(
        `${row.formatted} is ${row.handle}.${row.path} = ${row.value}${row.unit === null ? '' : ` (${row.unit})`} of ${row.runId}`,
      );
    }
    const run = await app.runs.get(runId);
    lines.push(
      ...(run === undefined
        ? [`  ${runId} is not in the store any more.`]
        : describeRun(run.envelope as SuccessEnvelope)),
    );
  }
  return lines.join('\n');
}
