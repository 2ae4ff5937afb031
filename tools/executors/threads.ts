/**
 * Runs tools on worker threads, so that a terminal keeps answering keys and Ctrl-C ends the work at once.
 * Threads start on first use and are shared by all tools.
 */
import { availableParallelism } from 'node:os';
import { MessageChannel } from 'node:worker_threads';
import { cancelled, TradewindError } from '../../lib/errors.ts';
import type { RunContext } from '../define-tool.ts';
import type { Execution, Executor } from './executor.ts';
import { callRun } from './inline.ts';
import type { WorkerMessage, WorkerReply, WorkerTask } from './worker.ts';

export interface ThreadsOptions {
  /** The built `worker.js`. */
  readonly workerFile: string;
  readonly threads?: number;
}

type Pool = import('piscina').Piscina;

export function createThreadsExecutor(options: ThreadsOptions): Executor {
  let pool: Promise<Pool> | undefined;

  const openPool = (): Promise<Pool> => {
    pool ??= import('piscina').then(
      ({ Piscina }) =>
        new Piscina({
          filename: options.workerFile,
          maxThreads: options.threads ?? availableParallelism(),
          idleTimeout: 30_000,
        }),
    );
    return pool;
  };

  const submit = async (task: WorkerTask, signal: AbortSignal): Promise<unknown> => {
    const workers = await openPool();
    let reply: WorkerReply;
    try {
      reply = (await workers.run(task, {
        signal,
        transferList: task.kind === 'run' ? [task.port] : [],
      })) as WorkerReply;
    } catch (error) {
      if (signal.aborted) throw cancelled(task.tool);
      throw error;
    }
    if (reply.ok) return reply.value;
    throw new TradewindError(reply.error);
  };

  const runOnWorker = async (execution: Execution): Promise<unknown> => {
    const { port1, port2 } = new MessageChannel();
    const receive = (message: WorkerMessage) => {
      if (message.kind === 'progress') execution.progress(message.fraction, message.note);
      else execution.warn(message.code, message.message);
    };
    port1.on('message', receive);
    try {
      const { tool, input, data, seed, signal } = execution;
      const value = await submit({ kind: 'run', tool: tool.name, input, data, seed, port: port2 }, signal);
      await drained(port1);
      return value;
    } finally {
      port1.close();
    }
  };

  return {
    execute(execution) {
      if (execution.tool.jobs === undefined) return runOnWorker(execution);
      const runJobs: RunContext['runJobs'] = <Chunk, Result>(job: string, chunks: readonly Chunk[]) =>
        Promise.all(
          chunks.map((chunk) => submit({ kind: 'job', tool: execution.tool.name, job, chunk }, execution.signal)),
        ) as Promise<Result[]>;
      return callRun(execution, runJobs);
    },
    async close() {
      const open = pool;
      pool = undefined;
      await (await open)?.destroy();
    },
  };
}

/** Messages of a port are delivered before a later turn of the event loop: two turns let the last warning in. */
async function drained(port: import('node:worker_threads').MessagePort): Promise<void> {
  port.unref();
  await new Promise((resolve) => setImmediate(resolve));
  await new Promise((resolve) => setImmediate(resolve));
}
