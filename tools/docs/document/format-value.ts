/** How a bound value is printed. The check prints it again and compares, so this must not depend on anything else. */
import { formatNumber } from '../../../lib/format.ts';
import type { Unit } from '../../../lib/units.ts';

export type Scalar = string | number | boolean;

export function isScalar(value: unknown): value is Scalar {
  return (
    typeof value === 'string' || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))
  );
}

/** Numbers by their unit, or to six significant digits; texts on one line without comment marks. */
export function formatValue(value: Scalar, unit: Unit | undefined): string {
  if (typeof value === 'number') {
    if (unit !== undefined && unit !== 'money' && unit !== 'price') return formatNumber(value, unit);
    return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
  }
  return String(value).replace(/\s+/g, ' ').replaceAll('<!--', '').replaceAll('-->', '').slice(0, 600);
}
