/** One recorded run, whole or by path: input, data, output and warnings as they were returned. */
import { z } from 'zod';
import type { RecordedRun } from '../../data/ports.ts';
import { invalidInput, notAvailable } from '../../lib/errors.ts';
import { isoDate, units } from '../../lib/units.ts';
import { defineTool } from '../define-tool.ts';
import { valueAt } from '../value-at.ts';

const PAGE_CHARACTERS = 12_000;

export const showRun = defineTool({
  name: 'show_run',
  title: 'Show a recorded run',
  family: 'docs',
  version: 1,
  description:
    'Shows one recorded run: its input, the data it read with source and span, its output and its warnings. Use it to explain where a number came from, or with `path` to read a long series such as filtered in pages. Use list_runs to find the run id.',
  input: z.strictObject({
    runId: z
      .string()
      .regex(/^run_[0-9a-f]{4,32}$/, 'a run id such as run_6f1c0a9be2d34f71')
      .describe('The run to open'),
    path: z.string().max(120).optional().describe('Only this part of the output, such as states[0].mean or filtered'),
    page: units.count('page of the text, from 1').min(1).max(1000).default(1),
  }),
  output: z.object({
    runId: z.string().describe('The run'),
    tool: z.string().describe('Which tool'),
    version: units.count('version of the tool'),
    asOf: isoDate('last day of data that the run used'),
    createdAt: z.string().describe('When it was computed (ISO date-time)'),
    sources: z.array(z.string()).describe('Where the data came from, with the span'),
    warnings: z.array(z.string()).describe('Code and message of every warning'),
    json: z.string().describe('The envelope, or the part at `path`, as JSON text'),
    page: units.count('this page'),
    pages: units.count('how many pages there are'),
  }),
  async load(input, ports) {
    const run = await ports.runs.get(input.runId);
    if (run === undefined) {
      throw notAvailable({
        code: 'UNKNOWN_RUN',
        message: `No run ${input.runId} is recorded here.`,
        hint: 'See list_runs (`tradewind runs list`) for the ids.',
      });
    }
    return { value: run, provenance: [] };
  },
  run(input, data: RecordedRun) {
    const envelope = data.envelope as {
      readonly version: number;
      readonly output: unknown;
      readonly data: readonly {
        readonly source: string;
        readonly symbols: readonly string[];
        readonly from: string;
        readonly to: string;
        readonly synthetic: boolean;
      }[];
      readonly warnings: readonly { readonly code: string; readonly message: string }[];
    };
    const part = input.path === undefined ? envelope : valueAt(envelope.output, input.path);
    if (part === undefined) {
      throw invalidInput({
        what: '`path`',
        needed: `a path in the output of ${data.tool}, which has ${Object.keys(envelope.output as object).join(', ')}`,
        got: JSON.stringify(input.path),
      });
    }
    const text = JSON.stringify(part);
    const pages = Math.max(1, Math.ceil(text.length / PAGE_CHARACTERS));
    if (input.page > pages) throw invalidInput({ what: '`page`', needed: `between 1 and ${pages}`, got: input.page });
    return {
      runId: data.runId,
      tool: data.tool,
      version: envelope.version,
      asOf: data.asOf,
      createdAt: data.createdAt,
      sources: envelope.data.map(
        (entry) =>
          `${entry.source}: ${entry.symbols.join(', ')} ${entry.from} to ${entry.to}${entry.synthetic ? ' (synthetic)' : ''}`,
      ),
      warnings: envelope.warnings.map((warning) => `${warning.code}: ${warning.message}`),
      json: text.slice((input.page - 1) * PAGE_CHARACTERS, input.page * PAGE_CHARACTERS),
      page: input.page,
      pages,
    };
  },
  summarise: (output, cite) => [
    `${output.runId}: ${output.tool} version ${cite('version')}, as of ${output.asOf}, computed ${output.createdAt}`,
    ...output.sources.slice(0, 4),
    ...output.warnings.slice(0, 4),
    `page ${cite('page')} of ${cite('pages')}`,
  ],
  examples: [
    {
      ask: 'Show me run run_0000000000000000',
      input: { runId: 'run_0000000000000000' },
      fixture: 'none',
      expect: { error: 'UNKNOWN_RUN' },
    },
    {
      ask: 'Open the run called banana',
      input: { runId: 'banana' },
      fixture: 'none',
      expect: { error: 'INVALID_INPUT' },
    },
  ],
  assumptions: [],
  references: [],
  cost: 'instant',
  unrecorded: true,
});
