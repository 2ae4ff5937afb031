/** Cuts an order into slices over the day that keep its side, whole lots and the exact total. */
import { z } from 'zod';
import { invalidInput } from '../../lib/errors.ts';
import { units } from '../../lib/units.ts';
import { defineTool } from '../define-tool.ts';
import { squareRootImpactBps } from '../kernels/execution/market-impact.ts';
import { sliceByParticipation, sliceByTime, sliceByWeights } from '../kernels/execution/slice-quantity.ts';

/** Share of a US equity day by half hour, a typical U: used, and said, when no profile is given. */
const TYPICAL_DAY = [14.6, 8.6, 7.1, 6.3, 5.8, 5.4, 5.2, 5.1, 5.3, 5.8, 6.6, 8.3, 15.9];

const input = z.strictObject({
  symbol: z.string().max(40).optional().describe('What is traded, for the record'),
  side: z.enum(['buy', 'sell']).describe('Side of the order; every slice keeps it'),
  quantity: units.count('shares or contracts to trade').min(1).max(1_000_000_000),
  method: z
    .enum(['twap', 'vwap', 'pov'])
    .default('twap')
    .describe('twap: equal; vwap: by volume profile; pov: a share of the volume that trades'),
  slices: units.count('number of slices for twap').min(1).max(500).default(13),
  profile: z
    .array(units.ratio('relative volume of one interval').min(0))
    .max(500)
    .optional()
    .describe('Volume profile for vwap (relative), or expected interval volumes in shares for pov'),
  participation: units.fraction('share of the market volume for pov').positive().max(1).default(0.1),
  lotSize: units.count('lot size').min(1).max(100_000).default(1),
  limitPrice: units.price('limit carried by every slice').positive().optional(),
  price: units.price('arrival price, for cost in money').positive().optional(),
  averageDailyVolume: units.quantity('average daily volume, for the cost estimate').positive().optional(),
  dailyVolatility: units.dailyVol('volatility per day, for the cost estimate').positive().max(1).optional(),
});

export const sliceOrder = defineTool({
  name: 'slice_order',
  title: 'Slice an order',
  family: 'execution',
  version: 1,
  description:
    'Cuts an order into TWAP, VWAP or participation slices in whole lots that keep the side and sum exactly to the order, with a square-root cost estimate when volume and volatility are given. Use it to work an order over a day. Use plan_execution to choose the speed by risk and impact; neither sends an order.',
  input,
  output: z.object({
    symbol: z.string().nullable().describe('What is traded'),
    side: z.enum(['buy', 'sell']).describe('Side of every slice'),
    method: z.string().describe('How it was cut'),
    total: units.quantity('quantity of the order'),
    scheduled: units.quantity('sum of the slices'),
    unfilled: units.quantity('what participation leaves unfilled'),
    lotSize: units.quantity('lot size'),
    largest: units.quantity('largest slice'),
    sliceCount: units.count('number of slices'),
    limitPrice: units.price('limit of every slice').nullable(),
    slices: z.array(
      z.object({
        interval: units.count('interval, from 1'),
        quantity: units.quantity('shares in this interval'),
        cumulative: units.quantity('shares up to here'),
        share: units.fraction('part of the order in this interval'),
      }),
    ),
    impactBps: units.bps('expected impact of the whole order (square-root rule, coefficient 1)').nullable(),
    impactCost: units.money('the same in money').nullable(),
    shareOfVolume: units.fraction('order over average daily volume').nullable(),
    reason: z.string().nullable().describe('Why there is no cost estimate; null when there is one'),
  }),
  run(request, _data, context) {
    const { quantity, lotSize } = request;
    const { slices, unfilled } = cut(request, context.warn);
    if (quantity % lotSize !== 0)
      context.warn(
        'ODD_LOT',
        `${quantity % lotSize} of ${quantity} are less than a lot of ${lotSize}: they join the largest slice.`,
      );
    if (unfilled > 0)
      context.warn('UNFILLED', `${unfilled} remain: at this participation the volume of the day is not enough.`);
    const scheduled = slices.reduce((sum, slice) => sum + slice, 0);
    let cumulative = 0;
    const rows = slices.map((slice, i) => {
      cumulative += slice;
      return { interval: i + 1, quantity: slice, cumulative, share: slice / quantity };
    });
    const impact =
      request.averageDailyVolume === undefined || request.dailyVolatility === undefined
        ? null
        : squareRootImpactBps({
            quantity,
            averageDailyVolume: request.averageDailyVolume,
            dailyVolatility: request.dailyVolatility,
            coefficient: 1,
          });
    return {
      symbol: request.symbol ?? null,
      side: request.side,
      method: request.method,
      total: quantity,
      scheduled,
      unfilled,
      lotSize,
      largest: Math.max(...slices),
      sliceCount: slices.length,
      limitPrice: request.limitPrice ?? null,
      slices: rows,
      impactBps: impact,
      impactCost: impact === null || request.price === undefined ? null : (impact / 1e4) * request.price * quantity,
      shareOfVolume: request.averageDailyVolume === undefined ? null : quantity / request.averageDailyVolume,
      reason: impact === null ? 'A cost estimate needs averageDailyVolume and dailyVolatility.' : null,
    };
  },
  summarise: (output, cite) => [
    `${output.side} ${cite('total')}${output.symbol === null ? '' : ` ${output.symbol}`} by ${output.method} in ${cite('sliceCount')} slices of lots of ${cite('lotSize')}: ${cite('scheduled')} scheduled, ${cite('unfilled')} unfilled.`,
    `First slice ${cite('slices[0].quantity')}, largest ${cite('largest')}.`,
    ...(output.impactBps === null
      ? [output.reason ?? '']
      : [
          `Expected impact ${cite('impactBps')}${output.impactCost === null ? '' : ` (${cite('impactCost')})`} at ${cite('shareOfVolume')} of a day's volume.`,
        ]),
    'This is a schedule: nothing is sent to a broker.',
  ],
  chart: (output) => ({
    kind: 'bar',
    title: `Schedule: ${output.side} by ${output.method}`,
    categories: output.slices.map((slice) => String(slice.interval)),
    unit: 'quantity',
    series: [
      {
        name: 'shares in the interval',
        values: output.slices.map((slice) => slice.quantity),
        tone: output.side === 'buy' ? 'good' : 'bad',
      },
    ],
  }),
  examples: [
    {
      ask: 'Work 15,000 shares over the day',
      input: { side: 'buy', quantity: 15000, slices: 13, lotSize: 100 },
      fixture: 'none',
      expect: { values: { scheduled: 15000, unfilled: 0, sliceCount: 13 } },
    },
    {
      ask: 'Sell 5,000 shares by VWAP in lots of 100, adv 2m, daily vol 1.8%',
      input: {
        side: 'sell',
        quantity: 5000,
        method: 'vwap',
        lotSize: 100,
        averageDailyVolume: 2_000_000,
        dailyVolatility: 0.018,
      },
      fixture: 'none',
      expect: { values: { scheduled: 5000, impactBps: 9 }, warning: 'ASSUMED_PROFILE', tolerance: 1e-9 },
    },
    {
      ask: 'Participate at 10% without saying the volume',
      input: { side: 'buy', quantity: 1000, method: 'pov' },
      fixture: 'none',
      expect: { error: 'INVALID_INPUT' },
    },
  ],
  assumptions: [
    'The volume profile of the past holds for the day; participation counts the market’s volume without our own.',
  ],
  references: [
    'Balinski & Young (1982), largest remainder',
    'Kissell (2013), The Science of Algorithmic Trading, ch. 1',
    'Grinold & Kahn (2000), ch. 16',
  ],
  cost: 'instant',
});

function cut(
  request: z.output<typeof input>,
  warn: (code: string, message: string) => void,
): { readonly slices: readonly number[]; readonly unfilled: number } {
  const { quantity, lotSize, profile } = request;
  if (request.method === 'twap') return { slices: sliceByTime(quantity, request.slices, lotSize), unfilled: 0 };
  if (request.method === 'vwap') {
    if (profile === undefined)
      warn('ASSUMED_PROFILE', 'No volume profile was given: a typical US equity day in 13 half hours is assumed.');
    return { slices: sliceByWeights(quantity, profile ?? TYPICAL_DAY, lotSize), unfilled: 0 };
  }
  if (profile === undefined || profile.length === 0) {
    throw invalidInput({
      what: '`profile`',
      needed: 'the expected volume of each interval in shares, for method pov',
      got: 'missing',
      hint: 'Give profile, or use method twap or vwap.',
    });
  }
  return sliceByParticipation(quantity, profile, request.participation, lotSize);
}
