/** Portfolios: one row a lot (symbol, quantity, cost per unit, day of purchase); a row CASH holds the money. */
import { toIsoDate } from '../../../lib/dates.ts';
import type { Directory } from '../../directory/directory.ts';
import type { Lot } from '../../types.ts';
import { columnFor } from './detect-layout.ts';
import { isSymbol, symbolFrom, symbolProblem } from './parse-prices.ts';
import type { Table } from './read-table.ts';
import { RowProblems, readNumber, readTime } from './row-problems.ts';

export interface ParsedPortfolio {
  readonly lots: readonly Lot[];
  readonly cash: number;
}

export function parsePortfolio(table: Table, fileName: string, directory: Directory): ParsedPortfolio {
  const problems = new RowProblems();
  const at = (name: string) => columnFor(table.header, name);
  const [symbolAt, quantityAt, costAt, acquiredAt] = [at('symbol'), at('quantity'), at('cost'), at('acquired')];
  const lots: Lot[] = [];
  let cash = 0;
  table.forEachRow((row, line) => {
    if (row.length !== table.header.length)
      return problems.add(line, `has ${row.length} cells where the header has ${table.header.length}`);
    const name = row[symbolAt] ?? '';
    const quantity = readNumber(row[quantityAt]);
    const symbol = symbolFrom(name, directory);
    if (!isSymbol(symbol)) return problems.add(line, symbolProblem(symbol));
    if (quantity === undefined || Number.isNaN(quantity))
      return problems.add(line, `quantity "${row[quantityAt] ?? ''}" is not a number`);
    if (/^(cash|현금)$/i.test(name)) {
      cash += quantity;
      return;
    }
    if (quantity === 0) return problems.add(line, 'quantity is zero');
    const cost = costAt < 0 ? Number.NaN : readNumber(row[costAt]);
    if (cost === undefined || cost < 0)
      return problems.add(line, `cost "${row[costAt]}" is not a number of zero or more`);
    const day = row[acquiredAt];
    const acquired = day === undefined || day === '' ? null : readTime(day);
    if (acquired === undefined) return problems.add(line, `"${day}" is not an ISO date`);
    lots.push({
      symbol,
      quantity,
      costPerUnit: Number.isNaN(cost) ? null : cost,
      acquired: acquired === null ? null : toIsoDate(acquired),
    });
  });
  problems.throwIfAny(fileName);
  return { lots, cash };
}
