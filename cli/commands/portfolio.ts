/** `portfolio import | list | show | value | report`: what the person holds, from a CSV file or in words. */
import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Command } from 'commander';
import type { App } from '../../app/create-app.ts';
import type { Lot, Portfolio } from '../../data/types.ts';
import { invalidInput, isTradewindError } from '../../lib/errors.ts';
import { formatNumber } from '../../lib/format.ts';
import type { CommandContext } from '../command-context.ts';
import { exitCodes } from '../exit-codes.ts';

interface ImportFlags {
  readonly name?: string;
  readonly currency?: string;
  readonly say?: string;
  readonly replace?: boolean;
}

export function registerPortfolioCommands(program: Command, context: CommandContext): void {
  const group = program.command('portfolio').description('what you hold: import, list, show and value portfolios');
  group
    .command('import [file]')
    .description('from a CSV (symbol,quantity,cost,acquired; a row CASH), or in words with --say')
    .option('--name <name>', 'name of the portfolio; default: the file name, or "mine"')
    .option('--currency <code>', 'its currency', 'USD')
    .option('--say <words>', 'for example "100 VTI @ 210.5 on 2023-01-03, 50 BND, cash 4000"')
    .option('--replace', 'replace what is stored under the name')
    .action((file: string | undefined, flags: ImportFlags) => importPortfolio(context, file, flags));
  group
    .command('list')
    .description('stored portfolios')
    .option('--json', 'as JSON')
    .action((flags: { json?: boolean }) => listPortfolios(context, flags));
  group
    .command('show <name>')
    .description('lots and cash')
    .option('--json', 'as JSON')
    .action((name: string, flags: { json?: boolean }) => showPortfolio(context, name, flags));
  group
    .command('value <name>')
    .description('value of every position at the last price before the cut-off')
    .option('--json', 'as JSON')
    .action((name: string, flags: { json?: boolean }) => valuePortfolio(context, name, flags));
  group
    .command('report <name>')
    .description('the weekly report as an HTML page with charts, or as Markdown on stdout')
    .option('--out <file>', 'write the page (.html) or the text (.md) to this file')
    .option('--target <weights>', 'such as stocks=0.6,bonds=0.4; default: the market regime by the VIX')
    .action((name: string, flags: { out?: string; target?: string }) => reportPortfolio(context, name, flags));
}

async function reportPortfolio(
  context: CommandContext,
  name: string,
  flags: { out?: string; target?: string },
): Promise<void> {
  const app = await context.openApp();
  const language = app.config.text('language') === 'ko' ? 'ko' : 'en';
  const { weightsOf } = await import('./check.ts');
  const envelope = await app.runner.run(
    'write_portfolio_report',
    { portfolio: name, language, ...(flags.target === undefined ? {} : { targetAllocation: weightsOf(flags.target) }) },
    { asOf: app.asOf, signal: context.signal },
  );
  if (!envelope.ok) {
    context.err(`${envelope.error.message} ${envelope.error.hint}`);
    return context.exit(envelope.error.kind === 'fault' ? exitCodes.fault : exitCodes.badInput);
  }
  const { html, markdown } = envelope.output as { readonly html: string; readonly markdown: string };
  if (flags.out === undefined) return context.out(markdown);
  writeFileSync(flags.out, flags.out.endsWith('.md') ? markdown : html);
  context.err(`Report written to ${flags.out}`);
}

async function importPortfolio(context: CommandContext, file: string | undefined, flags: ImportFlags): Promise<void> {
  const app = await context.openApp();
  const now = new Date().toISOString();
  if (flags.say !== undefined) {
    const name = flags.name ?? 'mine';
    if (app.market.readPortfolio(name) !== undefined && !flags.replace) throw alreadyThere(name);
    const said = await readHoldings(flags.say, app);
    app.market.putPortfolio(
      { name, currency: flags.currency ?? 'USD', ...said, synthetic: false, updatedAt: now },
      'said at the terminal',
    );
    return context.out(
      `Portfolio ${name}: ${said.lots.length} lots, cash ${said.cash}. See \`tradewind portfolio value ${name}\`.`,
    );
  }
  if (file === undefined) {
    throw invalidInput({
      what: 'portfolio import',
      needed: 'given a CSV file, or holdings with --say',
      got: 'neither',
      hint: 'Example: tradewind portfolio import holdings.csv, or --say "100 VTI @ 210.5, cash 4000".',
    });
  }
  const { importFile } = await import('../../data/market/importers/import-file.ts');
  const report = importFile({
    bytes: readFileSync(file),
    fileName: basename(file),
    store: app.market,
    now,
    layout: 'portfolio',
    ...(flags.name === undefined ? {} : { portfolio: flags.name }),
    ...(flags.currency === undefined ? {} : { currency: flags.currency }),
    onConflict: flags.replace ? 'replace' : 'fail',
  });
  for (const item of report.items) {
    context.out(`Portfolio ${item.key}: ${item.rows} lots. See \`tradewind portfolio value ${item.key}\`.`);
  }
}

function alreadyThere(name: string): Error {
  return invalidInput({
    code: 'CONFLICTING_DATA',
    what: `The name ${name}`,
    needed: 'free',
    got: 'a stored portfolio',
    hint: 'Use --replace to overwrite it, or another --name.',
  });
}

/** "100 VTI @ 210.5 on 2023-01-03, BND 50, cash 4000": every part is a holding or the cash; what is neither is refused. */
export async function readHoldings(
  words: string,
  app: Pick<App, 'asOf' | 'portsAt'>,
): Promise<Pick<Portfolio, 'lots' | 'cash'>> {
  const market = app.portsAt(app.asOf).market;
  const lots: Lot[] = [];
  let cash = 0;
  for (const part of words
    .split(/[;\n]|,(?!\d{3}\b)/)
    .map((text) => text.trim())
    .filter((text) => text !== '')) {
    const money =
      /^(?:cash|현금)\s*:?\s*\$?\s*([\d,.]+)\s*(k|m)?$/i.exec(part) ??
      /^\$?\s*([\d,.]+)\s*(k|m)?\s*(?:in\s+)?(?:cash|현금)$/i.exec(part);
    if (money !== null) {
      cash += numberOf(money[1] ?? '') * ({ k: 1e3, m: 1e6 }[(money[2] ?? '').toLowerCase()] ?? 1);
      continue;
    }
    const held =
      /^([\d,.]+)\s*(?:shares?\s+(?:of\s+)?|주\s*)?([^\s@]+)(?:\s*@\s*\$?([\d,.]+))?(?:\s+on\s+(\d{4}-\d{2}-\d{2}))?$/i.exec(
        part,
      ) ??
      swap(
        /^([^\s@\d][^\s@]*)\s+([\d,.]+)\s*(?:shares?|주)?(?:\s*@\s*\$?([\d,.]+))?(?:\s+on\s+(\d{4}-\d{2}-\d{2}))?$/i.exec(
          part,
        ),
      );
    if (held === null) {
      throw invalidInput({
        what: `"${part.slice(0, 60)}"`,
        needed: 'a holding such as "100 VTI @ 210.5 on 2023-01-03", or "cash 4000"',
        got: 'something else',
        hint: 'Separate holdings by commas.',
      });
    }
    const symbol = await symbolOf(held[2] ?? '', market);
    lots.push({
      symbol,
      quantity: numberOf(held[1] ?? ''),
      costPerUnit: held[3] === undefined ? null : numberOf(held[3]),
      acquired: held[4] ?? null,
    });
  }
  return { lots, cash };
}

function swap(match: RegExpExecArray | null): readonly (string | undefined)[] | null {
  return match === null ? null : [match[0], match[2], match[1], match[3], match[4]];
}

function numberOf(text: string): number {
  const value = Number(text.replaceAll(',', ''));
  if (Number.isFinite(value) && value > 0) return value;
  throw invalidInput({ what: `"${text}"`, needed: 'a positive number', got: text });
}

/** A name that the directory knows becomes its symbol; another is kept as it was said. */
async function symbolOf(name: string, market: ReturnType<App['portsAt']>['market']): Promise<string> {
  try {
    return (await market.resolve(name)).symbol;
  } catch (error) {
    if (isTradewindError(error)) return name.toUpperCase();
    throw error;
  }
}

async function listPortfolios(context: CommandContext, flags: { json?: boolean }): Promise<void> {
  const app = await context.openApp();
  const portfolios = await app.portsAt(app.asOf).portfolios.list();
  if (flags.json) return context.out(JSON.stringify(portfolios, null, 2));
  for (const p of portfolios) {
    context.out(
      `${p.name}  ${p.lots.length} lots, cash ${formatNumber(p.cash, 'money', { currency: p.currency })}${p.synthetic ? '  SYNTHETIC' : ''}`,
    );
  }
  if (!portfolios.some((p) => !p.synthetic)) {
    context.err('None of your own yet: `tradewind portfolio import holdings.csv`, or --say "100 VTI, cash 4000".');
  }
}

async function showPortfolio(context: CommandContext, name: string, flags: { json?: boolean }): Promise<void> {
  const app = await context.openApp();
  const { value } = await app.portsAt(app.asOf).portfolios.get(name);
  if (flags.json) return context.out(JSON.stringify(value, null, 2));
  context.out(`${value.name}  ${value.currency}${value.synthetic ? '  SYNTHETIC' : ''}`);
  for (const lot of value.lots) {
    const cost =
      lot.costPerUnit === null
        ? 'cost unknown'
        : `at ${formatNumber(lot.costPerUnit, 'price', { currency: value.currency })}`;
    context.out(`  ${lot.symbol}  ${lot.quantity}  ${cost}${lot.acquired === null ? '' : `  ${lot.acquired}`}`);
  }
  context.out(`  cash  ${formatNumber(value.cash, 'money', { currency: value.currency })}`);
}

async function valuePortfolio(context: CommandContext, name: string, flags: { json?: boolean }): Promise<void> {
  const [app, { loadHoldings }, { holdingsSchema }] = await Promise.all([
    context.openApp(),
    import('../../tools/rebalance/holdings/load-holdings.ts'),
    import('../../tools/rebalance/holdings/holdings-input.ts'),
  ]);
  const { value, provenance } = await loadHoldings(holdingsSchema.parse({ portfolio: name }), app.portsAt(app.asOf));
  if (flags.json)
    return context.out(JSON.stringify({ ...value, constitution: undefined, prices: provenance }, null, 2));
  const money = (amount: number): string => formatNumber(amount, 'money', { currency: value.currency });
  for (const h of value.holdings) {
    const last = provenance.findLast((p) => p.symbols.includes(h.symbol))?.to.slice(0, 10) ?? '';
    context.out(
      `${h.symbol}  ${h.quantity}  ${money(h.value)}  ${formatNumber(h.value / value.total, 'fraction')}  price of ${last}`,
    );
  }
  context.out(`cash  ${money(value.cash)}  ${formatNumber(value.cash / value.total, 'fraction')}`);
  context.out(`total ${money(value.total)}`);
}
