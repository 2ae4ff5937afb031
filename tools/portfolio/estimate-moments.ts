/** Annual covariance and expected returns from a panel of returns or from the numbers given, with what was done in words. */
import { invalidInput } from '../../lib/errors.ts';
import { bayesSteinMeans, capmReturns } from '../kernels/covariance/expected-returns.ts';
import { exponentialCovariance } from '../kernels/covariance/exponential.ts';
import { clipCorrelation } from '../kernels/covariance/marchenko-pastur.ts';
import {
  columnMeans,
  correlationOf,
  covarianceFrom,
  sampleCovariance,
  scaleMatrix,
  volatilitiesOf,
} from '../kernels/covariance/sample.ts';
import {
  ledoitWolfConstantCorrelation,
  ledoitWolfIdentity,
  ledoitWolfSingleFactor,
  oracleApproximatingShrinkage,
  type ShrunkCovariance,
} from '../kernels/covariance/shrinkage.ts';
import { createMatrix, type Matrix, matrixFromRows } from '../kernels/linalg/matrix.ts';
import type { ReturnPanel } from './load-return-panel.ts';
import { type CovarianceMethod, type ExpectedReturnMethod, type PerAsset, readPerAsset } from './portfolio-input.ts';

export interface MomentsRequest {
  readonly assets?: readonly string[] | undefined;
  readonly expectedReturns?: PerAsset<number> | undefined;
  readonly covariance?: readonly (readonly number[])[] | undefined;
  readonly volatilities?: readonly number[] | undefined;
  readonly correlation?: readonly (readonly number[])[] | undefined;
  readonly covarianceMethod: CovarianceMethod;
  readonly expectedReturnsMethod: ExpectedReturnMethod;
  readonly periodsPerYear?: number | undefined;
  readonly riskFreeRate: number;
}

export interface Moments {
  readonly assets: readonly string[];
  readonly covariance: Matrix;
  readonly covarianceMethod: CovarianceMethod | 'given';
  readonly shrinkage: number | null;
  /** Undefined where nothing gives them. */
  readonly expectedReturns: Float64Array | undefined;
  readonly expectedReturnsMethod: ExpectedReturnMethod | 'given' | 'none';
  readonly observations: number | null;
  readonly periodsPerYear: number | null;
  /** Scenario returns per period, where prices were read. */
  readonly scenarios: Matrix | undefined;
}

/** RiskMetrics' daily decay; the usual long-run excess return of equities. Both are named in the tool's assumptions. */
const EWMA_DECAY = 0.94;
const MARKET_PREMIUM = 0.05;

type Warn = (code: string, message: string) => void;

export function estimateMoments(request: MomentsRequest, panel: ReturnPanel | null, warn: Warn): Moments {
  const assets = panel?.assets ?? request.assets;
  if (assets === undefined || assets.length === 0) {
    throw invalidInput({
      what: 'The list of assets',
      needed: 'at least one `symbols` or `assets` entry',
      got: 'none',
      hint: 'Name `symbols` whose prices are held, or `assets` with a `covariance`.',
    });
  }
  if (new Set(assets).size !== assets.length) {
    throw invalidInput({
      what: '`assets`',
      needed: 'without repetition',
      got: assets.join(', '),
      hint: 'Name each one once.',
    });
  }
  const given = givenCovariance(request, assets);
  const scenarios = panel === null ? undefined : createMatrix(panel.rows, assets.length, panel.returns);
  if (given === undefined && (panel === null || scenarios === undefined)) {
    throw invalidInput({
      what: '`covariance`',
      needed: 'given with `assets` (or `volatilities` with `correlation`)',
      got: 'nothing',
      hint: 'Or name `symbols` whose prices are held.',
    });
  }
  const periods = request.periodsPerYear ?? panel?.periodsPerYear ?? null;
  const estimated = given ?? estimate(request, scenarios as Matrix, periods ?? 252);
  if (panel !== null && given === undefined) warnOfShortHistory(panel, assets.length, warn);
  const expected = expectedReturnsOf(request, assets, scenarios, estimated.covariance, periods ?? 252, warn);
  return {
    assets,
    covariance: estimated.covariance,
    covarianceMethod: given === undefined ? request.covarianceMethod : 'given',
    shrinkage: estimated.shrinkage,
    ...expected,
    observations: panel?.rows ?? null,
    periodsPerYear: panel === null ? null : periods,
    scenarios,
  };
}

function warnOfShortHistory(panel: ReturnPanel, n: number, warn: Warn): void {
  if (panel.rows <= n) {
    warn(
      'FEWER_ROWS_THAN_ASSETS',
      `${panel.rows} observations for ${n} assets: a sample covariance would be singular; shrinkage keeps it invertible.`,
    );
  } else if (panel.rows < 60) {
    warn('FEW_OBSERVATIONS', `Only ${panel.rows} observations: covariances and means are very uncertain.`);
  }
}

interface CovarianceEstimate {
  readonly covariance: Matrix;
  readonly shrinkage: number | null;
}

function givenCovariance(request: MomentsRequest, assets: readonly string[]): CovarianceEstimate | undefined {
  const n = assets.length;
  const square = (field: string, rows: readonly (readonly number[])[]): Matrix => {
    if (rows.length !== n || rows.some((row) => row.length !== n)) {
      throw invalidInput({
        what: `\`${field}\``,
        needed: `${n} rows of ${n} numbers`,
        got: `${rows.length} rows of ${rows[0]?.length ?? 0}`,
        hint: 'Give a square matrix in the order of the assets.',
      });
    }
    return matrixFromRows(rows);
  };
  if (request.covariance !== undefined)
    return { covariance: square('covariance', request.covariance), shrinkage: null };
  if (request.volatilities === undefined) return undefined;
  const volatilities = readPerAsset('volatilities', request.volatilities, assets);
  const identity = assets.map((_, i) => assets.map((__, j) => (i === j ? 1 : 0)));
  return {
    covariance: covarianceFrom(square('correlation', request.correlation ?? identity), volatilities),
    shrinkage: null,
  };
}

function estimate(request: MomentsRequest, returns: Matrix, periods: number): CovarianceEstimate {
  const annual = (matrix: Matrix, shrinkage: number | null): CovarianceEstimate => ({
    covariance: scaleMatrix(matrix, periods),
    shrinkage,
  });
  const shrunk = ({ covariance, shrinkage }: ShrunkCovariance): CovarianceEstimate => annual(covariance, shrinkage);
  switch (request.covarianceMethod) {
    case 'ledoit-wolf':
      return shrunk(ledoitWolfIdentity(returns));
    case 'ledoit-wolf-constant-correlation':
      return shrunk(ledoitWolfConstantCorrelation(returns));
    case 'ledoit-wolf-single-factor':
      return shrunk(ledoitWolfSingleFactor(returns));
    case 'oas':
      return shrunk(oracleApproximatingShrinkage(returns));
    case 'ewma':
      return annual(exponentialCovariance(returns, EWMA_DECAY), null);
    case 'marchenko-pastur': {
      const sample = sampleCovariance(returns);
      const { correlation } = clipCorrelation(correlationOf(sample), returns.rows);
      return annual(covarianceFrom(correlation, volatilitiesOf(sample)), null);
    }
    case 'sample':
      return annual(sampleCovariance(returns), null);
  }
}

function expectedReturnsOf(
  request: MomentsRequest,
  assets: readonly string[],
  returns: Matrix | undefined,
  covariance: Matrix,
  periods: number,
  warn: Warn,
): Pick<Moments, 'expectedReturns' | 'expectedReturnsMethod'> {
  if (request.expectedReturns !== undefined) {
    const expectedReturns = Float64Array.from(readPerAsset('expectedReturns', request.expectedReturns, assets));
    return { expectedReturns, expectedReturnsMethod: 'given' };
  }
  if (returns === undefined) return { expectedReturns: undefined, expectedReturnsMethod: 'none' };
  if (request.expectedReturnsMethod === 'capm') {
    const market = new Float64Array(assets.length).fill(1 / assets.length);
    warn('EQUAL_WEIGHTED_MARKET', 'CAPM betas are against the equal-weighted portfolio of these assets.');
    const { means } = capmReturns(covariance, market, MARKET_PREMIUM, request.riskFreeRate);
    return { expectedReturns: means, expectedReturnsMethod: 'capm' };
  }
  warn(
    'MEANS_ARE_NOISY',
    'Expected returns come from past means, which are uncertain by about volatility ÷ √years; give your own where you have a view.',
  );
  if (request.expectedReturnsMethod === 'historical') {
    return { expectedReturns: columnMeans(returns).map((mean) => mean * periods), expectedReturnsMethod: 'historical' };
  }
  const { means } = bayesSteinMeans(returns, scaleMatrix(covariance, 1 / periods));
  return { expectedReturns: means.map((mean) => mean * periods), expectedReturnsMethod: 'shrunk' };
}
