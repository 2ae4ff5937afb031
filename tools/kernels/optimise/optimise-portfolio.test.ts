import { describe, expect, it } from 'vitest';
import { isTradewindError } from '../../../lib/errors.ts';
import { describeGolden, type GoldenValue } from '../../../lib/testing/golden.ts';
import { matrixFromRows } from '../linalg/matrix.ts';
import { quadraticForm } from '../linalg/multiply.ts';
import { optimisePortfolio, type PortfolioObjective } from './optimise-portfolio.ts';
import type { PortfolioProblem } from './portfolio-problem.ts';
import type { LinearRow } from './quadratic-program.ts';

/** "S with S[0][1] = NaN", "increased by 0.01": the file describes some matrices in words. */
function covarianceOf(base: number[][], spec: GoldenValue): number[][] {
  if (Array.isArray(spec.cov)) return spec.cov;
  const n = spec.n ?? base.length;
  const cov = base.slice(0, n).map((row) => row.slice(0, n));
  const words = /S\[(\d+)\]\[(\d+)\] (=|increased by) (\S+)/.exec(String(spec.cov ?? ''));
  if (words === null) return cov;
  const row = cov[Number(words[1])] as number[];
  const j = Number(words[2]);
  row[j] = words[3] === '=' ? Number(words[4]) : (row[j] as number) + Number(words[4]);
  return cov;
}

function bounds(value: GoldenValue, n: number, missing: number, free: number): Float64Array {
  if (Array.isArray(value)) return Float64Array.from(value);
  return new Float64Array(n).fill(value === undefined ? missing : value === null ? free : value);
}

function rowsOf(spec: GoldenValue): LinearRow[] | undefined {
  if (spec.sectors === undefined) return undefined;
  const row = (sector: string, lower: number, upper: number): LinearRow => ({
    name: sector,
    coefficients: Float64Array.from(spec.sectors as string[], (s) => (s === sector ? 1 : 0)),
    lower,
    upper,
  });
  return [
    ...Object.entries<number>(spec.sectorMax ?? {}).map(([s, cap]) => row(s, Number.NEGATIVE_INFINITY, cap)),
    ...Object.entries<number>(spec.sectorMin ?? {}).map(([s, floor]) => row(s, floor, Number.POSITIVE_INFINITY)),
  ];
}

function objectiveOf(spec: GoldenValue): PortfolioObjective {
  if (spec.minReturn !== undefined) return { kind: 'target-return', target: spec.minReturn };
  if (spec.maxVol !== undefined) return { kind: 'target-volatility', volatility: spec.maxVol };
  if (spec.riskFree !== undefined) return { kind: 'max-sharpe' };
  return /no risk term/.test(spec.objective ?? '') ? { kind: 'max-return' } : { kind: 'min-variance' };
}

describeGolden('infeasible_cases', async ({ input, expect: expected, tolerance }) => {
  for (const [name, spec] of Object.entries<GoldenValue>(input.cases)) {
    const wanted = expected[name];
    const cov = covarianceOf(input.cov, spec);
    const n = cov.length;
    const problem: PortfolioProblem = {
      covariance: matrixFromRows(cov),
      expectedReturns: Float64Array.from((spec.mu ?? input.mu).slice(0, n)),
      lower: bounds(spec.lower, n, 0, Number.NEGATIVE_INFINITY),
      upper: bounds(spec.upper, n, 1, Number.POSITIVE_INFINITY),
      rows: rowsOf(spec),
      ...(spec.current === undefined ? {} : { current: Float64Array.from(spec.current) }),
      ...(spec.maxOneWayTurnover === undefined ? {} : { turnoverLimit: spec.maxOneWayTurnover }),
    };
    const attempt = optimisePortfolio(problem, objectiveOf(spec), { names: [], riskFree: spec.riskFree ?? 0 });
    if (wanted.status === 'invalid_input') {
      const error = await attempt.then(() => undefined).catch((e: unknown) => e);
      expect(isTradewindError(error), name).toBe(true);
      continue;
    }
    const outcome = await attempt;
    if (wanted.status === 'not_psd') {
      expect(outcome.covariance.repair, name).toBe('nearest-correlation');
      expect(outcome.covariance.minEigenvalue).toBeCloseTo(wanted.minEigenvalue, 8);
      continue;
    }
    expect(outcome.status, name).toBe(wanted.status);
    if (wanted.status !== 'optimal') expect(outcome.weights, name).toBeUndefined();
    if (wanted.status === 'infeasible')
      expect(outcome.conflicts.length + (outcome.leastRisk === undefined ? 0 : 1)).toBeGreaterThan(0);
    const close = (got: number | null | undefined, value: number): void => {
      expect(Math.abs((got ?? Number.NaN) - value), name).toBeLessThan(Math.max(tolerance.numbers_abs, 1e-9));
    };
    const cap = outcome.conflicts.find((conflict) => conflict.kind === 'cap');
    if (wanted.maxSum !== undefined) close((cap?.limit ?? 0) * (cap?.members.length ?? 0), wanted.maxSum);
    if (wanted.minimalUniformCap !== undefined) close(cap?.needed, wanted.minimalUniformCap);
    const floor = outcome.conflicts.find((conflict) => conflict.kind === 'floor');
    if (wanted.minSum !== undefined) close((floor?.limit ?? 0) * (floor?.members.length ?? 0), wanted.minSum);
    if (wanted.maxReturn !== undefined) close(outcome.mostReturn, wanted.maxReturn);
    if (wanted.minVol !== undefined) close(outcome.leastRisk, wanted.minVol);
    if (wanted.minTurnover !== undefined) {
      close(outcome.conflicts.find((conflict) => conflict.kind === 'turnover')?.needed, wanted.minTurnover);
    }
    if (wanted.weights !== undefined) {
      for (const [i, weight] of wanted.weights.entries()) close(outcome.weights?.[i], weight);
      close(Math.sqrt(quadraticForm(problem.covariance, outcome.weights ?? [])), wanted.vol);
    }
  }
});

describe('the smallest change that helps', () => {
  const covariance = matrixFromRows([
    [0.04, 0.01, 0],
    [0.01, 0.09, 0],
    [0, 0, 0.01],
  ]);
  const base: PortfolioProblem = {
    covariance,
    expectedReturns: Float64Array.from([0.05, 0.08, 0.02]),
    lower: new Float64Array(3),
    upper: new Float64Array(3).fill(1),
  };

  it('is named for each limit of a minimal conflict, and applying it makes the problem feasible', async () => {
    const rows = [
      { name: 'stocks', coefficients: Float64Array.from([1, 1, 0]), lower: 0.7, upper: Number.POSITIVE_INFINITY },
    ];
    const problem = { ...base, rows, upper: Float64Array.from([0.3, 0.3, 1]) };
    const outcome = await optimisePortfolio(problem, { kind: 'min-variance' }, { names: [], riskFree: 0.03 });
    expect(outcome.status).toBe('infeasible');
    expect(outcome.conflicts.map((c) => c.kind).sort()).toEqual(['cap', 'row-lower']);
    const cap = outcome.conflicts.find((c) => c.kind === 'cap');
    expect(cap?.members).toEqual([0, 1]);
    expect(cap?.needed).toBeCloseTo(0.35, 9);
    const helped = { ...problem, upper: Float64Array.from([0.35, 0.35, 1]) };
    expect((await optimisePortfolio(helped, { kind: 'min-variance' }, { names: [], riskFree: 0.03 })).status).toBe(
      'optimal',
    );
  });

  it('a volatility below the minimum names the minimum; a ratio of negative excess is refused', async () => {
    const low = await optimisePortfolio(
      base,
      { kind: 'target-volatility', volatility: 0.01 },
      { names: [], riskFree: 0.03 },
    );
    expect(low.status).toBe('infeasible');
    const calm = await optimisePortfolio(base, { kind: 'min-variance' }, { names: [], riskFree: 0.03 });
    expect(low.leastRisk).toBeCloseTo(Math.sqrt(quadraticForm(covariance, calm.weights ?? [])), 12);
    const hopeless = await optimisePortfolio(base, { kind: 'max-sharpe' }, { names: [], riskFree: 0.1 });
    expect(hopeless.status).toBe('no_positive_excess_return');
    expect(hopeless.mostReturn).toBeCloseTo(0.08, 10);
  });
});
