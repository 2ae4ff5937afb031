/** What past crises and given shocks would do to this portfolio, before and after what-if trades. */
import { z } from 'zod';
import type { Ports } from '../../data/ports.ts';
import type { Loaded, Provenance, ToolWarning } from '../../data/types.ts';
import { invalidInput, isTradewindError } from '../../lib/errors.ts';
import { isoDate, units } from '../../lib/units.ts';
import { defineTool } from '../define-tool.ts';
import { covariance } from '../kernels/stats/moments.ts';
import { holdingsShape } from '../rebalance/holdings/holdings-input.ts';
import { type Holdings, loadHoldings } from '../rebalance/holdings/load-holdings.ts';
import { bestClose, tryHistory } from './load-history.ts';
import { type Closes, CRISES, changeBetween, lastBefore } from './replay-windows.ts';

const input = z.strictObject({
  ...holdingsShape,
  marketShock: units.fraction('fall of the market index, such as -0.2').min(-1).max(3).optional(),
  shocks: z
    .array(
      z.strictObject({
        target: z.string().min(1).max(60).describe('Symbol, sector or class (stocks, bonds, crypto …)'),
        change: units.fraction('change of its price').min(-1).max(5),
      }),
    )
    .max(50)
    .default([])
    .describe('Shocks of one scenario, most specific first'),
  scenarios: z
    .array(
      z.strictObject({
        name: z.string().min(1).max(60).describe('Any name'),
        from: isoDate('first close'),
        to: isoDate('last close'),
      }),
    )
    .max(20)
    .default([])
    .describe('Periods to replay beside the known crises'),
  proxy: z
    .enum(['none', 'market-beta'])
    .default('none')
    .describe('market-beta replaces a missing history by beta × the index; only where it is wanted'),
  market: z.string().max(40).optional().describe('Index for betas, default SPX'),
  trades: z
    .array(
      z.strictObject({
        symbol: z.string().min(1).max(40).describe('What is traded'),
        action: z.enum(['BUY', 'SELL']).describe('Direction'),
        amount: units.money('value of the trade').positive().max(1e15),
      }),
    )
    .max(50)
    .default([])
    .describe('What-if trades of positions that are held; results are shown before and after'),
  asOf: isoDate('nothing after this day is used').optional(),
});

const output = z.object({
  totalValue: units.money('value of the portfolio'),
  currency: z.string(),
  scenarios: z.array(
    z.object({
      name: z.string(),
      kind: z.enum(['replay', 'shock', 'market-shock', 'worst-window']),
      from: z.string().nullable(),
      to: z.string().nullable(),
      change: units.fraction('change of the portfolio, negative for a loss').nullable(),
      amount: units.money('change in money').nullable(),
      changeAfterTrades: units.fraction('with the what-if trades').nullable(),
      covered: units.fraction('share of the invested value with a history of its own'),
      missing: z.array(z.string()).describe('Symbols without data in the period'),
      proxied: z.array(z.string()).describe('Symbols whose history was replaced by beta × index'),
      worstSymbol: z.string().nullable(),
      worstAmount: units.money('largest loss of one position').nullable(),
      note: z.string(),
    }),
  ),
  worst: z.string().nullable(),
  betas: z.array(
    z.object({ symbol: z.string(), beta: units.ratio('to the index'), observations: units.count('common returns') }),
  ),
});

type Input = z.output<typeof input>;
interface Data extends Holdings {
  readonly closes: readonly (Closes | null)[];
  readonly index: Closes | null;
  readonly betas: readonly { readonly symbol: string; readonly beta: number; readonly observations: number }[];
}

export const stressPortfolio = defineTool({
  name: 'stress_portfolio',
  title: 'Stress a portfolio',
  family: 'risk',
  version: 1,
  description:
    'Replays past crises on the present positions (naming every missing history), finds the worst windows in their own history, and applies given shocks by symbol, sector, class or market beta, before and after what-if trades. Use it for "what happens in a crash", "2008 again", "if tech falls 30%". Use analyze_portfolio_risk for VaR and volatility, analyze_leverage for borrowed positions.',
  input,
  output,
  load,
  run: (value, data: Data) => stress(value, data),
  summarise: (result, cite) => [
    `Portfolio of ${cite('totalValue')}`,
    ...result.scenarios
      .map((s, i) => ({ s, i }))
      .filter(({ s }) => s.change !== null)
      .sort((a, b) => (a.s.change ?? 0) - (b.s.change ?? 0))
      .slice(0, 7)
      .map(
        ({ s, i }) =>
          `${s.name}: ${cite(`scenarios[${i}].change`)} = ${cite(`scenarios[${i}].amount`)}, own history for ${cite(`scenarios[${i}].covered`)}`,
      ),
    ...result.scenarios
      .filter((s) => s.change === null)
      .slice(0, 3)
      .map((s) => `${s.name}: ${s.note}`),
  ],
  chart: (result) => {
    const shown = result.scenarios
      .filter((s) => s.change !== null)
      .sort((a, b) => (a.change ?? 0) - (b.change ?? 0))
      .slice(0, 12);
    return shown.length === 0
      ? null
      : {
          kind: 'bar',
          title: 'Change of the portfolio by scenario',
          unit: 'fraction',
          categories: shown.map((s) => s.name),
          series: [{ name: 'Change', values: shown.map((s) => s.change), tone: 'bad' }],
        };
  },
  examples: [
    {
      ask: 'What would Covid 2020 have done to $50,000 of SPX?',
      input: { positions: [{ symbol: 'SPX', value: 50_000 }] },
      fixture: 'bundled',
      expect: { values: { currency: 'USD' } },
    },
    {
      ask: 'If stocks fall 30% and bonds 5%, 60/40 of 100k?',
      input: {
        positions: [
          { symbol: 'VTI', value: 60_000, assetClass: 'stocks', kind: 'fund', sector: 'Diversified' },
          { symbol: 'BND', value: 40_000, assetClass: 'bonds', kind: 'fund', sector: 'Diversified' },
        ],
        shocks: [
          { target: 'stocks', change: -0.3 },
          { target: 'bonds', change: -0.05 },
        ],
      },
      fixture: 'bundled',
      expect: { values: { 'scenarios[0].amount': -20_000, worst: 'Given shocks' }, tolerance: 1e-9 },
    },
    { ask: 'Stress my portfolio', input: {}, fixture: 'bundled', expect: { error: 'EMPTY_PORTFOLIO' } },
  ],
  assumptions: [
    'Positions are held unchanged through a scenario; cash does not move.',
    'A missing history is named and left out of the change, unless a proxy is asked for.',
    'Market shocks use betas of daily returns over the common history: in a crash betas and correlations rise.',
  ],
  references: [
    'Basel Committee (2018), Stress testing principles',
    'Sharpe (1963), Management Science 9:277 (market model)',
  ],
  cost: 'seconds',
});

async function load(value: Input, ports: Ports): Promise<Loaded<Data>> {
  const holdings = await loadHoldings(value, ports);
  if (holdings.value.holdings.length === 0) {
    throw invalidInput({
      code: 'EMPTY_PORTFOLIO',
      what: 'The portfolio',
      needed: 'positions or the name of a stored portfolio',
      got: 'nothing',
      hint: 'Example: {"positions": [{"symbol": "SPX", "value": 50000}], "marketShock": -0.2}.',
    });
  }
  const provenance: Provenance[] = [...holdings.provenance];
  const warnings: ToolWarning[] = [...(holdings.warnings ?? [])];
  const closes: (Closes | null)[] = [];
  for (const h of holdings.value.holdings) closes.push(await closesOf(h.symbol, ports, provenance));
  const demo = holdings.value.holdings.every((h) => h.symbol.startsWith('DEMO:'));
  const market = value.market ?? (demo ? 'DEMO:MKT' : 'SPX');
  const index = await closesOf(market, ports, provenance);
  const betas: { symbol: string; beta: number; observations: number }[] = [];
  for (const h of holdings.value.holdings) {
    const found = await tryHistory({ symbols: [h.symbol], market }, ports);
    if (!('history' in found) || found.history.market === null) continue;
    const own = found.history.returns[0] as Float64Array;
    const spread = covariance(found.history.market, found.history.market);
    if (own.length >= 60 && spread > 0) {
      betas.push({ symbol: h.symbol, beta: covariance(own, found.history.market) / spread, observations: own.length });
    }
  }
  return { value: { ...holdings.value, closes, index, betas }, provenance, warnings };
}

async function closesOf(symbol: string, ports: Ports, provenance: Provenance[]): Promise<Closes | null> {
  try {
    const loaded = await ports.market.bars(symbol);
    provenance.push(...loaded.provenance);
    return { symbol, times: loaded.value.times, close: bestClose(loaded.value) };
  } catch (error) {
    if (isTradewindError(error)) return null;
    throw error;
  }
}

type Scenario = z.input<typeof output>['scenarios'][number];

function stress(value: Input, data: Data): z.input<typeof output> {
  const before = data.holdings.map((h) => h.value);
  const after = applyTrades(value, data);
  const scenarios: Scenario[] = [];
  if (value.shocks.length > 0) scenarios.push(shockScenario(value, data, before, after));
  if (value.marketShock !== undefined) scenarios.push(marketScenario(value.marketShock, data, before, after));
  for (const crisis of [...value.scenarios, ...CRISES]) {
    const one = replay(crisis, value, data, before, after);
    if (one !== null) scenarios.push(one);
  }
  scenarios.push(...worstWindows(data, before, after));
  const known = scenarios.filter((s) => s.change !== null);
  const worst = known.reduce<Scenario | null>(
    (w, s) => (w === null || (s.change ?? 0) < (w.change ?? 0) ? s : w),
    null,
  );
  return {
    totalValue: data.total,
    currency: data.currency,
    scenarios,
    worst: worst?.name ?? null,
    betas: data.betas.map((b) => ({ ...b })),
  };
}

function applyTrades(value: Input, data: Data): number[] | null {
  if (value.trades.length === 0) return null;
  const after = data.holdings.map((h) => h.value);
  for (const trade of value.trades) {
    const i = data.holdings.findIndex((h) => h.symbol.toUpperCase() === trade.symbol.toUpperCase());
    if (i < 0) {
      throw invalidInput({
        what: 'A what-if trade',
        needed: `in one of ${data.holdings.map((h) => h.symbol).join(', ')}`,
        got: trade.symbol.slice(0, 40),
        hint: 'Add the position with value 0 to be able to buy it.',
      });
    }
    const moved = (after[i] as number) + (trade.action === 'BUY' ? 1 : -1) * trade.amount;
    if (moved < -0.005) {
      throw invalidInput({
        what: `The sale of ${trade.symbol}`,
        needed: `at most the ${after[i]} held`,
        got: trade.amount,
      });
    }
    after[i] = Math.max(0, moved);
  }
  return after;
}

/** Sums the changes of the positions; null changes are left out and named. */
function total(
  parts: {
    readonly name: string;
    readonly kind: Scenario['kind'];
    readonly from: string | null;
    readonly to: string | null;
    readonly note: string;
  },
  changes: readonly (number | null)[],
  data: Data,
  values: { readonly before: readonly number[]; readonly after: readonly number[] | null },
  proxied: readonly string[] = [],
): Scenario {
  const invested = values.before.reduce((sum, v) => sum + v, 0);
  let amount = 0;
  let amountAfter = 0;
  let covered = 0;
  let worst = -1;
  const missing: string[] = [];
  for (const [i, change] of changes.entries()) {
    const symbol = data.holdings[i]?.symbol ?? '';
    const held = values.before[i] as number;
    if (change === null) {
      missing.push(symbol);
      continue;
    }
    if (!proxied.includes(symbol)) covered += held;
    amount += held * change;
    amountAfter += (values.after?.[i] ?? 0) * change;
    const loss = held * change;
    if (worst < 0 || loss < (values.before[worst] as number) * (changes[worst] ?? 0)) worst = i;
  }
  const none = missing.length === changes.length;
  return {
    ...parts,
    change: none ? null : amount / data.total,
    amount: none ? null : amount,
    changeAfterTrades: none || values.after === null ? null : amountAfter / data.total,
    covered: invested > 0 ? covered / invested : 0,
    missing,
    proxied: [...proxied],
    worstSymbol: worst < 0 ? null : (data.holdings[worst]?.symbol ?? null),
    worstAmount: worst < 0 ? null : (values.before[worst] as number) * (changes[worst] ?? 0),
    note: none ? `no history of ${missing.join(', ')} in this period` : parts.note,
  };
}

function shockScenario(value: Input, data: Data, before: readonly number[], after: readonly number[] | null): Scenario {
  const find = (name: string | null): number | undefined =>
    name === null ? undefined : value.shocks.find((s) => s.target.toLowerCase() === name.toLowerCase())?.change;
  const changes = data.holdings.map((h) => find(h.symbol) ?? find(h.sector) ?? find(h.assetClass) ?? 0);
  const parts = {
    name: 'Given shocks',
    kind: 'shock' as const,
    from: null,
    to: null,
    note: 'positions without a shock stay unchanged',
  };
  return total(parts, changes, data, { before, after });
}

function marketScenario(
  shock: number,
  data: Data,
  before: readonly number[],
  after: readonly number[] | null,
): Scenario {
  const changes = data.holdings.map((h) => {
    const beta = data.betas.find((b) => b.symbol === h.symbol)?.beta;
    return beta === undefined ? null : Math.max(-1, beta * shock);
  });
  const parts = {
    name: 'Market shock by beta',
    kind: 'market-shock' as const,
    from: null,
    to: null,
    note: 'beta × market change',
  };
  return total(parts, changes, data, { before, after });
}

function replay(
  crisis: { readonly name: string; readonly from: string; readonly to: string },
  value: Input,
  data: Data,
  before: readonly number[],
  after: readonly number[] | null,
): Scenario | null {
  if (crisis.to > data.asOf) return null;
  const market = changeBetween(data.index, crisis.from, crisis.to);
  const proxied: string[] = [];
  const changes = data.holdings.map((h, i) => {
    const own = changeBetween(data.closes[i] ?? null, crisis.from, crisis.to);
    if (own !== null || value.proxy === 'none' || market === null) return own;
    const beta = data.betas.find((b) => b.symbol === h.symbol)?.beta;
    if (beta === undefined) return null;
    proxied.push(h.symbol);
    return Math.max(-1, beta * market);
  });
  const demo = data.holdings.some((h) => h.symbol.startsWith('DEMO:'));
  if (demo && !value.scenarios.some((s) => s.name === crisis.name)) return null;
  const note =
    proxied.length > 0 ? `beta × index for ${proxied.join(', ')}` : 'own history of every position with data';
  return total({ ...crisis, kind: 'replay', note }, changes, data, { before, after }, proxied);
}

/** Worst 1, 5, 21 and 63 day windows of the present positions over their common history. */
function worstWindows(data: Data, before: readonly number[], after: readonly number[] | null): Scenario[] {
  const series = data.closes.filter((c): c is Closes => c !== null);
  if (series.length === 0) return [];
  const calendar = series.reduce((shortest, c) => (c.times.length < shortest.times.length ? c : shortest));
  const days = Array.from(calendar.times, (t) => new Date(t).toISOString().slice(0, 10));
  const rows = data.closes.map((c) => (c === null ? null : days.map((day) => lastBefore(c, day))));
  const found: Scenario[] = [];
  for (const length of [1, 5, 21, 63]) {
    let worst = 0;
    let at = -1;
    for (let t = length; t < days.length; t++) {
      let change = 0;
      let complete = true;
      for (const [i, row] of rows.entries()) {
        if (row === null) continue;
        const a = row[t - length];
        const b = row[t];
        if (a === null || b === null || a === undefined || b === undefined) {
          complete = false;
          break;
        }
        const closes = data.closes[i] as Closes;
        change += (before[i] as number) * ((closes.close[b] as number) / (closes.close[a] as number) - 1);
      }
      if (complete && change < worst) {
        worst = change;
        at = t;
      }
    }
    if (at < 0) continue;
    const from = days[at - length] as string;
    const to = days[at] as string;
    const changes = data.closes.map((c) => changeBetween(c, from, to));
    const name = length === 1 ? 'Worst day of its own history' : `Worst ${length} days of its own history`;
    const parts = {
      name,
      kind: 'worst-window' as const,
      from,
      to,
      note: 'present positions over their common history',
    };
    found.push(total(parts, changes, data, { before, after }));
  }
  return found;
}
