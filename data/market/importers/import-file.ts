/**
 * A file into the store: guess the layout, read every row, join with what is held, write all of it or nothing.
 * The same file twice changes nothing. What contradicts the store stops the import unless told which side wins.
 */
import { canonicalJson, sha256 } from '../../../lib/canonical-json.ts';
import { toIsoDate } from '../../../lib/dates.ts';
import { invalidInput, TradewindError } from '../../../lib/errors.ts';
import { createDirectory, type Directory } from '../../directory/directory.ts';
import { knownPanels } from '../../known-panels.ts';
import type { MarketStore } from '../../store/market-store.ts';
import type { AssetClass } from '../../types.ts';
import { describeInstrument } from './describe-instrument.ts';
import { detectLayout, findTime, type Layout } from './detect-layout.ts';
import { panelFromName, subjectFromName } from './file-name.ts';
import { mergeRows } from './merge-rows.ts';
import { parseChain } from './parse-chain.ts';
import { parsePanel } from './parse-panel.ts';
import { parsePortfolio } from './parse-portfolio.ts';
import { isSymbol, type PriceParseOptions, parsePrices, symbolFrom } from './parse-prices.ts';
import { readTable, type Table } from './read-table.ts';

export interface ImportOptions {
  readonly bytes: Uint8Array;
  /** Base name of the file: it names what the columns do not. */
  readonly fileName: string;
  readonly store: MarketStore;
  /** ISO date-time of the import. */
  readonly now: string;
  readonly layout?: Layout | undefined;
  /** For a file that holds one instrument or one chain. */
  readonly symbol?: string | undefined;
  readonly panel?: string | undefined;
  readonly portfolio?: string | undefined;
  readonly name?: string | undefined;
  readonly currency?: string | undefined;
  readonly assetClass?: AssetClass | undefined;
  readonly measure?: string | undefined;
  readonly exercise?: 'european' | 'american' | undefined;
  readonly quoteDate?: string | undefined;
  readonly spot?: number | undefined;
  readonly onConflict?: 'fail' | 'keep' | 'replace' | undefined;
}

export interface ImportedItem {
  readonly kind: 'bars' | 'panel' | 'chain' | 'portfolio';
  readonly key: string;
  readonly rows: number;
  readonly from: string;
  readonly to: string;
  readonly added: number;
  /** Rows that the store held already. */
  readonly unchanged: number;
  /** Rows that said the same twice in the file. */
  readonly duplicates: number;
  readonly conflicts: number;
}

export interface ImportReport {
  readonly file: string;
  readonly layout: Layout;
  readonly items: readonly ImportedItem[];
  readonly warnings: readonly string[];
}

interface Job {
  readonly options: ImportOptions;
  readonly table: Table;
  readonly directory: Directory;
  readonly source: string;
  readonly conflicts: string[];
  readonly warnings: string[];
}

export function importFile(options: ImportOptions): ImportReport {
  const directory = createDirectory();
  const table = readTable(options.bytes, options.fileName);
  const layout =
    options.layout ?? (options.panel === undefined ? detectLayout(table, options.fileName, directory) : 'panel');
  const fileHash = sha256(options.bytes);
  const source = `file ${options.fileName} (${fileHash.slice(0, 8)})`;
  const job: Job = { options, table, directory, source, conflicts: [], warnings: [] };
  const items = options.store.transaction(() => {
    const done = importLayout(layout, job);
    if (job.conflicts.length > 0 && (options.onConflict ?? 'fail') === 'fail')
      throw conflictError(options.fileName, job.conflicts);
    if (done.some((item) => item.added > 0 || item.conflicts > 0))
      options.store.recordImport({
        file: options.fileName,
        fileHash,
        layout,
        keys: done.map((item) => item.key),
        rows: done.reduce((sum, item) => sum + item.rows, 0),
        importedAt: options.now,
      });
    return done;
  });
  const side = options.onConflict === 'replace' ? 'the file' : 'the store';
  const conflictWarnings = job.conflicts.map((text) => `${text}; ${side} was kept.`);
  return { file: options.fileName, layout, items, warnings: [...job.warnings, ...conflictWarnings] };
}

function importLayout(layout: Layout, job: Job): readonly ImportedItem[] {
  if (layout === 'panel') return [importPanel(job)];
  if (layout === 'chain') return importChains(job);
  return layout === 'portfolio' ? [importPortfolio(job)] : importPrices(layout, job);
}

function conflictError(fileName: string, conflicts: readonly string[]): TradewindError {
  return new TradewindError({
    code: 'CONFLICTING_DATA',
    kind: 'input',
    message: `${fileName} was not imported, because it contradicts what is held: ${conflicts.slice(0, 5).join('; ')}${conflicts.length > 5 ? `; and ${conflicts.length - 5} more` : ''}.`,
    hint: 'Import it with `--on-conflict keep` or `--on-conflict replace`, or under another name with `--symbol`. Nothing was stored.',
    details: { conflicts: conflicts.slice(0, 20) },
  });
}

function noteConflicts(job: Job, key: string, count: number, examples: readonly string[]): void {
  if (count > 0)
    job.conflicts.push(`${key} differs in ${count} ${count === 1 ? 'row' : 'rows'} (${examples.join(', ')})`);
}

function checkKey(key: string): void {
  if (!isSymbol(key))
    throw invalidInput({
      what: 'A name for imported data',
      needed: 'letters, digits and . - : ^ = _ & / +',
      got: JSON.stringify(key),
    });
  if (!key.startsWith('DEMO:')) return;
  throw invalidInput({
    what: 'A name for imported data',
    needed: 'one that does not start with DEMO:, which is kept for the synthetic market',
    got: key,
    hint: 'Give another name with `--symbol` or `--panel`.',
  });
}

function importPrices(layout: PriceParseOptions['layout'], job: Job): readonly ImportedItem[] {
  const { options, table, directory } = job;
  const time = findTime(table);
  if (time === undefined) throw new Error('A layout with prices has a time column.');
  const symbol = symbolFrom(options.symbol ?? subjectFromName(options.fileName, directory), directory);
  const parsed = parsePrices({ table, fileName: options.fileName, layout, time, symbol, directory });
  job.warnings.push(...parsed.warnings);
  if (time.kind === 'number')
    job.warnings.push('Rows are numbered, not dated: they were put on the days after 2000-01-01.');
  if (parsed.series.size === 0)
    throw invalidInput({ what: options.fileName, needed: 'a table with at least one price', got: 'empty' });
  return [...parsed.series].map(([key, built]) => {
    checkKey(key);
    const meta = describeInstrument({ symbol: key, times: built.times, directory, source: job.source, options });
    const held = options.store.readSeries(key, meta.frequency);
    const merged = mergeRows(held, built, options.onConflict === 'replace' ? 'fresh' : 'held');
    noteConflicts(job, key, merged.conflicts, merged.examples);
    const changes = merged.added > 0 || merged.filled > 0 || (merged.conflicts > 0 && options.onConflict === 'replace');
    if (changes) options.store.putSeries(meta, merged.times, merged.columns);
    return { kind: 'bars', key, ...summary(merged), duplicates: built.duplicates };
  });
}

function summary(merged: ReturnType<typeof mergeRows>) {
  return {
    rows: merged.times.length,
    from: toIsoDate(merged.times[0] ?? 0),
    to: toIsoDate(merged.times.at(-1) ?? 0),
    added: merged.added,
    unchanged: merged.unchanged,
    conflicts: merged.conflicts,
  };
}

function importPanel(job: Job): ImportedItem {
  const { options, table } = job;
  const id = (options.panel ?? panelFromName(options.fileName, table.header)).trim().toUpperCase();
  checkKey(id);
  const known = knownPanels.find((panel) => panel.id === id);
  const time = findTime(table);
  if (time === undefined)
    throw invalidInput({ what: options.fileName, needed: 'a table with a date column', got: 'without one' });
  const parsed = parsePanel({ table, fileName: options.fileName, time, measure: options.measure });
  job.warnings.push(...parsed.warnings);
  if (parsed.built.times.length === 0)
    throw invalidInput({ what: options.fileName, needed: 'a table with at least one row', got: 'empty' });
  if (time.kind === 'number')
    job.warnings.push('Rows are numbered, not dated: they were put on the days after 2000-01-01.');
  const fresh = withAvailability(parsed.built.times, parsed.built.columns, parsed.availableFrom);
  const held = options.store.readPanel(id);
  const heldRows = held && withAvailability(held.times, held.columns, held.availableFrom);
  const merged = mergeRows(heldRows, fresh, options.onConflict === 'replace' ? 'fresh' : 'held');
  noteConflicts(job, id, merged.conflicts, merged.examples);
  const { [AVAILABLE]: availableFrom = null, ...columns } = merged.columns;
  if (merged.added > 0 || merged.filled > 0 || (merged.conflicts > 0 && options.onConflict === 'replace')) {
    options.store.putPanel(
      {
        id,
        name: options.name ?? known?.name ?? id,
        measure: parsed.measure,
        synthetic: false,
        source: job.source,
        licence: null,
        retrievedAt: options.now,
      },
      merged.times,
      availableFrom,
      columns,
    );
  }
  return { kind: 'panel', key: id, ...summary(merged), duplicates: parsed.built.duplicates };
}

const AVAILABLE = '@availableFrom';

/** The release times travel through the merge as one more column. */
function withAvailability(
  times: Float64Array,
  columns: Readonly<Record<string, Float64Array>>,
  availableFrom: Float64Array | null,
) {
  return { times, columns: availableFrom === null ? columns : { ...columns, [AVAILABLE]: availableFrom } };
}

function importChains(job: Job): readonly ImportedItem[] {
  const { options, table, directory } = job;
  const underlying = symbolFrom(options.symbol ?? subjectFromName(options.fileName, directory), directory);
  checkKey(underlying);
  const known = directory.lookup(underlying);
  const chains = parseChain({
    table,
    fileName: options.fileName,
    underlying,
    exercise: options.exercise ?? (known?.assetClass === 'index' ? 'european' : 'american'),
    currency: options.currency ?? known?.currency ?? 'USD',
    quoteDate: options.quoteDate,
    spot: options.spot,
  });
  return chains.map((chain) => {
    const held = options.store.readChain(underlying, chain.quoteDate)?.chain;
    const same = held !== undefined && canonicalJson(held) === canonicalJson(chain);
    const conflicts = held !== undefined && !same ? 1 : 0;
    noteConflicts(job, `the chain of ${underlying} on ${chain.quoteDate}`, conflicts, ['other quotes']);
    if (held === undefined || (conflicts > 0 && options.onConflict === 'replace'))
      options.store.putChain(chain, job.source, options.now);
    const rows = chain.quotes.length;
    const day = chain.quoteDate;
    return {
      kind: 'chain',
      key: underlying,
      rows,
      from: day,
      to: day,
      added: held === undefined ? rows : 0,
      unchanged: same ? rows : 0,
      duplicates: 0,
      conflicts,
    };
  });
}

function importPortfolio(job: Job): ImportedItem {
  const { options, table, directory } = job;
  const stem = options.fileName.replace(/\.(csv|txt)?(\.gz)?$/i, '').replace(/\.csv$/i, '');
  const name = options.portfolio ?? options.name ?? stem;
  checkKey(name.toUpperCase().replaceAll(' ', '_'));
  const { lots, cash } = parsePortfolio(table, options.fileName, directory);
  const held = options.store.readPortfolio(name)?.portfolio;
  const currency = options.currency ?? held?.currency ?? 'USD';
  const same =
    held !== undefined &&
    canonicalJson([held.lots, held.cash, held.currency]) === canonicalJson([lots, cash, currency]);
  const conflicts = held !== undefined && !same ? 1 : 0;
  noteConflicts(job, `the portfolio ${name}`, conflicts, ['other holdings']);
  if (held === undefined || (conflicts > 0 && options.onConflict === 'replace'))
    options.store.putPortfolio({ name, currency, cash, lots, synthetic: false, updatedAt: options.now }, job.source);
  const day = options.now.slice(0, 10);
  return {
    kind: 'portfolio',
    key: name,
    rows: lots.length,
    from: day,
    to: day,
    added: held === undefined ? lots.length : 0,
    unchanged: same ? lots.length : 0,
    duplicates: 0,
    conflicts,
  };
}
