/** The worker thread's side of `threads.ts`: runs one tool, or one job of a tool, and reports progress over a port. */
import type { MessagePort } from 'node:worker_threads';
import { TradewindError } from '../../lib/errors.ts';
import { tools } from '../registry.ts';
import { callRun, findJob } from './inline.ts';

export type WorkerTask =
  | {
      readonly kind: 'run';
      readonly tool: string;
      readonly input: unknown;
      readonly data: unknown;
      readonly seed: number;
      readonly port: MessagePort;
    }
  | { readonly kind: 'job'; readonly tool: string; readonly job: string; readonly chunk: unknown };

export type WorkerMessage =
  | { readonly kind: 'progress'; readonly fraction: number; readonly note: string }
  | { readonly kind: 'warning'; readonly code: string; readonly message: string };

/** Error classes do not survive a thread boundary, so they cross as plain objects. */
export type WorkerReply =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: Pick<TradewindError, 'code' | 'kind' | 'message' | 'hint' | 'details'> };

export default async function handle(task: WorkerTask): Promise<WorkerReply> {
  const tool = tools.find((candidate) => candidate.name === task.tool);
  if (tool === undefined) throw new Error(`worker: no tool ${task.tool}`);
  try {
    if (task.kind === 'job') return { ok: true, value: findJob(tool, task.job)(task.chunk) };
    const post = (message: WorkerMessage) => task.port.postMessage(message);
    const value = await callRun(
      {
        tool,
        input: task.input,
        data: task.data,
        seed: task.seed,
        // The caller cancels by ending the thread, so nothing here has to listen.
        signal: new AbortController().signal,
        progress: (fraction, note = '') => post({ kind: 'progress', fraction, note }),
        warn: (code, message) => post({ kind: 'warning', code, message }),
      },
      async () => {
        throw new Error(`worker: ${tool.name} has jobs and must be ordered from the main thread`);
      },
    );
    return { ok: true, value };
  } catch (error) {
    if (!(error instanceof TradewindError)) throw error;
    const { code, kind, message, hint, details } = error;
    return { ok: false, error: { code, kind, message, hint, details } };
  }
}
