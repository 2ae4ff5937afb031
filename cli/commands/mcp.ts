/** `mcp`: the MCP server on standard input and output. */
import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';

export function registerMcpCommands(program: Command, context: CommandContext): void {
  program
    .command('mcp')
    .description('serve every tool over MCP on standard input and output')
    .action(async () => {
      const { redirectConsole, serveStdio } = await import('../../mcp-server/serve-stdio.ts');
      redirectConsole();
      await serveStdio(await context.openApp(), context.signal);
    });
}
