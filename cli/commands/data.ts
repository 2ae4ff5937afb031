/** `data list | show | import | fetch | remove`: what is held, and how more of it comes in. */
import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import { isTradewindError, notAvailable } from '../../lib/errors.ts';
import type { CommandContext } from '../command-context.ts';
import { exitCodes } from '../exit-codes.ts';

interface ImportFlags {
  readonly layout?: 'bars' | 'long' | 'wide' | 'panel' | 'chain' | 'portfolio';
  readonly symbol?: string;
  readonly panel?: string;
  readonly portfolio?: string;
  readonly name?: string;
  readonly currency?: string;
  readonly measure?: string;
  readonly quoteDate?: string;
  readonly spot?: number;
  readonly exercise?: 'european' | 'american';
  readonly onConflict?: 'fail' | 'keep' | 'replace';
  readonly json?: boolean;
}

interface FetchFlags {
  readonly source?: 'yahoo' | 'fred';
  readonly start?: string;
  readonly options?: boolean;
  readonly refresh?: boolean;
  readonly replace?: boolean;
  readonly json?: boolean;
}

export function registerDataCommands(program: Command, context: CommandContext): void {
  const data = program.command('data').description('market data and portfolios: list, show, import, fetch, remove');
  data
    .command('list')
    .description('what is held: your own data, then what is bundled')
    .option('--own', 'only what you imported or fetched')
    .option('--json', 'as JSON')
    .action((flags: { own?: boolean; json?: boolean }) => list(context, flags));
  data
    .command('show <key>')
    .description('one symbol, panel or portfolio: where it came from, its span, its last rows')
    .option('--json', 'as JSON')
    .action((key: string, flags: { json?: boolean }) => show(context, key, flags));
  data
    .command('import <files...>')
    .description('CSV files, plain or gzip: prices (one symbol, long or wide), panels, option chains, portfolios')
    .addOption(
      new Option('--layout <layout>', 'instead of guessing it').choices([
        'bars',
        'long',
        'wide',
        'panel',
        'chain',
        'portfolio',
      ]),
    )
    .option('--symbol <symbol>', 'of a file that holds one instrument or chain')
    .option('--panel <id>', 'import as this panel, such as US:YIELDS')
    .option('--portfolio <name>', 'name of the portfolio')
    .option('--name <name>', 'full name of the instrument or panel')
    .option('--currency <code>', 'currency of the prices or the portfolio')
    .addOption(
      new Option('--measure <measure>', 'what a panel holds').choices([
        'percent',
        'fraction',
        'price',
        'points',
        'index',
      ]),
    )
    .option('--quote-date <date>', 'of a chain without a date column')
    .option('--spot <price>', 'of a chain without the price of its underlying', positive)
    .addOption(new Option('--exercise <style>', 'of a chain').choices(['european', 'american']))
    .addOption(
      new Option('--on-conflict <what>', 'where the file contradicts what is held')
        .choices(['fail', 'keep', 'replace'])
        .default('fail'),
    )
    .option('--json', 'as JSON')
    .action((files: string[], flags: ImportFlags) => importFiles(context, files, flags));
  data
    .command('fetch <names...>')
    .description('live data: prices and option chains from Yahoo, macro series and yields from FRED')
    .addOption(
      new Option('--source <source>', 'default: FRED for panels, Yahoo for the rest').choices(['yahoo', 'fred']),
    )
    .option('--start <date>', 'first day')
    .option('--options', 'the option chain instead of prices')
    .option('--refresh', 'ask again although fetched within the hour')
    .option('--replace', 'in the place of imported prices')
    .option('--json', 'as JSON')
    .action((names: string[], flags: FetchFlags) => fetchNames(context, names, flags));
  data
    .command('remove <key>')
    .description('remove what you imported or fetched under a symbol, panel id or portfolio name')
    .option('--yes', 'do it')
    .action((key: string, flags: { yes?: boolean }) => remove(context, key, flags));
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value)) throw new InvalidArgumentError('It must be a number above zero.');
  return value;
}

async function list(context: CommandContext, flags: { own?: boolean; json?: boolean }): Promise<void> {
  const app = await context.openApp();
  const own = app.market.items();
  const { market } = app.portsAt(app.asOf);
  const bundled = flags.own
    ? []
    : (await market.search({ withData: true, limit: 1000 })).filter(
        (info) => !own.some((item) => item.kind === 'bars' && item.key === info.symbol),
      );
  const panels = flags.own ? [] : (await market.panels()).filter((panel) => !own.some((item) => item.key === panel.id));
  if (flags.json) return context.out(JSON.stringify({ home: app.home, own, bundled, panels }, null, 2));
  context.out(`Your data, in ${app.home}`);
  if (own.length === 0) context.out('  none yet: try `tradewind data fetch AAPL` or `tradewind data import FILE`');
  for (const item of own)
    context.out(
      `  ${item.key.padEnd(18)} ${item.kind.padEnd(9)} ${item.detail}, ${item.rows} rows, ${item.source}, ${item.retrievedAt.slice(0, 10)}`,
    );
  if (flags.own) return;
  context.out('\nBundled, real');
  for (const info of bundled.filter((entry) => !entry.synthetic))
    context.out(
      `  ${info.symbol.padEnd(18)} ${info.frequency.padEnd(9)} ${info.from} to ${info.to}, ${info.rows} rows`,
    );
  const demo = bundled.filter((info) => info.synthetic);
  context.out(`\nBundled, SYNTHETIC demo market: ${demo.length} instruments, ${panels.length} panels`);
  context.out(wrap([...demo.map((info) => info.symbol), ...panels.map((panel) => panel.id)]));
}

function wrap(words: readonly string[]): string {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length > 96) lines.push(`  ${word}`);
    else lines[lines.length - 1] = `${last}  ${word}`;
  }
  return lines.join('\n');
}

async function show(context: CommandContext, key: string, flags: { json?: boolean }): Promise<void> {
  const app = await context.openApp();
  const ports = app.portsAt(app.asOf);
  const { describeData } = await import('../render/describe-data.ts');
  const described = await describeData(ports, key);
  context.out(flags.json ? JSON.stringify(described.value, null, 2) : described.lines.join('\n'));
}

async function importFiles(context: CommandContext, files: readonly string[], flags: ImportFlags): Promise<void> {
  const app = await context.openApp();
  const [{ importFile }, { readFile }, { basename }] = await Promise.all([
    import('../../data/market/importers/import-file.ts'),
    import('node:fs/promises'),
    import('node:path'),
  ]);
  const { json, ...options } = flags;
  const reports = [];
  for (const file of files) {
    const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
      throw notAvailable({
        code: 'UNREADABLE_FILE',
        message: `${file} cannot be read (${error.code ?? 'error'}).`,
        hint: 'Check the path.',
      });
    });
    const report = importFile({
      ...options,
      bytes,
      fileName: basename(file),
      store: app.market,
      now: new Date().toISOString(),
    });
    reports.push(report);
    if (json) continue;
    context.out(`${report.file}: ${report.layout}`);
    for (const item of report.items.slice(0, 40)) {
      const notes = [
        `${item.added} new`,
        ...(item.unchanged > 0 ? [`${item.unchanged} held already`] : []),
        ...(item.duplicates > 0 ? [`${item.duplicates} repeated in the file`] : []),
        ...(item.conflicts > 0 ? [`${item.conflicts} in conflict`] : []),
      ];
      context.out(
        `  ${item.key.padEnd(18)} ${item.kind}, ${item.from} to ${item.to}, ${item.rows} rows: ${notes.join(', ')}`,
      );
    }
    if (report.items.length > 40) context.out(`  … and ${report.items.length - 40} more`);
    for (const warning of report.warnings) context.err(`  note: ${warning}`);
  }
  if (json) context.out(JSON.stringify(reports, null, 2));
}

async function fetchNames(context: CommandContext, names: readonly string[], flags: FetchFlags): Promise<void> {
  const app = await context.openApp();
  const [{ fetchLive }] = await Promise.all([import('../../app/fetch-live.ts')]);
  const reports = [];
  const failed: string[] = [];
  for (const name of names) {
    try {
      const report = await fetchLive(app, { name, ...flags, signal: context.signal });
      reports.push(report);
      if (!flags.json)
        context.out(
          `${report.key}: ${report.rows} rows, ${report.from} to ${report.to}${report.status === 'fresh' ? ' (fetched within the hour; `--refresh` asks again)' : ''}`,
        );
    } catch (error) {
      // One name that fails does not lose the others; the first failure decides when it is the only name.
      if (!isTradewindError(error) || error.kind === 'cancelled' || names.length === 1) throw error;
      failed.push(`${name}: ${error.message} ${error.hint}`);
    }
  }
  if (flags.json) context.out(JSON.stringify(reports, null, 2));
  for (const line of failed) context.err(line);
  if (failed.length > 0) context.exit(exitCodes.badInput);
}

async function remove(context: CommandContext, key: string, flags: { yes?: boolean }): Promise<void> {
  const app = await context.openApp();
  const mine = app.market.items().filter((item) => item.key.toLowerCase() === key.trim().toLowerCase());
  if (mine.length === 0) {
    throw notAvailable({
      code: 'NOT_HELD',
      message: `You hold nothing under "${key}". Bundled data cannot be removed.`,
      hint: 'See `tradewind data list --own`.',
    });
  }
  for (const item of mine) context.out(`${item.key}: ${item.kind}, ${item.detail}, ${item.rows} rows, ${item.source}`);
  if (!flags.yes) {
    context.err('Nothing was removed. Add --yes to remove it.');
    return context.exit(exitCodes.badInput);
  }
  app.market.remove(key);
  context.out('Removed.');
}
