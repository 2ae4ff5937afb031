import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeGolden, type GoldenValue } from '../../../lib/testing/golden.ts';
import { type Bond, bondCarry, bondPrice, keyRateDurations, measureBond, yieldFromPrice } from './bond.ts';
import { crashStatistics, inverseVolatilityCarry, rankWeights } from './carry-portfolio.ts';
import {
  bootstrapParCurve,
  createDiscountCurve,
  discountAt,
  forwardRate,
  parYieldAt,
  zeroRateAt,
} from './discount-curve.ts';
import { futuresRoll } from './futures-roll.ts';
import { carryLongBase, carryLongQuote, crossCurrencyBasis, fxForward, impliedQuoteRate } from './fx-forward.ts';
import {
  fitBetas,
  fitNelsonSiegel,
  fitSvensson,
  nelsonSiegelDiscount,
  nelsonSiegelForward,
  nelsonSiegelZero,
} from './nelson-siegel.ts';

function near(got: number | null | undefined, wanted: number, tolerance: number, what: string): void {
  expect(Math.abs((got ?? Number.NaN) - wanted), what).toBeLessThanOrEqual(tolerance);
}

describeGolden('yield_curve', ({ input, expect: wanted, tolerance }) => {
  const curve = bootstrapParCurve(input.maturities, input.parYields);
  for (const [k, t] of input.maturities.entries()) {
    near(discountAt(curve, t), wanted.discountFactors[k], tolerance.discount_abs, `D(${t})`);
    const zero = zeroRateAt(curve, t);
    near(zero.continuous, wanted.zeroContinuous[k], tolerance.zero_abs, `z(${t})`);
    near(zero.annual, wanted.zeroAnnual[k], tolerance.zero_abs, `annual z(${t})`);
    near(zero.semiannual, wanted.zeroSemiannual[k], tolerance.zero_abs, `semiannual z(${t})`);
    near(
      forwardRate(curve, k === 0 ? 0 : input.maturities[k - 1], t).continuous,
      wanted.forwardContinuousBetweenNodes[k],
      1e-10,
      `f(${t})`,
    );
    if (t > 0.5) near(parYieldAt(curve, t), wanted.parReproduced[k], 1e-12, `par(${t})`);
  }
  for (const [k, [start, end]] of input.forwardQueries.entries()) {
    const forward = forwardRate(curve, start, end);
    for (const kind of ['continuous', 'simple', 'annual'] as const)
      near(forward[kind], wanted.forwardRates[k][kind], 1e-11, `forward ${start}-${end}`);
  }
  for (const [k, t] of input.interpolateAt.entries())
    near(discountAt(curve, t), wanted.interpolated[k].df, tolerance.discount_abs, `D(${t})`);
  for (const [k, bond] of input.bonds.entries()) {
    const own = measureBond(curve, bond);
    for (const field of [
      'price',
      'yieldToMaturity',
      'macaulayDuration',
      'modifiedDuration',
      'convexity',
      'dv01',
    ] as const) {
      near(
        own[field],
        wanted.bonds[k][field],
        tolerance.bonds_rel * Math.max(1, Math.abs(wanted.bonds[k][field])),
        `bond ${k} ${field}`,
      );
    }
    const keyRates = keyRateDurations(curve, bond);
    for (const [j, value] of wanted.bonds[k].keyRateDurations.entries())
      near(keyRates[j], value, tolerance.keyRate_abs, `key rate ${k} ${j}`);
  }
  for (const [k, spec] of input.carry.entries()) {
    const own = bondCarry(curve, spec, spec.horizon) as unknown as Record<string, number>;
    for (const [field, value] of Object.entries<number>(wanted.carry[k])) {
      const got =
        field === 'check_carryAndRollVsForward'
          ? (own['dirtyPriceUnchangedCurve'] as number) - (own['forwardDirtyPrice'] as number)
          : own[field];
      near(got, value, 1e-8, `carry ${k} ${field}`);
    }
  }
});

describeGolden('nelson_siegel', ({ input, expect: wanted, tolerance }) => {
  const { beta, lam1, lam2 } = input.evaluate;
  for (const [k, t] of input.t.entries()) {
    const plain = { beta: beta.slice(0, 3), lambda1: lam1 };
    const full = { beta, lambda1: lam1, lambda2: lam2 };
    near(nelsonSiegelZero(plain, t), wanted.evaluate.nsZero[k], tolerance.evaluate_abs, 'ns');
    near(nelsonSiegelZero(full, t), wanted.evaluate.nssZero[k], tolerance.evaluate_abs, 'nss');
    near(nelsonSiegelForward(full, t), wanted.evaluate.nssForward[k], tolerance.evaluate_abs, 'forward');
    near(nelsonSiegelDiscount(full, t), wanted.evaluate.nssDiscount[k], tolerance.evaluate_abs, 'discount');
  }
  const own = fitNelsonSiegel(input.t, input.zeroYields);
  expect(own.sumSquares).toBeLessThanOrEqual(wanted.nelsonSiegel.sumSquares * (1 + 1e-6));
  near(own.lambda1, wanted.nelsonSiegel.lam, 1e-3 * wanted.nelsonSiegel.lam, 'lambda');
  const fixed = fitBetas(input.t, input.zeroYields, wanted.dieboldLiFixedLambda.lam);
  near(fixed.sumSquares, wanted.dieboldLiFixedLambda.sumSquares, 1e-12, 'Diebold–Li');
  for (const [k, value] of wanted.dieboldLiFixedLambda.beta.entries()) near(fixed.beta[k], value, 1e-9, `beta ${k}`);
  expect(fitSvensson(input.t, input.zeroYields).sumSquares).toBeLessThanOrEqual(wanted.svensson.sumSquares * 1.01);
});

function recordOf(columns: readonly string[], row: readonly unknown[]): GoldenValue {
  return Object.fromEntries(columns.map((name, i) => [name, row[i]]));
}

describeGolden('fx_forwards', ({ input, expect: wanted, tolerance }) => {
  const rel = (got: number, value: number, what: string): void =>
    near(got, value, tolerance.rel * Math.max(1, Math.abs(value)), what);
  const quotes = input.rows.map((row: unknown[]) => recordOf(input.columns, row));
  const toInput = (quote: GoldenValue) => ({
    spot: quote.spot,
    quoteRate: quote.rateQuoteCcy,
    baseRate: quote.rateBaseCcy,
    days: quote.days,
    quoteBasis: quote.dayBasisQuote,
    baseBasis: quote.dayBasisBase,
  });
  for (const [k, quote] of quotes.entries()) {
    const own = fxForward(toInput(quote));
    const row = recordOf(wanted.columns, wanted.rows[k]);
    rel(own.forward, row.forward, quote.pair);
    near(own.points * input.pipScale[quote.pair], row.forwardPoints, 1e-9, quote.pair);
    rel(own.premiumSimple, row.annualisedForwardPremium_simple365, quote.pair);
    rel(own.premiumLog, row.annualisedForwardPremium_log365, quote.pair);
  }
  const market = input.marketForward;
  const carries = wanted.carry91d.map((row: GoldenValue) => {
    const quote = quotes.find((q: GoldenValue) => q.pair === row.pair && q.days === market.days);
    const { forward } = fxForward(toInput(quote));
    const foreignIsBase = row.pair.startsWith(row.currency);
    const carry = foreignIsBase
      ? carryLongBase(quote.spot, forward, quote.days)
      : carryLongQuote(quote.spot, forward, quote.days);
    rel(carry, row.annualCarryLongForeignVsUsd, row.pair);
    rel(carry / input.annualVol[row.pair], row.carryToRisk, row.pair);
    return { currency: row.currency, carry };
  });
  carries.sort((a: { carry: number }, b: { carry: number }) => b.carry - a.carry);
  expect(carries.map((row: { currency: string }) => row.currency)).toEqual(wanted.rankingHighToLow);
  const quote = quotes.find((q: GoldenValue) => q.pair === market.pair && q.days === market.days);
  rel(impliedQuoteRate({ ...toInput(quote), forward: market.forward }), wanted.impliedQuoteRate, 'implied rate');
  rel(crossCurrencyBasis({ ...toInput(quote), forward: market.forward }), wanted.crossCurrencyBasisOnBaseLeg, 'basis');
});

describeGolden('carry', ({ input, expect: expected, tolerance }) => {
  for (const [name, spec] of Object.entries<GoldenValue>(input.cases)) {
    const wanted = expected[name];
    const close = (got: number | null | undefined, value: number, what: string): void =>
      near(got, value, Math.max(tolerance.abs, 1e-12), `${name} ${what}`);
    if (spec.prices !== undefined) {
      const roll = futuresRoll(
        spec.prices,
        spec.months.map((m: number) => m / 12),
        spec.spot,
      );
      for (const [k, value] of wanted.rollYieldLogAnnual.entries()) close(roll.logYields[k], value, 'log');
      for (const [k, value] of wanted.rollYieldSimpleAnnual.entries()) close(roll.simpleYields[k], value, 'simple');
      close(roll.frontVersusSpot, wanted.frontVsSpotLogAnnual, 'front');
      close(roll.frontToLast, wanted.slopeFrontToLastLogAnnual, 'slope');
      close(0.05 + (roll.frontVersusSpot ?? 0), wanted.impliedConvenienceYieldFront_r5pct, 'convenience yield');
      expect(roll.structure, name).toBe(wanted.structure);
    } else if (spec.returns !== undefined) {
      const own = crashStatistics(Float64Array.from(spec.returns), 252);
      close(own.expectedShortfall99, wanted.es99Fractional, 'es');
      close(own.valueAtRisk99, wanted.var99Linear, 'var');
      close(own.worstMean, wanted.es99WorstFloor, 'worst');
      close(own.meanAnnual, wanted.meanAnnual, 'mean');
      close(own.volatilityAnnual, wanted.volAnnual, 'vol');
      close(own.meanOverVolatility, wanted.carryToRisk, 'ratio');
      near(own.skewness, wanted.skew, 1e-9, 'skew');
      near(own.excessKurtosis, wanted.excessKurtosis, 1e-9, 'kurtosis');
      close(own.maxDrawdown, wanted.maxDrawdown, 'drawdown');
      close(own.tailRatio, wanted.tailRatioEs99OverVol, 'tail');
    } else {
      const weights = spec.vol === undefined ? rankWeights(spec.carry) : inverseVolatilityCarry(spec.carry, spec.vol);
      for (const [k, value] of wanted.weights.entries()) close(weights[k], value, `weight ${k}`);
      if (wanted.portfolioCarry !== undefined) {
        close(
          weights.reduce((sum, w, i) => sum + w * spec.carry[i], 0),
          wanted.portfolioCarry,
          'portfolio carry',
        );
      }
    }
  }
});

describe('curves and bonds', () => {
  const flat = createDiscountCurve([1, 30], [Math.exp(-0.04), Math.exp(-1.2)]);

  it('on a flat curve nothing rolls down and financing eats all the carry', () => {
    const bond: Bond = { coupon: 0.04, maturity: 10, frequency: 2 };
    const own = bondCarry(flat, bond, 0.4);
    expect(own.rollDown).toBeCloseTo(0, 9);
    expect(own.carryAndRoll).toBeCloseTo(0, 9);
    expect(own.dirtyPriceUnchangedCurve).toBeCloseTo(own.forwardDirtyPrice, 9);
  });

  it('a yield undoes a price, and key rates sum to the sensitivity to a parallel move', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 0.12, noNaN: true }),
        fc.integer({ min: 1, max: 60 }),
        fc.constantFrom(1, 2, 4),
        (coupon, halves, frequency) => {
          const bond = { coupon, maturity: halves / 2, frequency };
          const price = bondPrice(flat, bond);
          const rate = yieldFromPrice(bond, price);
          // Flat at 4% continuous is f(e^(0.04/f) − 1) compounded f times a year.
          expect(rate).toBeCloseTo(frequency * Math.expm1(0.04 / frequency), 9);
          const total = keyRateDurations(flat, bond).reduce((a, b) => a + b, 0);
          expect(total).toBeCloseTo(measureBond(flat, bond).macaulayDuration, 4);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('a bootstrap reprices its own par bonds, inverted and negative curves included', () => {
    const maturities = [0.25, 0.5, 1, 2, 5, 10, 30];
    for (const yields of [
      [0.06, 0.058, 0.05, 0.045, 0.04, 0.038, 0.036],
      [-0.005, -0.005, -0.004, -0.003, 0, 0.002, 0.005],
      [0.15, 0.15, 0.15, 0.15, 0.15, 0.15, 0.15],
    ]) {
      const curve = bootstrapParCurve(maturities, yields);
      for (const [k, t] of maturities.entries())
        if (t > 0.5) expect(parYieldAt(curve, t)).toBeCloseTo(yields[k] as number, 12);
    }
    expect(() => bootstrapParCurve([1, 1], [0.05, 0.05])).toThrow(/ascending/);
    expect(() => bootstrapParCurve([1], [Number.NaN])).toThrow(/1 years/);
  });

  it('the forward of a forward is the spot, and currencies swapped give the inverse', () => {
    const direct = fxForward({ spot: 1.25, quoteRate: 0.05, baseRate: 0.02, days: 90 });
    const inverse = fxForward({ spot: 1 / 1.25, quoteRate: 0.02, baseRate: 0.05, days: 90 });
    expect(direct.forward * inverse.forward).toBeCloseTo(1, 14);
    expect(fxForward({ spot: 1.25, quoteRate: 0.03, baseRate: 0.03, days: 90 }).points).toBeCloseTo(0, 14);
  });

  it('recovers the parameters that made a curve', () => {
    const made = { beta: [0.04, -0.02, 0.03], lambda1: 2.5 };
    const t = [0.25, 0.5, 1, 2, 3, 5, 7, 10, 20, 30];
    const fit = fitNelsonSiegel(
      t,
      t.map((time) => nelsonSiegelZero(made, time)),
    );
    expect(fit.lambda1).toBeCloseTo(2.5, 4);
    expect(fit.beta[1]).toBeCloseTo(-0.02, 6);
    expect(() => fitNelsonSiegel([1, 2], [0.01, 0.02])).toThrow(/at least 4/);
  });

  it('refuses contracts without a price and calls a constant series flat', () => {
    expect(() => futuresRoll([0, 1], [0.1, 0.2])).toThrow(/contract 1/);
    expect(crashStatistics(new Float64Array(200), 252).meanOverVolatility).toBeNull();
    expect(Array.from(rankWeights([0.1, 0.1, 0.1]))).toEqual([0, 0, 0]);
  });
});
