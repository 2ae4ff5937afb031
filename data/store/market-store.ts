/** The person's own market data in SQLite: what was imported and fetched. It is a source for the ports, and it writes. */
import { toIsoTime } from '../../lib/dates.ts';
import { hashColumns } from '../hash-columns.ts';
import type { Columns, MarketSource, PanelInfo, SeriesInfo, StoredPanel, StoredSeries } from '../market-source.ts';
import { byFrequency } from '../market-source.ts';
import type { OptionChain, Portfolio } from '../types.ts';
import type { Database, SqlRow } from './database.ts';
import { chainsOf, portfoliosOf } from './stored-documents.ts';

/** What a writer knows of a series; the store works out its span and hash. */
export type SeriesMeta = Omit<SeriesInfo, 'from' | 'to' | 'rows'>;
export type PanelMeta = Omit<PanelInfo, 'from' | 'to' | 'rows'>;

export interface StoredItem {
  readonly kind: 'bars' | 'panel' | 'chain' | 'portfolio';
  readonly key: string;
  readonly detail: string;
  readonly rows: number;
  readonly source: string;
  readonly retrievedAt: string;
}

export interface MarketStore extends MarketSource {
  /** Replaces the series whole. */
  putSeries(meta: SeriesMeta, times: Float64Array, columns: Columns): void;
  putPanel(meta: PanelMeta, times: Float64Array, availableFrom: Float64Array | null, columns: Columns): void;
  putChain(chain: OptionChain, source: string, retrievedAt: string): void;
  putPortfolio(portfolio: Portfolio, source: string): void;
  /** Everything held under a symbol, panel id or portfolio name; returns how many things went. */
  remove(key: string): number;
  items(): readonly StoredItem[];
  recordImport(entry: ImportRecord): void;
  transaction<T>(body: () => T): T;
}

export interface ImportRecord {
  readonly file: string;
  readonly fileHash: string;
  readonly layout: string;
  readonly keys: readonly string[];
  readonly rows: number;
  readonly importedAt: string;
}

/** Columns that are not values: kept in the same table, outside of `columns`. */
const TIMES = '@times';
const AVAILABLE = '@availableFrom';

export function createMarketStore(database: Database): MarketStore {
  const get = (kind: string, key: string, frequency: string) =>
    database.prepare('SELECT * FROM datasets WHERE kind = ? AND key = ? AND frequency = ?').get(kind, key, frequency);
  const put = (kind: 'bars' | 'panel', item: Dataset) => database.transaction(() => writeDataset(database, kind, item));
  return {
    listSeries: () => rowsOf(database, 'bars').map(toSeriesInfo),
    seriesOf: (symbol) =>
      database
        .prepare("SELECT * FROM datasets WHERE kind = 'bars' AND key = ?")
        .all(symbol)
        .map(toSeriesInfo)
        .sort(byFrequency),
    readSeries: (symbol, frequency) => {
      const row = get('bars', symbol, frequency);
      return row === undefined ? undefined : readSeries(database, row);
    },
    listPanels: () => rowsOf(database, 'panel').map(toPanelInfo),
    readPanel: (id) => {
      const row = get('panel', id, '');
      return row === undefined ? undefined : readPanel(database, row);
    },
    ...chainsOf(database),
    ...portfoliosOf(database),
    putSeries: (meta, times, columns) =>
      put('bars', { key: meta.symbol, frequency: meta.frequency, meta, times, columns, extra: {} }),
    putPanel: (meta, times, availableFrom, columns) => {
      const extra: Record<string, Float64Array> = availableFrom === null ? {} : { availableFrom };
      put('panel', { key: meta.id, frequency: '', meta, times, columns, extra });
    },
    remove: (key) => database.transaction(() => removeAll(database, key)),
    items: () => listItems(database),
    recordImport: (entry) => {
      database
        .prepare('INSERT INTO imports (file, file_hash, layout, keys, rows, imported_at) VALUES (?, ?, ?, ?, ?, ?)')
        .run(entry.file, entry.fileHash, entry.layout, JSON.stringify(entry.keys), entry.rows, entry.importedAt);
    },
    transaction: (body) => database.transaction(body),
  };
}

interface Dataset {
  readonly key: string;
  readonly frequency: string;
  readonly meta: SeriesMeta | PanelMeta;
  readonly times: Float64Array;
  readonly columns: Columns;
  readonly extra: Columns;
}

function writeDataset(database: Database, kind: 'bars' | 'panel', item: Dataset): void {
  const { key, frequency, meta, times, columns, extra } = item;
  if (times.length === 0) throw new Error(`${key} has no rows to store.`);
  database.prepare('DELETE FROM datasets WHERE kind = ? AND key = ? AND frequency = ?').run(kind, key, frequency);
  const row = database
    .prepare(
      `INSERT INTO datasets (kind, key, frequency, meta, rows, first_time, last_time, hash, source, retrieved_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
    )
    .get(
      kind,
      key,
      frequency,
      JSON.stringify(meta),
      times.length,
      times[0] as number,
      times[times.length - 1] as number,
      hashColumns(times, columns, extra),
      meta.source,
      meta.retrievedAt ?? '',
    );
  const insert = database.prepare('INSERT INTO dataset_columns (dataset_id, position, name, data) VALUES (?, ?, ?, ?)');
  const available = extra['availableFrom'];
  const all: readonly (readonly [string, Float64Array])[] = [
    [TIMES, times],
    ...(available === undefined ? [] : [[AVAILABLE, available] as const]),
    ...Object.entries(columns),
  ];
  all.forEach(([name, values], position) => {
    insert.run(row?.['id'] ?? 0, position, name, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  });
}

function rowsOf(database: Database, kind: string): readonly SqlRow[] {
  return database.prepare('SELECT * FROM datasets WHERE kind = ? ORDER BY key').all(kind);
}

function span(row: SqlRow): { readonly from: string; readonly to: string; readonly rows: number } {
  return {
    from: toIsoTime(Number(row['first_time'])),
    to: toIsoTime(Number(row['last_time'])),
    rows: Number(row['rows']),
  };
}

/** Written by this file, so its shape is known. */
function toSeriesInfo(row: SqlRow): SeriesInfo {
  return { ...(JSON.parse(String(row['meta'])) as SeriesMeta), ...span(row) };
}

function toPanelInfo(row: SqlRow): PanelInfo {
  return { ...(JSON.parse(String(row['meta'])) as PanelMeta), ...span(row) };
}

function readColumns(database: Database, row: SqlRow) {
  const columns: Record<string, Float64Array> = {};
  const cells = database
    .prepare('SELECT name, data FROM dataset_columns WHERE dataset_id = ? ORDER BY position')
    .all(Number(row['id']));
  for (const cell of cells) columns[String(cell['name'])] = toDoubles(cell['data'] as Uint8Array);
  const { [TIMES]: times = new Float64Array(0), [AVAILABLE]: availableFrom = null, ...values } = columns;
  return { times, availableFrom, columns: values };
}

/** A copy only where the bytes do not lie on a boundary of eight. */
function toDoubles(bytes: Uint8Array): Float64Array {
  if (bytes.byteOffset % 8 === 0) return new Float64Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 8);
  return new Float64Array(bytes.slice().buffer);
}

function readSeries(database: Database, row: SqlRow): StoredSeries {
  const { times, columns } = readColumns(database, row);
  return { info: toSeriesInfo(row), times, columns, hash: String(row['hash']) };
}

function readPanel(database: Database, row: SqlRow): StoredPanel {
  return { info: toPanelInfo(row), ...readColumns(database, row), hash: String(row['hash']) };
}

function removeAll(database: Database, key: string): number {
  const upper = key.trim().toUpperCase();
  return (
    database.prepare('DELETE FROM datasets WHERE key = ?').run(upper).changes +
    database.prepare('DELETE FROM option_chains WHERE underlying = ?').run(upper).changes +
    database.prepare('DELETE FROM portfolios WHERE name = ? COLLATE NOCASE').run(key.trim()).changes
  );
}

function listItems(database: Database): readonly StoredItem[] {
  const datasets = database.prepare('SELECT * FROM datasets ORDER BY kind, key').all();
  const chains = database.prepare('SELECT * FROM option_chains ORDER BY underlying, quote_date').all();
  const portfolios = database.prepare('SELECT * FROM portfolios ORDER BY name').all();
  return [
    ...datasets.map((row): StoredItem => {
      const { from, to, rows } = span(row);
      const kind = row['kind'] === 'panel' ? 'panel' : 'bars';
      const detail = `${kind === 'bars' ? `${row['frequency']} ` : ''}${from} to ${to}`;
      return { kind, key: String(row['key']), detail, rows, ...origin(row, 'retrieved_at') };
    }),
    ...chains.map(
      (row): StoredItem => ({
        kind: 'chain',
        key: String(row['underlying']),
        detail: `quoted ${row['quote_date']}`,
        rows: Number(row['quotes']),
        ...origin(row, 'retrieved_at'),
      }),
    ),
    ...portfolios.map(
      (row): StoredItem => ({
        kind: 'portfolio',
        key: String(row['name']),
        detail: String(row['currency']),
        rows: (JSON.parse(String(row['lots'])) as unknown[]).length,
        ...origin(row, 'updated_at'),
      }),
    ),
  ];
}

function origin(row: SqlRow, time: string): Pick<StoredItem, 'source' | 'retrievedAt'> {
  return { source: String(row['source']), retrievedAt: String(row[time]) };
}
