/** Chooses the kernel for a combination of model, exercise and payoff, and scales the greeks. Pure. */
import { TradewindError } from '../../lib/errors.ts';
import { americanOption } from '../kernels/options/american.ts';
import { arithmeticAsian, geometricAsian } from '../kernels/options/asian.ts';
import { bachelier } from '../kernels/options/bachelier.ts';
import { type BarrierType, barrierOption } from '../kernels/options/barrier.ts';
import { blackScholes } from '../kernels/options/black-scholes.ts';
import { digitalOption } from '../kernels/options/digital.ts';
import { hestonPrice } from '../kernels/options/heston.ts';
import { numericGreeks } from '../kernels/options/numeric-greeks.ts';
import type { OptionRight } from '../kernels/options/option-inputs.ts';
import { spreadOption } from '../kernels/options/spread.ts';
import { DAYS_PER_YEAR, finiteOrNull, type OptionTerms } from './option-terms.ts';

export interface PriceRequest {
  readonly model: 'bsm' | 'black76' | 'bachelier' | 'heston';
  readonly exercise: 'european' | 'american';
  readonly payoff: 'vanilla' | 'digital' | 'barrier' | 'asian' | 'spread';
  readonly right: OptionRight;
  readonly strike: number;
  readonly volatility?: number | undefined;
  readonly normalVolatility?: number | undefined;
  readonly digitalPays: 'cash' | 'asset';
  readonly barrier?: number | undefined;
  readonly barrierType?: BarrierType | undefined;
  readonly averaging: 'arithmetic' | 'geometric';
  readonly fixings: number;
  readonly spot2?: number | undefined;
  readonly volatility2?: number | undefined;
  readonly dividendYield2: number;
  readonly correlation?: number | undefined;
  readonly initialVariance?: number | undefined;
  readonly meanReversion?: number | undefined;
  readonly longRunVariance?: number | undefined;
  readonly volOfVol?: number | undefined;
  readonly spotVolCorrelation?: number | undefined;
}

/** Greeks per the units people quote: vega per vol point, rho per percentage point, time per calendar day. Null: not computed. */
export interface ScaledGreeks {
  readonly delta: number | null;
  readonly gamma: number | null;
  readonly vegaPerPoint: number | null;
  readonly thetaPerDay: number | null;
  readonly rhoPerPoint: number | null;
  readonly dividendRhoPerPoint: number | null;
  readonly vannaPerPoint: number | null;
  readonly volgaPerPoint: number | null;
  readonly charmPerDay: number | null;
  readonly speed: number | null;
  readonly zommaPerPoint: number | null;
  readonly colorPerDay: number | null;
  readonly dualDelta: number | null;
  readonly dualGamma: number | null;
  readonly vegaPerUnit: number | null;
  readonly thetaPerYear: number | null;
}

export interface ModelPrice {
  readonly price: number;
  readonly greeks: ScaledGreeks;
  readonly method: string;
  readonly europeanPrice: number | null;
  readonly exerciseBoundary: number | null;
  /** Why some greeks are null, or null when none is. */
  readonly missing: string | null;
}

const noGreeks: ScaledGreeks = {
  delta: null,
  gamma: null,
  vegaPerPoint: null,
  thetaPerDay: null,
  rhoPerPoint: null,
  dividendRhoPerPoint: null,
  vannaPerPoint: null,
  volgaPerPoint: null,
  charmPerDay: null,
  speed: null,
  zommaPerPoint: null,
  colorPerDay: null,
  dualDelta: null,
  dualGamma: null,
  vegaPerUnit: null,
  thetaPerYear: null,
};

export function need<T>(value: T | undefined, field: string, why: string): T {
  if (value !== undefined) return value;
  throw new TradewindError({
    code: 'INVALID_INPUT',
    kind: 'input',
    message: `\`${field}\` is needed for ${why}, but it is missing.`,
    hint: `Give ${field}.`,
  });
}

export function priceByModel(request: PriceRequest, terms: OptionTerms): ModelPrice {
  if (request.exercise === 'american' && (request.payoff !== 'vanilla' || request.model !== 'bsm')) {
    throw unsupported(
      'American exercise',
      'vanilla payoffs under model bsm',
      'Use exercise european, or payoff vanilla with model bsm.',
    );
  }
  if (request.payoff !== 'vanilla' && request.model !== 'bsm') {
    throw unsupported(`Payoff ${request.payoff}`, 'model bsm', 'Use model bsm for this payoff.');
  }
  if (request.model === 'bachelier') return priceBachelier(request, terms);
  if (request.model === 'heston') return priceHeston(request, terms);
  if (request.payoff !== 'vanilla') return priceExotic(request, terms);
  return request.exercise === 'american' ? priceAmerican(request, terms) : priceVanilla(request, terms);
}

function unsupported(what: string, where: string, hint: string): TradewindError {
  return new TradewindError({
    code: 'UNSUPPORTED_COMBINATION',
    kind: 'input',
    message: `${what} is priced for ${where} only.`,
    hint,
  });
}

/** The vanilla formula. With model black76 delta, gamma, theta and rho hold the forward, as futures desks quote them. */
function priceVanilla(request: PriceRequest, terms: OptionTerms): ModelPrice {
  const volatility = need(request.volatility, 'volatility', `model ${request.model}`);
  const onForward = request.model === 'black76';
  const spot = onForward ? terms.forward : terms.spot;
  const dividendYield = onForward ? terms.rate : terms.dividendYield;
  const { right, strike } = request;
  const g = blackScholes({ right, strike, spot, years: terms.years, rate: terms.rate, dividendYield, volatility });
  const greeks: ScaledGreeks = {
    delta: g.delta,
    gamma: finiteOrNull(g.gamma),
    vegaPerPoint: g.vega / 100,
    thetaPerDay: g.theta / DAYS_PER_YEAR,
    rhoPerPoint: (onForward ? -terms.years * g.price : g.rho) / 100,
    dividendRhoPerPoint: onForward ? null : g.dividendRho / 100,
    vannaPerPoint: g.vanna / 100,
    volgaPerPoint: g.volga / 1e4,
    charmPerDay: g.charm / DAYS_PER_YEAR,
    speed: g.speed,
    zommaPerPoint: g.zomma / 100,
    colorPerDay: g.color / DAYS_PER_YEAR,
    dualDelta: g.dualDelta,
    dualGamma: finiteOrNull(g.dualGamma),
    vegaPerUnit: g.vega,
    thetaPerYear: g.theta,
  };
  const missing = onForward
    ? 'The forward is held fixed, so there is no dividend rho.'
    : greeks.gamma === null
      ? 'At the strike with no time or volatility left gamma is infinite.'
      : null;
  const method = onForward ? 'Black (1976) on the forward' : 'Black–Scholes–Merton closed form';
  return { price: g.price, greeks, method, europeanPrice: null, exerciseBoundary: null, missing };
}

function priceBachelier(request: PriceRequest, terms: OptionTerms): ModelPrice {
  const normalVolatility = need(request.normalVolatility, 'normalVolatility', 'model bachelier');
  const { right, strike } = request;
  const g = bachelier({
    right,
    strike,
    forward: terms.forward,
    years: terms.years,
    rate: terms.rate,
    normalVolatility,
  });
  return {
    price: g.price,
    greeks: {
      ...noGreeks,
      delta: g.delta,
      gamma: finiteOrNull(g.gamma),
      vegaPerUnit: g.vega,
      thetaPerDay: g.theta / DAYS_PER_YEAR,
      thetaPerYear: g.theta,
      rhoPerPoint: g.rho / 100,
    },
    method: 'Bachelier (normal) model on the forward',
    europeanPrice: null,
    exerciseBoundary: null,
    missing: 'Normal volatility is in price units, so vega is per 1.00 of it; higher greeks are not given.',
  };
}

function fromDifferences(
  price: number,
  differences: ReturnType<typeof numericGreeks>,
): Pick<ModelPrice, 'price' | 'greeks' | 'missing'> {
  return {
    price,
    greeks: {
      ...noGreeks,
      delta: differences.delta,
      gamma: differences.gamma,
      vegaPerPoint: differences.vega / 100,
      vegaPerUnit: differences.vega,
      thetaPerDay: differences.theta / DAYS_PER_YEAR,
      thetaPerYear: differences.theta,
      rhoPerPoint: differences.rho / 100,
      dividendRhoPerPoint: differences.dividendRho / 100,
    },
    missing: 'Greeks are central differences of the price; second cross and third order greeks are not given.',
  };
}

function priceAmerican(request: PriceRequest, terms: OptionTerms): ModelPrice {
  const volatility = need(request.volatility, 'volatility', 'model bsm');
  const { right, strike } = request;
  const base = {
    spot: terms.spot,
    years: terms.years,
    rate: terms.rate,
    dividendYield: terms.dividendYield,
    volatility,
  };
  const result = americanOption({ right, strike, ...base });
  const method =
    result.method === 'boundary-collocation'
      ? 'American by boundary collocation (Andersen–Lake–Offengenden)'
      : result.method === 'lattice'
        ? 'American by a 2,001-step lattice (two exercise boundaries), about 1e-3'
        : result.method === 'intrinsic'
          ? 'Immediate exercise is optimal'
          : 'Early exercise is never optimal: European formula';
  const outside = { method, europeanPrice: result.european, exerciseBoundary: result.exerciseBoundary };
  if (terms.years === 0 || volatility === 0 || strike === 0) {
    return { price: result.price, greeks: noGreeks, missing: 'No greeks without time or volatility.', ...outside };
  }
  const differences = numericGreeks((row: typeof base) => americanOption({ right, strike, ...row }).price, base);
  return { ...fromDifferences(result.price, differences), ...outside };
}

function priceExotic(request: PriceRequest, terms: OptionTerms): ModelPrice {
  const volatility = need(request.volatility, 'volatility', 'model bsm');
  const base = {
    spot: terms.spot,
    years: terms.years,
    rate: terms.rate,
    dividendYield: terms.dividendYield,
    volatility,
  };
  const { pricer, method } = exoticPricer(request);
  const price = pricer(base);
  const outside = { method, europeanPrice: null, exerciseBoundary: null };
  if (terms.years === 0 || volatility === 0) {
    return { price, greeks: noGreeks, missing: 'No greeks without time or volatility.', ...outside };
  }
  return { ...fromDifferences(price, numericGreeks(pricer, base)), ...outside };
}

interface SpotTerms {
  readonly spot: number;
  readonly years: number;
  readonly rate: number;
  readonly dividendYield: number;
  readonly volatility: number;
}

function exoticPricer(request: PriceRequest): { pricer: (terms: SpotTerms) => number; method: string } {
  const { right, strike } = request;
  if (request.payoff === 'digital') {
    return {
      pricer: (terms) => digitalOption({ right, strike, ...terms })[request.digitalPays],
      method: `Digital paying ${request.digitalPays === 'cash' ? '1 in cash' : 'one unit of the asset'}, closed form`,
    };
  }
  if (request.payoff === 'barrier') {
    const barrier = need(request.barrier, 'barrier', 'payoff barrier');
    const type = need(request.barrierType, 'barrierType', 'payoff barrier');
    return {
      pricer: (terms) => barrierOption({ right, strike, ...terms }, type, barrier),
      method: 'Barrier, continuous monitoring, no rebate (Reiner–Rubinstein)',
    };
  }
  if (request.payoff === 'asian') {
    const price = request.averaging === 'arithmetic' ? arithmeticAsian : geometricAsian;
    return {
      pricer: (terms) => price({ right, strike, ...terms }, request.fixings),
      method:
        request.averaging === 'arithmetic'
          ? 'Arithmetic average by one-dimensional recursion'
          : 'Geometric average, closed form',
    };
  }
  const spot2 = need(request.spot2, 'spot2', 'payoff spread');
  const volatility2 = need(request.volatility2, 'volatility2', 'payoff spread');
  const correlation = need(request.correlation, 'correlation', 'payoff spread');
  return {
    pricer: ({ spot, dividendYield, volatility, years, rate }) =>
      spreadOption({
        right,
        strike,
        years,
        rate,
        spot1: spot,
        spot2,
        dividendYield1: dividendYield,
        dividendYield2: request.dividendYield2,
        volatility1: volatility,
        volatility2,
        correlation,
      }),
    method: 'Spread S₁ − S₂, conditional integration; greeks are those of the first asset',
  };
}

function priceHeston(request: PriceRequest, terms: OptionTerms): ModelPrice {
  const why = 'model heston';
  const initialVariance = need(request.initialVariance, 'initialVariance', why);
  const parameters = {
    kappa: need(request.meanReversion, 'meanReversion', why),
    theta: need(request.longRunVariance, 'longRunVariance', why),
    sigma: need(request.volOfVol, 'volOfVol', why),
    rho: need(request.spotVolCorrelation, 'spotVolCorrelation', why),
  };
  const { right, strike } = request;
  const pricer = ({ spot, years, rate, dividendYield, volatility }: SpotTerms) =>
    hestonPrice({ right, strike, spot, years, rate, dividendYield, ...parameters, v0: volatility * volatility });
  const base = {
    spot: terms.spot,
    years: terms.years,
    rate: terms.rate,
    dividendYield: terms.dividendYield,
    volatility: Math.sqrt(initialVariance),
  };
  return {
    ...fromDifferences(pricer(base), numericGreeks(pricer, base)),
    method: 'Heston, Lewis integral; vega is to the square root of the initial variance',
    europeanPrice: null,
    exerciseBoundary: null,
  };
}
