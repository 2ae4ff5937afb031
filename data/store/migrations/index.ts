/** Every migration in the order in which it is applied. Add yours at the end. */
import type { Migration } from '../migrate.ts';
import { market } from './0001-market.ts';
import { runs } from './0002-runs.ts';
import { models } from './0030-models.ts';
import { sessions } from './0010-sessions.ts';
import { ledger } from './0020-ledger.ts';

export const migrations: readonly Migration[] = [market, runs, sessions, ledger, models];
