/** A trade that waits for a person: what, why, what it costs, and the limits it was checked against. Tools never book it. */
import { z } from 'zod';
import { units } from '../../lib/units.ts';

export const proposalSchema = z.object({
  kind: z.enum(['rebalance', 'position']),
  portfolio: z.string(),
  currency: z.string(),
  asOf: z.string(),
  why: z.string(),
  trades: z.array(
    z.object({
      symbol: z.string(),
      action: z.enum(['BUY', 'SELL']),
      quantity: units.quantity('shares; null where only the amount is known').nullable(),
      amount: units.money('value at the price of the proposal'),
      price: units.price('price of the proposal').nullable(),
    }),
  ),
  cost: units.money('estimated costs and taxes'),
  costBps: units.bps('commission and half spread used when it is booked'),
  lotMethod: z.enum(['fifo', 'lifo', 'hifo', 'min-tax']),
  limits: z.array(
    z.object({
      subject: z.string(),
      value: units.fraction('after the trades').nullable(),
      limit: units.fraction('limit'),
      status: z.string(),
    }),
  ),
});

export type ProposalOutput = z.input<typeof proposalSchema>;
