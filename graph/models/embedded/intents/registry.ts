/** Every intent of the embedded model, one line each. */
import type { Intent } from '../intent.ts';
import { help, outOfScope } from './help.ts';
import { regime } from './regime.ts';

export const intents: readonly Intent[] = [outOfScope, help, regime];
