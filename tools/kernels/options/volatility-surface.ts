/**
 * A surface from clean smiles: one SVI slice an expiry, each free of butterflies and nowhere below the slice before it.
 *
 * Quotes weigh by the inverse of their half spread in volatility (at least a fifth of a point), so that a wide wing does not move the middle.
 * Between expiries total variance is linear in time at fixed k. Cost: one SVI fit an expiry. Source: Gatheral & Jacquier (2014), Quant. Finance 14:59,
 * sections 4–5.
 *
 * @example fitSurface(expiries).slices
 */
import { fitSvi, type SviFit } from './fit-svi.ts';
import type { SmilePoint } from './option-chain.ts';
import { type CalendarCheck, checkCalendar, type SviParameters, sviVariance } from './svi.ts';

export interface SmileInput {
  readonly years: number;
  readonly points: readonly SmilePoint[];
}

export interface SurfaceSlice {
  readonly years: number;
  readonly fit: SviFit;
  readonly calendar: CalendarCheck | null;
}

const MIN_POINTS = 5;

/** Slices of the expiries with at least five points, in order of time. */
export function fitSurface(smiles: readonly SmileInput[]): readonly SurfaceSlice[] {
  const slices: SurfaceSlice[] = [];
  let floor: SviParameters | undefined;
  for (const smile of [...smiles].sort((a, b) => a.years - b.years)) {
    if (smile.points.length < MIN_POINTS) continue;
    const fit = fitSvi(
      {
        k: smile.points.map((point) => point.k),
        volatilities: smile.points.map((point) => point.volatility),
        years: smile.years,
        weights: smile.points.map((point) => 0.002 / Math.max(point.halfSpreadVol ?? 0.005, 0.002)),
      },
      floor,
    );
    const low = Math.max((smile.points[0]?.k ?? -1) - 0.1, -1.5);
    const high = Math.min((smile.points.at(-1)?.k ?? 1) + 0.1, 1.5);
    const calendar = floor === undefined ? null : checkCalendar(floor, fit.parameters, low, high, (high - low) / 400);
    slices.push({ years: smile.years, fit, calendar });
    floor = fit.parameters;
  }
  return slices;
}

/** Volatility of the surface at a time and log-moneyness. */
export function surfaceVolatility(slices: readonly SurfaceSlice[], years: number, k: number): number {
  const first = slices[0] as SurfaceSlice;
  const last = slices.at(-1) as SurfaceSlice;
  if (years <= first.years) return Math.sqrt(sviVariance(first.fit.parameters, k) / first.years);
  if (years >= last.years) return Math.sqrt(sviVariance(last.fit.parameters, k) / last.years);
  const i = slices.findIndex((slice) => slice.years >= years);
  const near = slices[i - 1] as SurfaceSlice;
  const far = slices[i] as SurfaceSlice;
  const share = (years - near.years) / (far.years - near.years);
  const w = (1 - share) * sviVariance(near.fit.parameters, k) + share * sviVariance(far.fit.parameters, k);
  return Math.sqrt(w / years);
}
