/**
 * Prices and five greeks of many European options at once, for chains, books and scenario grids.
 *
 * Shapes: every input is a column of n numbers; `sign` holds +1 for a call and −1 for a put. The result columns have length n
 * and are written in place, so nothing is allocated in the loop. Formulas and units as in `black-scholes.ts`.
 * Domain: positive spot, strike, years and volatility; rows outside it give NaN, which the caller must have excluded.
 * Cost: two normal probabilities, one density, two exponentials, a logarithm and a root for each row.
 * Source: Black & Scholes (1973), JPE 81:637, with Merton's dividend yield.
 *
 * @example priceBlackScholesGrid(columns, createGreekColumns(columns.spot.length)).price[0]
 */
import { normalCdf } from '../stats/normal.ts';

export interface OptionColumns {
  readonly sign: Float64Array;
  readonly spot: Float64Array;
  readonly strike: Float64Array;
  readonly years: Float64Array;
  readonly rate: Float64Array;
  readonly dividendYield: Float64Array;
  readonly volatility: Float64Array;
}

export interface GreekColumns {
  readonly price: Float64Array;
  readonly delta: Float64Array;
  readonly gamma: Float64Array;
  readonly vega: Float64Array;
  readonly theta: Float64Array;
  readonly rho: Float64Array;
}

export function createGreekColumns(n: number): GreekColumns {
  return {
    price: new Float64Array(n),
    delta: new Float64Array(n),
    gamma: new Float64Array(n),
    vega: new Float64Array(n),
    theta: new Float64Array(n),
    rho: new Float64Array(n),
  };
}

const INVERSE_ROOT_TWO_PI = 0.3989422804014327;

/** Fills `out` row by row and returns it. */
export function priceBlackScholesGrid(columns: OptionColumns, out: GreekColumns): GreekColumns {
  const { sign, spot, strike, years, rate, dividendYield, volatility } = columns;
  const { price, delta, gamma, vega, theta, rho } = out;
  for (let i = 0; i < spot.length; i++) {
    const phi = sign[i] as number;
    const s = spot[i] as number;
    const t = years[i] as number;
    const r = rate[i] as number;
    const q = dividendYield[i] as number;
    const sigma = volatility[i] as number;
    const root = Math.sqrt(t);
    const deviation = sigma * root;
    const assetDiscount = q === 0 ? 1 : Math.exp(-q * t);
    const asset = s * assetDiscount;
    const cash = (strike[i] as number) * Math.exp(-r * t);
    const d1 = Math.log(asset / cash) / deviation + 0.5 * deviation;
    const n1 = normalCdf(phi * d1);
    const n2 = normalCdf(phi * (d1 - deviation));
    const density = INVERSE_ROOT_TWO_PI * Math.exp(-0.5 * d1 * d1);
    const assetPart = phi * asset * n1;
    const cashPart = phi * cash * n2;
    const spread = asset * density;
    price[i] = assetPart - cashPart;
    delta[i] = phi * assetDiscount * n1;
    gamma[i] = (assetDiscount * density) / (s * deviation);
    vega[i] = spread * root;
    theta[i] = (-0.5 * spread * sigma) / root + q * assetPart - r * cashPart;
    rho[i] = t * cashPart;
  }
  return out;
}
