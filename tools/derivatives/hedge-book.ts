/** What to trade so that a book's delta, gamma, vega, theta or beta reach their targets. */
import { z } from 'zod';
import { invalidInput } from '../../lib/errors.ts';
import { units } from '../../lib/units.ts';
import { defineTool } from '../define-tool.ts';
import { hedgeGreeks } from '../kernels/options/hedge-greeks.ts';

const exposures = ['delta', 'gamma', 'vega', 'theta', 'beta'] as const;
type Exposure = (typeof exposures)[number];

const greekFields = (what: string) => ({
  delta: units.quantity(`delta of ${what}, in shares`).min(-1e12).max(1e12).default(0),
  gamma: units.coefficient(`gamma of ${what}`).min(-1e12).max(1e12).default(0),
  vega: units.money(`vega of ${what} for one vol point`).min(-1e12).max(1e12).default(0),
  theta: units.money(`theta of ${what} for one calendar day`).min(-1e12).max(1e12).default(0),
  beta: units.money(`beta-weighted exposure of ${what}`).min(-1e12).max(1e12).default(0),
});

export const hedgeBook = defineTool({
  name: 'hedge_book',
  title: 'Hedge a book',
  family: 'derivatives',
  version: 1,
  description:
    'Finds the quantities of given instruments that bring the delta, gamma, vega, theta or beta of a book to their targets, exact where possible and the best compromise otherwise, rounded to whole contracts. Use it to neutralise an options book or a portfolio. Use price_option or analyze_option_strategy first for the greeks.',
  input: z.strictObject({
    book: z
      .array(z.strictObject({ name: z.string().max(60).describe('Position'), ...greekFields('the position') }))
      .min(1)
      .max(200)
      .describe('Positions of the book'),
    instruments: z
      .array(
        z.strictObject({
          name: z.string().max(60).describe('Instrument'),
          ...greekFields('one contract'),
          cost: units.money('cost of trading one contract').positive().max(1e9).default(1),
          whole: z.boolean().default(true).describe('Trade whole contracts only'),
        }),
      )
      .min(1)
      .max(20)
      .describe('What may be traded; greeks of one contract'),
    neutralise: z
      .array(z.enum(exposures))
      .min(1)
      .max(5)
      .default(['delta'])
      .describe('Which exposures to bring to target'),
    targetDelta: units.quantity('wanted delta').min(-1e12).max(1e12).default(0),
    targetVega: units.money('wanted vega for one vol point').min(-1e12).max(1e12).default(0),
  }),
  output: z.object({
    status: z.enum(['exact', 'compromise']).describe('exact: before rounding every target is met'),
    reason: z.string().nullable().describe('Why targets are not met; null when they are'),
    trades: z.array(
      z.object({
        name: z.string().describe('Instrument'),
        side: z.enum(['buy', 'sell', 'none']).describe('What to do'),
        quantity: units.quantity('contracts, rounded where whole'),
        exactQuantity: units.quantity('before rounding; below 0 is a sale'),
      }),
    ),
    exposures: z.array(
      z.object({
        name: z.enum(exposures).describe('Exposure'),
        hedged: z.boolean().describe('It was to be brought to target'),
        before: units.coefficient('before, in the units of the input'),
        after: units.coefficient('after the rounded trades'),
        target: units.coefficient('wanted').nullable(),
      }),
    ),
    tradingCost: units.money('cost of the rounded trades'),
  }),
  run(request, _data, context) {
    const hedged = [...new Set(request.neutralise)];
    const book = Object.fromEntries(
      exposures.map((name) => [name, request.book.reduce((sum, row) => sum + row[name], 0)]),
    ) as Record<Exposure, number>;
    const target: Record<Exposure, number> = {
      delta: request.targetDelta,
      gamma: 0,
      vega: request.targetVega,
      theta: 0,
      beta: 0,
    };
    for (const name of hedged) {
      if (request.instruments.every((instrument) => instrument[name] === 0) && book[name] !== target[name]) {
        throw invalidInput({
          code: 'NO_INSTRUMENT',
          what: `Hedging ${name}`,
          needed: `done with an instrument that has ${name}`,
          got: 'none such',
          hint: `Add an instrument with ${name}, or leave ${name} out of neutralise. Stock and futures have delta only.`,
        });
      }
    }
    const scales = hedged.map(
      (name) =>
        1 /
        Math.max(Math.abs(book[name] - target[name]), ...request.instruments.map((row) => Math.abs(row[name])), 1e-12),
    );
    const { quantities, after } = hedgeGreeks({
      book: hedged.map((name) => book[name]),
      targets: hedged.map((name) => target[name]),
      scales,
      instruments: request.instruments.map((row) => hedged.map((name) => row[name])),
      costs: request.instruments.map((row) => row.cost),
    });
    const missed = hedged.filter(
      (name, g) => Math.abs((after[g] as number) - target[name]) * (scales[g] as number) > 1e-6,
    );
    const rounded = request.instruments.map((row, i) =>
      row.whole ? Math.round(quantities[i] as number) : (quantities[i] as number),
    );
    if (
      request.instruments.some(
        (row, i) => row.whole && Math.abs((quantities[i] as number) - (rounded[i] as number)) > 1e-6,
      )
    ) {
      context.warn('ROUNDED', 'Quantities are rounded to whole contracts: a small exposure remains.');
    }
    return {
      status: missed.length === 0 ? ('exact' as const) : ('compromise' as const),
      reason:
        missed.length === 0
          ? null
          : `These instruments cannot bring ${missed.join(' and ')} to target together: give as many independent ones as exposures.`,
      trades: request.instruments.map((row, i) => {
        const quantity = rounded[i] as number;
        return {
          name: row.name,
          side: quantity > 0 ? ('buy' as const) : quantity < 0 ? ('sell' as const) : ('none' as const),
          quantity: Math.abs(quantity),
          exactQuantity: quantities[i] as number,
        };
      }),
      exposures: exposures.map((name) => ({
        name,
        hedged: hedged.includes(name),
        before: book[name],
        after: request.instruments.reduce((sum, row, i) => sum + (rounded[i] as number) * row[name], book[name]),
        target: hedged.includes(name) ? target[name] : null,
      })),
      tradingCost: request.instruments.reduce((sum, row, i) => sum + row.cost * Math.abs(rounded[i] as number), 0),
    };
  },
  summarise: (output, cite) => [
    output.status === 'exact' ? 'Every target is met before rounding.' : (output.reason ?? ''),
    ...output.trades
      .flatMap((trade, i) =>
        trade.side === 'none' ? [] : [`${trade.side} ${cite(`trades[${i}].quantity`)} ${trade.name}.`],
      )
      .slice(0, 6),
    ...output.exposures.flatMap((row, i) =>
      row.before === 0 && row.after === 0
        ? []
        : [`${row.name}: ${cite(`exposures[${i}].before`)} before, ${cite(`exposures[${i}].after`)} after.`],
    ),
  ],
  examples: [
    {
      ask: 'My book has delta 450, gamma -120 and vega -800; hedge with stock and a straddle',
      input: {
        book: [{ name: 'book', delta: 450, gamma: -120, vega: -800 }],
        instruments: [
          { name: 'stock', delta: 1 },
          { name: '3m straddle', delta: 4, gamma: 6, vega: 40 },
        ],
        neutralise: ['delta', 'vega'],
      },
      fixture: 'none',
      expect: {
        values: { status: 'exact', 'trades[0].exactQuantity': -530, 'trades[1].exactQuantity': 20 },
        tolerance: 1e-6,
      },
    },
    {
      ask: 'Hedge the vega of my book with stock only',
      input: { book: [{ name: 'book', vega: -800 }], instruments: [{ name: 'stock', delta: 1 }], neutralise: ['vega'] },
      fixture: 'none',
      expect: { error: 'NO_INSTRUMENT' },
    },
  ],
  assumptions: [
    'Greeks hold for small moves and are those given; all vegas are to the same volatility move.',
    'This proposes trades; nothing is sent.',
  ],
  references: ['Hull (2018), Options, Futures and Other Derivatives, 19.6'],
  cost: 'instant',
});
