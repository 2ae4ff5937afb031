/** Shared checks of a training table; each failure says what was needed and what arrived. */
import { invalidInput, notEnoughData } from '../../../lib/errors.ts';

/** Table (row-major rows × cols) and target agree in length and hold finite numbers only. */
export function checkTable(
  table: Float64Array,
  target: Float64Array,
  cols: number,
  options: { readonly what: string; readonly minRows?: number },
): number {
  const rows = target.length;
  const minRows = options.minRows ?? 1;
  if (!Number.isInteger(cols) || cols < 1) {
    throw invalidInput({ what: `${options.what}: the number of features`, needed: 'a positive integer', got: cols });
  }
  if (table.length !== rows * cols) {
    throw invalidInput({
      what: `${options.what}: the feature table`,
      needed: `${rows} rows × ${cols} features = ${rows * cols} numbers`,
      got: `${table.length} numbers`,
    });
  }
  if (rows < minRows) throw notEnoughData({ what: options.what, needed: minRows, got: rows });
  checkFinite(table, `${options.what}: a feature`);
  checkFinite(target, `${options.what}: a target`);
  return rows;
}

function checkFinite(values: Float64Array, what: string): void {
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i] as number)) {
      throw invalidInput({
        code: 'MISSING_VALUE',
        what: `${what} (position ${i})`,
        needed: 'a finite number',
        got: values[i],
        hint: 'Drop or fill incomplete rows before the fit.',
      });
    }
  }
}
