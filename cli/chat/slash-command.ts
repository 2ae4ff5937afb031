/** A slash command: its name, what it shows in /help, and what it does. */
import type { App } from '../../app/create-app.ts';
import type { Desk } from '../../graph/desk.ts';
import type { Answer } from '../../graph/events.ts';
import type { TerminalTraits } from '../render/terminal.ts';

/** What commands may see and change of the chat. */
export interface ChatSession {
  readonly app: App;
  readonly desk: Desk;
  id: string;
  /** Cut-off of this chat; the app's unless /asof changed it. */
  asOf: string;
  /** Answers of this chat, oldest first. */
  readonly answers: Answer[];
  readonly questions: string[];
  traits(): TerminalTraits;
  print(text: string): void;
  /** Asks as if it had been typed. */
  ask(text: string): void;
  approve(decisions: readonly ('approved' | 'rejected')[]): void;
  clear(): void;
  quit(): void;
}

export interface SlashCommand {
  readonly name: string;
  /** `<number or handle>`; empty where there is none. */
  readonly args: string;
  readonly help: string;
  readonly run: (args: readonly string[], chat: ChatSession) => void | Promise<void>;
}
