/** The input fields that say which prices to read: the same words in every tool of the family. */
import { z } from 'zod';
import { isoDate, units } from '../../lib/units.ts';

export const priceWindow = {
  symbol: z.string().min(1).max(40).describe('Instrument, such as SPX'),
  start: isoDate('First day').optional(),
  end: isoDate('Last day').optional(),
  asOf: isoDate('Nothing after this day is used').optional(),
  field: z
    .enum(['adjClose', 'close'])
    .default('adjClose')
    .describe('Price; close is used where there is no adjusted close'),
  periodsPerYear: units.count('observations a year; default from the calendar').min(1).max(400).optional(),
};
