import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRng } from '../../../lib/rng.ts';
import { describeGolden, type GoldenValue, readGolden } from '../../../lib/testing/golden.ts';
import { createMatrix, type Matrix, matrixFromRows } from '../linalg/matrix.ts';
import { dot, gram, quadraticForm } from '../linalg/multiply.ts';
import { solveCardinality } from './cardinality.ts';
import { traceCriticalLine } from './critical-line.ts';
import { traceFrontier } from './frontier.ts';
import { type MeanVarianceObjective, portfolioMoments, solveMeanVariance } from './mean-variance.ts';
import { oneWayTurnover, type PortfolioProblem } from './portfolio-problem.ts';
import type { LinearRow } from './quadratic-program.ts';
import { solveRiskLimit } from './risk-limit.ts';

function bound(value: number | null | readonly number[], n: number, free: number): Float64Array {
  if (Array.isArray(value)) return Float64Array.from(value as number[]);
  return new Float64Array(n).fill((value as number | null | undefined) ?? free);
}

function sectorRows(sectors: readonly string[], limits: GoldenValue): LinearRow[] {
  const rows: LinearRow[] = [];
  const add = (sector: string, lower: number, upper: number): void => {
    rows.push({ name: sector, coefficients: Float64Array.from(sectors, (s) => (s === sector ? 1 : 0)), lower, upper });
  };
  for (const [sector, cap] of Object.entries<number>(limits.sectorMax ?? {}))
    add(sector, Number.NEGATIVE_INFINITY, cap);
  for (const [sector, floor] of Object.entries<number>(limits.sectorMin ?? {})) {
    add(sector, floor, Number.POSITIVE_INFINITY);
  }
  return rows;
}

/** A case of the reference file as a problem of ours; the words of the objective decide the form. */
function solveGoldenCase(input: GoldenValue, spec: GoldenValue) {
  const count = /first (\d+) names/.exec(spec.objective)?.[1];
  const n = count === undefined ? input.names.length : Number(count);
  const equal = new Float64Array(n).fill(1 / n);
  const cash = typeof spec.sum === 'string';
  const problem: PortfolioProblem = {
    covariance: matrixFromRows(input.cov.slice(0, n).map((row: number[]) => row.slice(0, n))),
    expectedReturns: Float64Array.from(input.mu.slice(0, n)),
    lower: bound(spec.lower === undefined ? 0 : spec.lower, n, Number.NEGATIVE_INFINITY),
    upper: bound(spec.upper === undefined ? 1 : spec.upper, n, Number.POSITIVE_INFINITY),
    rows: sectorRows(input.sectors, spec),
    ...(cash ? { budget: { lower: 0, upper: 1 }, cashReturn: input.riskFree } : {}),
    ...(spec.current === undefined ? {} : { current: equal }),
    ...(spec.maxOneWayTurnover === undefined ? {} : { turnoverLimit: spec.maxOneWayTurnover }),
    ...(spec.cost === undefined ? {} : { linearCosts: new Float64Array(n).fill(spec.cost) }),
    ...(spec.c === undefined ? {} : { linearCosts: Float64Array.from(spec.c) }),
    ...(spec.q === undefined ? {} : { quadraticCosts: Float64Array.from(spec.q) }),
    ...(spec.maxShortSum === undefined ? {} : { shortLimit: spec.maxShortSum }),
  };
  const excess = problem.expectedReturns?.map((value) => value - input.riskFree) as Float64Array;
  const objective: MeanVarianceObjective =
    spec.gamma !== undefined
      ? { kind: 'max-utility', riskAversion: spec.gamma }
      : spec.minReturn !== undefined
        ? { kind: 'target-return', target: spec.minReturn }
        : String(spec.objective).includes('/vol')
          ? { kind: 'max-ratio', numerator: excess }
          : { kind: 'min-variance' };
  if (spec.maxNames !== undefined) {
    const found = solveCardinality(
      problem,
      { kind: 'min-variance' },
      { maxNames: spec.maxNames, minHolding: spec.minHoldingIfHeld },
    );
    return { problem, status: found.status, weights: found.weights, leastRisk: 0, gap: found.gap };
  }
  if (spec.maxVol !== undefined || spec.maxTrackingError !== undefined) {
    const limited = solveRiskLimit(
      problem,
      spec.maxVol ?? spec.maxTrackingError,
      spec.maxTrackingError === undefined ? undefined : equal,
    );
    return { problem, status: limited.status, weights: limited.solution.weights, leastRisk: limited.leastRisk, gap: 0 };
  }
  const solved = solveMeanVariance(problem, objective);
  return { problem, status: solved.status, weights: solved.weights, leastRisk: 0, gap: solved.kkt.dualityGap };
}

describeGolden('mean_variance', ({ input, expect: expected, tolerance }) => {
  for (const [name, spec] of Object.entries<GoldenValue>(input.cases)) {
    const wanted = expected[name];
    const got = solveGoldenCase(input, spec);
    expect(got.status, name).toBe(wanted.status);
    if (wanted.status !== 'optimal') {
      expect(Math.abs(got.leastRisk - wanted.min_vol), name).toBeLessThan(1e-8);
      continue;
    }
    const moments = portfolioMoments(got.problem, got.weights);
    expect(Math.abs(moments.volatility / wanted.vol - 1), name).toBeLessThan(tolerance.objective_rel);
    for (const [i, weight] of wanted.weights.entries()) {
      expect(Math.abs((got.weights[i] as number) - weight), `${name} ${i}`).toBeLessThan(tolerance.weights_abs);
    }
    if (wanted.ret !== undefined) expect(moments.expectedReturn).toBeCloseTo(wanted.ret, 8);
    if (wanted.cash !== undefined) expect(moments.cash).toBeCloseTo(wanted.cash, 8);
    if (wanted.turnover_one_way !== undefined) {
      expect(oneWayTurnover(got.weights, got.problem.current as Float64Array)).toBeCloseTo(wanted.turnover_one_way, 8);
    }
    expect(got.gap).toBeLessThan(1e-10);
  }
});

describeGolden('efficient_frontier', ({ input, expect: expected, tolerance }) => {
  const n = input.mu.length;
  for (const [name, wanted] of Object.entries<GoldenValue>(expected)) {
    const capped = name.startsWith('cap');
    const problem: PortfolioProblem = {
      covariance: matrixFromRows(input.cov),
      expectedReturns: Float64Array.from(input.mu),
      lower: new Float64Array(n),
      upper: new Float64Array(n).fill(capped ? input.cap : 1),
      rows: name.endsWith('Sectors') ? sectorRows(input.sectors, { sectorMax: input.sectorMax }) : [],
    };
    const frontier = traceFrontier(problem, wanted.length);
    expect(frontier.points.length).toBe(wanted.length);
    for (const [k, point] of frontier.points.entries()) {
      expect(Math.abs(point.volatility / wanted[k].vol - 1), `${name} ${k}`).toBeLessThan(tolerance.vol_rel);
      for (let i = 0; i < n; i++) {
        expect(Math.abs((point.weights[i] as number) - wanted[k].weights[i])).toBeLessThan(tolerance.weights_abs);
      }
    }
  }
});

describeGolden('cla', ({ input, expect: expected, tolerance }) => {
  const n = input.mu.length;
  const problem = {
    covariance: matrixFromRows(input.cov),
    expectedReturns: Float64Array.from(input.mu),
    lower: bound(input.lower, n, 0),
    upper: bound(input.upper, n, 1),
  };
  const points = traceCriticalLine(problem);
  expect(points.length).toBe(expected.turningPoints.length);
  const close = (weights: Float64Array, wanted: number[]): void => {
    for (let i = 0; i < n; i++)
      expect(Math.abs((weights[i] as number) - (wanted[i] as number))).toBeLessThan(tolerance.weights_abs);
  };
  for (const [k, point] of points.entries()) {
    const wanted = expected.turningPoints[k];
    expect(Math.abs(point.lambda - wanted.lam)).toBeLessThanOrEqual(tolerance.lambda_rel * Math.max(wanted.lam, 1e-3));
    close(point.weights, wanted.weights);
  }
  close(solveMeanVariance(problem, { kind: 'max-return' }).weights, expected.maxReturn.weights);
  close(solveMeanVariance(problem, { kind: 'min-variance' }).weights, expected.minVariance.weights);
  const sharpe = solveMeanVariance(problem, { kind: 'max-ratio', numerator: problem.expectedReturns });
  close(sharpe.weights, expected.maxSharpe.weights);
});

describe('a duplicated asset', () => {
  it.skipIf(readable() === undefined)('golden singular_covariance: risk and Sharpe, whatever the split', () => {
    const file = readable();
    const spec = file.input.duplicateAsset;
    const n = spec.mu.length;
    const problem: PortfolioProblem = {
      covariance: matrixFromRows(spec.cov),
      expectedReturns: Float64Array.from(spec.mu),
      lower: bound(spec.lower, n, 0),
      upper: bound(spec.upper, n, 1),
    };
    const calm = solveMeanVariance(problem, { kind: 'min-variance' });
    expect(calm.status).toBe('optimal');
    const variance = quadraticForm(problem.covariance, calm.weights);
    expect(Math.abs(variance - file.expect.duplicateAsset.minVariance.variance)).toBeLessThan(file.tolerance.abs);
    const numerator = Float64Array.from(spec.mu as number[], (value) => value - spec.riskFree);
    const best = solveMeanVariance(problem, { kind: 'max-ratio', numerator });
    const sharpe = dot(numerator, best.weights) / Math.sqrt(quadraticForm(problem.covariance, best.weights));
    expect(Math.abs(sharpe - file.expect.duplicateAsset.maxSharpe.sharpe)).toBeLessThan(file.tolerance.abs);
  });
});

function readable(): GoldenValue {
  try {
    return readGolden('singular_covariance');
  } catch {
    return undefined;
  }
}

function randomProblem(n: number, seed: number, cap: number, market = 0): PortfolioProblem {
  const rng = createRng(seed);
  const factors: Matrix = createMatrix(
    n + 3,
    n,
    Float64Array.from({ length: (n + 3) * n }, () => 0.1 * rng.normal()),
  );
  for (let i = 0; i < n; i++) factors.data[i] = (factors.data[i] as number) + market;
  return {
    covariance: gram(factors),
    expectedReturns: Float64Array.from({ length: n }, () => 0.05 + 0.04 * rng.normal()),
    lower: new Float64Array(n),
    upper: new Float64Array(n).fill(cap),
  };
}

describe('properties', () => {
  it('no feasible portfolio has less variance, and the certificate is at rounding level', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 25 }), fc.nat(10_000), (n, seed) => {
        const problem = randomProblem(n, seed, Math.min(1, 2.5 / n));
        const solved = solveMeanVariance(problem, { kind: 'min-variance' });
        expect(solved.status).toBe('optimal');
        expect(solved.kkt.stationarity).toBeLessThan(1e-12);
        expect(solved.kkt.primal).toBeLessThan(1e-12);
        expect(solved.kkt.dualityGap).toBeLessThan(1e-12);
        const best = quadraticForm(problem.covariance, solved.weights);
        const rng = createRng(seed + 1);
        for (let trial = 0; trial < 10; trial++) {
          // A feasible point: the equal weights moved towards a random vertex of two names within the cap.
          const other = new Float64Array(n).fill(1 / n);
          const i = rng.integer(n);
          const j = rng.integer(n);
          const room = Math.min((problem.upper[i] as number) - 1 / n, 1 / n) * rng.uniform();
          other[i] = (other[i] as number) + room;
          other[j] = (other[j] as number) - room;
          expect(quadraticForm(problem.covariance, other)).toBeGreaterThanOrEqual(best - 1e-12);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('columns generated one by one end at the same portfolio as the whole program', () => {
    const problem = randomProblem(120, 5, 0.1, 2);
    const numerator = problem.expectedReturns?.map((value) => value - 0.03) as Float64Array;
    const some = solveMeanVariance(problem, { kind: 'max-ratio', numerator });
    expect(some.columns).toBeLessThan(120);
    const whole = solveMeanVariance(
      { ...problem, lower: new Float64Array(120).fill(-1e-15) },
      { kind: 'max-ratio', numerator },
    );
    expect(whole.columns).toBe(121);
    for (let i = 0; i < 120; i++)
      expect(Math.abs((some.weights[i] as number) - (whole.weights[i] as number))).toBeLessThan(1e-9);
  });

  it('shadow prices are the change of the optimum when a limit is loosened', () => {
    const problem = randomProblem(12, 77, 0.15);
    const solved = solveMeanVariance(problem, { kind: 'min-variance' });
    const cap = solved.multipliers.find((m) => m.side === 'upper' && m.constraint.kind === 'asset');
    if (cap?.constraint.kind !== 'asset') throw new Error('expected a binding cap');
    const step = 1e-5;
    const looser = { ...problem, upper: problem.upper.slice() };
    looser.upper[cap.constraint.index] = 0.15 + step;
    const volatility = (p: PortfolioProblem): number =>
      Math.sqrt(quadraticForm(p.covariance, solveMeanVariance(p, { kind: 'min-variance' }).weights));
    expect((volatility(problem) - volatility(looser)) / step / cap.shadowPrice).toBeCloseTo(1, 3);
  });

  it('the critical line passes through the quadratic programs, caps that divide the budget exactly included', () => {
    for (const cap of [1, 0.5, 0.4, 0.25]) {
      for (let seed = 0; seed < 12; seed++) {
        const problem = randomProblem(9, seed, cap);
        const expectedReturns = problem.expectedReturns as Float64Array;
        const points = traceCriticalLine({ ...problem, expectedReturns });
        expect(points.at(-1)?.lambda).toBe(0);
        for (const { lambda, weights } of points) {
          const solved = solveMeanVariance(
            problem,
            lambda === 0 ? { kind: 'min-variance' } : { kind: 'trade-off', trade: lambda },
          );
          for (let i = 0; i < 9; i++) expect(solved.weights[i]).toBeCloseTo(weights[i] as number, 7);
        }
      }
    }
  });

  it('branch and bound equals enumeration of every pair and triple', () => {
    const problem = randomProblem(8, 21, 0.6);
    const found = solveCardinality(problem, { kind: 'min-variance' }, { maxNames: 3, minHolding: 0.1 });
    let best = Number.POSITIVE_INFINITY;
    for (let mask = 1; mask < 256; mask++) {
      const names = Array.from({ length: 8 }, (_, i) => i).filter((i) => (mask >> i) & 1);
      if (names.length > 3 || names.length < 2) continue;
      const lower = new Float64Array(names.length).fill(0.1);
      const covariance = matrixFromRows(
        names.map((i) => names.map((j) => problem.covariance.data[i * 8 + j] as number)),
      );
      const part = solveMeanVariance(
        { covariance, lower, upper: new Float64Array(names.length).fill(0.6) },
        { kind: 'min-variance' },
      );
      if (part.status === 'optimal') best = Math.min(best, quadraticForm(covariance, part.weights));
    }
    expect(found.status).toBe('optimal');
    expect(quadraticForm(problem.covariance, found.weights)).toBeCloseTo(best, 12);
  });
});
