/** The person's own limits: `constitution.yaml` in the data folder, read at every call so that an edit holds at once. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '../../lib/canonical-json.ts';
import { toIsoDate } from '../../lib/dates.ts';
import type { PolicyPort } from '../ports.ts';

export function createPolicyFile(folder: string): PolicyPort {
  const path = join(folder, 'constitution.yaml');
  return {
    async constitution() {
      if (!existsSync(path)) return null;
      const text = readFileSync(path, 'utf8');
      const day = toIsoDate(statSync(path).mtimeMs);
      return {
        value: text,
        provenance: [
          {
            source: 'constitution.yaml',
            symbols: [],
            from: '1970-01-01',
            to: '1970-01-01',
            rows: text.split('\n').length,
            hash: sha256(text).slice(0, 32),
            synthetic: false,
            retrievedAt: day,
          },
        ],
      };
    },
  };
}
