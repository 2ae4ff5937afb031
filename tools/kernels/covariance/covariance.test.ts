import { describe, expect, it } from 'vitest';
import { createRng } from '../../../lib/rng.ts';
import {
  describeGolden,
  type GoldenValue,
  hasGolden,
  readGolden,
  readGoldenTable,
} from '../../../lib/testing/golden.ts';
import { createMatrix, type Matrix, matrixFromColumns, matrixFromRows } from '../linalg/matrix.ts';
import { multiplyVector, quadraticForm } from '../linalg/multiply.ts';
import { clipEigenvalues, nearestCorrelation, rescaleDiagonal } from '../linalg/nearest-psd.ts';
import { solveSpd } from '../linalg/solve.ts';
import { symmetricEigen } from '../linalg/symmetric-eigen.ts';
import { solveMeanVariance } from '../optimise/mean-variance.ts';
import { solveRiskBudget } from '../optimise/risk-budget.ts';
import { bayesSteinMeans, capmReturns } from './expected-returns.ts';
import { exponentialCovariance, recursiveCovariance } from './exponential.ts';
import { clipCorrelation } from './marchenko-pastur.ts';
import { columnMeans, correlationOf, covarianceFrom, sampleCovariance, volatilitiesOf } from './sample.ts';
import {
  ledoitWolfConstantCorrelation,
  ledoitWolfIdentity,
  ledoitWolfSingleFactor,
  oracleApproximatingShrinkage,
  shrinkToIdentity,
} from './shrinkage.ts';

/** Simple returns of the named columns, dates `from`..`to` of the prices, only the last `count` rows when given. */
function returnsOf(
  file: string,
  columns: readonly string[],
  window: { from?: string; to?: string; last?: number | undefined },
): Matrix {
  const table = readGoldenTable(file);
  const dates = table.text('date');
  const first = window.from === undefined ? 0 : dates.findIndex((date) => date >= (window.from as string));
  let end = dates.length;
  if (window.to !== undefined) while (end > 0 && (dates[end - 1] as string) > window.to) end--;
  const series = columns.map((name) => {
    const prices = table.numbers(name).subarray(first, end);
    const out = new Float64Array(prices.length - 1);
    for (let t = 1; t < prices.length; t++) out[t - 1] = (prices[t] as number) / (prices[t - 1] as number) - 1;
    return window.last === undefined ? out : out.slice(-window.last);
  });
  return matrixFromColumns(series);
}

/** Largest difference relative to the largest element. */
function difference(got: Matrix, wanted: number[][]): number {
  const flat = wanted.flat();
  const size = Math.max(...flat.map(Math.abs));
  return Math.max(...flat.map((value, i) => Math.abs((got.data[i] as number) - value))) / size;
}

describeGolden('covariance', ({ input, expect: wanted }) => {
  const last = /last (\d+)/.exec(input.transform)?.[1];
  const returns = returnsOf(input.file, input.columns, { last: last === undefined ? undefined : Number(last) });
  expect(returns.rows).toBe(wanted.n_obs);
  expect(difference(sampleCovariance(returns), wanted.sample_cov_ddof1)).toBeLessThan(1e-10);
  expect(difference(sampleCovariance(returns, 0), wanted.sample_cov_ddof0)).toBeLessThan(1e-10);
  const means = columnMeans(returns);
  for (const [i, mean] of wanted.mean.entries()) expect(means[i]).toBeCloseTo(mean, 14);
  const identity = ledoitWolfIdentity(returns);
  expect(identity.shrinkage).toBeCloseTo(wanted.ledoit_wolf.shrinkage, 9);
  expect(difference(identity.covariance, wanted.ledoit_wolf.covariance)).toBeLessThan(1e-9);
  const oas = oracleApproximatingShrinkage(returns);
  expect(oas.shrinkage).toBeCloseTo(wanted.oas.shrinkage, 9);
  expect(difference(oas.covariance, wanted.oas.covariance)).toBeLessThan(1e-9);
  expect(difference(shrinkToIdentity(returns, 0.1), wanted.shrunk_0_1)).toBeLessThan(1e-10);
  const constant = ledoitWolfConstantCorrelation(returns);
  expect(constant.shrinkage).toBeCloseTo(wanted.constant_correlation.shrinkage, 8);
  expect(constant.meanCorrelation).toBeCloseTo(wanted.constant_correlation.mean_correlation, 10);
  expect(difference(constant.covariance, wanted.constant_correlation.covariance)).toBeLessThan(1e-9);
  expect(difference(exponentialCovariance(returns, 0.94), wanted.ewma_094_zero_mean_normalised_weights)).toBeLessThan(
    1e-9,
  );
  checkComponents(sampleCovariance(returns), wanted.pca_covariance);
  checkComponents(correlationOf(sampleCovariance(returns)), wanted.pca_correlation);
  checkCondition(identity.covariance, wanted.condition_number_lw);
  if (returns.rows > returns.cols) checkCondition(sampleCovariance(returns), wanted.condition_number_sample);
  if (wanted.weights_on_ledoit_wolf !== undefined)
    checkWeights(identity.covariance, means, wanted.weights_on_ledoit_wolf);
});

function checkCondition(covariance: Matrix, wanted: number): void {
  const { values } = symmetricEigen(covariance);
  expect((values.at(-1) as number) / (values[0] as number) / wanted).toBeCloseTo(1, 8);
}

function checkComponents(matrix: Matrix, wanted: GoldenValue): void {
  if (wanted === undefined) return;
  const { values, vectors } = symmetricEigen(matrix);
  const n = matrix.rows;
  const sum = values.reduce((a, b) => a + b, 0);
  for (const [k, value] of wanted.eigenvalues.entries()) {
    const own = values[n - 1 - k] as number;
    expect(Math.abs(own - value)).toBeLessThan(1e-9 * wanted.eigenvalues[0]);
    expect(own / sum).toBeCloseTo(wanted.explained_ratio[k], 9);
  }
  for (const [k, component] of wanted.first3_components.entries()) {
    for (let i = 0; i < n; i++) expect(vectors.data[i * n + n - 1 - k]).toBeCloseTo(component[i], 7);
  }
  const topTwo = ((values[n - 1] as number) + (values[n - 2] as number)) / sum;
  expect(topTwo).toBeCloseTo(wanted.absorption_ratio_top2, 9);
}

function checkWeights(covariance: Matrix, means: Float64Array, wanted: GoldenValue): void {
  const n = means.length;
  const close = (got: ArrayLike<number>, expected: number[], digits: number): void => {
    for (let i = 0; i < n; i++) expect(got[i]).toBeCloseTo(expected[i] as number, digits);
  };
  const normalised = (v: Float64Array): Float64Array => v.map((value) => value / v.reduce((a, b) => a + b, 0));
  close(normalised(solveSpd(covariance, new Float64Array(n).fill(1))), wanted.min_variance_unconstrained, 9);
  // Cancellation in the sum is amplified by the conditioning of the tangency portfolio.
  const tangency = normalised(solveSpd(covariance, means));
  const size = Math.max(1, ...wanted.tangency_rf0_unconstrained.map(Math.abs));
  close(
    tangency.map((value) => value / size),
    wanted.tangency_rf0_unconstrained.map((value: number) => value / size),
    7,
  );
  const lower = new Float64Array(n);
  const upper = new Float64Array(n).fill(1);
  const unshorted = solveMeanVariance({ covariance, lower, upper }, { kind: 'min-variance' });
  const reference = Float64Array.from(wanted.min_variance_long_only as number[]);
  expect(quadraticForm(covariance, unshorted.weights)).toBeLessThanOrEqual(
    quadraticForm(covariance, reference) * (1 + 1e-9),
  );
  close(unshorted.weights, wanted.min_variance_long_only, 4);
  close(solveRiskBudget(covariance, new Float64Array(n).fill(1 / n)).weights, wanted.equal_risk_contribution, 5);
  close(normalised(volatilitiesOf(covariance).map((sd) => 1 / sd ** 2)), wanted.inverse_variance, 9);
}

describeGolden('covariance_estimators', ({ input, expect: wanted, tolerance }) => {
  const file = String(input.data.sameNumbersIn).split(' ')[0] as string;
  const returns = returnsOf(file, input.names, { from: input.data.first, to: input.data.last });
  for (const [t, row] of input.returns.entries()) {
    for (const [j, value] of row.entries()) expect(returns.data[t * returns.cols + j]).toBeCloseTo(value, 10);
  }
  // The reference was computed from returns rounded to 12 decimals; compare on the covariance scale.
  const near = (got: Matrix, expected: number[][]): void => expect(difference(got, expected)).toBeLessThan(1e-8);
  const shrink = (got: number, expected: number): void =>
    expect(Math.abs(got - expected)).toBeLessThan(Math.max(tolerance.shrinkage_abs, 1e-9));
  near(sampleCovariance(returns), wanted.sampleCovDaily);
  const identity = ledoitWolfIdentity(returns);
  shrink(identity.shrinkage, wanted.ledoitWolfIdentity.shrinkage);
  near(identity.covariance, wanted.ledoitWolfIdentity.cov);
  const oas = oracleApproximatingShrinkage(returns);
  shrink(oas.shrinkage, wanted.oas.shrinkage);
  near(oas.covariance, wanted.oas.cov);
  const constant = ledoitWolfConstantCorrelation(returns);
  shrink(constant.shrinkage, wanted.ledoitWolfConstantCorrelation.shrinkage);
  near(constant.covariance, wanted.ledoitWolfConstantCorrelation.cov);
  const factor = ledoitWolfSingleFactor(returns);
  shrink(factor.shrinkage, wanted.pyPortfolioOpt.singleFactor.shrinkage);
  near(factor.covariance, wanted.pyPortfolioOpt.singleFactor.cov);
  near(recursiveCovariance(returns, 0.94, 30), wanted.ewma094.cov);
  const weighted = exponentialCovariance(returns, 1 - 2 / 61, true);
  const corner = wanted.pyPortfolioOpt.expCovSpan60.corner;
  for (const [i, row] of corner.entries()) {
    for (const [j, value] of row.entries()) {
      expect(Math.abs((weighted.data[i * returns.cols + j] as number) - value)).toBeLessThan(1e-12);
    }
  }
  const clipped = clipCorrelation(correlationOf(sampleCovariance(returns)), returns.rows);
  expect(clipped.edge).toBeCloseTo(wanted.marchenkoPasturClip.lambdaPlus, 12);
  expect(clipped.kept).toBe(wanted.marchenkoPasturClip.kept);
  for (const [k, value] of wanted.marchenkoPasturClip.eigenvalues.entries())
    expect(clipped.eigenvalues[k]).toBeCloseTo(value, 8);
  near(clipped.correlation, wanted.marchenkoPasturClip.corr);
});

describe('a matrix that is not a covariance', () => {
  it.skipIf(!hasGolden('singular_covariance'))('golden singular_covariance: clipping, Higham, short samples', () => {
    const file = readGolden('singular_covariance');
    const { indefiniteCorrelation: wanted, fewerObservationsThanAssets: short } = file.expect;
    const corr = matrixFromRows(file.input.indefiniteCorrelation.corr);
    const clipped = clipEigenvalues(corr);
    expect(clipped.minEigenvalue).toBeCloseTo(wanted.minEigenvalue, 10);
    expect(difference(clipped.matrix, wanted.spectralClip)).toBeLessThan(1e-9);
    expect(difference(rescaleDiagonal(clipped.matrix), wanted.spectralClipRescaledToUnitDiagonal)).toBeLessThan(1e-9);
    const nearest = nearestCorrelation(corr);
    expect(difference(nearest.matrix, wanted.highamNearestCorrelation)).toBeLessThan(file.tolerance.abs);
    expect(nearest.distance).toBeCloseTo(wanted.highamFrobeniusDistance, 8);

    const spec = file.input.fewerObservationsThanAssets;
    const covariance = sampleCovariance(matrixFromRows(spec.returns));
    const n = covariance.rows;
    const { values } = symmetricEigen(covariance);
    expect(values.filter((value) => value > 1e-12 * (values[n - 1] as number)).length).toBe(short.rank);
    const lower = new Float64Array(n);
    const upper = new Float64Array(n).fill(1);
    const solved = solveMeanVariance({ covariance, lower, upper }, { kind: 'min-variance' });
    expect(solved.status).toBe('optimal');
    expect(Math.abs(quadraticForm(covariance, solved.weights) - short.longOnlyMinVariance)).toBeLessThan(1e-12);
  });

  it('is refused by name', () => {
    expect(() =>
      sampleCovariance(
        matrixFromRows([
          [1, Number.NaN],
          [2, 3],
        ]),
      ),
    ).toThrow(/row 0 of asset 1/);
    expect(() => sampleCovariance(matrixFromRows([[1, 2]]))).toThrow(/at least 2/);
    expect(() => exponentialCovariance(matrixFromRows([[1], [2]]), 1)).toThrow(/between 0 and 1/);
  });
});

describe('estimators', () => {
  const rng = createRng(9);
  const panel = createMatrix(
    60,
    5,
    Float64Array.from({ length: 300 }, () => 0.01 * rng.normal()),
  );

  it('shrink to the sample and to the target at the ends', () => {
    expect(difference(shrinkToIdentity(panel, 0), [Array.from(sampleCovariance(panel, 0).data)])).toBeLessThan(1e-14);
    const full = shrinkToIdentity(panel, 1);
    expect(full.data[1]).toBe(0);
    for (const estimate of [
      ledoitWolfIdentity,
      ledoitWolfConstantCorrelation,
      ledoitWolfSingleFactor,
      oracleApproximatingShrinkage,
    ]) {
      const { shrinkage, covariance } = estimate(panel);
      expect(shrinkage).toBeGreaterThanOrEqual(0);
      expect(shrinkage).toBeLessThanOrEqual(1);
      expect(symmetricEigen(covariance).values[0]).toBeGreaterThan(0);
    }
  });

  it('give a constant series a zero, never a NaN', () => {
    const constant = createMatrix(
      30,
      2,
      Float64Array.from({ length: 60 }, (_, i) => (i % 2 === 0 ? 0.0078125 : (i % 7) * 0.01)),
    );
    for (const estimate of [ledoitWolfIdentity, ledoitWolfConstantCorrelation, oracleApproximatingShrinkage]) {
      expect(Array.from(estimate(constant).covariance.data).every(Number.isFinite)).toBe(true);
    }
    expect(correlationOf(sampleCovariance(constant)).data[1]).toBe(0);
  });

  it('correlation and volatilities rebuild the covariance', () => {
    const covariance = sampleCovariance(panel);
    const rebuilt = covarianceFrom(correlationOf(covariance), volatilitiesOf(covariance));
    expect(difference(rebuilt, [Array.from(covariance.data)])).toBeLessThan(1e-14);
  });

  it('Bayes–Stein lies between the means and their common value; CAPM prices the market at its own premium', () => {
    const covariance = sampleCovariance(panel);
    const shrunk = bayesSteinMeans(panel, covariance);
    const means = columnMeans(panel);
    for (let i = 0; i < 5; i++) {
      const lowest = Math.min(means[i] as number, shrunk.common);
      const highest = Math.max(means[i] as number, shrunk.common);
      expect(shrunk.means[i]).toBeGreaterThanOrEqual(lowest - 1e-15);
      expect(shrunk.means[i]).toBeLessThanOrEqual(highest + 1e-15);
    }
    const weights = [0.2, 0.2, 0.2, 0.2, 0.2];
    const { means: priced } = capmReturns(covariance, weights, 0.05, 0.03);
    expect(priced.reduce((a, b) => a + b, 0) / 5).toBeCloseTo(0.08, 12);
    expect(multiplyVector(covariance, weights).length).toBe(5);
  });
});
