import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRng, type Rng } from '../../../lib/rng.ts';
import { diagnoseStates } from './diagnose-states.ts';
import { fastExp } from './fast-exp.ts';
import { expectation, fitEm, sampleVariance } from './fit-em.ts';
import { fitHmm } from './fit-hmm.ts';
import { backward, createWorkspace, filteredProbabilities, forward } from './forward-backward.ts';
import { gaussianEmissions } from './gaussian-emissions.ts';
import {
  type HmmModel,
  type Observations,
  orderByMean,
  propagate,
  reorderStates,
  stationaryDistribution,
} from './hmm-model.ts';
import { distributionOfNext, sumOfNext } from './horizon-distribution.ts';
import { gaussianLogRows, logForwardBackward } from './log-space.ts';
import { hmmStandardErrors } from './standard-errors.ts';
import { viterbi } from './viterbi.ts';

function randomModel(states: number, features: number, rng: Rng): HmmModel {
  const row = (n: number): number[] => {
    const draws = Array.from({ length: n }, () => rng.openUniform() ** 3 + 1e-4);
    const total = draws.reduce((a, b) => a + b, 0);
    return draws.map((d) => d / total);
  };
  const covariances = new Float64Array(states * features * features);
  for (let k = 0; k < states; k++) {
    for (let i = 0; i < features; i++) {
      covariances[k * features * features + i * features + i] = 0.2 + 2 * rng.uniform();
      if (i > 0) {
        covariances[k * features * features + i * features] = 0.1;
        covariances[k * features * features + i] = 0.1;
      }
    }
  }
  return {
    states,
    features,
    start: Float64Array.from(row(states)),
    transitions: Float64Array.from(Array.from({ length: states }, () => row(states)).flat()),
    means: Float64Array.from({ length: states * features }, () => 2 * rng.normal()),
    covariances,
  };
}

function simulate(model: HmmModel, rows: number, rng: Rng): { readonly o: Observations; readonly path: number[] } {
  const draw = (p: Float64Array): number => {
    let u = rng.uniform();
    for (let i = 0; i < p.length; i++) {
      u -= p[i] as number;
      if (u < 0) return i;
    }
    return p.length - 1;
  };
  const path: number[] = [];
  const data = new Float64Array(rows);
  let s = draw(model.start);
  for (let t = 0; t < rows; t++) {
    if (t > 0) s = draw(model.transitions.subarray(s * model.states, (s + 1) * model.states));
    path.push(s);
    data[t] = (model.means[s] as number) + Math.sqrt(model.covariances[s] as number) * rng.normal();
  }
  return { o: { data, rows, cols: 1 }, path };
}

function noise(rows: number, cols: number, rng: Rng, spread = 2): Observations {
  return { data: Float64Array.from({ length: rows * cols }, () => spread * rng.normal()), rows, cols };
}

function scaled(o: Observations, model: HmmModel) {
  const work = createWorkspace(o.rows, model.states);
  const logLikelihood = forward(
    gaussianEmissions(o, model, work.densities),
    model.start,
    model.transitions,
    o.rows,
    work,
  );
  backward(model.transitions, model.states, o.rows, work);
  return { logLikelihood, filtered: filteredProbabilities(work, o.rows, model.states), work };
}

function near(got: ArrayLike<number>, want: ArrayLike<number>, tolerance: number): void {
  expect(got.length).toBe(want.length);
  for (let i = 0; i < want.length; i++) {
    expect(Math.abs((got[i] as number) - (want[i] as number)), `entry ${i}: ${got[i]} vs ${want[i]}`).toBeLessThan(
      tolerance,
    );
  }
}

const calmAndWild: HmmModel = {
  states: 2,
  features: 1,
  start: Float64Array.of(0.5, 0.5),
  transitions: Float64Array.of(0.97, 0.03, 0.06, 0.94),
  means: Float64Array.of(-0.1, 0.1),
  covariances: Float64Array.of(4, 0.25),
};

describe('fast exponential', () => {
  it('agrees with Math.exp to a few units in the last place', () => {
    fc.assert(
      fc.property(fc.double({ min: -689, max: 0, noNaN: true }), (x) => {
        expect(Math.abs(fastExp(x) / Math.exp(x) - 1)).toBeLessThan(2e-15);
      }),
    );
    expect(fastExp(-1000)).toBe(0);
    expect(fastExp(0)).toBe(1);
    expect(fastExp(Number.NaN)).toBeNaN();
  });
});

describe('two routes: scaled recursions against logarithms', () => {
  it.each([1, 2, 3, 4, 5, 7])('%s states, one to three features', (states) => {
    for (const features of [1, 2, 3]) {
      const rng = createRng(states * 10 + features);
      const model = randomModel(states, features, rng);
      const o = noise(120, features, rng);
      const fast = scaled(o, model);
      const slow = logForwardBackward(gaussianLogRows(o, model), model.start, model.transitions, o.rows);
      expect(Math.abs(fast.logLikelihood / slow.logLikelihood - 1)).toBeLessThan(1e-12);
      near(fast.filtered, slow.filtered, 1e-10);
      near(fast.work.smoothed, slow.smoothed, 1e-10);
      near(fast.work.transitionCounts, slow.transitionCounts, 1e-8);
    }
  });
  it('survive observations that underflow in every state, and unreachable states', () => {
    for (const states of [2, 3, 5]) {
      const model = randomModel(states, 1, createRng(states));
      const o = noise(60, 1, createRng(9));
      const data = o.data.slice();
      data[20] = 500;
      data[21] = -900;
      data[40] = 2000;
      const wild = { ...o, data };
      const stuck = {
        ...model,
        transitions: model.transitions.map((p, i) => (i % (states + 1) === 0 ? p : i === 1 ? 0 : p)),
      };
      for (const m of [model, stuck]) {
        const fast = scaled(wild, m);
        const slow = logForwardBackward(gaussianLogRows(wild, m), m.start, m.transitions, o.rows);
        expect(Math.abs(fast.logLikelihood / slow.logLikelihood - 1)).toBeLessThan(1e-10);
        near(fast.filtered, slow.filtered, 1e-8);
        near(fast.work.smoothed, slow.smoothed, 1e-8);
      }
    }
  });
  it('equal the sum over all paths of a tiny problem, and Viterbi its maximum', () => {
    for (const states of [2, 3, 4]) {
      const rng = createRng(states);
      const model = randomModel(states, 1, rng);
      const o = noise(6, 1, rng);
      const b = gaussianLogRows(o, model);
      let total = 0;
      let best = Number.NEGATIVE_INFINITY;
      for (let code = 0; code < states ** 6; code++) {
        const path = Array.from({ length: 6 }, (_, t) => Math.floor(code / states ** t) % states);
        let log = Math.log(model.start[path[0] as number] as number);
        path.forEach((s, t) => {
          if (t > 0) log += Math.log(model.transitions[(path[t - 1] as number) * states + s] as number);
          log += b[t * states + s] as number;
        });
        total += Math.exp(log);
        best = Math.max(best, log);
      }
      expect(scaled(o, model).logLikelihood).toBeCloseTo(Math.log(total), 10);
      expect(viterbi(o, model).logProbability).toBeCloseTo(best, 10);
    }
  });
});

describe('EM', () => {
  it('never lowers the likelihood, keeps rows stochastic, and does not touch its inputs', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e6 }),
        fc.constantFrom('full' as const, 'diag' as const, 'spherical' as const),
        fc.integer({ min: 2, max: 5 }),
        (seed, covarianceType, states) => {
          const rng = createRng(seed);
          const o = noise(150, 2, rng);
          const copy = o.data.slice();
          const start = randomModel(states, 2, rng);
          const fit = fitEm(o, start, { covarianceType, maxIterations: 15, tolerance: 0 });
          const path = [...fit.logLikelihoodPath.slice(covarianceType === 'full' ? 0 : 1), fit.logLikelihood];
          for (let i = 1; i < path.length; i++) expect(path[i]).toBeGreaterThanOrEqual((path[i - 1] as number) - 1e-7);
          for (let k = 0; k < states; k++) {
            const row = fit.model.transitions.slice(k * states, (k + 1) * states);
            expect(row.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
          }
          expect(o.data).toEqual(copy);
        },
      ),
      { numRuns: 25 },
    );
  });
  it('with one state gives mean and variance in one step', () => {
    const o = noise(200, 1, createRng(2));
    const fit = fitHmm(o, { states: 1, covarianceType: 'full', restarts: 1, rng: createRng(1) });
    expect(fit.model.covariances[0]).toBeCloseTo(sampleVariance(o)[0] as number, 10);
    expect(fit.parameters).toBe(2);
  });
  it('does not depend on units or on a level', () => {
    const { o } = simulate(calmAndWild, 800, createRng(3));
    const moved = { ...o, data: o.data.map((x) => 1000 + 50 * x) };
    const start = (level: number, unit: number): HmmModel => ({
      ...calmAndWild,
      means: calmAndWild.means.map((m) => level + unit * m),
      covariances: calmAndWild.covariances.map((v) => v * unit * unit),
    });
    const a = fitEm(o, start(0, 1), { covarianceType: 'full', maxIterations: 30, tolerance: 0 });
    const b = fitEm(moved, start(1000, 50), { covarianceType: 'full', maxIterations: 30, tolerance: 0 });
    near(b.model.transitions, a.model.transitions, 1e-9);
    near(
      b.model.means.map((m) => (m - 1000) / 50),
      a.model.means,
      1e-9,
    );
    expect(b.logLikelihood).toBeCloseTo(a.logLikelihood - 800 * Math.log(50), 6);
  });
  it('holds a collapsing variance at the floor and says so', () => {
    const data = noise(300, 1, createRng(4)).data;
    for (let t = 100; t < 140; t++) data[t] = 0.5;
    const fit = fitHmm(
      { data, rows: 300, cols: 1 },
      { states: 2, covarianceType: 'full', restarts: 6, rng: createRng(5), floorShare: 1e-4 },
    );
    const spike = fitEm(
      { data, rows: 300, cols: 1 },
      { ...calmAndWild, means: Float64Array.of(0, 0.5), covariances: Float64Array.of(4, 1e-4) },
      { covarianceType: 'full', floor: Float64Array.of(1e-4) },
    );
    expect(spike.floored).toEqual([1]);
    expect(Number.isFinite(spike.logLikelihood)).toBe(true);
    const found = diagnoseStates(spike.model, spike, sampleVariance({ data, rows: 300, cols: 1 }), 300);
    expect(found.map((d) => d.problem)).toContain('floored');
    expect(fit.starts.length).toBe(6);
  });
});

describe('simulate, fit, recover', () => {
  const { o, path } = simulate(calmAndWild, 6000, createRng(77));
  const fit = fitHmm(o, { states: 2, covarianceType: 'full', restarts: 4, rng: createRng(1) });
  const errors = hmmStandardErrors(o, fit.model, fit.weights, 'full');
  it('parameters within four standard errors', () => {
    const ordered = reorderStates(calmAndWild, orderByMean(calmAndWild));
    for (let k = 0; k < 2; k++) {
      expect(Math.abs((fit.model.means[k] as number) - (ordered.means[k] as number))).toBeLessThan(
        4 * (errors.means[k] as number),
      );
      expect(Math.abs((fit.model.covariances[k] as number) - (ordered.covariances[k] as number))).toBeLessThan(
        4 * (errors.variances[k] as number),
      );
      expect(Math.abs((fit.model.transitions[3 * k] as number) - (ordered.transitions[3 * k] as number))).toBeLessThan(
        4 * (errors.stay[k] as number),
      );
    }
  });
  it('paths: filtered is right most of the time, smoothed more often', () => {
    const share = (p: Float64Array): number =>
      path.filter((s, t) => (p[2 * t + 1] as number) > 0.5 === (s === 1)).length / path.length;
    expect(share(fit.filtered)).toBeGreaterThan(0.89);
    expect(share(fit.smoothed)).toBeGreaterThan(share(fit.filtered));
  });
  it('filtered probabilities do not look ahead', () => {
    const cut: Observations = { data: o.data.slice(0, 3000), rows: 3000, cols: 1 };
    near(scaled(cut, fit.model).filtered, scaled(o, fit.model).filtered.slice(0, 6000), 1e-13);
  });
  it('standard errors match the spread over samples', () => {
    const estimates: number[] = [];
    for (let i = 0; i < 60; i++) {
      const sample = simulate(calmAndWild, 1500, createRng(1000 + i)).o;
      estimates.push(
        fitEm(sample, calmAndWild, { covarianceType: 'full', tolerance: 1e-3 }).model.covariances[0] as number,
      );
    }
    const mean = estimates.reduce((a, b) => a + b, 0) / 60;
    const spread = Math.sqrt(estimates.reduce((a, b) => a + (b - mean) ** 2, 0) / 59);
    const one = simulate(calmAndWild, 1500, createRng(5)).o;
    const single = fitEm(one, calmAndWild, { covarianceType: 'full', tolerance: 1e-6 });
    const stated = hmmStandardErrors(one, single.model, single.weights, 'full').variances[0] as number;
    expect(stated / spread).toBeGreaterThan(0.65);
    expect(stated / spread).toBeLessThan(1.5);
  });
});

describe('what follows from a model', () => {
  it('the stationary law is a fixed point, for any chain', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 1, max: 7 }), (seed, states) => {
        const { transitions } = randomModel(states, 1, createRng(seed));
        const pi = stationaryDistribution(transitions, states);
        near(propagate(pi, transitions, 1), pi, 1e-14);
        expect(pi.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 14);
      }),
    );
  });
  it('the moments of the next sum equal simulation, and the mixture quantile inverts its cdf', () => {
    const now = Float64Array.of(0.3, 0.7);
    const { transitions, means, covariances } = calmAndWild;
    const exact = sumOfNext(now, transitions, means, covariances, 10);
    const rng = createRng(12);
    let sum = 0;
    let squares = 0;
    const paths = 20_000;
    for (let i = 0; i < paths; i++) {
      let s = rng.uniform() < 0.3 ? 0 : 1;
      let x = 0;
      for (let h = 0; h < 10; h++) {
        s = rng.uniform() < (transitions[2 * s] as number) ? 0 : 1;
        x += (means[s] as number) + Math.sqrt(covariances[s] as number) * rng.normal();
      }
      sum += x;
      squares += x * x;
    }
    const mean = sum / paths;
    expect(Math.abs(mean - exact.mean)).toBeLessThan(4 * Math.sqrt(exact.variance / paths));
    expect(Math.abs((squares / paths - mean * mean) / exact.variance - 1)).toBeLessThan(0.06);
    const next = distributionOfNext(now, transitions, means, covariances);
    expect(next.quantile(next.probabilityBelowZero)).toBeCloseTo(0, 8);
    expect(next.quantile(0.05)).toBeLessThan(next.quantile(0.95));
  });
  it('reordering states changes names only', () => {
    const model = randomModel(4, 2, createRng(6));
    const o = noise(80, 2, createRng(7));
    const moved = reorderStates(model, [2, 0, 3, 1]);
    expect(scaled(o, moved).logLikelihood).toBeCloseTo(scaled(o, model).logLikelihood, 9);
    expect(reorderStates(moved, [1, 3, 0, 2])).toEqual(model);
  });
});

describe('ugly data', () => {
  const rng = createRng(1);
  const options = { states: 2, covarianceType: 'full' as const, restarts: 3, rng };
  it('is refused with a reason', () => {
    const o = noise(100, 1, rng);
    const broken = { ...o, data: o.data.map((x, t) => (t === 50 ? Number.NaN : x)) };
    expect(() => fitHmm(broken, options)).toThrow(/Observation 50/);
    expect(() => fitHmm({ data: new Float64Array(100).fill(3), rows: 100, cols: 1 }, options)).toThrow(/constant/);
    expect(() => fitHmm(noise(5, 1, rng), options)).toThrow(/at least 20 observations/);
    expect(() => fitHmm(o, { ...options, states: 99 })).toThrow(/from 1 to 12/);
  });
  it('huge, tiny and tied values give finite fits', () => {
    const base = simulate(calmAndWild, 400, createRng(9)).o;
    for (const factor of [1e-9, 1, 1e9]) {
      const fit = fitHmm({ ...base, data: base.data.map((x) => x * factor) }, options);
      expect(Number.isFinite(fit.logLikelihood)).toBe(true);
    }
    const tied = fitHmm({ ...base, data: base.data.map((x) => Math.round(x)) }, options);
    expect(Number.isFinite(tied.logLikelihood)).toBe(true);
    expect(expectation(base, calmAndWild, createWorkspace(400, 2))).toBeLessThan(0);
  });
});
