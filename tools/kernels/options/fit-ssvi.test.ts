import { describe, expect, it } from 'vitest';
import { describeGolden } from '../../../lib/testing/golden.ts';
import { fitSsvi } from './fit-ssvi.ts';
import { checkButterfly, checkCalendar, ssviSlice, ssviVariance } from './svi.ts';

describeGolden('svi', ({ input }) => {
  const { theta, T, rho, eta, gamma } = input.cases.ssvi;
  const truth = { rho, eta, gamma };
  const k = Array.from({ length: 21 }, (_, i) => -0.5 + 0.05 * i);
  const expiries = T.map((years: number, i: number) => ({
    years,
    theta: theta[i],
    points: k.map((at) => ({ k: at, volatility: Math.sqrt(ssviVariance(truth, theta[i], at) / years), weight: 1 })),
  }));
  const fit = fitSsvi(expiries);
  expect(fit.butterflyFree && fit.calendarFree).toBe(true);
  // Parameters outside the theorem's conditions hold arbitrage: the fit must not reach them.
  if (eta * (1 + Math.abs(rho)) > 2 || gamma > 0.5) return;
  expect(fit.rmse).toBeLessThan(1e-4);
  expect(Math.abs(fit.parameters.rho - rho)).toBeLessThan(1e-2);
  expect(Math.abs(fit.parameters.eta - eta)).toBeLessThan(2e-2);
});

describe('SSVI', () => {
  it('is free of arbitrage whatever it is fitted to', () => {
    const expiries = [0.1, 0.5, 1].map((years, i) => ({
      years,
      theta: [0.03, 0.02, 0.05][i] as number,
      points: [-0.4, -0.2, -0.1, 0, 0.1, 0.2].map((k) => ({
        k,
        volatility: 0.5 - 1.5 * k * Math.sign(i - 1),
        weight: 1,
      })),
    }));
    const fit = fitSsvi(expiries);
    expect(fit.butterflyFree && fit.calendarFree).toBe(true);
    const slices = fit.thetas.map((theta) => ssviSlice(fit.parameters, theta));
    for (const slice of slices) expect(checkButterfly(slice).minG).toBeGreaterThanOrEqual(-1e-9);
    for (let i = 1; i < slices.length; i++) {
      const [near, far] = [slices[i - 1], slices[i]];
      if (near && far) expect(checkCalendar(near, far).minDifference).toBeGreaterThanOrEqual(-1e-12);
    }
  });
});
