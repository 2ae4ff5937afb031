/** Fields that statistical-arbitrage, momentum and backtest tools share. */
import { z } from 'zod';
import { isoDate, units } from '../../lib/units.ts';

export const symbolField = (what: string) => z.string().min(1).max(40).describe(what);

export const windowFields = {
  start: isoDate('First day; default: the beginning of the data').optional(),
  end: isoDate('Last day; default: the newest').optional(),
  asOf: isoDate('Nothing after this day is used').optional(),
  field: z
    .enum(['adjClose', 'close'])
    .default('adjClose')
    .describe('Price; close is used where there is no adjusted close'),
  frequency: z.enum(['day', 'hour', 'minute', 'week', 'month']).optional().describe('Bars; default: those of the data'),
} as const;

export const costFields = {
  costBps: units.bps('commission, half-spread and slippage together, of each traded value').min(0).max(1000).default(5),
  borrowRate: units.rate('annual fee on the value of short positions').min(0).max(2).default(0.005),
  cashRate: units.rate('annual interest on idle capital').min(-0.05).max(0.5).default(0),
  capital: units.money('starting capital, in the currency of the prices').positive().max(1e15).default(100_000),
} as const;

export const evidenceFields = {
  trials: units
    .count('strategies or parameter sets that were tried before this one; with it the deflated Sharpe is given')
    .min(1)
    .max(1_000_000)
    .optional(),
  riskFreeRate: units.rate('annual riskless rate in Sharpe ratios').min(-0.05).max(0.5).default(0),
  confidence: units.probability('level of the intervals').min(0.5).max(0.999).default(0.95),
  seed: units.count('seed of the bootstrap').min(0).default(42),
} as const;
