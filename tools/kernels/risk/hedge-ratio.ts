/**
 * How much of the hedging instruments removes most of a position's variance?
 *
 * h = Σ_hh⁻¹ σ_hp per unit of position value; effectiveness is the share of variance removed; contracts = h × position value ÷ contract value.
 * Covariances of any one period; short the hedge for a long position. O(k³).
 * Reference: Ederington (1979), J. Finance 34:1, eq. 6; Hull (2018), "Options, Futures and Other Derivatives", §3.4.
 *
 * @example minimumVarianceHedge({ covariance, positionValue: 1e6, contractValues: [60000, 25000] }) // row 0 = the position
 */
import { invalidInput } from '../../../lib/errors.ts';
import { createMatrix, type Matrix } from '../linalg/matrix.ts';
import { solveSpd } from '../linalg/solve.ts';

export interface HedgeResult {
  readonly ratios: Float64Array;
  /** Share of the position's variance that the hedge removes, 0 to 1. */
  readonly effectiveness: number;
  readonly residualVolatility: number;
  readonly contracts: Float64Array;
}

/** `covariance` holds the position in row 0 and the hedges after it. */
export function minimumVarianceHedge(parts: {
  readonly covariance: Matrix;
  readonly positionValue: number;
  readonly contractValues: readonly number[];
}): HedgeResult {
  const { covariance, positionValue, contractValues } = parts;
  const k = covariance.rows - 1;
  if (k < 1 || contractValues.length !== k) {
    throw invalidInput({
      what: 'The hedge',
      needed: 'one contract value per hedging instrument',
      got: `${contractValues.length} values for ${k} instruments`,
    });
  }
  const at = (i: number, j: number): number => covariance.data[i * covariance.cols + j] as number;
  const inner = createMatrix(k, k);
  const cross = new Float64Array(k);
  for (let i = 0; i < k; i++) {
    cross[i] = at(i + 1, 0);
    for (let j = 0; j < k; j++) inner.data[i * k + j] = at(i + 1, j + 1);
  }
  const ratios = solveSpd(inner, cross);
  const removed = ratios.reduce((sum, h, i) => sum + h * (cross[i] as number), 0);
  return {
    ratios,
    effectiveness: at(0, 0) > 0 ? removed / at(0, 0) : 0,
    residualVolatility: Math.sqrt(Math.max(0, at(0, 0) - removed)),
    contracts: ratios.map((h, i) => (h * positionValue) / (contractValues[i] as number)),
  };
}

/** The textbook form from volatilities and a correlation: h = ρ σ_S/σ_F, contracts = h × units ÷ contract size. */
export function hedgeFromCorrelation(parts: {
  readonly spotVolatility: number;
  readonly futuresVolatility: number;
  readonly correlation: number;
  readonly units: number;
  readonly contractSize: number;
}): { readonly ratio: number; readonly contracts: number; readonly effectiveness: number } {
  const ratio = (parts.correlation * parts.spotVolatility) / parts.futuresVolatility;
  return { ratio, contracts: (ratio * parts.units) / parts.contractSize, effectiveness: parts.correlation ** 2 };
}
