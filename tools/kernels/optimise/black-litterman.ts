/**
 * Expected returns that start from what the market seems to expect and are moved by views (Black and Litterman, 1992,
 * Financ. Anal. J. 48; He and Litterman, 1999, eq. 3–8):
 *
 *   Π = δΣw_m,   μ = Π + τΣPᵀ(PτΣPᵀ + Ω)⁻¹(Q − PΠ),   M = τΣ − τΣPᵀ(PτΣPᵀ + Ω)⁻¹PτΣ,   Σ_total = Σ + M.
 *
 * Ω = 0 makes a view certain. Confidence c of a view (Idzorek, 2005, closed form of Walters, 2014, eq. 38) is
 * ω = τ(1 − c)/c · pΣpᵀ; without confidences ω = τ pΣpᵀ (He and Litterman).
 */
import { TradewindError } from '../../../lib/errors.ts';
import { createMatrix, type Matrix, transpose } from '../linalg/matrix.ts';
import { multiply, multiplyVector, quadraticForm } from '../linalg/multiply.ts';
import { solveGeneral } from '../linalg/solve.ts';

export interface Views {
  /** k × n: row k is the portfolio that view k speaks of. */
  readonly P: Matrix;
  readonly Q: ArrayLike<number>;
  /** k × k uncertainty of the views. */
  readonly omega: Matrix;
}

export interface BlackLitterman {
  readonly equilibrium: Float64Array;
  readonly posterior: Float64Array;
  readonly covarianceOfMean: Matrix;
  readonly totalCovariance: Matrix;
}

/** δ such that the market portfolio is what an investor with that risk aversion holds: excess return over variance. */
export function impliedRiskAversion(marketExcessReturn: number, marketVariance: number): number {
  return marketExcessReturn / marketVariance;
}

export function equilibriumReturns(
  covariance: Matrix,
  marketWeights: ArrayLike<number>,
  riskAversion: number,
): Float64Array {
  return multiplyVector(covariance, marketWeights).map((value) => riskAversion * value);
}

/** Diagonal Ω from confidences in (0, 1], or He and Litterman's where none are given. */
export function viewUncertainty(covariance: Matrix, P: Matrix, tau: number, confidences?: ArrayLike<number>): Matrix {
  const k = P.rows;
  const omega = createMatrix(k, k);
  for (let v = 0; v < k; v++) {
    const variance = quadraticForm(covariance, P.data.subarray(v * P.cols, (v + 1) * P.cols));
    const c = confidences?.[v];
    omega.data[v * k + v] = c === undefined ? tau * variance : (tau * (1 - c) * variance) / c;
  }
  return omega;
}

/** Excess returns in, excess returns out. No views: the equilibrium itself. */
export function blackLitterman(input: {
  readonly covariance: Matrix;
  readonly equilibrium: Float64Array;
  readonly tau: number;
  readonly views: Views;
}): BlackLitterman {
  const { covariance, equilibrium, tau, views } = input;
  const n = covariance.rows;
  const k = views.P.rows;
  const scaled = createMatrix(
    n,
    n,
    covariance.data.map((value) => tau * value),
  );
  if (k === 0) {
    return {
      equilibrium,
      posterior: equilibrium.slice(),
      covarianceOfMean: scaled,
      totalCovariance: createMatrix(
        n,
        n,
        covariance.data.map((value) => value * (1 + tau)),
      ),
    };
  }
  const tilt = multiply(scaled, transpose(views.P));
  const middle = multiply(views.P, tilt);
  for (let i = 0; i < k * k; i++) middle.data[i] = (middle.data[i] as number) + (views.omega.data[i] as number);
  const prior = multiplyVector(views.P, equilibrium);
  const surprise = createMatrix(
    k,
    1,
    Float64Array.from({ length: k }, (_, v) => (views.Q[v] as number) - (prior[v] as number)),
  );
  const pull = multiplyVector(tilt, solveViews(middle, surprise).data);
  const shrink = multiply(tilt, solveViews(middle, transpose(tilt)));
  const covarianceOfMean = createMatrix(
    n,
    n,
    scaled.data.map((value, i) => value - (shrink.data[i] as number)),
  );
  return {
    equilibrium,
    posterior: equilibrium.map((value, i) => value + (pull[i] as number)),
    covarianceOfMean,
    totalCovariance: createMatrix(
      n,
      n,
      covariance.data.map((value, i) => value + (covarianceOfMean.data[i] as number)),
    ),
  };
}

function solveViews(middle: Matrix, right: Matrix): Matrix {
  try {
    return solveGeneral(middle, right);
  } catch (cause) {
    throw new TradewindError(
      {
        code: 'VIEWS_CONTRADICT',
        kind: 'input',
        message:
          'Two certain views speak of the same combination of assets, so they cannot both be held with full confidence.',
        hint: 'Lower the confidence of a view below 1, or drop one of them.',
      },
      { cause },
    );
  }
}
