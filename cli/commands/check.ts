/** `check`: looks whether portfolios need rebalancing. Made for cron: quiet, one line a portfolio, exit status 6 where it is urgent. */
import type { Command } from 'commander';
import type { App } from '../../app/create-app.ts';
import type { Envelope } from '../../tools/envelope.ts';
import type { CommandContext } from '../command-context.ts';
import { exitCodes } from '../exit-codes.ts';

interface CheckFlags {
  readonly portfolio?: string;
  readonly target?: string;
  readonly json?: boolean;
}

export function registerCheckCommand(program: Command, context: CommandContext): void {
  program
    .command('check')
    .description('does a portfolio need rebalancing? Exit status 0 hold, 4 a proposal waits, 6 urgent; for cron')
    .option('--portfolio <name>', 'only this one; default: all of your own')
    .option('--target <weights>', 'such as stocks=0.6,bonds=0.4; default: the market regime by the VIX')
    .option('--json', 'one JSON document: the results')
    .action((flags: CheckFlags) => check(context, flags));
}

async function check(context: CommandContext, flags: CheckFlags): Promise<void> {
  const app = await context.openApp();
  const names = flags.portfolio === undefined ? app.market.portfolioNames() : [flags.portfolio];
  if (names.length === 0) {
    context.err('There is no portfolio to check: `tradewind portfolio import holdings.csv` first.');
    return context.exit(exitCodes.badInput);
  }
  const results: { readonly portfolio: string; readonly envelope: Envelope }[] = [];
  let status: number = exitCodes.ok;
  for (const portfolio of names) {
    const envelope = await app.runner.run(
      'check_rebalance',
      { portfolio, ...(flags.target === undefined ? {} : { targetAllocation: weightsOf(flags.target) }) },
      { asOf: app.asOf, signal: context.signal },
    );
    results.push({ portfolio, envelope });
    status = worse(status, await report(context, app, portfolio, envelope, flags.json === true));
  }
  if (flags.json) context.out(JSON.stringify(results, null, 2));
  context.exit(status);
}

/** `stocks=0.6,bonds=0.4` as weights. */
export function weightsOf(text: string): Readonly<Record<string, number>> {
  return Object.fromEntries(
    text.split(',').map((part) => [part.split('=')[0]?.trim() ?? '', Number(part.split('=')[1])]),
  );
}

/** Urgent beats trouble with data, which beats a waiting proposal. */
function worse(a: number, b: number): number {
  const order: readonly number[] = [
    exitCodes.ok,
    exitCodes.needsApproval,
    exitCodes.badInput,
    exitCodes.fault,
    exitCodes.urgent,
  ];
  return order.indexOf(b) > order.indexOf(a) ? b : a;
}

async function report(
  context: CommandContext,
  app: App,
  portfolio: string,
  envelope: Envelope,
  quiet: boolean,
): Promise<number> {
  if (!envelope.ok) {
    context.err(`${portfolio}: ${envelope.error.message} ${envelope.error.hint}`);
    return envelope.error.kind === 'fault' ? exitCodes.fault : exitCodes.badInput;
  }
  const output = envelope.output as {
    readonly recommendation: string;
    readonly reasoning: string;
    readonly proposal?: unknown;
  };
  if (!quiet) context.out(`${portfolio}: ${output.recommendation}. ${output.reasoning}`);
  if (output.recommendation === 'HOLD') return exitCodes.ok;
  if (output.proposal !== undefined) {
    const { rememberProposal } = await import('../../app/desk-with-ledger.ts');
    const stored = rememberProposal(app.ledger, output.proposal, 'check');
    if (stored !== null && !quiet)
      context.out(`${portfolio}: ${stored.id} waits (${stored.status}): tradewind proposals show ${stored.id}`);
  }
  return output.recommendation === 'URGENT_REBALANCE' ? exitCodes.urgent : exitCodes.needsApproval;
}
