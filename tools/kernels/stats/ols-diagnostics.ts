/** Tests of the residuals of a regression: heteroskedasticity and serial correlation. */
import { leastSquares } from '../linalg/least-squares.ts';
import { matrixFromColumns } from '../linalg/matrix.ts';
import { chiSquareSurvival, fSurvival } from './distributions.ts';
import { mean, sumOfSquares } from './moments.ts';
import { fitOls, type OlsFit } from './ols.ts';

export interface LagrangeTest {
  readonly lagrangeMultiplier: number;
  readonly pValue: number;
  readonly f: number;
  readonly fPValue: number;
  readonly degrees: number;
}

/**
 * Is the error variance related to the regressors? Koenker's studentised form of Breusch & Pagan (1979, Econometrica
 * 47:1287; Koenker 1981): n R² of e² on the regressors, chi-square with k − 1 degrees. The regressors must hold a constant.
 */
export function breuschPagan(fit: OlsFit): LagrangeTest {
  const squared = fit.residuals.map((e) => e * e);
  const auxiliary = fitOls(squared, fit.columns, { constant: true });
  const slopes = fit.k - 1;
  const f = auxiliary.f ?? 0;
  const lagrangeMultiplier = fit.n * auxiliary.rSquared;
  return {
    lagrangeMultiplier,
    pValue: chiSquareSurvival(lagrangeMultiplier, slopes),
    f,
    fPValue: fSurvival(f, slopes, fit.n - fit.k),
    degrees: slopes,
  };
}

/**
 * Are the errors serially correlated up to `lags`? Breusch (1978) and Godfrey (1978, Econometrica 46:1293): residuals on
 * the regressors and their own lags, missing starts set to zero; n R² is chi-square with `lags` degrees.
 */
export function breuschGodfrey(fit: OlsFit, lags: number): LagrangeTest {
  const { n, residuals } = fit;
  const lagged = Array.from({ length: lags }, (_, l) => {
    const column = new Float64Array(n);
    for (let t = l + 1; t < n; t++) column[t] = residuals[t - l - 1] as number;
    return column;
  });
  const full = leastSquares(matrixFromColumns([...lagged, ...fit.columns]), residuals);
  let unexplained = 0;
  for (const e of full.residuals) unexplained += e * e;
  const total = sumOfSquares(residuals, mean(residuals));
  const rSquared = 1 - unexplained / total;
  const degrees = n - lags - fit.k;
  const f = (fit.residualSumOfSquares - unexplained) / lags / (unexplained / degrees);
  return {
    lagrangeMultiplier: n * rSquared,
    pValue: chiSquareSurvival(n * rSquared, lags),
    f,
    fPValue: fSurvival(f, lags, degrees),
    degrees: lags,
  };
}
