/** `proposals …` and `decisions …`: what waits for a person, what was decided, and the order tickets. Nothing is sent anywhere. */
import { writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import type { Booking, FillAt } from '../../app/book-proposal.ts';
import type { App } from '../../app/create-app.ts';
import type { ProposalStatus, ProposedTrade, StoredProposal } from '../../data/store/ledger.ts';
import { invalidInput } from '../../lib/errors.ts';
import { formatNumber } from '../../lib/format.ts';
import type { CommandContext } from '../command-context.ts';
import { exitCodes } from '../exit-codes.ts';

interface DecideFlags {
  readonly atProposalPrice?: boolean;
}
interface EditFlags extends DecideFlags {
  readonly set?: readonly string[];
  readonly drop?: readonly string[];
}
interface ExportFlags {
  readonly format: string;
  readonly out?: string;
}

const AT_PRICE = 'fill at the prices of the proposal instead of the next bar';

export function registerProposalCommands(program: Command, context: CommandContext): void {
  const group = program
    .command('proposals')
    .description('trades that wait for you: list, approve, edit, reject, export');
  group
    .command('list', { isDefault: true })
    .description('proposals, newest first')
    .option('--status <status>', 'pending, approved, rejected or booked')
    .option('--json', 'as JSON')
    .action((flags: { status?: string; json?: boolean }) => listProposals(context, flags));
  group
    .command('show <id>')
    .description('one proposal with its trades and fills')
    .action((id: string) => showProposal(context, id));
  group
    .command('approve <id>')
    .description('approve it and book it on paper; asks first, and only at a terminal')
    .option('--at-proposal-price', AT_PRICE)
    .action((id: string, flags: DecideFlags) => decide(context, id, 'approved', flags));
  group
    .command('edit <id>')
    .description('change quantities or drop trades, then approve the rest')
    .option('--set <symbol=quantity...>', 'new quantity of a trade')
    .option('--drop <symbol...>', 'leave a trade out')
    .option('--at-proposal-price', AT_PRICE)
    .action((id: string, flags: EditFlags) => decide(context, id, 'edited', flags));
  group
    .command('reject <id>')
    .description('refuse it')
    .action((id: string) => decide(context, id, 'rejected', {}));
  group
    .command('settle')
    .description('book approved proposals whose next bar is there by now')
    .option('--at-proposal-price', AT_PRICE)
    .action((flags: DecideFlags) => settle(context, flags));
  group
    .command('export <id>')
    .description('order ticket of an approved proposal, for your broker')
    .option('--format <format>', 'csv or json', 'csv')
    .option('--out <file>', 'write it to a file')
    .action((id: string, flags: ExportFlags) => exportTicket(context, id, flags));
  const decisions = program.command('decisions').description('the append-only log of decisions');
  decisions
    .command('list', { isDefault: true })
    .description('every decision, oldest first')
    .option('--json', 'as JSON')
    .action((flags: { json?: boolean }) => listDecisions(context, flags));
  decisions
    .command('verify')
    .description('recompute the hash chain; exit status 1 where it is broken')
    .action(() => verifyDecisions(context));
}

async function listProposals(context: CommandContext, flags: { status?: string; json?: boolean }): Promise<void> {
  const statuses: readonly ProposalStatus[] = ['pending', 'approved', 'rejected', 'booked'];
  const status = statuses.find((known) => known === flags.status);
  if (flags.status !== undefined && status === undefined) {
    throw invalidInput({ what: '--status', needed: `one of ${statuses.join(', ')}`, got: flags.status });
  }
  const app = await context.openApp();
  const found = app.ledger.list(status);
  if (flags.json) return context.out(JSON.stringify(found, null, 2));
  if (found.length === 0) return context.err('No proposals. `tradewind check` looks whether a portfolio needs one.');
  for (const p of found)
    context.out(`${p.id}  ${p.status}  ${p.body.portfolio}  as of ${p.body.asOf}  ${p.body.trades.length} trades`);
}

async function showProposal(context: CommandContext, id: string): Promise<void> {
  const app = await context.openApp();
  const proposal = app.ledger.get(id);
  context.out(describe(proposal));
  for (const fill of app.ledger.fillsOf(proposal.id)) {
    context.out(
      `  filled ${fill.action} ${fill.quantity} ${fill.symbol} at ${fill.price} on ${fill.filledOn}, cost ${fill.cost}`,
    );
  }
}

export function describe(proposal: StoredProposal): string {
  const { body } = proposal;
  const money = (amount: number): string => formatNumber(amount, 'money', { currency: body.currency });
  return [
    `${proposal.id}  ${proposal.status}  ${body.portfolio}  as of ${body.asOf}`,
    `  ${body.why}`,
    ...body.trades.map(
      (t) =>
        `  ${t.action} ${t.quantity ?? ''} ${t.symbol}  ${money(t.amount)}${t.price === null ? '' : `  at ${t.price}`}`,
    ),
  ].join('\n');
}

async function decide(
  context: CommandContext,
  id: string,
  decision: 'approved' | 'edited' | 'rejected',
  flags: EditFlags,
): Promise<void> {
  const app = await context.openApp();
  const proposal = app.ledger.get(id);
  const trades = decision === 'edited' ? editTrades(proposal.body.trades, flags) : proposal.body.trades;
  context.out(describe({ ...proposal, body: { ...proposal.body, trades } }));
  if (decision !== 'rejected' && !(await confirmed(context))) {
    context.err('Not approved: nothing was booked.');
    return context.exit(exitCodes.needsApproval);
  }
  app.ledger.decide(proposal.id, decision, trades);
  if (decision === 'rejected') return context.out('Rejected.');
  context.out(sayBooking(await book(app, proposal.id, flags)));
}

/** Silence, a pipe and anything but yes are a refusal. */
async function confirmed(context: CommandContext): Promise<boolean> {
  if (!context.stdinIsTty) {
    context.err('Only a person at the terminal can approve.');
    return false;
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^(y|yes|예|네)$/i.test((await terminal.question('Approve? [y/N] ')).trim());
  } finally {
    terminal.close();
  }
}

/** The trades with new quantities and without the dropped ones. */
export function editTrades(trades: readonly ProposedTrade[], flags: EditFlags): readonly ProposedTrade[] {
  const sets = new Map<string, number>();
  for (const text of flags.set ?? []) {
    const [symbol = '', quantity = ''] = text.split('=');
    if (!(Number(quantity) > 0) || !trades.some((t) => t.symbol === symbol)) {
      throw invalidInput({
        what: '--set',
        needed: `SYMBOL=quantity with one of ${trades.map((t) => t.symbol).join(', ')}`,
        got: text,
      });
    }
    sets.set(symbol, Number(quantity));
  }
  const kept = trades.filter((t) => !(flags.drop ?? []).includes(t.symbol));
  if (kept.length === 0)
    throw invalidInput({
      what: 'The edited proposal',
      needed: 'at least one trade',
      got: 0,
      hint: 'Reject it instead.',
    });
  return kept.map((t) => {
    const quantity = sets.get(t.symbol);
    if (quantity === undefined) return t;
    const each = t.price ?? (t.quantity ? t.amount / t.quantity : null);
    return { ...t, quantity, amount: each === null ? t.amount : Math.round(quantity * each * 100) / 100 };
  });
}

async function book(app: App, id: string, flags: DecideFlags): Promise<Booking> {
  const { bookProposal } = await import('../../app/book-proposal.ts');
  const at: FillAt = flags.atProposalPrice ? 'proposal-price' : 'next-bar';
  const readPortfolio = (name: string) => app.market.readPortfolio(name)?.portfolio;
  return bookProposal({ ledger: app.ledger, ports: app.portsAt(app.asOf), readPortfolio }, id, at);
}

function sayBooking(booking: Booking): string {
  if (booking.status === 'already-booked') return 'It is booked already.';
  if (booking.status === 'booked')
    return `Approved and booked on paper: ${booking.fills.length} fills, cash now ${booking.portfolio.cash}.`;
  return `Approved. No bar after the day of the proposal yet for ${booking.symbols.join(', ')}: \`tradewind proposals settle\` books it when there is.`;
}

async function settle(context: CommandContext, flags: DecideFlags): Promise<void> {
  const app = await context.openApp();
  const waiting = app.ledger.list('approved');
  if (waiting.length === 0) return context.err('No approved proposal waits to be booked.');
  for (const proposal of waiting) context.out(`${proposal.id}: ${sayBooking(await book(app, proposal.id, flags))}`);
}

async function exportTicket(context: CommandContext, id: string, flags: ExportFlags): Promise<void> {
  const app = await context.openApp();
  const proposal = app.ledger.get(id);
  if (proposal.status !== 'approved' && proposal.status !== 'booked') {
    context.err(`${proposal.id} is ${proposal.status}: only an approved proposal becomes an order ticket.`);
    return context.exit(exitCodes.needsApproval);
  }
  const text = orderTicket(proposal, flags.format);
  if (flags.out === undefined) return context.out(text.trimEnd());
  writeFileSync(flags.out, text);
  context.err(`Order ticket written to ${flags.out}`);
}

/** The approved trades as CSV or JSON. A cell that a spreadsheet would take for a formula is quoted with an apostrophe. */
export function orderTicket(proposal: StoredProposal, format: string): string {
  const { body } = proposal;
  if (format === 'json') {
    return `${JSON.stringify({ proposal: proposal.id, portfolio: body.portfolio, currency: body.currency, asOf: body.asOf, orders: body.trades }, null, 2)}\n`;
  }
  if (format !== 'csv') throw invalidInput({ what: '--format', needed: 'csv or json', got: format });
  const cell = (value: string | number | null): string => {
    const text = value === null ? '' : String(value);
    const safe = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return /[",\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  const rows = body.trades.map((t) =>
    [proposal.id, t.action, t.symbol, t.quantity, t.amount, t.price, body.currency, 'MARKET', 'DAY']
      .map(cell)
      .join(','),
  );
  return `proposal,side,symbol,quantity,amount,reference_price,currency,order_type,time_in_force\n${rows.join('\n')}\n`;
}

async function listDecisions(context: CommandContext, flags: { json?: boolean }): Promise<void> {
  const app = await context.openApp();
  const entries = app.ledger.decisions();
  if (flags.json) return context.out(JSON.stringify(entries, null, 2));
  if (entries.length === 0) return context.err('No decisions yet.');
  for (const e of entries)
    context.out(`${e.sequence}  ${e.at.slice(0, 19)}  ${e.kind}  ${e.proposalId}  ${e.hash.slice(0, 12)}`);
}

async function verifyDecisions(context: CommandContext): Promise<void> {
  const app = await context.openApp();
  const result = app.ledger.verify();
  if (result.ok) return context.out(`${result.entries} entries, unbroken; last hash ${result.lastHash}`);
  context.err(`Broken at entry ${result.brokenAt}: ${result.reason}.`);
  context.exit(exitCodes.fault);
}
