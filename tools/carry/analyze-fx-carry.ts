/** Carry of every ordered currency pair against its tail, the best ten, and why the others are not there. */
import { z } from 'zod';
import type { Loaded } from '../../data/types.ts';
import { daysBetween } from '../../lib/dates.ts';
import { notEnoughData } from '../../lib/errors.ts';
import { units } from '../../lib/units.ts';
import { defineTool } from '../define-tool.ts';
import { carryLongBase } from '../kernels/rates/fx-forward.ts';
import { historicalExpectedShortfall } from '../kernels/risk/value-at-risk.ts';
import { mean, standardDeviation } from '../kernels/stats/moments.ts';
import { type Currency, crossReturns, currencies, type FxMarket, readFxMarket, tenors } from './fx-market.ts';
import { type PlainPanel, plainPanel } from './panel-reading.ts';

const TRADING_DAYS = 252;
const LEAST_ROWS = 250;

const input = z.strictObject({
  panel: z.string().default('FX:FORWARDS').describe('Spot and forward points; DEMO:FX:FORWARDS is simulated'),
  ratesPanel: z.string().default('RATES:3M').describe('3-month rates; DEMO:RATES:3M with the demo panel'),
  currencies: z
    .array(z.enum(currencies))
    .min(2)
    .max(7)
    .default([...currencies])
    .describe('Currencies to pair'),
  observations: units.count('daily returns behind the tail').min(LEAST_ROWS).max(5000).default(1008),
  confidence: units.probability('of the tail').min(0.9).max(0.999).default(0.99),
  minCarryToRisk: units.ratio('pairs at or below it are left out').min(-10).max(100).default(0.5),
  limit: units.count('most opportunities').min(1).max(42).default(10),
  asOf: z.string().optional().describe('Nothing later is used (ISO)'),
});

const row = {
  pair: z.string().describe('Long the first currency, short the second'),
  carry: units.rate('3-month rate of the first minus the second'),
  tail_risk: units.fraction('expected shortfall of one-day log returns'),
  carry_to_risk: units.ratio('annual carry / one-day expected shortfall'),
  carry_to_risk_annual: units.ratio('the same with the tail scaled by √252'),
};

const output = z.object({
  agent: z.string().describe('Who looks'),
  date: z.string().describe('Day of the spots'),
  opportunities: z
    .array(
      z.object({
        ...row,
        carrySharpe: units.ratio('annual mean of spot return plus present carry, over volatility').nullable(),
        spot: units.price('spot of the pair'),
        forward_curve: z
          .array(
            z.object({
              tenor: z.string().describe('Tenor'),
              points: units.price('forward minus spot'),
              carry: units.rate('annual gain at an unchanged spot'),
            }),
          )
          .describe('1M 3M 6M 1Y'),
      }),
    )
    .describe('Best first, above the threshold'),
  excluded: z
    .array(z.object({ ...row, reason: z.string().describe('Why') }))
    .describe('Pairs looked at and left out, best first'),
  unavailable: z.array(z.string()).describe('Currencies without spot, forwards or a rate'),
  pairs: units.count('ordered pairs looked at'),
  observations: units.count('daily returns behind each tail'),
  observationsInTail: units.ratio('how many of them the tail rests on'),
  threshold: units.ratio('carry_to_risk needed'),
  confidence: units.probability('of the tail'),
  synthetic: z.boolean().describe('Simulated'),
});

type Input = z.output<typeof input>;
interface FxData {
  readonly forwards: PlainPanel;
  readonly rates: PlainPanel;
}

interface Evaluated {
  readonly pair: string;
  readonly base: Currency;
  readonly quote: Currency;
  readonly carry: number;
  readonly tail_risk: number;
  readonly carry_to_risk: number;
  readonly carry_to_risk_annual: number;
  readonly carrySharpe: number | null;
  readonly rows: number;
}

export const analyzeFxCarry = defineTool({
  name: 'analyze_fx_carry',
  title: 'FX carry',
  family: 'carry',
  version: 1,
  description:
    'Ranks every ordered pair of USD EUR JPY GBP CHF AUD CAD by 3-month carry against its 99% one-day tail loss, with forward points, and says why pairs are left out. Use it for "best carry", forward points and carry-to-risk in currencies. Use assess_carry_crash_risk for what could blow it up, analyze_curve_carry for bonds and analyze_futures_carry for commodities.',
  input,
  output,
  async load(request, ports): Promise<Loaded<FxData>> {
    const [forwards, rates] = await Promise.all([
      ports.market.panel(request.panel),
      ports.market.panel(request.ratesPanel),
    ]);
    return {
      value: { forwards: plainPanel(forwards.value), rates: plainPanel(rates.value) },
      provenance: [...forwards.provenance, ...rates.provenance],
      warnings: [...(forwards.warnings ?? []), ...(rates.warnings ?? [])],
    };
  },
  run(request, data: FxData, context) {
    const market = readFxMarket(data.forwards, data.rates);
    if (market.ratesDate !== 'none' && Math.abs(daysBetween(market.ratesDate, market.date)) > 45) {
      context.warn('RATES_STALE', `Rates end on ${market.ratesDate}, spots on ${market.date}.`);
    }
    const chosen = [...new Set(request.currencies)];
    const available = chosen.filter((currency) => market.spot[currency] !== null && market.rates[currency] !== null);
    const unavailable = chosen.filter((currency) => !available.includes(currency));
    const evaluated: Evaluated[] = [];
    for (const base of available) {
      for (const quote of available) {
        if (base !== quote) evaluated.push(evaluatePair(market, base, quote, request));
      }
    }
    if (evaluated.length === 0) {
      throw notEnoughData({
        what: 'Carry pairs',
        needed: 1,
        got: 0,
        hint: 'Name two currencies with spot and rates, or the DEMO: panels.',
      });
    }
    evaluated.sort((a, b) => b.carry_to_risk - a.carry_to_risk);
    const above = evaluated.filter((pair) => pair.carry_to_risk > request.minCarryToRisk);
    const kept = above.slice(0, request.limit);
    const rows = Math.min(...evaluated.map((pair) => pair.rows));
    if (rows < request.observations)
      context.warn('SHORT_TAIL_HISTORY', `Only ${rows} daily returns instead of ${request.observations}.`);
    return {
      agent: 'Carry Strategist',
      date: market.date,
      opportunities: kept.map((pair) => ({ ...shown(pair), carrySharpe: pair.carrySharpe, ...curveOf(market, pair) })),
      excluded: evaluated
        .filter((pair) => !kept.includes(pair))
        .map((pair) => ({
          ...shown(pair),
          reason: above.includes(pair)
            ? `beyond the best ${request.limit}`
            : pair.carry <= 0
              ? 'no positive carry'
              : `carry_to_risk not above ${request.minCarryToRisk}`,
        })),
      unavailable,
      pairs: evaluated.length,
      observations: rows,
      observationsInTail: rows * (1 - request.confidence),
      threshold: request.minCarryToRisk,
      confidence: request.confidence,
      synthetic: data.forwards.synthetic,
    };
  },
  summarise(result, cite) {
    const lines = [
      `${result.date}: ${cite('pairs')} ordered pairs, ${result.opportunities.length} above a carry-to-risk of ${cite('threshold')}.`,
    ];
    for (const [k, pair] of result.opportunities.slice(0, 6).entries()) {
      lines.push(
        `${pair.pair}: carry ${cite(`opportunities[${k}].carry`)}, tail ${cite(`opportunities[${k}].tail_risk`)}, ratio ${cite(`opportunities[${k}].carry_to_risk`)} (annual tail: ${cite(`opportunities[${k}].carry_to_risk_annual`)}).`,
      );
    }
    lines.push(`The tail rests on about ${cite('observationsInTail')} of ${cite('observations')} days.`);
    if (result.unavailable.length > 0) lines.push(`No data: ${result.unavailable.join(', ')}.`);
    return lines;
  },
  chart(result) {
    if (result.opportunities.length === 0) return null;
    return {
      kind: 'bar',
      title: 'Carry to tail risk',
      synthetic: result.synthetic,
      categories: result.opportunities.map((pair) => pair.pair),
      unit: 'ratio',
      series: [
        {
          name: 'carry / 99% shortfall',
          values: result.opportunities.map((pair) => pair.carry_to_risk),
          tone: 'accent',
        },
      ],
    };
  },
  examples: [
    {
      ask: 'Best carry in the demo currencies',
      input: { panel: 'DEMO:FX:FORWARDS', ratesPanel: 'DEMO:RATES:3M', asOf: '2025-12-31' },
      fixture: 'bundled',
      expect: { values: { pairs: 42, observations: 1008, synthetic: true } },
    },
    { ask: 'Best carry in real currencies, offline', input: {}, fixture: 'bundled', expect: { error: 'NO_DATA' } },
  ],
  assumptions: [
    'Carry is earned if the spot does not move; a forward prices exactly that away, so it is a risk premium and not an arbitrage.',
    'Tail risk is the mean of the worst 1% of daily log returns of the long-short position in the window; crashes outside it are not in it.',
    'Crosses are made through the dollar; no transaction costs.',
  ],
  references: [
    'Brunnermeier, Nagel and Pedersen (2008), Carry trades and currency crashes, NBER Macroannual 23',
    'Koijen, Moskowitz, Pedersen and Vrugt (2018), Carry, J. Financ. Econ. 127, eq. 4',
  ],
  cost: 'seconds',
});

function evaluatePair(market: FxMarket, base: Currency, quote: Currency, request: Input): Evaluated {
  const returns = crossReturns(market, base, quote, request.observations);
  if (returns.length < LEAST_ROWS) {
    throw notEnoughData({ what: `The daily history of ${base}${quote}`, needed: LEAST_ROWS, got: returns.length });
  }
  const carry = (market.rates[base] as number) - (market.rates[quote] as number);
  const tail = historicalExpectedShortfall(returns, request.confidence, 'fractional');
  const deviation = standardDeviation(returns);
  return {
    pair: `${base}${quote}`,
    base,
    quote,
    carry,
    tail_risk: tail,
    carry_to_risk: tail > 0 ? carry / tail : 0,
    carry_to_risk_annual: tail > 0 ? carry / (tail * Math.sqrt(TRADING_DAYS)) : 0,
    carrySharpe: deviation > 0 ? (mean(returns) * TRADING_DAYS + carry) / (deviation * Math.sqrt(TRADING_DAYS)) : null,
    rows: returns.length,
  };
}

function shown({ pair, carry, tail_risk, carry_to_risk, carry_to_risk_annual }: Evaluated) {
  return { pair, carry, tail_risk, carry_to_risk, carry_to_risk_annual };
}

function curveOf(market: FxMarket, pair: Evaluated) {
  const spot = (market.spot[pair.base] as number) / (market.spot[pair.quote] as number);
  const forward_curve = tenors.flatMap(({ name, days }, k) => {
    const a = market.forwards[pair.base][k];
    const b = market.forwards[pair.quote][k];
    if (a === null || a === undefined || b === null || b === undefined) return [];
    const forward = a / b;
    return [{ tenor: name, points: forward - spot, carry: carryLongBase(spot, forward, days) }];
  });
  return { spot, forward_curve };
}
