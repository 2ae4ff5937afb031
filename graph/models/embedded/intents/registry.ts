/** Every intent of the embedded model, by family. A new one is one entry in its family's file. */
import type { Intent } from '../intent.ts';
import { help, outOfScope } from './help.ts';
import { marketIntents } from './market.ts';
import { modelIntents } from './models.ts';
import { optionIntents } from './options.ts';
import { portfolioIntents } from './portfolio.ts';
import { regime } from './regime.ts';
import { strategyIntents } from './strategies.ts';

export const intents: readonly Intent[] = [
  outOfScope,
  help,
  regime,
  ...portfolioIntents,
  ...optionIntents,
  ...strategyIntents,
  ...modelIntents,
  ...marketIntents,
];
