/** How large a position should be: Kelly in both forms, volatility target, risk per trade, and the cap. */
import { z } from 'zod';
import { invalidInput } from '../../lib/errors.ts';
import { units } from '../../lib/units.ts';
import { defineTool } from '../define-tool.ts';
import { DEFAULT_POSITION_CAP, type KellyBinary, kellyBinary } from '../kernels/risk/kelly.ts';
import { inverseNormalCdf } from '../kernels/stats/normal.ts';

const input = z.strictObject({
  winProbability: units.probability('share of trades that win').min(0).max(1).optional(),
  averageWin: units
    .ratio('average gain of a winning trade per unit invested, 0.02 = 2%; or in multiples of the loss')
    .positive()
    .optional(),
  averageLoss: units
    .ratio('average loss of a losing trade per unit invested, positive; 1 where the whole stake is lost')
    .positive()
    .optional(),
  trades: units.count('number of trades the win rate rests on').min(1).max(1e6).optional(),
  expectedReturn: units.annualReturn('expected return of the asset').min(-1).max(10).optional(),
  volatility: units.annualVol('volatility of the asset').min(0.001).max(10).optional(),
  riskFreeRate: units.rate('return of cash').min(-0.5).max(2).default(0.03),
  targetVolatility: units.annualVol('volatility that the position may add').min(1e-6).max(2).optional(),
  riskPerTrade: units.fraction('share of capital that one trade may lose').min(1e-6).max(1).optional(),
  stopDistance: units.fraction('distance from entry to stop').min(1e-6).max(1).optional(),
  kellyFraction: units.ratio('share of full Kelly that is used').positive().max(1).default(0.5),
  cap: units.fraction('largest position').positive().max(1).default(DEFAULT_POSITION_CAP),
  portfolioValue: units.money('capital, to show amounts').positive().max(1e15).optional(),
  price: units.price('price of one share, to show whole shares').min(1e-6).max(1e9).optional(),
});

const output = z.object({
  kelly: z
    .object({
      fractionAtRisk: units.fraction('(p·win − (1−p)·loss)/win: capital at risk; negative means no edge'),
      cappedFractionAtRisk: units.fraction('the same, floored at 0 and capped'),
      fractionToInvest: units.ratio('p/loss − (1−p)/win: capital invested so that a loss costs the fraction at risk'),
      halfKelly: units.ratio('half of fractionToInvest'),
      growthAtFullKelly: units.ratio('expected log growth a trade at the full fraction').nullable(),
      expectedGain: units.ratio('expected gain per unit invested'),
      lowAtRisk: units.fraction('fraction at risk at the low end of the 95% interval of the win rate').nullable(),
      highAtRisk: units.fraction('at the high end').nullable(),
      trades: units.count('trades behind the win rate').nullable(),
    })
    .nullable(),
  continuous: z
    .object({
      fullKelly: units.ratio('(expected return − cash)/variance'),
      growth: units.annualReturn('growth rate at full Kelly'),
    })
    .nullable(),
  candidates: z.array(
    z.object({ method: z.string(), weight: units.fraction('share of the portfolio before the cap') }),
  ),
  weight: units.fraction('recommended share of the portfolio'),
  binding: z.string().describe('what sets it'),
  amount: units.money('recommended amount').nullable(),
  shares: units.quantity('whole shares').nullable(),
  cap: units.fraction('cap used'),
});

type Input = z.output<typeof input>;

export const sizePosition = defineTool({
  name: 'size_position',
  title: 'Size a position',
  family: 'risk',
  version: 1,
  description:
    'Computes how large one position should be from a win rate and payoff (Kelly, as the fraction at risk and as the fraction to invest), from expected return and volatility, from a volatility target or from a stop, and caps it. Use it for "how much should I bet", "what does Kelly say", "position size for 1% risk". Use advise_position when the rest of the portfolio and its limits matter, optimize_portfolio for many assets at once.',
  input,
  output,
  run: (value) => sizeOf(value),
  summarise: (result, cite) => [
    `Recommended ${cite('weight')} of the portfolio, set by ${result.binding}${result.amount === null ? '' : `: ${cite('amount')}`}`,
    ...(result.kelly === null
      ? []
      : [
          `Kelly at risk ${cite('kelly.fractionAtRisk')} (capped ${cite('kelly.cappedFractionAtRisk')}); to invest ${cite('kelly.fractionToInvest')}, half ${cite('kelly.halfKelly')}`,
          ...(result.kelly.lowAtRisk === null
            ? []
            : [`95% interval of the fraction at risk ${cite('kelly.lowAtRisk')} to ${cite('kelly.highAtRisk')}`]),
        ]),
    ...(result.continuous === null ? [] : [`Kelly from mean and variance ${cite('continuous.fullKelly')}`]),
    ...result.candidates.map((c, i) => `${c.method}: ${cite(`candidates[${i}].weight`)}`).slice(0, 5),
  ],
  examples: [
    {
      ask: 'kelly told me 38%?? win 55%, avg win 1.2x avg loss',
      input: { winProbability: 0.55, averageWin: 1.2, averageLoss: 1 },
      fixture: 'none',
      expect: { values: { 'kelly.fractionAtRisk': 0.175, 'kelly.cappedFractionAtRisk': 0.15 }, tolerance: 1e-12 },
    },
    {
      ask: 'Risk 1% of $100,000 with a stop 8% away, price $50',
      input: { riskPerTrade: 0.01, stopDistance: 0.08, portfolioValue: 100_000, price: 50 },
      fixture: 'none',
      expect: { values: { weight: 0.125, shares: 250 }, tolerance: 1e-12 },
    },
    { ask: 'How much should I bet?', input: {}, fixture: 'none', expect: { error: 'NO_EDGE_GIVEN' } },
  ],
  assumptions: [
    'Trades are independent and the win rate is known; both are usually too hopeful, hence half Kelly and the cap of 15%.',
    'The seed form (p·win − (1−p)·loss)/win is the fraction at risk; the position is that divided by the average loss.',
  ],
  references: [
    'Kelly (1956), A new interpretation of information rate, eq. 13',
    'Thorp (2006), The Kelly criterion in blackjack, sports betting and the stock market, eq. 7.3',
    'Wilson (1927), J. Am. Stat. Assoc. 22:158 (interval of a proportion)',
  ],
  cost: 'instant',
});

function sizeOf(value: Input): z.input<typeof output> {
  const kelly = binary(value);
  const continuous =
    value.expectedReturn === undefined || value.volatility === undefined
      ? null
      : {
          fullKelly: (value.expectedReturn - value.riskFreeRate) / value.volatility ** 2,
          growth: value.riskFreeRate + 0.5 * ((value.expectedReturn - value.riskFreeRate) / value.volatility) ** 2,
        };
  const candidates: { method: string; weight: number }[] = [];
  const add = (method: string, weight: number): void => void candidates.push({ method, weight: Math.max(0, weight) });
  const part = value.kellyFraction === 1 ? 'full Kelly' : `${value.kellyFraction} × Kelly`;
  if (kelly !== null) add(`${part}, win rate and payoff`, kelly.fractionToInvest * value.kellyFraction);
  if (continuous !== null) add(`${part}, mean and variance`, continuous.fullKelly * value.kellyFraction);
  if (value.targetVolatility !== undefined && value.volatility !== undefined) {
    add('volatility target', value.targetVolatility / value.volatility);
  }
  if (value.riskPerTrade !== undefined && value.stopDistance !== undefined) {
    add('risk per trade', value.riskPerTrade / value.stopDistance);
  }
  if (candidates.length === 0) {
    throw invalidInput({
      code: 'NO_EDGE_GIVEN',
      what: 'A position size',
      needed:
        'from a win rate with average win and loss, an expected return with volatility, a volatility target, or a risk per trade with a stop',
      got: 'none of them',
      hint: 'Example: {"winProbability": 0.55, "averageWin": 0.02, "averageLoss": 0.015}.',
    });
  }
  const least = candidates.reduce((best, c) => (c.weight < best.weight ? c : best));
  const weight = Math.min(value.cap, least.weight);
  const amount = value.portfolioValue === undefined ? null : weight * value.portfolioValue;
  return {
    kelly,
    continuous,
    candidates,
    weight,
    binding: least.weight > value.cap ? 'the cap' : least.weight === 0 ? 'no edge' : least.method,
    amount,
    shares: amount === null || value.price === undefined ? null : Math.floor(amount / value.price + 1e-9),
    cap: value.cap,
  };
}

type KellyOutput = KellyBinary & { lowAtRisk: number | null; highAtRisk: number | null; trades: number | null };

function binary(value: Input): KellyOutput | null {
  const { winProbability, averageWin, averageLoss, trades, cap } = value;
  if (winProbability === undefined || averageWin === undefined || averageLoss === undefined) return null;
  const common = { averageWin, averageLoss, cap };
  const result = kellyBinary({ winProbability, ...common });
  if (trades === undefined) return { ...result, lowAtRisk: null, highAtRisk: null, trades: null };
  const [low, high] = wilsonInterval(winProbability, trades);
  return {
    ...result,
    lowAtRisk: kellyBinary({ winProbability: low, ...common }).fractionAtRisk,
    highAtRisk: kellyBinary({ winProbability: high, ...common }).fractionAtRisk,
    trades,
  };
}

/** 95% interval of a proportion that stays inside 0 and 1. */
function wilsonInterval(p: number, n: number): readonly [number, number] {
  const z = inverseNormalCdf(0.975);
  const centre = (p + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half = (z / (1 + (z * z) / n)) * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n));
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}
