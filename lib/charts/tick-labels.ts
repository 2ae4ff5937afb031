/** Tick labels of one axis: all with as many decimals as the distance between ticks needs, no more. */
import { formatNumber } from '../format.ts';
import type { Unit } from '../units.ts';

const percentUnits: ReadonlySet<Unit> = new Set([
  'fraction',
  'rate',
  'annualReturn',
  'annualVol',
  'dailyVol',
  'probability',
]);

/** Decimals that tell neighbours apart: a step of 0.025 needs three, 0.5 one, 20 none. */
function decimalsFor(step: number): number {
  for (let decimals = 0; decimals < 12; decimals++) {
    const scaled = step * 10 ** decimals;
    if (scaled > 0.999 && Math.abs(scaled - Math.round(scaled)) < 1e-6 * scaled) return decimals;
  }
  return 12;
}

export function tickLabels(ticks: readonly number[], unit: Unit): readonly string[] {
  const [first = 0, second = first] = ticks;
  const step = Math.abs(second - first) || Math.abs(first) || 1;
  const decimals = decimalsFor(percentUnits.has(unit) ? step * 100 : step);
  return ticks.map((tick) => formatNumber(tick, unit, { style: `${decimals}dp` }));
}
