import { describe, expect, it } from 'vitest';
import { createRng } from '../../../lib/rng.ts';
import { describeGolden, type GoldenValue, readGoldenTable } from '../../../lib/testing/golden.ts';
import { columnMeans } from '../covariance/sample.ts';
import { createMatrix, type Matrix, matrixFromColumns, matrixFromRows } from '../linalg/matrix.ts';
import { dot, multiplyVector } from '../linalg/multiply.ts';
import { conditionalValueAtRisk, solveTailRisk, type TailObjective } from './min-cvar.ts';

function pricesToReturns(data: GoldenValue, names: readonly string[]): Matrix {
  const table = readGoldenTable(String(data.sameNumbersIn).split(' ')[0] as string);
  const dates = table.text('date');
  const kept = dates.map((date, t) => (date >= data.first && date <= data.last ? t : -1)).filter((t) => t >= 0);
  return matrixFromColumns(
    names.map((name) => {
      const prices = table.numbers(name);
      return Float64Array.from(
        kept.slice(1),
        (t, k) => (prices[t] as number) / (prices[kept[k] as number] as number) - 1,
      );
    }),
  );
}

function limits(n: number, spec: GoldenValue) {
  return { lower: new Float64Array(n).fill(spec.lower ?? 0), upper: new Float64Array(n).fill(spec.upper ?? 1) };
}

/** The minimised number of given weights, computed without the program. */
function measureOf(returns: Matrix, weights: readonly number[], objective: TailObjective): number {
  const own = multiplyVector(returns, weights);
  if (objective.kind === 'cvar') return conditionalValueAtRisk(returns, weights, objective.confidence).cvar;
  if (objective.kind === 'worst-loss') return -Math.min(...own);
  const average = own.reduce((a, b) => a + b, 0) / own.length;
  return own.reduce((sum, value) => sum + Math.abs(value - average), 0) / own.length;
}

describeGolden('min_cvar', async ({ input, expect: expected, tolerance }) => {
  const market = pricesToReturns(input.data, input.names);
  for (const [name, spec] of Object.entries<GoldenValue>(input.cases)) {
    const wanted = expected[name];
    const returns = spec.returns === undefined ? market : matrixFromRows(input[spec.returns]);
    const n = returns.cols;
    const objective: TailObjective =
      spec.alpha !== undefined
        ? { kind: 'cvar', confidence: spec.alpha }
        : /\|r - mean\|/.test(spec.objective)
          ? { kind: 'mean-absolute-deviation' }
          : { kind: 'worst-loss' };
    const solved = await solveTailRisk(returns, limits(n, spec), objective, {
      minReturn: spec.minMeanDailyReturn ?? undefined,
    });
    expect(solved.status, name).toBe('optimal');
    expect(Math.abs(solved.value - (wanted.cvar ?? wanted.mad ?? wanted.worstLoss)), name).toBeLessThan(
      tolerance.cvar_abs,
    );
    expect(solved.dualityGap, name).toBeLessThan(1e-10);
    const apart = Math.max(
      ...wanted.weights.map((w: number, i: number) => Math.abs(w - (solved.weights[i] as number))),
    );
    // Other weights are right only where they are another optimum: the reference's must then be exactly as good, not better.
    if (apart > tolerance.weights_abs) {
      expect(
        Math.abs(measureOf(returns, wanted.weights, objective) - solved.value),
        `${name}: another optimum`,
      ).toBeLessThan(1e-10);
    }
    if (spec.alpha !== undefined) {
      const again = conditionalValueAtRisk(returns, solved.weights, spec.alpha);
      expect(Math.abs(again.cvar - wanted.cvar), name).toBeLessThan(tolerance.cvar_abs);
      expect(Math.abs(solved.threshold - wanted.var), name).toBeLessThan(1e-7);
    }
    if (wanted.meanDaily !== undefined)
      expect(dot(columnMeans(returns), solved.weights)).toBeCloseTo(wanted.meanDaily, 8);
  }
});

describe('solveTailRisk', () => {
  const rng = createRng(12);
  const returns = createMatrix(
    40,
    3,
    Float64Array.from({ length: 120 }, () => 0.01 * rng.normal()),
  );
  const free = { lower: new Float64Array(3), upper: new Float64Array(3).fill(1) };

  it('no other portfolio has a smaller tail', async () => {
    const solved = await solveTailRisk(returns, free, { kind: 'cvar', confidence: 0.9 });
    for (let k = 0; k < 200; k++) {
      const raw = [rng.uniform(), rng.uniform(), rng.uniform()];
      const sum = raw.reduce((a, b) => a + b, 0);
      const { cvar } = conditionalValueAtRisk(
        returns,
        raw.map((value) => value / sum),
        0.9,
      );
      expect(cvar).toBeGreaterThanOrEqual(solved.value - 1e-12);
    }
  });

  it('a tail of one scenario is the worst loss', async () => {
    const tail = await solveTailRisk(returns, free, { kind: 'cvar', confidence: 1 - 1 / 40 });
    const worst = await solveTailRisk(returns, free, { kind: 'worst-loss' });
    expect(tail.value).toBeCloseTo(worst.value, 10);
    expect(Math.max(...multiplyVector(returns, worst.weights).map((value) => -value))).toBeCloseTo(worst.value, 10);
  });

  it('says when the limits cannot be met and refuses what is not a scenario', async () => {
    const capped = { lower: new Float64Array(3), upper: new Float64Array(3).fill(0.2) };
    expect((await solveTailRisk(returns, capped, { kind: 'worst-loss' })).status).toBe('infeasible');
    await expect(solveTailRisk(returns, free, { kind: 'cvar', confidence: 1 })).rejects.toThrow(/between 0 and 1/);
    const broken = createMatrix(2, 3, new Float64Array(6).fill(Number.NaN));
    await expect(solveTailRisk(broken, free, { kind: 'worst-loss' })).rejects.toThrow(/finite/);
  });
});
