/** The desk as something that an eval can ask: its events become a transcript. */
import type { App } from '../app/create-app.ts';
import type { Answer, DeskEvent } from '../graph/events.ts';
import type { SuccessEnvelope } from '../tools/envelope.ts';
import type { Subject } from './run.ts';
import type { Transcript, TranscriptCall } from './transcript.ts';

/** Opens an app whose session ends at the given day; apps are kept until `close`. */
export interface DeskSubjectParts {
  readonly name: string;
  readonly openApp: (asOf: string) => App;
  readonly clock: () => number;
}

interface StartedCall {
  readonly tool: string;
  readonly input: unknown;
}

async function toCall(
  app: App,
  started: StartedCall,
  finished: Extract<DeskEvent, { type: 'tool-finished' }>,
): Promise<TranscriptCall> {
  const envelope =
    finished.runId === null
      ? undefined
      : ((await app.runs.get(finished.runId))?.envelope as SuccessEnvelope | undefined);
  return {
    tool: started.tool,
    input: envelope?.input ?? (started.input as Record<string, unknown>),
    ok: finished.ok,
    errorCode: finished.error,
    runId: finished.runId,
    data: envelope?.data ?? [],
  };
}

const nothing: Omit<Answer, 'text'> & { readonly text: string } = {
  text: '',
  language: 'en',
  mode: 'clarify',
  personas: [],
  evidence: [],
  results: [],
  charts: [],
  warnings: [],
  unverified: 0,
  asOf: '',
  turn: 0,
  model: '',
  promptHash: '',
  usage: { modelCalls: 0, inputTokens: 0, outputTokens: 0, cost: null },
  proposals: [],
  failures: [],
};

export function createDeskSubject(parts: DeskSubjectParts): Subject & { close(): Promise<void> } {
  const apps = new Map<string, App>();
  const appAt = (asOf: string): App => {
    const known = apps.get(asOf);
    if (known !== undefined) return known;
    const app = parts.openApp(asOf);
    apps.set(asOf, app);
    return app;
  };
  return {
    name: parts.name,
    async ask({ session, text, asOf, signal }): Promise<Transcript> {
      const app = appAt(asOf);
      const started = new Map<string, StartedCall>();
      const calls: TranscriptCall[] = [];
      let answer: Answer = nothing;
      let asked = false;
      let approval = false;
      let fault: string | null = null;
      const begin = parts.clock();
      const desk = await app.desk();
      for await (const event of desk.ask(session, text, { signal })) {
        if (event.type === 'tool-started') started.set(event.callId, { tool: event.tool, input: event.input });
        else if (event.type === 'tool-finished')
          calls.push(await toCall(app, started.get(event.callId) ?? { tool: event.tool, input: {} }, event));
        else if (event.type === 'clarification') asked = true;
        else if (event.type === 'answer') answer = event.answer;
        else if (event.type === 'approval-needed') {
          answer = event.answer;
          approval = true;
        } else if (event.type === 'error') fault = `${event.code}: ${event.message}`;
      }
      return {
        ask: text,
        text: answer.text,
        mode: answer.mode,
        personas: answer.personas,
        calls,
        numbers: answer.evidence,
        unverified: answer.unverified,
        asked: asked || answer.mode === 'clarify',
        declined: answer.mode === 'decline',
        approvalRequested: approval,
        durationMs: parts.clock() - begin,
        fault,
      };
    },
    async close() {
      for (const app of apps.values()) await app.close();
    },
  };
}
