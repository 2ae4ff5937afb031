/** `ask_desk`: the whole desk as one tool, for a client that wants an answer rather than tools. */
import type { CallToolResult } from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { App } from '../app/create-app.ts';
import type { Answer, DeskEvent } from '../graph/events.ts';
import { errorResult } from './tool-result.ts';

export const ASK_DESK = 'ask_desk';

export const askDeskInput = z.strictObject({
  question: z.string().min(1).max(2000).describe('The question in plain words, English or Korean'),
  session: z
    .string()
    .regex(/^mcp-[a-z0-9]{6,40}$/)
    .optional()
    .describe('The `session` of an earlier answer, to go on with that conversation'),
});

export const askDeskOutput = z.object({
  text: z.string(),
  session: z.string(),
  mode: z.string(),
  personas: z.array(z.string()),
  asOf: z.string(),
  unverified: z.number(),
  evidence: z.array(
    z.object({ printed: z.string(), value: z.number(), tool: z.string(), runId: z.string(), path: z.string() }),
  ),
});

function structured(answer: Answer, session: string): z.output<typeof askDeskOutput> {
  const { text, mode, personas, asOf, unverified } = answer;
  const evidence = answer.evidence.map((row) => ({
    printed: row.formatted,
    value: row.value,
    tool: row.tool,
    runId: row.runId,
    path: row.path,
  }));
  return { text, session, mode, personas: [...personas], asOf, unverified, evidence };
}

function evidenceText(answer: Answer): string {
  const runs = answer.results.map(
    (row) =>
      `${row.handle} ${row.tool}, as of ${row.asOf}${row.synthetic ? ', SYNTHETIC' : ''}${row.runId === null ? '' : `, ${row.runId}`}`,
  );
  return runs.length === 0 ? '' : `\n\nEvidence: ${runs.join('; ')}`;
}

/** No proposal can be approved from here: one that waits is refused, and the text says so. */
export async function askDesk(
  app: App,
  input: unknown,
  signal: AbortSignal,
  onEvent: (event: DeskEvent) => void,
): Promise<CallToolResult> {
  const parsed = askDeskInput.safeParse(input);
  if (!parsed.success)
    return errorResult(
      'INVALID_INPUT',
      'ask_desk needs `question`, and `session` only from an earlier answer.',
      'Example: {"question": "What regime is the S&P 500 in?"}',
    );
  const session = parsed.data.session ?? app.sessions.newId().replace(/^chat-/, 'mcp-');
  const desk = await app.desk();
  for await (const event of desk.ask(session, parsed.data.question, { signal })) {
    onEvent(event);
    if (event.type === 'error') return errorResult(event.code, event.message, event.hint);
    if (event.type !== 'answer' && event.type !== 'approval-needed') continue;
    const waiting =
      event.type === 'approval-needed'
        ? '\n\nA proposal waits for a person at the terminal; it cannot be approved from here.'
        : '';
    return {
      content: [{ type: 'text', text: `${event.answer.text}${waiting}${evidenceText(event.answer)}` }],
      structuredContent: structured(event.answer, session),
    };
  }
  return errorResult('NO_ANSWER', 'The desk ended without an answer.', 'Ask again.');
}
