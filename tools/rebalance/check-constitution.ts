/** Every article against the whole portfolio as it would be after the trades, and the smallest change that keeps them all. */
import { z } from 'zod';
import { invalidInput } from '../../lib/errors.ts';
import { isoDate, units } from '../../lib/units.ts';
import { defineTool } from '../define-tool.ts';
import { checkArticles } from './constitution/check-articles.ts';
import { articles } from './constitution/constitution-schema.ts';
import { classifyHolding } from './holdings/classify-holding.ts';
import { holdingsShape, languageField } from './holdings/holdings-input.ts';
import { type Holdings, loadHoldings } from './holdings/load-holdings.ts';

const input = z.strictObject({
  ...holdingsShape,
  trades: z
    .array(
      z.strictObject({
        symbol: z.string().min(1).max(40).describe('What is traded'),
        action: z.enum(['BUY', 'SELL']).describe('Direction'),
        amount: units.money('value of the trade').positive(),
        assetClass: z
          .enum(['stocks', 'bonds', 'crypto', 'commodities', 'other'])
          .optional()
          .describe('Of a new position'),
        sector: z.string().max(60).optional().describe('Of a new position'),
        kind: z.enum(['single', 'fund']).optional().describe('Of a new position'),
      }),
    )
    .max(200)
    .default([])
    .describe('Proposed trades; none checks the portfolio as it is'),
  costBps: units.bps('commission and half spread').min(0).max(1000).default(5),
  drawdown: units.fraction('present fall from the peak, positive').min(0).max(1).optional(),
  language: languageField,
  asOf: isoDate('nothing after this day is used').optional(),
});

const output = z.object({
  status: z.enum(['pass', 'adjusted', 'refused']),
  articles: z.array(
    z.object({
      article: units.count('number of the article'),
      title: z.string(),
      subject: z.string(),
      value: units.fraction('measured after the proposed trades').nullable(),
      limit: units.fraction('limit'),
      status: z.enum(['pass', 'adjusted', 'refused', 'not-checked']),
    }),
  ),
  adjustedTrades: z.array(
    z.object({
      symbol: z.string(),
      action: z.enum(['BUY', 'SELL']),
      amount: units.money('value of the trade that keeps every article'),
      weightAfter: units.fraction('weight after it'),
    }),
  ),
  cashAfter: units.fraction('cash after the adjusted trades'),
  totalValue: units.money('value of the portfolio'),
  currency: z.string(),
  approvalNeeded: z.boolean().describe('Article 1: a person must approve before anything is booked'),
});

export const checkConstitution = defineTool({
  name: 'check_constitution',
  title: 'Check the constitution',
  family: 'rebalance',
  version: 1,
  description:
    'Checks a portfolio, after proposed trades, against every article of the constitution (leverage, cash, position and sector limits, turnover and cost, drawdown brake) and gives the nearest set of trades that keeps them all. Use it to see whether trades or a portfolio are allowed, or whether something is too concentrated. Use advise_position for one purchase and check_rebalance to get trades in the first place.',
  input,
  output,
  load: (value, ports) => loadHoldings(value, ports),
  run: (value, data: Holdings) => check(value, data),
  summarise: (result, cite) => [
    `Constitution: ${result.status}`,
    ...result.articles
      .map((a, i) => ({ a, i }))
      .filter(({ a }) => a.status !== 'pass')
      .slice(0, 6)
      .map(({ a, i }) =>
        a.value === null
          ? `Article ${a.article} ${a.subject}: not checked`
          : `Article ${a.article} ${a.subject}: ${cite(`articles[${i}].value`)} against ${cite(`articles[${i}].limit`)}, ${a.status}`,
      ),
    ...result.adjustedTrades
      .slice(0, 5)
      .map((t, i) => `${t.action} ${t.symbol} ${cite(`adjustedTrades[${i}].amount`)}`),
  ],
  examples: [
    {
      ask: 'am i too concentrated? NVDA 46k, VTI 30k, cash 9k, some BTC (5k)',
      input: {
        positions: [
          { symbol: 'NVDA', value: 46_000, assetClass: 'stocks', sector: 'Technology' },
          { symbol: 'VTI', value: 30_000, assetClass: 'stocks', kind: 'fund' },
          { symbol: 'BTC', value: 5000, assetClass: 'crypto' },
        ],
        cash: 9000,
      },
      fixture: 'bundled',
      expect: {
        values: { status: 'adjusted', 'adjustedTrades[0].symbol': 'NVDA', 'adjustedTrades[0].amount': 32_500 },
        tolerance: 1e-6,
      },
    },
    {
      ask: 'Sell more MSFT than I have',
      input: {
        positions: [{ symbol: 'MSFT', value: 1000, assetClass: 'stocks', sector: 'Technology' }],
        trades: [{ symbol: 'MSFT', action: 'SELL', amount: 5000 }],
      },
      fixture: 'bundled',
      expect: { error: 'NOT_ENOUGH_HELD' },
    },
  ],
  assumptions: [
    'Limits of positions apply to companies, not to diversified funds, bonds or cash.',
    'The adjustment is the Euclidean projection on the limits; where turnover is too high it is its first stage.',
  ],
  references: ['Boyd & Vandenberghe (2004), Convex Optimization, §8.1.1'],
  cost: 'instant',
});

function check(value: z.output<typeof input>, data: Holdings): z.input<typeof output> {
  if (!(data.total > 0)) {
    throw invalidInput({
      code: 'EMPTY_PORTFOLIO',
      what: 'The portfolio',
      needed: 'positions and cash, or the name of a stored portfolio',
      got: 'nothing',
      hint: 'Give positions with values.',
    });
  }
  const positions = afterTrades(value, data);
  const traded = value.trades.reduce((sum, t) => sum + t.amount, 0);
  const result = checkArticles(
    { positions, cost: (traded * value.costBps) / 1e4 / data.total, drawdown: value.drawdown ?? null },
    data.constitution,
  );
  const ko = value.language === 'ko';
  return {
    status: result.status,
    articles: result.findings.map((f) => ({
      article: f.article,
      title: ko ? articles[f.name].titleKo : f.title,
      subject: f.subject,
      value: f.value,
      limit: f.limit,
      status: f.status,
    })),
    adjustedTrades:
      result.status === 'refused'
        ? []
        : positions
            .map((p, i) => ({ p, move: ((result.weights[i] ?? 0) - p.before) * data.total }))
            .filter(({ move }) => Math.abs(move) >= 0.005)
            .map(({ p, move }) => ({
              symbol: p.symbol,
              action: move > 0 ? ('BUY' as const) : ('SELL' as const),
              amount: Math.round(Math.abs(move) * 100) / 100,
              weightAfter: p.before + move / data.total,
            })),
    cashAfter: result.cash,
    totalValue: data.total,
    currency: data.currency,
    approvalNeeded: data.constitution.articles.approval.personApproves,
  };
}

function afterTrades(value: z.output<typeof input>, data: Holdings) {
  const moves = new Map<string, number>();
  const bought: { symbol: string; assetClass: string; sector: string | null; singleName: boolean; value: number }[] =
    [];
  for (const trade of value.trades) {
    const known = data.holdings.find((h) => h.symbol.toUpperCase() === trade.symbol.toUpperCase());
    const symbol = known?.symbol ?? trade.symbol;
    moves.set(symbol, (moves.get(symbol) ?? 0) + (trade.action === 'BUY' ? 1 : -1) * trade.amount);
    if (known === undefined && !bought.some((b) => b.symbol === symbol)) {
      bought.push({ symbol, value: 0, ...classifyHolding(trade, null) });
    }
  }
  return [...data.holdings, ...bought].map((h) => {
    const after = h.value + (moves.get(h.symbol) ?? 0);
    if (after < -0.005) {
      throw invalidInput({
        code: 'NOT_ENOUGH_HELD',
        what: `The sale of ${h.symbol}`,
        needed: `at most the ${h.value} held`,
        got: h.value - after,
        hint: 'Sell less, or add the position that is missing.',
      });
    }
    return {
      symbol: h.symbol,
      sector: h.sector,
      singleName: h.singleName,
      assetClass: h.assetClass,
      before: h.value / data.total,
      after: Math.max(0, after) / data.total,
    };
  });
}
