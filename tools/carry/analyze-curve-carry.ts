/** What a par bond of each maturity earns if the curve stays where it is, against how much its yield moves. */
import { z } from 'zod';
import type { Loaded } from '../../data/types.ts';
import { invalidInput } from '../../lib/errors.ts';
import { units } from '../../lib/units.ts';
import { defineTool } from '../define-tool.ts';
import { bondCarry, measureBond } from '../kernels/rates/bond.ts';
import { bootstrapParCurve, type DiscountCurve, parYieldAt } from '../kernels/rates/discount-curve.ts';
import { standardDeviation } from '../kernels/stats/moments.ts';
import { lastYields, type PlainPanel, plainPanel, tenorYears } from './panel-reading.ts';

const TRADING_DAYS = 252;

const input = z.strictObject({
  panel: z.string().default('US:YIELDS').describe('Yield panel; DEMO:US:YIELDS is simulated'),
  maturities: z
    .array(units.years('maturity').min(1).max(30))
    .min(1)
    .max(12)
    .optional()
    .describe('Bonds looked at; default 2, 5, 10 and 30 where the curve reaches'),
  horizonDays: units.days('holding period in calendar days').min(1).max(365).default(91),
  lookback: units.count('daily yield changes behind the volatility').min(20).max(2520).default(252),
  asOf: z.string().optional().describe('Nothing later is used (ISO)'),
});

const output = z.object({
  date: z.string().describe('Day of the curve'),
  horizonDays: units.days('holding period'),
  bonds: z
    .array(
      z.object({
        years: units.years('maturity'),
        yield: units.rate('par yield'),
        duration: units.years('modified duration'),
        carry: units.fraction('yield income minus financing over the horizon'),
        rollDown: units.fraction('price gain from sliding down the curve over the horizon'),
        total: units.fraction('carry plus roll-down over the horizon'),
        totalAnnual: units.annualReturn('the same, per year'),
        breakEven: units.bps('yield rise over the horizon that eats it'),
        yieldVolatility: units.rate('annual standard deviation of yield changes').nullable(),
        carryToRisk: units.ratio('annual total / (duration × yield volatility)').nullable(),
      }),
    )
    .describe('Best carry to risk first'),
  financingRate: units.rate('annual rate of the curve to the horizon'),
  observations: units.count('yield changes behind the volatility'),
  synthetic: z.boolean().describe('Simulated'),
});

type Input = z.output<typeof input>;

export const analyzeCurveCarry = defineTool({
  name: 'analyze_curve_carry',
  title: 'Carry and roll-down of bonds',
  family: 'carry',
  version: 1,
  description:
    'Splits what a par bond of each maturity earns on an unchanged curve into carry after financing and roll-down, with duration, break-even yield rise and carry to risk. Use it for "where on the curve is the carry" and roll-down questions. Use build_yield_curve for the curve itself and analyze_fx_carry or analyze_futures_carry for other markets.',
  input,
  output,
  async load(request, ports): Promise<Loaded<PlainPanel>> {
    const loaded = await ports.market.panel(request.panel);
    return { ...loaded, value: plainPanel(loaded.value) };
  },
  run(request, panel: PlainPanel) {
    const row = lastYields(panel);
    const curve = bootstrapParCurve(row.years, row.yields);
    const longest = row.years.at(-1) as number;
    const wanted = request.maturities ?? [2, 5, 10, 30].filter((years) => years <= longest);
    const beyond = wanted.find((years) => years > longest);
    if (beyond !== undefined) {
      throw invalidInput({
        what: '`maturities`',
        needed: `at most ${longest} years, where ${panel.id} ends`,
        got: beyond,
        hint: 'Choose shorter bonds.',
      });
    }
    const horizon = request.horizonDays / 365;
    const bonds = wanted.map((years) => bondRow(curve, panel, row.row, years, horizon, request));
    bonds.sort((a, b) => (b.carryToRisk ?? Number.NEGATIVE_INFINITY) - (a.carryToRisk ?? Number.NEGATIVE_INFINITY));
    const sample = bondCarry(curve, { coupon: 0, maturity: Math.max(longest, 1), frequency: 2 }, horizon);
    return {
      date: row.date,
      horizonDays: request.horizonDays,
      bonds: bonds.map(({ rows: _, ...bond }) => bond),
      financingRate: sample.financing / sample.price / horizon,
      observations: Math.min(...bonds.map((bond) => bond.rows)),
      synthetic: panel.synthetic,
    };
  },
  summarise(result, cite) {
    const lines = [`${result.date}, held ${cite('horizonDays')}, financed at ${cite('financingRate')} a year.`];
    for (const [k, bond] of result.bonds.slice(0, 6).entries()) {
      lines.push(
        `${bond.years} years: carry ${cite(`bonds[${k}].carry`)}, roll-down ${cite(`bonds[${k}].rollDown`)}, ${cite(`bonds[${k}].totalAnnual`)} a year; break-even ${cite(`bonds[${k}].breakEven`)}${bond.carryToRisk === null ? '' : `; carry to risk ${cite(`bonds[${k}].carryToRisk`)}`}.`,
      );
    }
    return lines;
  },
  chart(result) {
    const bonds = [...result.bonds].sort((a, b) => a.years - b.years);
    return {
      kind: 'bar',
      title: 'Carry and roll-down by maturity',
      synthetic: result.synthetic,
      categories: bonds.map((bond) => `${bond.years}y`),
      unit: 'fraction',
      stacked: true,
      series: [
        { name: 'carry', values: bonds.map((bond) => bond.carry), tone: 'accent' },
        { name: 'roll-down', values: bonds.map((bond) => bond.rollDown), tone: 'good' },
      ],
    };
  },
  examples: [
    {
      ask: 'Where on the demo curve is the carry?',
      input: { panel: 'DEMO:US:YIELDS', asOf: '2025-12-31' },
      fixture: 'bundled',
      expect: { values: { date: '2025-12-31', horizonDays: 91, observations: 252, synthetic: true } },
    },
    {
      ask: 'Carry of a 50-year bond',
      input: { panel: 'DEMO:US:YIELDS', maturities: [50] },
      fixture: 'bundled',
      expect: { error: 'INVALID_INPUT' },
    },
  ],
  assumptions: [
    'The curve, as a function of time to payment, does not move over the horizon; coupons are not reinvested.',
    'Financing at the curve’s own rate to the horizon; no repo spread, no costs.',
    'Yield volatility is that of the nearest quoted maturity.',
  ],
  references: [
    'Koijen, Moskowitz, Pedersen and Vrugt (2018), J. Financ. Econ. 127, section 2.2',
    'Tuckman and Serrat (2011), Fixed Income Securities, ch. 3',
  ],
  cost: 'seconds',
});

function bondRow(curve: DiscountCurve, panel: PlainPanel, at: number, years: number, horizon: number, request: Input) {
  const coupon = parYieldAt(curve, years);
  const bond = { coupon, maturity: years, frequency: 2 };
  const { modifiedDuration } = measureBond(curve, bond);
  const own = bondCarry(curve, bond, horizon);
  const total = own.carryAndRoll / own.price;
  const rollDown = own.rollDown / own.price;
  const totalAnnual = total / horizon;
  const { volatility, rows } = yieldVolatility(panel, at, years, request.lookback);
  const risk = modifiedDuration * volatility;
  return {
    years,
    yield: coupon,
    duration: modifiedDuration,
    carry: total - rollDown,
    rollDown,
    total,
    totalAnnual,
    breakEven: (1e4 * total) / Math.max(0.01, modifiedDuration - horizon),
    yieldVolatility: volatility > 0 ? volatility : null,
    carryToRisk: risk > 1e-9 ? totalAnnual / risk : null,
    rows,
  };
}

/** Annual standard deviation of daily changes of the nearest quoted maturity, in decimal. */
function yieldVolatility(
  panel: PlainPanel,
  at: number,
  years: number,
  lookback: number,
): { volatility: number; rows: number } {
  const nearest = Object.keys(panel.columns)
    .filter((name) => tenorYears(name) !== undefined)
    .sort((a, b) => Math.abs((tenorYears(a) as number) - years) - Math.abs((tenorYears(b) as number) - years))[0];
  const column = panel.columns[nearest ?? ''] ?? new Float64Array(0);
  const changes: number[] = [];
  for (let t = Math.max(1, at - lookback + 1); t <= at; t++) {
    const change = (column[t] as number) - (column[t - 1] as number);
    if (Number.isFinite(change)) changes.push(change);
  }
  const scale = panel.measure === 'percent' ? 0.01 : 1;
  return {
    volatility: changes.length < 2 ? 0 : standardDeviation(changes) * Math.sqrt(TRADING_DAYS) * scale,
    rows: changes.length,
  };
}
