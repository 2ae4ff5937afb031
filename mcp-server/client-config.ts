/** What to paste into an assistant so that it starts this server: made for this machine, with absolute paths. */
import { invalidInput } from '../lib/errors.ts';

export const hosts = ['claude-desktop', 'claude-code', 'vscode', 'cursor'] as const;

export interface ClientConfig {
  /** Where it goes, in words. */
  readonly place: string;
  readonly text: string;
}

export interface ServerCommand {
  /** The Node that runs this; assistants do not know the shell's PATH. */
  readonly node: string;
  /** The built server. */
  readonly entry: string;
  readonly home?: string | undefined;
}

export function clientConfig(host: string, command: ServerCommand): ClientConfig {
  const env = command.home === undefined ? {} : { env: { TRADEWIND_HOME: command.home } };
  const server = { command: command.node, args: [command.entry], ...env };
  const json = (value: unknown) => JSON.stringify(value, null, 2);
  switch (host) {
    case 'claude-desktop':
      return {
        place: 'Claude Desktop: Settings → Developer → Edit Config (claude_desktop_config.json)',
        text: json({ mcpServers: { tradewind: server } }),
      };
    case 'claude-code': {
      const quote = (word: string) => `'${word.replaceAll("'", "'\\''")}'`;
      const home = command.home === undefined ? '' : ` --env TRADEWIND_HOME=${quote(command.home)}`;
      return {
        place: 'Claude Code: run in a shell',
        text: `claude mcp add tradewind${home} -- ${quote(command.node)} ${quote(command.entry)}`,
      };
    }
    case 'vscode':
      return {
        place: 'VS Code: .vscode/mcp.json',
        text: json({ servers: { tradewind: { type: 'stdio', ...server } } }),
      };
    case 'cursor':
      return { place: 'Cursor: ~/.cursor/mcp.json', text: json({ mcpServers: { tradewind: server } }) };
    default:
      throw invalidInput({ what: '--host', needed: `one of ${hosts.join(', ')}`, got: host });
  }
}
