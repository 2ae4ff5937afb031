/** A run store that lives in memory: for tests, and for hosts that must leave nothing behind. */
import type { RecordedRun, RunRecord, RunStore } from '../../data/ports.ts';

export function createMemoryRunStore(): RunStore {
  const runs = new Map<string, RecordedRun>();
  let clock = 0;
  return {
    async record(run: RunRecord) {
      clock += 1;
      runs.set(run.runId, {
        runId: run.runId,
        tool: run.tool,
        asOf: run.asOf,
        createdAt: new Date(clock).toISOString(),
        ok: true,
        envelope: JSON.parse(run.envelope),
      });
    },
    async get(runId) {
      return runs.get(runId);
    },
    async list({ tool, limit }) {
      return [...runs.values()]
        .reverse()
        .filter((run) => tool === undefined || run.tool === tool)
        .slice(0, limit);
    },
  };
}
