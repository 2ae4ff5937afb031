/** Every group of commands, one line each. A group's heavy imports belong inside its actions. */
import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { registerAskCommand } from './ask.ts';
import { registerChatCommand } from './chat.ts';
import { registerCheckCommand } from './check.ts';
import { registerConfigCommands } from './config.ts';
import { registerDataCommands } from './data.ts';
import { registerDocsCommands } from './docs.ts';
import { registerDoctorCommand } from './doctor.ts';
import { registerEvalCommands } from './eval.ts';
import { registerMcpCommands } from './mcp.ts';
import { registerMemoryCommands } from './memory.ts';
import { registerModelCommands } from './models.ts';
import { registerPortfolioCommands } from './portfolio.ts';
import { registerProposalCommands } from './proposals.ts';
import { registerRunCommands } from './runs.ts';
import { registerToolCommands } from './tool.ts';

export const commandRegistrations: readonly ((program: Command, context: CommandContext) => void)[] = [
  registerChatCommand,
  registerAskCommand,
  registerPortfolioCommands,
  registerCheckCommand,
  registerProposalCommands,
  registerToolCommands,
  registerRunCommands,
  registerMemoryCommands,
  registerModelCommands,
  registerDocsCommands,
  registerDataCommands,
  registerDoctorCommand,
  registerConfigCommands,
  registerMcpCommands,
  registerEvalCommands,
];
