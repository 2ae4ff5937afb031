/** Runs a tool on the calling thread. */
import { throwIfCancelled } from '../../lib/errors.ts';
import { createRng } from '../../lib/rng.ts';
import type { RunContext, Tool } from '../define-tool.ts';
import type { Execution, Executor } from './executor.ts';

type JobRunner = RunContext['runJobs'];

/** Calls `run` with a context made of the execution's parts; `runJobs` decides where the jobs go. */
export async function callRun(execution: Execution, runJobs: JobRunner): Promise<unknown> {
  throwIfCancelled(execution.signal, execution.tool.name);
  const context: RunContext = {
    rng: createRng(execution.seed),
    signal: execution.signal,
    progress: execution.progress,
    warn: execution.warn,
    runJobs,
  };
  return execution.tool.run(execution.input as never, execution.data as never, context);
}

/** The named job of a tool, or a plain error: a wrong name is a bug in the tool. */
export function findJob(tool: Tool, job: string): (chunk: unknown) => unknown {
  const found = tool.jobs?.[job];
  if (found === undefined)
    throw new Error(`${tool.name} has no job "${job}"; it has ${Object.keys(tool.jobs ?? {}).join(', ') || 'none'}`);
  return found as (chunk: unknown) => unknown;
}

export function createInlineExecutor(): Executor {
  return {
    execute(execution) {
      const runJobs: JobRunner = async <Chunk, Result>(job: string, chunks: readonly Chunk[]) => {
        const work = findJob(execution.tool, job);
        const results: Result[] = [];
        for (const chunk of chunks) {
          throwIfCancelled(execution.signal, execution.tool.name);
          results.push(work(chunk) as Result);
          // A turn of the event loop between chunks lets Ctrl-C and progress through.
          await new Promise((resolve) => setImmediate(resolve));
        }
        return results;
      };
      return callRun(execution, runJobs);
    },
    async close() {},
  };
}
