import { describe, expect, it } from 'vitest';
import { describeGolden, type GoldenValue } from '../../../lib/testing/golden.ts';
import { createMatrix, diagonalMatrix, type Matrix, matrixFromRows } from '../linalg/matrix.ts';
import { multiplyVector } from '../linalg/multiply.ts';
import { solveSpd } from '../linalg/solve.ts';
import { blackLitterman, equilibriumReturns, impliedRiskAversion, viewUncertainty } from './black-litterman.ts';

function near(got: ArrayLike<number>, wanted: GoldenValue, tolerance: number, what: string): void {
  for (const [i, value] of (wanted as number[][]).flat().entries()) {
    expect(Math.abs((got[i] as number) - value), `${what} ${i}`).toBeLessThan(tolerance);
  }
}

function omegaOf(spec: GoldenValue): Matrix {
  const diagonal = /diag\(([\d.e+-]+)\)/.exec(String(spec.omega))?.[1];
  return diagonal === undefined
    ? matrixFromRows(spec.omega)
    : diagonalMatrix(new Array(spec.Q.length).fill(Number(diagonal)));
}

describeGolden('black_litterman', ({ input, expect: expected, tolerance }) => {
  for (const [name, own] of Object.entries<GoldenValue>(input.cases)) {
    const wanted = expected[name];
    if (own.marketExcessReturn !== undefined) {
      expect(impliedRiskAversion(own.marketExcessReturn, own.marketVariance)).toBeCloseTo(wanted.delta, 10);
      continue;
    }
    const spec = own.sameAs === undefined ? own : { ...input.cases[own.sameAs], ...own };
    const covariance = matrixFromRows(spec.cov);
    const equilibrium = equilibriumReturns(covariance, spec.marketWeights, spec.delta);
    const P = matrixFromRows(spec.P);
    const omega = omegaOf(spec);
    const result = blackLitterman({ covariance, equilibrium, tau: spec.tau, views: { P, Q: spec.Q, omega } });
    near(result.posterior, wanted.posteriorReturns, tolerance.abs, name);
    if (wanted.equilibriumReturns === undefined) continue;
    near(result.equilibrium, wanted.equilibriumReturns, tolerance.abs, name);
    near(result.covarianceOfMean.data, wanted.posteriorCovOfMean, tolerance.abs, name);
    near(result.totalCovariance.data, wanted.posteriorCovTotal, tolerance.abs, name);
    const scaled = (m: Matrix): Matrix =>
      createMatrix(
        m.rows,
        m.cols,
        m.data.map((value) => value * spec.delta),
      );
    near(solveSpd(scaled(covariance), result.posterior), wanted.weights_invDeltaSigma, 1e-8, name);
    near(solveSpd(scaled(result.totalCovariance), result.posterior), wanted.weights_invDeltaSigmaTotal, 1e-8, name);
    if (spec.confidences !== undefined && Array.isArray(spec.omega)) {
      near(viewUncertainty(covariance, P, spec.tau, spec.confidences).data, spec.omega, 1e-12, name);
    } else if (/He-Litterman/.test(spec.omegaRule ?? '')) {
      near(viewUncertainty(covariance, P, spec.tau).data, spec.omega, 1e-12, name);
    }
  }
});

describe('blackLitterman', () => {
  const covariance = matrixFromRows([
    [0.04, 0.01],
    [0.01, 0.09],
  ]);
  const equilibrium = equilibriumReturns(covariance, [0.6, 0.4], 2.5);

  it('meets a certain view exactly and keeps the equilibrium without views', () => {
    const P = matrixFromRows([[1, -1]]);
    const sure = blackLitterman({
      covariance,
      equilibrium,
      tau: 0.05,
      views: { P, Q: [0.07], omega: createMatrix(1, 1) },
    });
    expect(multiplyVector(P, sure.posterior)[0]).toBeCloseTo(0.07, 14);
    const none = blackLitterman({
      covariance,
      equilibrium,
      tau: 0.05,
      views: { P: createMatrix(0, 2), Q: [], omega: createMatrix(0, 0) },
    });
    expect(Array.from(none.posterior)).toEqual(Array.from(equilibrium));
  });

  it('refuses two certain views on one combination', () => {
    const P = matrixFromRows([
      [1, 0],
      [1, 0],
    ]);
    const views = { P, Q: [0.1, 0.2], omega: createMatrix(2, 2) };
    expect(() => blackLitterman({ covariance, equilibrium, tau: 0.05, views })).toThrow(/same combination/);
  });
});
