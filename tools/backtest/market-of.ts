/** Price columns as the matrix that the backtester takes. */
import type { BacktestMarket } from '../kernels/backtest/backtest-types.ts';
import type { PriceColumns } from './price-columns.ts';

/** `fillAt` next-open uses opens where every instrument has them. */
export function marketOf(data: PriceColumns, fillAt: 'next-close' | 'next-open' = 'next-close'): BacktestMarket {
  const rows = data.times.length;
  const cols = data.columns.length;
  const matrix = (columns: readonly Float64Array[]): Float64Array => {
    const out = new Float64Array(rows * cols);
    for (const [j, column] of columns.entries()) {
      for (let t = 0; t < rows; t++) out[t * cols + j] = column[t] as number;
    }
    return out;
  };
  const fill = fillAt === 'next-open' && data.opens !== null ? { fill: matrix(data.opens) } : {};
  return { rows, cols, close: matrix(data.columns), ...fill };
}
