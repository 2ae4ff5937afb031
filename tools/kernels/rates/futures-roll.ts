/**
 * What a long position in futures earns if the curve stays where it is: annualised ln(near/far) from contract to contract
 * (positive in backwardation). Gorton and Rouwenhorst (2006), Financ. Anal. J. 62; Koijen and others (2018), section 2.3.
 */
import { invalidInput } from '../../../lib/errors.ts';

export type CurveShape = 'contango' | 'backwardation' | 'flat' | 'mixed';

export interface FuturesRoll {
  /** Annualised log roll yield between neighbours. */
  readonly logYields: readonly number[];
  /** The same, simple: (near/far − 1)/years. */
  readonly simpleYields: readonly number[];
  /** ln(spot/front)/years to the front contract; null without a spot. */
  readonly frontVersusSpot: number | null;
  /** ln(front/last)/years between them; null with one contract. */
  readonly frontToLast: number | null;
  readonly structure: CurveShape;
}

/** Prices positive, years to expiry ascending. Example: 85 then 84.2 a month later rolls at +11.3% a year. */
export function futuresRoll(
  prices: ArrayLike<number>,
  years: ArrayLike<number>,
  spot?: number | undefined,
): FuturesRoll {
  const n = prices.length;
  for (let i = 0; i < n; i++) {
    if (!((prices[i] as number) > 0)) {
      throw invalidInput({
        what: `The price of contract ${i + 1}`,
        needed: 'positive',
        got: prices[i],
        hint: 'Leave out contracts without a settlement.',
      });
    }
    if (i > 0 && !((years[i] as number) > (years[i - 1] as number))) {
      throw invalidInput({
        what: 'Expiries',
        needed: 'ascending',
        got: years[i],
        hint: 'Sort the contracts by expiry.',
      });
    }
  }
  const logYields: number[] = [];
  const simpleYields: number[] = [];
  for (let i = 1; i < n; i++) {
    const ratio = (prices[i - 1] as number) / (prices[i] as number);
    const span = (years[i] as number) - (years[i - 1] as number);
    logYields.push(Math.log(ratio) / span);
    simpleYields.push((ratio - 1) / span);
  }
  const frontVersusSpot =
    spot === undefined || !((years[0] as number) > 0)
      ? null
      : Math.log(spot / (prices[0] as number)) / (years[0] as number);
  const frontToLast =
    n < 2
      ? null
      : Math.log((prices[0] as number) / (prices[n - 1] as number)) / ((years[n - 1] as number) - (years[0] as number));
  return { logYields, simpleYields, frontVersusSpot, frontToLast, structure: shapeOf(logYields) };
}

function shapeOf(yields: readonly number[]): CurveShape {
  if (yields.every((value) => Math.abs(value) < 1e-12)) return 'flat';
  if (yields.every((value) => value < 0)) return 'contango';
  return yields.every((value) => value > 0) ? 'backwardation' : 'mixed';
}
