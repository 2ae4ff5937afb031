/** Options: prices and greeks, implied volatilities, American prices, a basket, a surface. */
import { createRng } from '../lib/rng.ts';
import { americanOption } from '../tools/kernels/options/american.ts';
import { basketOption } from '../tools/kernels/options/basket.ts';
import { blackScholesPrice } from '../tools/kernels/options/black-scholes.ts';
import { createGreekColumns, priceBlackScholesGrid } from '../tools/kernels/options/black-scholes-grid.ts';
import { impliedTotalVolatility } from '../tools/kernels/options/implied-volatility.ts';
import { normalisedBlack } from '../tools/kernels/options/normalised-black.ts';
import { cleanExpiry, type RawQuote } from '../tools/kernels/options/option-chain.ts';
import { sviVariance } from '../tools/kernels/options/svi.ts';
import { fitSurface } from '../tools/kernels/options/volatility-surface.ts';
import type { Benchmark } from './benchmark.ts';

const ROWS = 20_000;

function column(seed: number, low: number, high: number): Float64Array {
  const rng = createRng(seed);
  return Float64Array.from({ length: ROWS }, () => low + (high - low) * rng.uniform());
}

function setUpGrid(): () => unknown {
  const columns = {
    sign: Float64Array.from({ length: ROWS }, (_, i) => (i % 2 === 0 ? 1 : -1)),
    spot: column(1, 90, 110),
    strike: column(2, 60, 150),
    years: column(3, 0.05, 3),
    rate: column(4, 0, 0.05),
    dividendYield: column(5, 0, 0.03),
    volatility: column(6, 0.1, 0.6),
  };
  const out = createGreekColumns(ROWS);
  return () => priceBlackScholesGrid(columns, out);
}

function setUpImplied(): () => unknown {
  const rng = createRng(7);
  const x = Float64Array.from({ length: ROWS }, () => -Math.abs(0.3 * rng.normal()));
  const total = column(8, 0.02, 1.2);
  const beta = x.map((value, i) => Math.max(normalisedBlack(value, total[i] as number), 1e-290));
  const out = new Float64Array(ROWS);
  return () => {
    for (let i = 0; i < ROWS; i++) out[i] = impliedTotalVolatility(beta[i] as number, x[i] as number);
    return out;
  };
}

function setUpAmerican(): () => unknown {
  const base = { right: 'put' as const, strike: 100, years: 1, rate: 0.05, dividendYield: 0.02, volatility: 0.25 };
  let spot = 90;
  return () => {
    spot = spot > 110 ? 90 : spot + 0.01;
    return americanOption({ ...base, spot }, 'fast').price;
  };
}

function setUpBasket(): () => unknown {
  const option = {
    right: 'call' as const,
    spots: [100, 50, 150],
    weights: [0.5, 1, 0.8],
    strike: 200,
    years: 1,
    rate: 0.01,
    dividendYields: [0, 0, 0],
    volatilities: [0.2, 0.25, 0.3],
    correlation: Float64Array.of(1, 0.5, 0.5, 0.5, 1, 0.5, 0.5, 0.5, 1),
  };
  return () => basketOption(option, { points: 2 ** 17, replicates: 16 }, createRng(42));
}

/** Eleven expiries of 25 strikes with both rights, one cent wide or half a percent. */
function setUpSurface(): () => unknown {
  const rng = createRng(11);
  const expiries = [23, 58, 86, 114, 177, 268, 359, 394, 541, 723, 1094].map((days) => {
    const years = days / 365;
    const smile = { a: 0.008 * years, b: 0.05 * Math.sqrt(years), rho: -0.6, m: 0.01, sigma: 0.15 };
    const forward = 2064 * Math.exp(0.005 * years);
    const quotes: RawQuote[] = [];
    for (let i = -12; i <= 12; i++) {
      const strike = Math.round((2064 * (1 + 0.05 * i * Math.min(1, Math.sqrt(years) + 0.2))) / 5) * 5;
      const volatility = Math.sqrt(sviVariance(smile, Math.log(strike / forward)) / years) + 0.0005 * rng.normal();
      for (const right of ['call', 'put'] as const) {
        const fair = blackScholesPrice({ right, spot: 2064, strike, years, rate: 0.005, dividendYield: 0, volatility });
        const half = Math.max(0.01, 0.004 * fair);
        quotes.push({ strike, right, bid: fair - half, ask: fair + half, last: fair, volume: 10 });
      }
    }
    return { years, quotes };
  });
  return () =>
    fitSurface(
      expiries.map(({ years, quotes }) =>
        cleanExpiry(quotes, { spot: 2064, years, rate: 0.005, exercise: 'european' }),
      ),
    );
}

export const benchmarks: readonly Benchmark[] = [
  {
    name: 'Black–Scholes price and five greeks',
    target: '≥ 5e6/s',
    setup: setUpGrid,
    work: { amount: ROWS, unit: 'options' },
  },
  { name: 'implied volatility', target: '≥ 1.3e6/s', setup: setUpImplied, work: { amount: ROWS, unit: 'options' } },
  { name: 'American put, fast', target: '≤ 50 µs', setup: setUpAmerican },
  { name: 'basket, 3 assets, 2^17 Sobol points, greeks', target: '≤ 20 ms', setup: setUpBasket },
  { name: 'chain of 11 expiries to a checked surface', target: '< 300 ms', setup: setUpSurface },
];
