/** Checks the numbers of any text against recorded runs: an answer of ours, or of another assistant. */
import { z } from 'zod';
import { notAvailable } from '../../lib/errors.ts';
import { units } from '../../lib/units.ts';
import { bindText } from '../binding/bind-text.ts';
import type { BoundResult } from '../binding/bound-result.ts';
import { defineTool, type Tool } from '../define-tool.ts';
import type { SuccessEnvelope } from '../envelope.ts';

interface VerifyData {
  readonly envelopes: readonly SuccessEnvelope[];
}

/** Schemas give the units; the registry is read when the tool runs, because the registry imports this file. */
async function schemasOf(): Promise<readonly Tool[]> {
  return (await import('../registry.ts')).tools;
}

export const verifyAnswer = defineTool({
  name: 'verify_answer',
  title: 'Verify the numbers of an answer',
  family: 'docs',
  version: 1,
  description:
    'Checks every number of a text against recorded runs and says which are traced to a result and which are not, by metric, entity and displayed precision. Use it before an answer with numbers is passed on, also for text of another assistant. Use show_run to look at one result in full, calculate to derive a number first.',
  input: z.strictObject({
    text: z
      .string()
      .min(1)
      .max(20_000)
      .describe('The answer to check; handles {{r1.path}} count in the order of runIds'),
    runIds: z
      .array(z.string().regex(/^run_[0-9a-f]{4,32}$/, 'a run id'))
      .min(1)
      .max(40)
      .describe('Recorded runs that the text may rest on'),
    question: z.string().max(4000).default('').describe('What the person asked: its numbers may be repeated'),
  }),
  output: z.object({
    verdict: z.enum(['all traced', 'some unbound']).describe('Whether every number has a source'),
    traced: z
      .array(
        z.object({
          shown: z.string().describe('The number as written'),
          runId: z.string().describe('Run that holds it'),
          tool: z.string().describe('Tool of the run'),
          path: z.string().describe('Where in the output'),
          value: units.coefficient('the recorded value, in the unit of its field'),
        }),
      )
      .describe('Numbers with a source'),
    unbound: z
      .array(
        z.object({
          shown: z.string().describe('The number as written'),
          reason: z.string().describe('Why it is not accepted'),
        }),
      )
      .describe('Numbers without a source'),
    tracedCount: units.count('numbers with a source'),
    unboundCount: units.count('numbers without a source'),
    text: z.string().describe('The text with its placeholders filled in'),
  }),
  async load(input, ports) {
    const envelopes: SuccessEnvelope[] = [];
    for (const runId of input.runIds) {
      const run = await ports.runs.get(runId);
      if (run === undefined) {
        throw notAvailable({
          code: 'UNKNOWN_RUN',
          message: `There is no recorded run ${runId}.`,
          hint: 'list_runs shows the ids that exist.',
        });
      }
      envelopes.push(run.envelope as SuccessEnvelope);
    }
    return { value: { envelopes } satisfies VerifyData, provenance: [] };
  },
  async run(input, data: VerifyData) {
    const tools = await schemasOf();
    const results = new Map<string, BoundResult>();
    data.envelopes.forEach((envelope, i) => {
      const tool = tools.find((candidate) => candidate.name === envelope.tool);
      const handle = `r${i + 1}`;
      results.set(handle, { handle, envelope, output: tool?.output ?? null, input: tool?.input ?? null });
    });
    const bound = bindText({ draft: input.text, results, userTexts: [input.question], language: 'en' });
    const traced = bound.evidence.map((row) => ({
      shown: row.formatted,
      runId: row.runId,
      tool: row.tool,
      path: row.path,
      value: row.value,
    }));
    const unbound = bound.violations.map(({ raw, reason }) => ({ shown: raw, reason }));
    return {
      verdict: unbound.length === 0 ? ('all traced' as const) : ('some unbound' as const),
      traced,
      unbound,
      tracedCount: traced.length,
      unboundCount: unbound.length,
      text: bound.text,
    };
  },
  summarise: (output, cite) => [
    `${output.verdict}: ${cite('tracedCount')} traced, ${cite('unboundCount')} without a source`,
    ...output.unbound.slice(0, 10).map((row) => `not traced: "${row.shown}" (${row.reason})`),
  ],
  examples: [
    {
      ask: 'Check this answer against a run that does not exist',
      input: { text: 'Volatility is 47%.', runIds: ['run_0000000000000000'] },
      fixture: 'none',
      expect: { error: 'UNKNOWN_RUN' },
    },
    {
      ask: 'Check an answer without naming runs',
      input: { text: 'Volatility is 47%.', runIds: [] },
      fixture: 'none',
      expect: { error: 'INVALID_INPUT' },
    },
  ],
  assumptions: [
    'Matching is by metric, entity and displayed precision; a right number in a sentence that names neither is reported as unbound.',
  ],
  references: [],
  cost: 'instant',
  unrecorded: true,
});
