/**
 * p-values and critical values of Dickey–Fuller type statistics by MacKinnon's response surfaces.
 * Source: MacKinnon (1994, J. Bus. Econ. Stat. 12:167), eq. 8–9; MacKinnon (2010, Queen's University WP 1227), eq. 4.
 */
import { normalCdf } from '../stats/normal.ts';
import {
  biasCritical,
  biasPValues,
  type CriticalSurface,
  dfGlsCritical,
  dfGlsPValues,
  engleGrangerCritical,
  engleGrangerPValues,
  type PSurface,
  type Trend,
  tauCritical,
  tauPValues,
} from './mackinnon-tables.ts';

export interface CriticalValues {
  readonly onePercent: number;
  readonly fivePercent: number;
  readonly tenPercent: number;
}

export type DickeyFullerKind =
  /** t statistic on `series` series (1 = a single series, 2 = residual of y on one x …). */
  | { readonly kind: 'tau'; readonly series: number }
  /** n(ρ−1) of one series. */
  | { readonly kind: 'bias' }
  | { readonly kind: 'df-gls' }
  /** The second table for residuals of y on one x. */
  | { readonly kind: 'engle-granger' };

function polynomial(coefficients: readonly number[], x: number): number {
  let sum = 0;
  for (let i = coefficients.length - 1; i >= 0; i--) sum = sum * x + (coefficients[i] as number);
  return sum;
}

/** Φ of the fitted polynomial; 0 and 1 outside the fitted range. */
export function surfacePValue(surface: PSurface, statistic: number): number {
  if (statistic > surface.max) return 1;
  if (statistic < surface.min) return 0;
  return normalCdf(polynomial(statistic <= surface.star ? surface.small : surface.large, statistic));
}

/** Critical values at a sample size; `Infinity` gives the asymptotic ones. */
export function surfaceCritical(surface: CriticalSurface, n: number): CriticalValues {
  const [one, five, ten] = surface.map((row) => polynomial(row, 1 / n));
  return { onePercent: one as number, fivePercent: five as number, tenPercent: ten as number };
}

/** Asymptotic p-value, or null where no surface exists (more than 6 series). Example: tau, 1 series, 'c', −2.86 → 0.050. */
export function dickeyFullerPValue(statistic: number, trend: Trend, kind: DickeyFullerKind): number | null {
  const surface = pSurface(trend, kind);
  if (surface === undefined) return null;
  // The left tail of the normalised bias is fitted in ln|statistic| (MacKinnon, 1994, table 5).
  if (kind.kind === 'bias' && statistic <= surface.star && statistic >= surface.min) {
    return normalCdf(polynomial(surface.small, Math.log(-statistic)));
  }
  return surfacePValue(surface, statistic);
}

function pSurface(trend: Trend, kind: DickeyFullerKind): PSurface | undefined {
  switch (kind.kind) {
    case 'tau':
      return tauPValues[trend][kind.series - 1];
    case 'bias':
      return biasPValues[trend];
    case 'df-gls':
      return trend === 'c' || trend === 'ct' ? dfGlsPValues[trend] : undefined;
    case 'engle-granger':
      return engleGrangerPValues[trend];
  }
}

/** Finite-sample critical values, or null where there are none (more than 12 series; no constant with two or more). */
export function dickeyFullerCritical(n: number, trend: Trend, kind: DickeyFullerKind): CriticalValues | null {
  const surface = criticalSurface(trend, kind);
  return surface === undefined ? null : surfaceCritical(surface, n);
}

function criticalSurface(trend: Trend, kind: DickeyFullerKind): CriticalSurface | undefined {
  switch (kind.kind) {
    case 'tau':
      return tauCritical[trend][kind.series - 1];
    case 'bias':
      return biasCritical[trend];
    case 'df-gls':
      return trend === 'c' || trend === 'ct' ? dfGlsCritical[trend] : undefined;
    case 'engle-granger':
      return engleGrangerCritical[trend];
  }
}
