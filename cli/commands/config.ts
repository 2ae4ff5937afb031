/** `config show`: every setting, its value and where it came from. Secrets are shown as set or not set. */
import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';

export function registerConfigCommands(program: Command, context: CommandContext): void {
  program
    .command('config')
    .description('show the settings')
    .command('show')
    .description('every setting with its value')
    .option('--origin', 'also the flag, variable or file that it came from')
    .option('--json', 'as JSON')
    .action(async (options: { origin?: boolean; json?: boolean }) => {
      const app = await context.openApp();
      const { settings } = await import('../../app/settings.ts');
      const rows = app.config.entries.map((entry) => ({
        key: entry.key,
        value: entry.secret ? (entry.value === null ? null : '(set)') : entry.value,
        origin: entry.origin,
        from: entry.from,
        meaning: settings.find((setting) => setting.key === entry.key)?.meaning ?? '',
      }));
      if (options.json) return context.out(JSON.stringify(rows, null, 2));
      for (const row of rows) {
        const origin = options.origin ? `  [${row.origin}${row.origin === 'default' ? '' : `: ${row.from}`}]` : '';
        context.out(`${row.key.padEnd(22)} ${row.value ?? '(not set)'}${origin}\n${' '.repeat(23)}${row.meaning}`);
      }
    });
}
