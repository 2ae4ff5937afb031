import { describe, expect, it } from 'vitest';
import { createRng } from '../../../lib/rng.ts';
import { expectClose } from '../../../lib/testing/expect-close.ts';
import { describeGolden, type GoldenValue } from '../../../lib/testing/golden.ts';
import { goldenColumns } from '../../../lib/testing/golden-series.ts';
import { standardDeviation } from '../stats/moments.ts';
import { estimateHalfLife } from './half-life.ts';
import { hedgeLine, spreadOf } from './hedge-ratio.ts';
import { detrendedFluctuation, hurstByLaggedDeviation, hurstByRescaledRange } from './hurst.ts';
import { kalmanHedge } from './kalman-hedge.ts';
import { fitOrnsteinUhlenbeck } from './ornstein-uhlenbeck.ts';

const R = { relative: 1e-8, absolute: 1e-15 };
const differences = (x: Float64Array) => x.slice(1).map((v, t) => v - (x[t] as number));

describeGolden('mean_reversion', ({ input, expect: want }) => {
  const columns = Object.values(goldenColumns(input)) as Float64Array[];
  if (want.half_life) checkPair(columns[0] as Float64Array, columns[1] as Float64Array, input, want);
  else checkSeries(columns[0] as Float64Array, /P_\(t-1\)|return/.test(input.transform), want);
});

function checkPair(y: Float64Array, x: Float64Array, input: GoldenValue, want: GoldenValue): void {
  const line = hedgeLine(y, x, 'ols');
  const s = spreadOf(y, x, line);
  expectClose([line.alpha, line.beta, standardDeviation(s)], [want.alpha, want.beta, want.spread_std_ddof1], R);
  const h = estimateHalfLife(s);
  expectClose(
    [h.a, h.b, h.t, h.approximateBars, h.exactBars, h.noConstantB, h.noConstantBars],
    [
      want.half_life.a,
      want.half_life.b,
      want.half_life.t_b,
      want.half_life.minus_ln2_over_b,
      want.half_life.minus_ln2_over_ln1p_b,
      want.half_life.no_constant_b,
      want.half_life.no_constant_half_life,
    ],
    { relative: 1e-8, absolute: 1e-14, what: 'half-life' },
  );
  const [over, under] = String(input.parameters.ou_dt).split('/').map(Number) as [number, number];
  const ou = fitOrnsteinUhlenbeck(s, { dt: over / under });
  const m = want.ou_mle;
  expectClose(
    [ou.theta, ou.mu, ou.sigma, ou.halfLifeBars, ou.a, ou.b, ou.residualVariance, ou.logLikelihood],
    [m.theta, m.mu, m.sigma, m.half_life_steps, m.ar1_a, m.ar1_b, m.residual_var_mle, m.conditional_loglik],
    { relative: 1e-8, absolute: 1e-14, what: 'OU' },
  );
  expectClose([ou.stationaryDeviation, ou.lastScore], [m.stationary_std, m.s_score_last], { ...R, what: 'OU score' });
  expectClose([(ou.halfLifeBars as number) * (over / under)], [m.half_life_years], R);
  const lagged = /L = \d+\.\.(\d+)/.exec(input.parameters.hurst_lagged_std);
  const maxLag = Number(lagged?.[1]);
  expectClose(
    [hurstByLaggedDeviation(s, maxLag), hurstByLaggedDeviation(y, maxLag)],
    [want.hurst.lagged_std_on_spread_levels, want.hurst.lagged_std_on_log_y],
    R,
  );
  const sizes = JSON.parse(/\[[\d, ]+\]/.exec(input.parameters.hurst_rs)?.[0] ?? 'null') as number[];
  checkFluctuations(differences(s), sizes, {
    rs: want.hurst.rescaled_range_on_spread_changes,
    rsValues: want.hurst.rs_values,
    dfa: want.hurst.dfa1_on_spread_changes,
    dfaValues: want.hurst.dfa_F,
  });
}

/** Returns are increments; their levels are the running sum. */
function checkSeries(x: Float64Array, areReturns: boolean, want: GoldenValue): void {
  let sum = 0;
  const levels = areReturns
    ? x.map((v) => {
        sum += v;
        return sum;
      })
    : x;
  expectClose([hurstByLaggedDeviation(levels)], [want.hurst_lagged_std_on_levels], { ...R, what: 'lagged' });
  checkFluctuations(areReturns ? x : differences(x), undefined, {
    rs: want.hurst_rs_on_changes,
    rsValues: want.rs_values,
    dfa: want.dfa1_on_changes,
    dfaValues: want.dfa_F,
  });
}

function checkFluctuations(increments: Float64Array, sizes: number[] | undefined, want: GoldenValue): void {
  const rs = hurstByRescaledRange(increments, sizes);
  const dfa = detrendedFluctuation(increments, sizes);
  expectClose([rs.exponent, dfa.exponent], [want.rs, want.dfa], { ...R, what: 'exponents' });
  expectClose(rs.values, want.rsValues, { ...R, what: 'R/S' });
  expectClose(dfa.values, want.dfaValues, { ...R, what: 'F' });
}

describeGolden('kalman_hedge', ({ input, expect: want }) => {
  const { y, x } = goldenColumns(input) as { y: Float64Array; x: Float64Array };
  const got = kalmanHedge(y, x, { delta: input.parameters.delta, observationVariance: input.parameters.Ve });
  const K = { relative: 1e-7, absolute: 1e-12 };
  expectClose([got.logLikelihood], [want.loglik], { ...K, what: 'log-likelihood' });
  expectClose(got.beta.slice(-5), want.beta_last5, { ...K, what: 'beta' });
  expectClose(got.alpha.slice(-5), want.alpha_last5, { ...K, what: 'alpha' });
  expectClose(got.innovation.slice(-5), want.innovation_last5, { ...K, what: 'innovation' });
  expectClose(got.innovationVariance.slice(-5), want.innovation_var_last5, { ...K, what: 'variance' });
  const z = got.innovation.map((e, t) => e / Math.sqrt(got.innovationVariance[t] as number));
  expectClose(z.slice(-5), want.z_last5, { ...K, what: 'z' });
  const [bb, ba, aa] = got.finalCovariance;
  expectClose([bb, ba, ba, aa], want.final_covariance.flat(), { ...K, what: 'covariance' });
  const every = want.beta_at_every_250th as number[];
  expectClose(
    every.map((_, i) => got.beta[i * 250] ?? Number.NaN),
    every,
    { ...K, what: 'beta path' },
  );
});

function reverting(seed: number, n: number, b: number): Float64Array {
  const rng = createRng(seed);
  const x = new Float64Array(n);
  for (let t = 1; t < n; t++) x[t] = 1 - b + b * (x[t - 1] as number) + 0.1 * rng.normal();
  return x;
}

describe('fitOrnsteinUhlenbeck', () => {
  it('recovers the process it simulated and covers the true half-life', () => {
    let covered = 0;
    for (let seed = 0; seed < 100; seed++) {
      const ou = fitOrnsteinUhlenbeck(reverting(seed, 1000, 0.9), { dt: 1 });
      const truth = Math.LN2 / -Math.log(0.9);
      if ((ou.halfLifeLowerBars ?? 0) < truth && truth < (ou.halfLifeUpperBars ?? 1e9)) covered++;
    }
    expect(covered).toBeGreaterThan(86);
    const ou = fitOrnsteinUhlenbeck(reverting(1, 20000, 0.9), { dt: 1 / 252 });
    expect(ou.mu).toBeCloseTo(1, 1);
    expect(ou.b).toBeCloseTo(0.9, 1.8);
  });

  it('says so when nothing reverts', () => {
    const trending = Float64Array.from({ length: 60 }, (_, t) => 1.05 ** t + 0.01 * Math.sin(t * 7));
    const ou = fitOrnsteinUhlenbeck(trending, { dt: 1 });
    expect(ou.status).toBe('not-reverting');
    expect(ou.halfLifeBars).toBeNull();
    expect(() => fitOrnsteinUhlenbeck(new Float64Array(30).fill(2), { dt: 1 })).toThrow(/constant/);
  });
});

describe('hedge ratios', () => {
  it('agrees on an exact line, and TLS is the same both ways round', () => {
    const x = reverting(5, 200, 0.95);
    const y = x.map((v) => 3 - 2 * v);
    expect(hedgeLine(y, x, 'ols').beta).toBeCloseTo(-2, 12);
    expect(hedgeLine(y, x, 'tls').beta).toBeCloseTo(-2, 12);
    const z = reverting(6, 200, 0.95);
    expect(hedgeLine(z, x, 'tls').beta * hedgeLine(x, z, 'tls').beta).toBeCloseTo(1, 9);
    expect(() => hedgeLine(x, new Float64Array(200), 'ols')).toThrow(/constant/);
  });

  it('follows a hedge ratio that moves, and never sees the future', () => {
    const rng = createRng(2);
    const x = reverting(7, 800, 0.99).map((v) => v + 10);
    const y = x.map((v, t) => (1 + t / 800) * v + 0.05 * rng.normal());
    const got = kalmanHedge(y, x, { delta: 1e-4, observationVariance: 1e-3 });
    expect(got.beta[799]).toBeGreaterThan(got.beta[200] as number);
    const cut = kalmanHedge(y.slice(0, 500), x.slice(0, 500), { delta: 1e-4, observationVariance: 1e-3 });
    expect([...cut.beta]).toEqual([...got.beta.slice(0, 500)]);
    expect(() => kalmanHedge(y, x, { delta: 1, observationVariance: 1 })).toThrow(/delta/);
  });
});

describe('Hurst exponents', () => {
  it('order reversal, walk and trend', () => {
    const steps = (b: number) => {
      const x = reverting(3, 4000, b);
      return differences(x);
    };
    const noise = steps(0.999);
    expect(hurstByRescaledRange(noise).exponent).toBeGreaterThan(0.45);
    expect(detrendedFluctuation(noise).exponent).toBeCloseTo(0.5, 1);
    expect(hurstByLaggedDeviation(reverting(3, 4000, 0.5))).toBeLessThan(0.1);
    expect(() => hurstByLaggedDeviation(new Float64Array(50))).toThrow(/at least/);
  });
});
