/** The war room asks the portfolio manager: may this purchase be made, in full or in part, and what would have to go first? */
import { z } from 'zod';
import type { Ports } from '../../data/ports.ts';
import type { Instrument, Loaded } from '../../data/types.ts';
import { invalidInput, isTradewindError } from '../../lib/errors.ts';
import { isoDate, units } from '../../lib/units.ts';
import { defineTool } from '../define-tool.ts';
import { type PartialPosition, sizePartialPosition } from '../kernels/rebalance/partial-position.ts';
import { sectorLimitsOf } from './constitution/check-articles.ts';
import { classifyHolding } from './holdings/classify-holding.ts';
import { holdingsShape, languageField } from './holdings/holdings-input.ts';
import { type Holdings, loadHoldings } from './holdings/load-holdings.ts';
import { type ProposalOutput, proposalSchema } from './proposal-schema.ts';
import { money, percent } from './rebalance-words.ts';

const input = z.strictObject({
  ...holdingsShape,
  symbol: z.string().min(1).max(40).describe('What the signal wants to buy, such as AAPL'),
  amount: units.money('how much it wants to buy').positive(),
  sector: z.string().max(60).optional().describe('Sector of the symbol; leave out to look it up'),
  kind: z.enum(['single', 'fund']).optional().describe('single: the position limit applies'),
  price: units.price('price of one share, to show whole shares').positive().optional(),
  funding: z
    .enum(['cash', 'new-money'])
    .default('cash')
    .describe('Paid from the cash that is held, or with money from outside'),
  drawdown: units.fraction('present fall of the portfolio from its peak, positive').min(0).max(1).optional(),
  language: languageField,
  asOf: isoDate('nothing after this day is used').optional(),
});

const output = z.object({
  decision: z.enum(['FULL', 'PARTIAL', 'REFUSE']),
  symbol: z.string(),
  sector: z.string().nullable(),
  wantedAmount: units.money('what the signal asked for'),
  advisedAmount: units.money('largest purchase that keeps every limit'),
  advisedShares: units.quantity('whole shares of it').nullable(),
  binding: z.enum(['none', 'position', 'sector', 'cash', 'drawdown']),
  reasoning: z.string(),
  limits: z.array(
    z.object({
      limit: z.enum(['position', 'sector', 'cash']),
      before: units.fraction('weight now'),
      after: units.fraction('weight after the advised purchase'),
      allowed: units.fraction('limit (for cash: the floor)'),
      room: units.money('largest purchase that this limit alone permits'),
    }),
  ),
  sellFirst: z.array(
    z.object({
      symbol: z.string(),
      amount: units.money('to sell, so that the whole purchase fits'),
      because: z.enum(['sector', 'cash', 'position', 'none']),
    }),
  ),
  totalValue: units.money('value of the portfolio'),
  currency: z.string(),
  whatWouldChange: z.array(z.string()),
  proposal: proposalSchema.optional().describe('Waits for a person; only for a stored portfolio'),
});

type Input = z.output<typeof input>;
interface Data extends Holdings {
  readonly instrument: Instrument | null;
}

export const advisePosition = defineTool({
  name: 'advise_position',
  title: 'Advise on a purchase',
  family: 'rebalance',
  version: 1,
  description:
    'Answers a trading signal such as "buy AAPL $15,000" with the largest size that keeps every limit of the constitution on the whole portfolio (position, sector, cash, drawdown brake), and with what to sell first for the rest. Use it for one wanted purchase in a known portfolio. Use size_position for a size from win rate or volatility, check_rebalance for the whole allocation.',
  input,
  output,
  load,
  run: (value, data: Data) => advise(value, data),
  summarise: (result, cite) => [
    `${result.decision}: buy ${result.symbol} for ${cite('advisedAmount')} of ${cite('wantedAmount')}`,
    result.reasoning,
    ...result.limits.map(
      (l, i) =>
        `${l.limit}: ${cite(`limits[${i}].before`)} → ${cite(`limits[${i}].after`)} of ${cite(`limits[${i}].allowed`)}`,
    ),
    ...result.sellFirst.slice(0, 3).map((s, i) => `Sell first ${s.symbol} ${cite(`sellFirst[${i}].amount`)}`),
    ...result.whatWouldChange.slice(0, 1),
  ],
  examples: [
    {
      ask: 'buy AAPL $15,000 (portfolio 500k, tech already 38%)',
      input: {
        symbol: 'AAPL',
        amount: 15_000,
        sector: 'Technology',
        positions: [
          { symbol: 'MSFT', value: 70_000, assetClass: 'stocks', sector: 'Technology' },
          { symbol: 'NVDA', value: 60_000, assetClass: 'stocks', sector: 'Technology' },
          { symbol: 'GOOG', value: 60_000, assetClass: 'stocks', sector: 'Technology' },
          { symbol: 'VTI', value: 200_000, assetClass: 'stocks', kind: 'fund' },
        ],
        cash: 110_000,
      },
      fixture: 'bundled',
      expect: { values: { decision: 'PARTIAL', advisedAmount: 10_000, binding: 'sector' } },
    },
    {
      ask: 'buy AAPL $15,000 (nothing is known of the portfolio)',
      input: { symbol: 'AAPL', amount: 15_000 },
      fixture: 'bundled',
      expect: { error: 'EMPTY_PORTFOLIO' },
    },
  ],
  assumptions: [
    'The purchase is made at once at the present values; no market impact.',
    'Sales come from the same sector where its limit binds, else from what is furthest above its limit.',
  ],
  references: ['Bertsimas & Tsitsiklis (1997), Introduction to Linear Optimization, §3.2 (ratio test)'],
  cost: 'instant',
});

async function load(value: Input, ports: Ports): Promise<Loaded<Data>> {
  const holdings = await loadHoldings(value, ports);
  let instrument: Instrument | null = null;
  try {
    instrument = await ports.market.resolve(value.symbol);
  } catch (error) {
    if (!isTradewindError(error)) throw error;
  }
  return { ...holdings, value: { ...holdings.value, instrument } };
}

function advise(value: Input, data: Data): z.input<typeof output> {
  if (!(data.total > 0)) {
    throw invalidInput({
      code: 'EMPTY_PORTFOLIO',
      what: 'The portfolio',
      needed: 'known: positions and cash, or the name of a stored portfolio',
      got: 'nothing',
      hint: 'Say what is held, or import it with `tradewind portfolio import holdings.csv`.',
    });
  }
  const symbol = data.instrument?.symbol ?? value.symbol;
  const kind = classifyHolding({ symbol, sector: value.sector, kind: value.kind }, data.instrument);
  const { articles } = data.constitution;
  const sized = sizePartialPosition({
    positions: data.holdings,
    cash: data.cash,
    symbol,
    sector: kind.sector,
    singleName: kind.singleName,
    amount: value.amount,
    limits: {
      position: articles.concentration.singlePosition,
      sectors: sectorLimitsOf(data.constitution),
      cashFloor: articles.cash.floor,
    },
    funding: value.funding,
  });
  const braked = value.drawdown !== undefined && value.drawdown > articles.drawdown.brake + 1e-9;
  const advised = braked ? 0 : sized.amount;
  const shares = value.price === undefined ? null : Math.floor(advised / value.price + 1e-9);
  const decision = advised >= value.amount - 1e-6 ? 'FULL' : advised > 0 ? 'PARTIAL' : 'REFUSE';
  return {
    decision,
    symbol,
    sector: kind.sector,
    wantedAmount: value.amount,
    advisedAmount: advised,
    advisedShares: shares,
    binding: braked ? 'drawdown' : sized.binding,
    reasoning: sentence(value, sized, { symbol, sector: kind.sector, advised, braked, currency: data.currency }),
    limits: sized.rooms.map((r) => ({ ...r, after: braked ? r.before : r.after })),
    sellFirst: braked ? [] : sized.sellFirst.map((s) => ({ ...s })),
    totalValue: sized.totalValue,
    currency: data.currency,
    whatWouldChange: changes(value, sized, braked),
    ...(data.bookable === null || advised === 0
      ? {}
      : { proposal: proposalOf(value, sized, { ...data, bookable: data.bookable }, { symbol, advised, shares }) }),
  };
}

const COST_BPS = 5;

function proposalOf(
  value: Input,
  sized: PartialPosition,
  data: { readonly bookable: string; readonly currency: string; readonly asOf: string },
  buy: { readonly symbol: string; readonly advised: number; readonly shares: number | null },
): ProposalOutput {
  return {
    kind: 'position',
    portfolio: data.bookable,
    currency: data.currency,
    asOf: data.asOf,
    why: `buy ${buy.symbol}`,
    trades: [
      { symbol: buy.symbol, action: 'BUY', quantity: buy.shares, amount: buy.advised, price: value.price ?? null },
    ],
    cost: (buy.advised * COST_BPS) / 1e4,
    costBps: COST_BPS,
    lotMethod: 'fifo',
    limits: sized.rooms.map((r) => ({ subject: r.limit, value: r.after, limit: r.allowed, status: 'pass' })),
  };
}

function sentence(
  value: Input,
  sized: PartialPosition,
  parts: { symbol: string; sector: string | null; advised: number; braked: boolean; currency: string },
): string {
  const ko = value.language === 'ko';
  const advised = money(parts.advised, parts.currency, value.language);
  const room = sized.rooms.find((r) => r.limit === sized.binding);
  if (parts.braked) {
    return ko
      ? '낙폭 제동(제6조)이 걸려 주식 추가 매수를 할 수 없습니다.'
      : 'The drawdown brake (Article 6) is on: no additions to stocks.';
  }
  if (room === undefined) return ko ? `모든 한도 안입니다: ${advised} 매수.` : `Within every limit: buy ${advised}.`;
  const what = { sector: parts.sector ?? '', position: parts.symbol, cash: ko ? '현금' : 'Cash' }[room.limit];
  const action = parts.advised > 0 ? (ko ? `${advised}만 매수` : `buy ${advised}`) : ko ? '매수 불가' : 'buy nothing';
  if (ko) return `${what} 비중이 이미 ${percent(room.before)}(한도 ${percent(room.allowed)}): ${action}.`;
  if (room.limit === 'cash') return `Cash is ${percent(room.before)} (floor ${percent(room.allowed)}): ${action}.`;
  return `${what} is already at ${percent(room.before)} (limit ${percent(room.allowed)}): ${action}.`;
}

function changes(value: Input, sized: PartialPosition, braked: boolean): string[] {
  const ko = value.language === 'ko';
  if (braked)
    return [ko ? '낙폭이 제동 기준 아래로 회복되면 달라집니다.' : 'A recovery above the brake would change it.'];
  if (sized.sellFirst.length > 0) {
    const first = sized.sellFirst.map((s) => s.symbol).join(', ');
    return [
      ko
        ? `${first} 매도 후에는 전액 매수가 가능합니다.`
        : `After selling ${first} as listed, the whole purchase fits.`,
    ];
  }
  if (sized.binding === 'position') {
    return [
      ko
        ? '종목 한도는 다른 종목을 팔아도 늘어나지 않습니다.'
        : 'Selling other positions does not widen a position limit.',
    ];
  }
  const least = Math.min(...sized.rooms.map((r) => r.room));
  return Number.isFinite(least)
    ? [
        ko
          ? '한도 여유를 넘는 더 큰 주문이면 부분 매수가 됩니다.'
          : 'A larger order than the room shown would become partial.',
      ]
    : [];
}
