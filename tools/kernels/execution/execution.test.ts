import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeGolden, type GoldenValue } from '../../../lib/testing/golden.ts';
import { almgrenChriss, type ExecutionProblem, immediateExecution, minimumValueAtRisk } from './almgren-chriss.ts';
import { implementationShortfall, weightedPrice } from './implementation-shortfall.ts';
import { almgrenImpactBps, squareRootImpactBps } from './market-impact.ts';
import { sliceByParticipation, sliceByTime, sliceByWeights } from './slice-quantity.ts';

function close(value: number | null, exact: number | null, rel: number, label = ''): void {
  if (exact === null || value === null) expect(value, label).toBe(exact);
  else
    expect(Math.abs(value - exact), `${label} ${value} against ${exact}`).toBeLessThanOrEqual(
      rel * Math.abs(exact) + 1e-12,
    );
}

describeGolden('execution', ({ input, expect: want, tolerance }) => {
  const { orderShares, lot, volumeCurve, actualVolumes, arrival } = input;
  expect(sliceByTime(orderShares, volumeCurve.length, 1)).toEqual(want.twap.slices);
  expect(sliceByTime(orderShares, volumeCurve.length, lot)).toEqual(want.twapLots.slices);
  const vwap = sliceByWeights(orderShares, volumeCurve, 1);
  expect(vwap).toEqual(want.vwap.slices);
  for (const [key, value] of Object.entries<GoldenValue>(want)) {
    const rate = /^pov_(.+)$/.exec(key)?.[1];
    if (rate === undefined) continue;
    const { slices, unfilled } = sliceByParticipation(orderShares, actualVolumes, Number(rate), 1);
    expect(slices).toEqual(value.slices);
    expect(unfilled).toBe(value.unfilled);
  }
  const b = want.benchmarks;
  const marketVwap = weightedPrice(b.intervalPrices, actualVolumes);
  const executed = weightedPrice(b.intervalPrices, vwap);
  close(marketVwap, b.marketVwap, tolerance.rel);
  close(
    weightedPrice(
      b.intervalPrices,
      b.intervalPrices.map(() => 1),
    ),
    b.twapPrice,
    tolerance.rel,
  );
  close(executed, b.executionPrice, tolerance.rel);
  const paid = executed ?? Number.NaN;
  close((paid / (marketVwap ?? Number.NaN) - 1) * 1e4, b.slippageVsVwapBps, 1e-7);
  close((paid / arrival - 1) * 1e4, b.slippageVsArrivalBps, 1e-7);
  const whole = { side: 'buy' as const, order: orderShares, filled: orderShares, fees: 0, last: paid };
  const shortfall = implementationShortfall({ ...whole, decisionPrice: arrival, arrival, averageFill: paid });
  close(shortfall.total, b.implementationShortfall, 1e-9);
  const p = want.shortfallPartial;
  const partial = implementationShortfall({
    side: p.side,
    order: orderShares,
    filled: p.filled,
    decisionPrice: p.decisionPrice,
    arrival: p.arrival,
    averageFill: p.avgFill,
    last: p.last,
    fees: p.fees,
  });
  for (const part of ['delay', 'trading', 'opportunity', 'fees', 'total'] as const)
    close(partial[part], p[part], tolerance.rel, part);
  for (const row of want.squareRoot) {
    const order = { quantity: row.Q, averageDailyVolume: row.adv, dailyVolatility: row.dailyVol, coefficient: row.Y };
    close(squareRootImpactBps(order), row.impactBps, tolerance.rel);
  }
  for (const row of want.almgrenThumHauptmannLi2005) {
    const impact = almgrenImpactBps({
      quantity: row.X,
      averageDailyVolume: row.adv,
      dailyVolatility: row.dailyVol,
      sharesOutstanding: row.sharesOutstanding,
      days: row.T,
    });
    close(impact.permanentBps, row.permanentBps, tolerance.rel);
    close(impact.temporaryBps, row.temporaryBps, tolerance.rel);
    close(impact.realisedBps, row.realisedBps, tolerance.rel);
  }
});

describeGolden('almgren_chriss', ({ input, expect: want, tolerance }) => {
  const problem: ExecutionProblem = {
    shares: input.X,
    days: input.T,
    periods: input.N,
    sigma: input.sigma,
    epsilon: input.epsilon,
    gamma: input.gamma,
    eta: input.eta,
  };
  for (const [key, row] of Object.entries<GoldenValue>(want)) {
    const match = /^(withDrift_|fine_)?lambda_([^_]+)(?:_N(\d+))?$/.exec(key);
    if (match === null) continue;
    const plan = almgrenChriss(
      {
        ...problem,
        ...(match[1] === 'withDrift_' ? { alpha: input.alpha } : {}),
        ...(match[3] === undefined ? {} : { periods: Number(match[3]) }),
      },
      Number(match[2]),
    );
    for (const [k, held] of row.holdings.entries()) {
      expect(Math.abs((plan.holdings[k] ?? Number.NaN) - held), `${key} ${k}`).toBeLessThan(tolerance.rel * input.X);
    }
    for (const [k, trade] of row.trades.entries()) {
      expect(Math.abs((plan.trades[k] ?? Number.NaN) - trade), `${key} ${k}`).toBeLessThan(tolerance.rel * input.X);
    }
    close(plan.kappa, row.kappa, tolerance.rel, `${key} kappa`);
    close(plan.kappaContinuous, row.kappaContinuous, tolerance.rel, `${key} kappaContinuous`);
    close(plan.halfLife, row.halfLife, tolerance.rel, `${key} halfLife`);
    close(plan.expectedCost, row.expectedCost, tolerance.rel, `${key} cost`);
    close(plan.variance, row.variance, tolerance.rel, `${key} variance`);
    close(Math.sqrt(plan.variance), row.stdDev, tolerance.rel, `${key} deviation`);
  }
  const now = immediateExecution(problem);
  close(now.expectedCost, want.immediate.expectedCost, tolerance.rel);
  close(now.variance, want.immediate.variance, tolerance.rel);
  const linear = almgrenChriss(problem, 0);
  close(linear.expectedCost, want.linear.expectedCost, tolerance.rel);
  close(linear.variance, want.linear.variance, tolerance.rel);
  for (const row of want.frontier) {
    const plan = almgrenChriss(problem, row.lam);
    close(plan.expectedCost, row.expectedCost, tolerance.rel);
    close(Math.sqrt(plan.variance), row.stdDev, tolerance.rel);
  }
  const least = minimumValueAtRisk(problem, want.valueAtRisk95.zScore);
  close(least.lambda, want.valueAtRisk95.lam, tolerance.lambdaVaR_rel, 'lambda');
  close(least.value, want.valueAtRisk95.value, tolerance.rel, 'value at risk');
  close(least.plan.expectedCost, want.valueAtRisk95.expectedCost, tolerance.lambdaVaR_rel);
  close(Math.sqrt(least.plan.variance), want.valueAtRisk95.stdDev, tolerance.lambdaVaR_rel);
});

describe('slicing', () => {
  it('always sums to the order, in lots, within one lot of the ideal', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1_000_000 }),
        fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { minLength: 1, maxLength: 40 }),
        fc.constantFrom(1, 5, 100),
        (quantity, weights, lot) => {
          const total = weights.reduce((a, b) => a + b, 0);
          fc.pre(total > 1e-6);
          const slices = sliceByWeights(quantity, weights, lot);
          expect(slices.reduce((a, b) => a + b, 0)).toBe(quantity);
          let odd = 0;
          for (const [i, slice] of slices.entries()) {
            expect(slice).toBeGreaterThanOrEqual(0);
            if (slice % lot !== 0) odd += 1;
            expect(Math.abs(slice - (quantity * (weights[i] ?? 0)) / total)).toBeLessThan(2 * lot);
          }
          expect(odd).toBeLessThanOrEqual(1);
        },
      ),
    );
  });

  it('refuses what cannot be sliced', () => {
    expect(() => sliceByWeights(10.5, [1], 1)).toThrow(/whole number/);
    expect(() => sliceByWeights(10, [0, 0], 1)).toThrow(/profile/);
    expect(() => sliceByParticipation(10, [1], 0, 1)).toThrow(/participation/);
    expect(sliceByParticipation(10, [], 0.1, 1)).toEqual({ slices: [], unfilled: 10 });
  });
});

describe('Almgren–Chriss', () => {
  const problem = { shares: 1e5, days: 1, periods: 8, sigma: 0.5, epsilon: 0.01, gamma: 1e-8, eta: 1e-6 };

  it('cannot be beaten by any nearby schedule (second route: perturbation)', () => {
    const lambda = 2e-6;
    const plan = almgrenChriss(problem, lambda);
    const tau = problem.days / problem.periods;
    const cost = (x: Float64Array): number => {
      let square = 0;
      let held = 0;
      for (let k = 1; k < x.length; k++) {
        square += ((x[k - 1] as number) - (x[k] as number)) ** 2;
        held += (x[k] as number) ** 2;
      }
      return ((problem.eta - (problem.gamma * tau) / 2) / tau) * square + lambda * problem.sigma ** 2 * tau * held;
    };
    const best = cost(plan.holdings);
    for (let k = 1; k < problem.periods; k++) {
      for (const move of [-50, 50]) {
        const other = Float64Array.from(plan.holdings);
        other[k] = (other[k] as number) + move;
        expect(cost(other)).toBeGreaterThan(best);
      }
    }
  });

  it('moves from equal slices to an immediate trade as risk aversion grows', () => {
    const slow = almgrenChriss(problem, 0);
    const quick = almgrenChriss(problem, 1);
    expect(slow.trades.every((trade) => Math.abs(trade - 12_500) < 1e-6)).toBe(true);
    expect(quick.trades[0]).toBeGreaterThan(0.99 * 1e5);
    expect(quick.variance).toBeLessThan(slow.variance);
    expect(() => almgrenChriss({ ...problem, gamma: 1 }, 1e-6)).toThrow(/above 0/);
  });
});
