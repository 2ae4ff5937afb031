/** The newest recorded runs: what was computed, when, as of which day. */
import { z } from 'zod';
import type { RecordedRunRow } from '../../data/ports.ts';
import { isoDate, units } from '../../lib/units.ts';
import { defineTool } from '../define-tool.ts';

export const listRuns = defineTool({
  name: 'list_runs',
  title: 'List recorded runs',
  family: 'docs',
  version: 1,
  description:
    'Lists the recorded tool runs, newest first, with the tool, the as-of date and the run id that reopens each. Use it when somebody refers to an earlier result, or to find the run ids that a model document needs. Use show_run to read one run in full.',
  input: z.strictObject({
    tool: z.string().max(40).optional().describe('Only runs of this tool, such as fit_hmm'),
    limit: units.count('how many at most').min(1).max(100).default(20),
    before: z.string().max(40).optional().describe('A run id: continue with the runs older than it'),
  }),
  output: z.object({
    runs: z.array(
      z.object({
        runId: z.string().describe('Reopens the run: `tradewind runs show ID`'),
        tool: z.string().describe('Which tool'),
        asOf: isoDate('last day of data that the run used'),
        createdAt: z.string().describe('When it was computed (ISO date-time)'),
      }),
    ),
    count: units.count('how many are listed'),
  }),
  async load(input, ports) {
    return { value: await ports.runs.list(input), provenance: [] };
  },
  run(_input, data: readonly RecordedRunRow[]) {
    const runs = data.map(({ runId, tool, asOf, createdAt }) => ({ runId, tool, asOf, createdAt }));
    return { runs, count: runs.length };
  },
  summarise: (output, cite) => [
    `${cite('count')} runs`,
    ...output.runs.slice(0, 11).map((run) => `${run.runId} ${run.tool} as of ${run.asOf}`),
  ],
  examples: [
    {
      ask: 'Which runs did I record with the HMM?',
      input: { tool: 'fit_hmm', limit: 5 },
      fixture: 'none',
      expect: { values: { count: 0 } },
    },
    { ask: 'List the last thousand runs', input: { limit: 1000 }, fixture: 'none', expect: { error: 'INVALID_INPUT' } },
  ],
  assumptions: [],
  references: [],
  cost: 'instant',
  unrecorded: true,
});
