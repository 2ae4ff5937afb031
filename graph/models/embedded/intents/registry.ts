/** Every intent of the embedded model, by family. */
import type { Intent } from '../intent.ts';
import { help, outOfScope } from './help.ts';
import { marketIntents } from './market.ts';
import { portfolioIntents } from './portfolio.ts';
import { regime } from './regime.ts';

export const intents: readonly Intent[] = [outOfScope, help, regime, ...portfolioIntents, ...marketIntents];
