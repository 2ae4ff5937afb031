import { describe, expect, it } from 'vitest';
import { createRng } from '../../../lib/rng.ts';
import { describeGolden, type GoldenValue, readGoldenTable } from '../../../lib/testing/golden.ts';
import { blackScholesPrice } from './black-scholes.ts';
import { fitHeston } from './fit-heston.ts';
import { fitSvi } from './fit-svi.ts';
import { type HestonParameters, hestonPrice } from './heston.ts';
import { impliedVolatility } from './implied-volatility.ts';
import {
  deltaMeasures,
  deltaNeutralStrike,
  fairVariance,
  forwardVolatility,
  interpolateVolatility,
  probabilityBelow,
  type Smile,
} from './smile-measures.ts';
import {
  butterflyFactor,
  checkButterfly,
  checkCalendar,
  checkSsvi,
  type SviParameters,
  ssviPhi,
  ssviSlice,
  ssviVariance,
  sviDerivatives,
  sviJumpWings,
  sviShape,
  sviVariance,
} from './svi.ts';
import {
  realisedVariance,
  type StripQuote,
  varianceNotional,
  varianceSwapPayoff,
  varianceSwapValue,
  vixIndex,
  vixTerm,
} from './variance-swap.ts';

const near = (value: number | null | undefined, exact: number, abs: number, label = ''): void =>
  expect(Math.abs((value ?? Number.NaN) - exact), `${label}: ${value} against ${exact}`).toBeLessThanOrEqual(abs);

describeGolden('heston', ({ input, expect: want, tolerance }) => {
  const named = ([v0, kappa, theta, sigma, rho]: readonly number[]) =>
    ({ v0, kappa, theta, sigma, rho }) as HestonParameters;
  const market = { spot: input.S, rate: input.r, dividendYield: input.q };
  for (const [index, [set, strike, years]] of input.rows.entries()) {
    const [call, put, volatility] = want.rows[index];
    const option = { ...market, strike, years, ...named(input.parameters[set]) };
    const price = { call: hestonPrice({ right: 'call', ...option }), put: hestonPrice({ right: 'put', ...option }) };
    near(price.call, call, tolerance.price_abs, `row ${index}`);
    near(price.put, put, tolerance.price_abs, `row ${index}`);
    const forward = input.S * Math.exp((input.r - input.q) * years);
    const right = strike >= forward ? 'call' : 'put';
    const undiscountedPrice = price[right] * Math.exp(input.r * years);
    if (volatility === null || !(undiscountedPrice > 1e-9)) continue;
    const implied = impliedVolatility({ right, forward, strike, years, undiscountedPrice });
    // A price near 1e-9 carries its own 1e-13 into volatility through the vega.
    const slack = (1e-11 / undiscountedPrice) * (implied.relativeErrorPerUlp / 2.2e-16) * implied.volatility;
    near(implied.volatility, volatility, tolerance.impliedVol_abs + slack, `vol of row ${index}`);
  }
  const { lewis } = input;
  for (const [i, strike] of lewis.strikes.entries()) {
    const { v0, kappa, theta, sigma, rho } = lewis;
    const option = {
      spot: lewis.S,
      rate: lewis.r,
      dividendYield: lewis.q,
      years: lewis.T,
      strike,
      v0,
      kappa,
      theta,
      sigma,
      rho,
    };
    near(hestonPrice({ right: 'put', ...option }), want.lewis.put[i], tolerance.price_abs);
    near(hestonPrice({ right: 'call', ...option }), want.lewis.call[i], tolerance.price_abs);
  }
  const { strikes, maturities, impliedVols, noisyImpliedVols } = input.calibration;
  const clean = fitHeston({ ...market, strikes, maturities, volatilities: impliedVols });
  expect(clean.converged).toBe(true);
  expect(clean.rmse).toBeLessThan(1e-6);
  const exact = named(want.calibration.clean.parameters);
  for (const key of ['v0', 'kappa', 'theta', 'sigma', 'rho'] as const) {
    near(clean.parameters[key] / exact[key], 1, 1e-3, key);
  }
  const noisy = fitHeston({ ...market, strikes, maturities, volatilities: noisyImpliedVols });
  expect(noisy.rmse).toBeLessThan(1.01 * want.calibration.noisy.rmseVol);
});

describeGolden('svi', ({ input, expect: want, tolerance }) => {
  const cases: Record<string, GoldenValue> = input.cases;
  for (const [id, exact] of Object.entries<GoldenValue>(want)) {
    const p = cases[id];
    if (exact.g === undefined) continue;
    for (const [i, k] of exact.k.entries()) {
      const smile = sviDerivatives(p, k);
      near(sviVariance(p, k), exact.w[i], tolerance.abs, id);
      near(smile.dw, exact.dw[i], tolerance.abs, id);
      near(smile.d2w, exact.d2w[i], tolerance.abs, id);
      near(butterflyFactor(smile, k), exact.g[i], tolerance.abs, id);
    }
    const shape = sviShape(p);
    near(shape.minTotalVariance, exact.minTotalVariance, tolerance.abs);
    near(shape.wingSlopeMax, exact.wingSlopeMax, tolerance.abs);
    expect(shape.leeBoundOk).toBe(exact.leeBoundOk);
    const butterfly = checkButterfly(p);
    near(butterfly.minG, exact.minG, tolerance.minG_abs, id);
    expect(butterfly.free).toBe(exact.butterflyFree);
    // Where g is flat (a constant smile) every point is a minimum.
    if (p.b !== 0) near(butterfly.argMinG, exact.argMinG, 1e-9, id);
  }
  const wings = sviJumpWings(cases[want.jumpWings.of], want.jumpWings.T);
  for (const key of ['v', 'psi', 'p', 'c', 'vMin'] as const) near(wings[key], want.jumpWings[key], tolerance.abs, key);
  const { T: years, k, impliedVolClean, impliedVolNoisy } = cases['fit'];
  const clean = fitSvi({ k, volatilities: impliedVolClean, years });
  for (const [i, key] of (['a', 'b', 'rho', 'm', 'sigma'] as const).entries()) {
    near(clean.parameters[key], want.fit.clean.parameters[i], 1e-5, key);
  }
  const noisy = fitSvi({ k, volatilities: impliedVolNoisy, years });
  expect(noisy.sumSquares).toBeLessThan(want.fit.noisy.sumSquares * (1 + 1e-6));
  const { theta, T, rho, eta, gamma, k: grid } = cases['ssvi'];
  const ssvi = { rho, eta, gamma };
  for (const [i, level] of theta.entries()) {
    near(ssviPhi(ssvi, level), want.ssvi.phi[i], tolerance.abs);
    for (const [j, at] of grid.entries()) {
      const w = ssviVariance(ssvi, level, at);
      near(w, want.ssvi.totalVariance[i][j], tolerance.abs);
      near(sviVariance(ssviSlice(ssvi, level), at), w, tolerance.abs);
      near(Math.sqrt(w / T[i]), want.ssvi.impliedVol[i][j], tolerance.abs);
    }
  }
  const check = checkSsvi(ssvi, theta);
  expect(check.calendarFree).toBe(want.ssvi.calendarFree);
  expect(check.butterflyFree).toBe(want.ssvi.sufficientButterfly);
  expect(check.etaOk).toBe(want.ssvi.etaCondition.ok);
  for (const i of theta.keys()) {
    near(check.first[i], want.ssvi.condition1_thetaPhi1plusRho[i], tolerance.abs);
    near(check.second[i], want.ssvi.condition2_thetaPhi2[i], tolerance.abs);
  }
  const slice = ([a, b, r, m, sigma]: readonly number[]) => ({ a, b, rho: r, m, sigma }) as SviParameters;
  const calendar = checkCalendar(slice(cases['calendar'].near.svi), slice(cases['calendar'].far.svi));
  expect(calendar.arbitrage).toBe(want.calendar.arbitrage);
  near(calendar.minDifference, want.calendar.minDifference, tolerance.abs);
  near(calendar.negativeFraction, want.calendar.negativeFraction, 1e-9);
  expect(calendar.crossings.length).toBe(want.calendar.crossings.length);
  for (const [i, crossing] of want.calendar.crossings.entries()) near(calendar.crossings[i], crossing, tolerance.abs);
});

describeGolden('smile_measures', ({ input, expect: want, tolerance }) => {
  const { S: spot, r, q, T: years, svi, termStructure } = input;
  const forward = spot * Math.exp((r - q) * years);
  const smile: Smile = (k) => Math.sqrt(sviVariance(svi, k) / years);
  const slope: Smile = (k) => sviDerivatives(svi, k).dw / (2 * Math.sqrt(sviVariance(svi, k) * years));
  for (const [kind, deltaScale] of [
    ['forwardDelta', 1],
    ['spotDelta', Math.exp(-q * years)],
  ] as const) {
    const setting = { smile, years, deltaScale };
    for (const [key, exact] of Object.entries<GoldenValue>(want[kind])) {
      if (key === 'deltaNeutralStraddle') {
        const k = deltaNeutralStrike(setting);
        near(forward * Math.exp(k), exact.strike, tolerance.abs * spot);
        near(smile(k), exact.vol, tolerance.abs);
        continue;
      }
      const measures = deltaMeasures(setting, Number(key));
      near(forward * Math.exp(measures?.callK ?? Number.NaN), exact.callStrike, tolerance.abs * spot, key);
      near(forward * Math.exp(measures?.putK ?? Number.NaN), exact.putStrike, tolerance.abs * spot, key);
      for (const name of [
        'callVol',
        'putVol',
        'riskReversal',
        'butterflyVsForwardAtm',
        'butterflyVsDeltaNeutral',
      ] as const) {
        near(measures?.[name], exact[name], tolerance.abs, `${kind} ${key} ${name}`);
      }
    }
  }
  near(smile(0), want.atmForwardVol, tolerance.abs);
  near(slope(0), want.atmSkew_dVol_dk, tolerance.abs);
  const { w, dw, d2w } = sviDerivatives(svi, 0);
  near(
    (d2w / (2 * Math.sqrt(w)) - (dw * dw) / (4 * w ** 1.5)) / Math.sqrt(years),
    want.atmCurvature_d2Vol_dk2,
    tolerance.abs,
  );
  const atStrike = (strike: number) => smile(Math.log(strike / forward));
  near(atStrike(0.9 * spot) - atStrike(1.1 * spot), want.skew90_110_moneynessOfSpot, tolerance.abs);
  near((atStrike(0.95 * forward) - atStrike(1.05 * forward)) / 10, want.slope95_105_forward, tolerance.abs);
  const variance = fairVariance(smile, years);
  near(variance, want.varianceSwapFairVariance, tolerance.abs);
  near(Math.sqrt(variance), want.varianceSwapFairVol, tolerance.abs);
  near(variance, want.varianceSwapCheck_gatheralIntegral, tolerance.gatheralIntegral_abs);
  const { T, atmVol } = termStructure;
  const { forwardVols, slope1m1y, ratio1m3m, contango, vol60dLinearInTotalVariance } = want.termStructure;
  for (const [i, exact] of forwardVols.entries())
    near(forwardVolatility(T[i], atmVol[i], T[i + 1], atmVol[i + 1]), exact, tolerance.abs);
  near(atmVol.at(-1) - atmVol[0], slope1m1y, tolerance.abs);
  near(atmVol[0] / atmVol[1], ratio1m3m, tolerance.abs);
  expect(atmVol.at(-1) > atmVol[0]).toBe(contango);
  near(interpolateVolatility(T, atmVol, 60 / 365), vol60dLinearInTotalVariance, tolerance.abs);
  for (const [moneyness, exact] of Object.entries<number>(want.riskNeutralProbBelow)) {
    const k = Math.log(Number(moneyness));
    near(probabilityBelow(smile, slope, years, k), exact, tolerance.riskNeutralProb_abs, moneyness);
  }
});

const stripOf = (rows: readonly (readonly number[])[]): readonly StripQuote[] =>
  rows.map(([strike = 0, callBid = 0, callAsk = 0, putBid = 0, putAsk = 0]) => ({
    strike,
    callBid,
    callAsk,
    putBid,
    putAsk,
  }));

describeGolden('variance_swap', ({ input, expect: want, tolerance }) => {
  for (const [id, row] of Object.entries<GoldenValue>(input.cases)) {
    const exact = want[id];
    if (row.nearTerm !== undefined) {
      const [first, second] = [0, 1].map((i) => {
        const term = vixTerm(stripOf(i === 0 ? row.nearTerm : row.nextTerm), { years: row.T[i], rate: row.rates[i] });
        const expected = i === 0 ? exact.near : exact.next;
        expect(term.used.length, id).toBe(expected.options);
        near(term.atmStrike, expected.atmStrike, 0, id);
        near(term.k0, expected.K0, 0, id);
        near(term.forward, expected.forward, 1e-8, id);
        near(term.used[0]?.strike, expected.lowest, 0, id);
        near(term.used.at(-1)?.strike, expected.highest, 0, id);
        for (const key of ['sum', 'adjustment', 'variance'] as const)
          near(term[key], expected[key], 1e-12, `${id} ${key}`);
        near(term.used[0]?.contribution, expected.firstContribution, 1e-15, id);
        near(term.used.at(-1)?.contribution, expected.lastContribution, 1e-15, id);
        near(term.used.find((entry) => entry.strike === term.k0)?.contribution, expected.K0Contribution, 1e-14, id);
        return { variance: term.variance, minutes: row.minutes[i] };
      });
      if (first === undefined || second === undefined) throw new Error('two terms');
      const index = vixIndex(first, second);
      near(index, exact.vix, tolerance.vix_abs, id);
      if (exact.published !== undefined) near(index, exact.published, tolerance.published_abs, id);
      // exactContinuousReplicationVix needs the smile behind the strip, which the file does not give.
    } else if (typeof row.strikes === 'string') {
      const [low, high, step] = (row.strikes.match(/\d*\.?\d+/g) ?? []).map(Number) as [number, number, number];
      const forward = row.S * Math.exp(row.r * row.T);
      const rows = Array.from({ length: Math.round((high - low) / step) + 1 }, (_, i) => {
        const terms = {
          spot: forward,
          strike: low + i * step,
          years: row.T,
          rate: 0,
          dividendYield: 0,
          volatility: row.sigma,
        };
        const call = Math.max(blackScholesPrice({ right: 'call', ...terms }), 1e-300);
        const put = Math.max(blackScholesPrice({ right: 'put', ...terms }), 1e-300);
        return { strike: terms.strike, callBid: call, callAsk: call, putBid: put, putAsk: put };
      });
      near(vixTerm(rows, { years: row.T, rate: 0 }).variance, exact.discreteVariance, 1e-10, id);
      near(
        fairVariance(() => row.sigma, row.T, 4),
        exact.limit,
        1e-10,
        id,
      );
    } else if (row.data !== undefined)
      checkRealised(row, exact, input.cases.midLife, want.midLife, tolerance.payoff_rel);
  }
});

function checkRealised(
  row: GoldenValue,
  exact: GoldenValue,
  life: GoldenValue,
  lifeWant: GoldenValue,
  rel: number,
): void {
  const [file = '', columnText = ''] = row.data.sameNumbersIn.split(',');
  const column = columnText.replace('column', '').trim();
  const table = readGoldenTable(file.trim());
  const dates = table.text('date');
  const prices = table
    .numbers(column)
    .filter((_, i) => (dates[i] ?? '') >= row.data.first && (dates[i] ?? '') <= row.data.last);
  const returns = Array.from({ length: prices.length - 1 }, (_, i) =>
    Math.log((prices[i + 1] ?? 1) / (prices[i] ?? 1)),
  );
  expect(returns.length).toBe(exact.returns);
  const variance = realisedVariance(returns, row.annualisation);
  const close = (value: number, wanted: number, label: string) => near(value / wanted, 1, rel, label);
  close(variance, exact.realisedVariance, 'variance');
  close(Math.sqrt(variance), exact.realisedVol, 'vol');
  const swap = { vegaNotional: row.vegaNotionalPerVolPoint, strikeVol: row.strikeVol };
  close(varianceNotional(swap.vegaNotional, swap.strikeVol), exact.varianceNotionalPerVolPointSquared, 'notional');
  close(varianceSwapPayoff({ ...swap, realisedVariance: variance }), exact.payoff, 'payoff');
  close(row.strikeVol ** 2 - variance, exact.vrpVariance, 'vrp');
  close(100 * (row.strikeVol - Math.sqrt(variance)), exact.vrpVolPoints, 'vrp points');
  close(Math.log(variance / row.strikeVol ** 2), exact.logVrp, 'log vrp');
  const realisedSoFar = realisedVariance(returns.slice(0, life.elapsedReturns), row.annualisation);
  close(realisedSoFar, lifeWant.realisedSoFar, 'so far');
  const running = varianceSwapValue({
    ...swap,
    realisedSoFar,
    elapsed: life.elapsedReturns,
    total: life.totalReturns,
    newStrikeVol: life.newStrikeVol,
    rate: life.r,
    periodsPerYear: row.annualisation,
  });
  close(running.expectedFinalVariance, lifeWant.expectedFinalVariance, 'expected');
  close(running.value, lifeWant.value, 'value');
}

describe('the volatility surface', () => {
  it('repairs a smile with a butterfly, and one below the expiry before it', () => {
    const vogt = { a: -0.041, b: 0.1331, rho: 0.306, m: 0.3586, sigma: 0.4153 };
    const k = Array.from({ length: 25 }, (_, i) => -1.2 + 0.1 * i);
    const volatilities = k.map((at) => Math.sqrt(sviVariance(vogt, at)));
    const fit = fitSvi({ k, volatilities, years: 1 });
    expect(fit.constrained).toBe(true);
    expect(fit.butterfly.minG).toBeGreaterThanOrEqual(-1e-9);
    expect(fit.rmse).toBeLessThan(0.02);
    const floor = { a: 0.03, b: 0.1, rho: -0.3, m: 0, sigma: 0.2 };
    const lower = fitSvi({ k, volatilities: k.map((at) => Math.sqrt(sviVariance(floor, at) * 0.9)), years: 1 }, floor);
    expect(checkCalendar(floor, lower.parameters, -1.2, 1.2).minDifference).toBeGreaterThan(-1e-6);
  });

  it('recovers a simulated smile within its noise', () => {
    const rng = createRng(11);
    const truth = { a: 0.01, b: 0.08, rho: -0.6, m: 0.01, sigma: 0.15 };
    const k = Array.from({ length: 31 }, (_, i) => -0.45 + 0.025 * i);
    const volatilities = k.map((at) => Math.sqrt(sviVariance(truth, at) / 0.5) + 0.001 * rng.normal());
    const fit = fitSvi({ k, volatilities, years: 0.5 });
    expect(fit.rmse).toBeLessThan(0.0013);
    expect(Math.abs(fit.parameters.rho + 0.6)).toBeLessThan(0.2);
  });

  it('reduces Heston to Black–Scholes without vol of vol, and keeps parity', () => {
    const option = {
      spot: 100,
      strike: 110,
      years: 0.7,
      rate: 0.03,
      dividendYield: 0.01,
      v0: 0.04,
      kappa: 2,
      theta: 0.04,
      sigma: 1e-6,
      rho: -0.3,
    };
    const call = hestonPrice({ right: 'call', ...option });
    near(call, blackScholesPrice({ right: 'call', ...option, volatility: 0.2 }), 1e-6);
    near(call - hestonPrice({ right: 'put', ...option }), 100 * Math.exp(-0.007) - 110 * Math.exp(-0.021), 1e-10);
    expect(() => hestonPrice({ right: 'call', ...option, rho: 2 })).toThrow(/correlation/);
  });
});
