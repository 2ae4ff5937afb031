/** Compares arrays of numbers within |got − want| ≤ absolute + relative · |want|, naming the worst element. */
import { expect } from 'vitest';

export function expectClose(
  got: ArrayLike<number | null>,
  want: ArrayLike<number | null>,
  tolerance: { readonly relative?: number; readonly absolute?: number; readonly what?: string },
): void {
  const { relative = 0, absolute = 0, what = 'values' } = tolerance;
  expect(got.length, `${what}: length`).toBe(want.length);
  for (let i = 0; i < want.length; i++) {
    const wanted = want[i] ?? null;
    const arrived = got[i] ?? null;
    const missing = (v: number | null): boolean => v === null || Number.isNaN(v);
    if (missing(wanted) || missing(arrived)) {
      expect(missing(arrived), `${what}[${i}]: ${arrived} instead of ${wanted}`).toBe(missing(wanted));
      continue;
    }
    if (arrived === wanted) continue;
    const gap = Math.abs((arrived as number) - (wanted as number));
    const allowed = absolute + relative * Math.abs(wanted as number);
    expect(gap <= allowed, `${what}[${i}]: ${arrived} instead of ${wanted}, off by ${gap}, allowed ${allowed}`).toBe(
      true,
    );
  }
}
