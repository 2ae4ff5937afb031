/** Reads a CSV file, plain or gzip, row by row with its line numbers. Cells are trimmed; empty ones are missing. */
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { TradewindError } from '../../../lib/errors.ts';

export interface Table {
  /** As written, trimmed. */
  readonly header: readonly string[];
  readonly rowCount: number;
  /** Calls back for every row with its 1-based line number in the file. */
  forEachRow(visit: (cells: readonly string[], line: number) => void): void;
  /** The first rows, for guessing the layout. */
  readonly sample: readonly (readonly string[])[];
}

const SAMPLE_ROWS = 200;
const MAX_BYTES = 1_500_000_000;

export function readTable(bytes: Uint8Array, fileName: string): Table {
  const text = decode(bytes, fileName);
  if (text.trim() === '') throw unreadable(fileName, 'it is empty');
  return text.includes('"') ? quotedTable(text, fileName) : plainTable(text);
}

function decode(bytes: Uint8Array, fileName: string): string {
  const packed = bytes[0] === 0x1f && bytes[1] === 0x8b;
  try {
    const raw = packed ? gunzipSync(bytes, { maxOutputLength: MAX_BYTES }) : Buffer.from(bytes);
    if (raw.subarray(0, 4000).includes(0)) throw unreadable(fileName, 'it is not text');
    return raw.toString('utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    if (error instanceof TradewindError) throw error;
    throw unreadable(fileName, error instanceof Error ? error.message : 'it cannot be unpacked');
  }
}

function unreadable(fileName: string, why: string): TradewindError {
  return new TradewindError({
    code: 'UNREADABLE_FILE',
    kind: 'input',
    message: `${fileName} cannot be read as CSV: ${why}.`,
    hint: 'Give a comma-separated text file with a header row, plain or gzip.',
  });
}

/** No quotes anywhere: splitting is exact, and twenty times faster than a full parser. */
function plainTable(text: string): Table {
  const lines = text.split('\n');
  const delimiter = guessDelimiter(lines[0] ?? '');
  const cut = (line: string) => line.split(delimiter).map((cell) => cell.trim());
  const header = cut(lines[0] ?? '');
  const isBlank = (line: string) => line === '' || line === '\r';
  let rowCount = 0;
  const sample: string[][] = [];
  for (let i = 1; i < lines.length; i++) {
    const line = lines[i] as string;
    if (isBlank(line)) continue;
    rowCount++;
    if (sample.length < SAMPLE_ROWS) sample.push(cut(line));
  }
  return {
    header,
    rowCount,
    sample,
    forEachRow: (visit) => {
      for (let i = 1; i < lines.length; i++) {
        const line = lines[i] as string;
        if (!isBlank(line)) visit(cut(line), i + 1);
      }
    },
  };
}

function guessDelimiter(header: string): string {
  const count = (mark: string) => header.split(mark).length;
  return [',', ';', '\t'].reduce((best, mark) => (count(mark) > count(best) ? mark : best), ',');
}

function quotedTable(text: string, fileName: string): Table {
  let records: readonly { readonly record: readonly string[]; readonly info: { readonly lines: number } }[];
  try {
    records = parse(text, {
      info: true,
      trim: true,
      relax_column_count: true,
      skip_empty_lines: true,
      delimiter: guessDelimiter(text.slice(0, text.indexOf('\n'))),
    }) as unknown as typeof records;
  } catch (error) {
    throw unreadable(fileName, error instanceof Error ? error.message : 'broken quotes');
  }
  const [first, ...rows] = records;
  return {
    header: first?.record ?? [],
    rowCount: rows.length,
    sample: rows.slice(0, SAMPLE_ROWS).map((row) => row.record),
    forEachRow: (visit) => {
      for (const row of rows) visit(row.record, row.info.lines);
    },
  };
}
