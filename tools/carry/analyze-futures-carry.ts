/** Roll yield of a futures curve now, against its own history and by season. */
import { z } from 'zod';
import type { Loaded } from '../../data/types.ts';
import { MS_PER_DAY, toIsoDate } from '../../lib/dates.ts';
import { notEnoughData } from '../../lib/errors.ts';
import { units } from '../../lib/units.ts';
import { defineTool } from '../define-tool.ts';
import { futuresRoll } from '../kernels/rates/futures-roll.ts';
import { mean, standardDeviation } from '../kernels/stats/moments.ts';
import { type PlainPanel, plainPanel } from './panel-reading.ts';

const MS_PER_YEAR = 365 * MS_PER_DAY;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

const input = z.strictObject({
  panel: z.string().describe('Futures strip with columns m1…, expiry1…: DEMO:OIL:FUTURES, VIX:FUTURES …'),
  spot: units.price('spot, for the roll from spot to the front').min(0).optional(),
  lookback: units.count('days of history').min(20).max(10000).default(1260),
  asOf: z.string().optional().describe('Nothing later is used (ISO)'),
});

const output = z.object({
  panel: z.string().describe('Panel'),
  date: z.string().describe('Day of the curve'),
  structure: z.enum(['contango', 'backwardation', 'flat', 'mixed']).describe('Shape'),
  contracts: z
    .array(
      z.object({
        contract: z.string().describe('Column'),
        expiry: z.string().describe('Expiry'),
        price: units.price('settlement'),
        rollYield: units.annualReturn('log roll yield from the contract before, annual').nullable(),
      }),
    )
    .describe('The strip'),
  frontRollYield: units.annualReturn('first to second contract, log, annual'),
  slope: units.annualReturn('front to last, log, annual'),
  spotRollYield: units.annualReturn('spot to front').nullable(),
  percentile: units.probability('share of past days with a lower front roll yield').nullable(),
  zScore: units.statistic('front roll yield against its history').nullable(),
  backwardationShare: units.probability('share of past days with a positive front roll yield').nullable(),
  seasonality: z
    .array(
      z.object({
        month: z.string().describe('Month'),
        rollYield: units.annualReturn('mean front roll yield'),
        days: units.count('days'),
      }),
    )
    .describe('Mean front roll yield by calendar month'),
  observations: units.count('past days used'),
  excluded: units.count('past days without two settlements'),
  synthetic: z.boolean().describe('Simulated'),
});

export const analyzeFuturesCarry = defineTool({
  name: 'analyze_futures_carry',
  title: 'Futures roll yield',
  family: 'carry',
  version: 1,
  description:
    'Measures the roll yield of a futures strip, says contango or backwardation, and sets it against its own history and season. Use it for commodity or volatility futures carry. Use analyze_fx_carry for currencies, analyze_curve_carry for bonds, and analyze_vol_term_structure for option-implied volatility.',
  input,
  output,
  async load(request, ports): Promise<Loaded<PlainPanel>> {
    const loaded = await ports.market.panel(request.panel);
    return { ...loaded, value: plainPanel(loaded.value) };
  },
  run(request, panel: PlainPanel, context) {
    const rows = panel.times.length;
    let last = rows - 1;
    while (last >= 0 && stripAt(panel, last).length < 2) last--;
    if (last < 0) {
      throw notEnoughData({
        what: `${panel.id} (days with two settlements)`,
        needed: 1,
        got: 0,
        hint: 'The panel needs columns m1, expiry1, m2, expiry2 …',
      });
    }
    const strip = stripAt(panel, last);
    const years = strip.map((contract) => contract.years);
    const roll = futuresRoll(
      strip.map((contract) => contract.price),
      years,
      request.spot === 0 ? undefined : request.spot,
    );
    const history = frontHistory(panel, Math.max(0, last - request.lookback + 1), last);
    const front = roll.logYields[0] as number;
    if (history.values.length < 60)
      context.warn('SHORT_HISTORY', `Only ${history.values.length} days: percentile and season say little.`);
    const spread = history.values.length < 2 ? 0 : standardDeviation(history.values);
    return {
      panel: panel.id,
      date: toIsoDate(panel.times[last] as number),
      structure: roll.structure,
      contracts: strip.map((contract, k) => ({
        contract: contract.name,
        expiry: toIsoDate(contract.expiry),
        price: contract.price,
        rollYield: k === 0 ? null : (roll.logYields[k - 1] as number),
      })),
      frontRollYield: front,
      slope: roll.frontToLast as number,
      spotRollYield: roll.frontVersusSpot,
      percentile:
        history.values.length === 0
          ? null
          : history.values.filter((value) => value < front).length / history.values.length,
      zScore: spread > 1e-12 ? (front - mean(history.values)) / spread : null,
      backwardationShare:
        history.values.length === 0 ? null : history.values.filter((value) => value > 0).length / history.values.length,
      seasonality: seasons(history),
      observations: history.values.length,
      excluded: history.excluded,
      synthetic: panel.synthetic,
    };
  },
  summarise(result, cite) {
    const lines = [
      `${result.panel} on ${result.date}: ${result.structure}; front roll yield ${cite('frontRollYield')} a year, whole strip ${cite('slope')}.`,
    ];
    if (result.percentile !== null)
      lines.push(
        `Higher than ${cite('percentile')} of ${cite('observations')} past days; backwardated on ${cite('backwardationShare')} of them.`,
      );
    if (result.excluded > 0) lines.push(`${cite('excluded')} days had no two settlements and are left out.`);
    return lines;
  },
  chart(result) {
    return {
      kind: 'bar',
      title: `Futures curve: ${result.panel}`,
      subtitle: result.structure,
      synthetic: result.synthetic,
      categories: result.contracts.map((contract) => contract.expiry),
      unit: 'price',
      series: [{ name: 'settlement', values: result.contracts.map((contract) => contract.price), tone: 'accent' }],
    };
  },
  examples: [
    {
      ask: 'Is demo oil in contango?',
      input: { panel: 'DEMO:OIL:FUTURES', asOf: '2025-12-31' },
      fixture: 'bundled',
      expect: { values: { structure: 'contango', date: '2025-12-31', synthetic: true } },
    },
    {
      ask: 'Roll yield of a panel that does not exist',
      input: { panel: 'DEMO:CHEESE:FUTURES' },
      fixture: 'bundled',
      expect: { error: 'UNKNOWN_PANEL' },
    },
  ],
  assumptions: [
    'The roll yield is earned if the curve does not move: it is a premium or a cost of storage, not a forecast.',
    'Settlements of zero or less are missing and are left out, with their count; years are actual days over 365.',
  ],
  references: [
    'Gorton and Rouwenhorst (2006), Financ. Anal. J. 62',
    'Koijen, Moskowitz, Pedersen and Vrugt (2018), J. Financ. Econ. 127, section 2.3',
  ],
  cost: 'seconds',
});

interface Contract {
  readonly name: string;
  readonly expiry: number;
  readonly years: number;
  readonly price: number;
}

/** Contracts with a positive settlement that have not expired, by expiry. */
function stripAt(panel: PlainPanel, t: number): Contract[] {
  const now = panel.times[t] as number;
  const strip: Contract[] = [];
  for (const [name, prices] of Object.entries(panel.columns)) {
    const match = /^m(\d+)$/.exec(name);
    if (match === null) continue;
    const price = prices[t] as number;
    const expiry = panel.columns[`expiry${match[1]}`]?.[t];
    if (!(price > 0) || expiry === undefined || !(expiry >= now)) continue;
    strip.push({ name, expiry, years: (expiry - now) / MS_PER_YEAR, price });
  }
  strip.sort((a, b) => a.expiry - b.expiry);
  return strip.filter((contract, k) => k === 0 || contract.expiry > (strip[k - 1] as Contract).expiry);
}

interface FrontHistory {
  readonly values: readonly number[];
  readonly months: readonly number[];
  readonly excluded: number;
}

function frontHistory(panel: PlainPanel, from: number, to: number): FrontHistory {
  const values: number[] = [];
  const months: number[] = [];
  let excluded = 0;
  for (let t = from; t <= to; t++) {
    const [near, far] = stripAt(panel, t);
    if (near === undefined || far === undefined) {
      excluded++;
      continue;
    }
    values.push(Math.log(near.price / far.price) / (far.years - near.years));
    months.push(Number(toIsoDate(panel.times[t] as number).slice(5, 7)) - 1);
  }
  return { values, months, excluded };
}

function seasons(history: FrontHistory) {
  return MONTHS.flatMap((month, m) => {
    const own = history.values.filter((_, k) => history.months[k] === m);
    return own.length === 0 ? [] : [{ month, rollYield: mean(own), days: own.length }];
  });
}
