/** How a person may say what they hold: a stored portfolio, positions with values or quantities and prices, or only the split between classes. */
import { z } from 'zod';
import { isoDate, units } from '../../../lib/units.ts';

export const holdingsShape = {
  portfolio: z
    .string()
    .min(1)
    .max(80)
    .optional()
    .describe('Name of a stored portfolio; leave out when positions are given here'),
  positions: z
    .array(
      z.strictObject({
        symbol: z.string().min(1).max(40).describe('Ticker or name, such as VTI'),
        quantity: units.quantity('shares held').min(0).max(1e12).optional(),
        price: units.price('price of one share').min(1e-6).max(1e9).optional(),
        value: units.money('value held; instead of quantity and price').min(0).max(1e15).optional(),
        weight: units.fraction('share of the portfolio; instead of a value').min(0).max(1).optional(),
        assetClass: z
          .enum(['stocks', 'bonds', 'cash', 'crypto', 'commodities', 'other'])
          .optional()
          .describe('Leave out to look it up'),
        sector: z.string().max(60).optional().describe('Sector, such as Technology; leave out to look it up'),
        kind: z
          .enum(['single', 'fund'])
          .optional()
          .describe('single: one company, the position limit applies; fund: diversified'),
      }),
    )
    .max(500)
    .optional()
    .describe('What is held, one entry per instrument; cash may be a position with symbol CASH'),
  cash: units.money('cash held').min(-1e15).max(1e15).optional(),
  totalValue: units
    .money('value of everything, where positions are weights or only the allocation is given')
    .positive()
    .optional(),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .default('USD')
    .describe('Currency of all money, ISO code'),
  lots: z
    .array(
      z.strictObject({
        symbol: z.string().min(1).max(40).describe('Which position'),
        quantity: units.quantity('shares in the lot').min(1e-9).max(1e12),
        costPerUnit: units.price('cost of one share').min(0).max(1e9),
        acquired: isoDate('day of purchase'),
      }),
    )
    .max(1000)
    .optional()
    .describe('Tax lots of the positions'),
};

export const holdingsSchema = z.strictObject(holdingsShape);
export type HoldingsInput = z.output<typeof holdingsSchema>;

export const languageField = z.enum(['en', 'ko']).default('en').describe('Language of the sentences in the result');
