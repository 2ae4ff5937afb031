/** `doctor`: what works on this machine: versions, store, bundled data, model, network. */
import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { exitCodes } from '../exit-codes.ts';

interface Check {
  readonly name: string;
  readonly state: 'ok' | 'note' | 'FAIL';
  readonly text: string;
}

export function registerDoctorCommand(program: Command, context: CommandContext): void {
  program
    .command('doctor')
    .description('check what works here: versions, store, bundled data, model, network')
    .option('--offline', 'do not try the network')
    .option('--json', 'as JSON')
    .action(async (flags: { offline?: boolean; json?: boolean }) => {
      const { examine } = await import('../../app/examine.ts');
      const checks: readonly Check[] = await examine(await context.openApp(), { offline: flags.offline === true });
      if (flags.json) context.out(JSON.stringify(checks, null, 2));
      else for (const check of checks) context.out(`${check.state.padEnd(5)} ${check.name.padEnd(13)} ${check.text}`);
      if (checks.some((check) => check.state === 'FAIL')) context.exit(exitCodes.fault);
    });
}
