/** Every tool of Tradewind, one line each, in the order of the catalogue. Hosts, documentation and tests read this list. */
import type { Tool } from './define-tool.ts';

export const tools: readonly Tool[] = [
  // market
];
