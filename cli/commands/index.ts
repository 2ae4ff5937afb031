/** Every group of commands, one line each. A group's heavy imports belong inside its actions. */
import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { registerConfigCommands } from './config.ts';
import { registerMcpCommands } from './mcp.ts';
import { registerRunCommands } from './runs.ts';
import { registerToolCommands } from './tool.ts';

export const commandRegistrations: readonly ((program: Command, context: CommandContext) => void)[] = [
  registerToolCommands,
  registerRunCommands,
  registerConfigCommands,
  registerMcpCommands,
];
