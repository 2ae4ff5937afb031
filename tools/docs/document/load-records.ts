/** Recorded runs for a document, by id, through the port. */
import type { RunsPort } from '../../../data/ports.ts';
import { notAvailable } from '../../../lib/errors.ts';
import { type DocumentRecord, toDocumentRecord } from './document-record.ts';

export async function loadRecords(runIds: readonly string[], runs: RunsPort): Promise<DocumentRecord[]> {
  return Promise.all(
    [...new Set(runIds)].map(async (runId) => {
      const run = await runs.get(runId);
      if (run === undefined) {
        throw notAvailable({
          code: 'UNKNOWN_RUN',
          message: `No run ${runId} is recorded here.`,
          hint: 'See list_runs (`tradewind runs list`) for the ids; a document is filled from recorded runs only.',
        });
      }
      return toDocumentRecord(run);
    }),
  );
}

const subjectOf = (record: DocumentRecord): string =>
  JSON.stringify([record.input['symbols'] ?? record.input['symbol'] ?? null, record.input['runId'] ?? null]);

/** For each record the newest recorded run of the same tool about the same symbols, where there is one. */
export async function findNewer(records: readonly DocumentRecord[], runs: RunsPort): Promise<Map<string, string>> {
  const newer = new Map<string, string>();
  for (const record of records) {
    const rows = await runs.list({ tool: record.tool, limit: 30 });
    for (const row of rows) {
      if (row.runId === record.runId || row.createdAt <= record.createdAt) continue;
      const other = await runs.get(row.runId);
      if (other !== undefined && subjectOf(toDocumentRecord(other)) === subjectOf(record)) {
        newer.set(record.runId, row.runId);
        break;
      }
    }
  }
  return newer;
}
