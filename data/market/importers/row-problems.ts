/** Collects what is wrong with single rows; one error at the end names the lines, and nothing is stored. */
import { TradewindError } from '../../../lib/errors.ts';

const NAMED = 20;

export class RowProblems {
  private readonly list: string[] = [];
  private count = 0;

  add(line: number, reason: string): void {
    this.count++;
    if (this.list.length < NAMED) this.list.push(`line ${line}: ${reason}`);
  }

  /** Throws `INVALID_FILE` when there were any. */
  throwIfAny(fileName: string): void {
    if (this.count === 0) return;
    const more = this.count > this.list.length ? `; and ${this.count - this.list.length} more` : '';
    throw new TradewindError({
      code: 'INVALID_FILE',
      kind: 'input',
      message: `${fileName} was not imported: ${this.count} bad ${this.count === 1 ? 'row' : 'rows'}. ${this.list.join('; ')}${more}.`,
      hint: 'Correct or delete these lines and import again; nothing was stored.',
      details: { badRows: this.count, rows: this.list },
    });
  }
}

/** A number, NaN for an empty cell, or undefined where the text is no number. */
export function readNumber(cell: string | undefined): number | undefined {
  if (cell === undefined || cell === '' || cell === '.' || /^(na|n\/a|nan|null|-)$/i.test(cell)) return Number.NaN;
  const value = Number(cell);
  if (Number.isFinite(value)) return value;
  // 1,234.50 in quotes, or a leading currency sign.
  const plain = cell.replace(/^[$€£¥₩]/, '');
  return /^-?\d{1,3}(,\d{3})+(\.\d+)?$/.test(plain) ? Number(plain.replaceAll(',', '')) : undefined;
}

/** ISO days and times (also `20200228`), as UTC epoch milliseconds; undefined where it is no such day. */
export function readTime(cell: string | undefined): number | undefined {
  if (cell === undefined) return undefined;
  const packed = /^(\d{4})(\d{2})(\d{2})$/.exec(cell);
  const iso = packed ? `${packed[1]}-${packed[2]}-${packed[3]}` : cell;
  const match = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?)(?:\.\d+)?(Z|[+-]\d{2}:?\d{2})?)?$/.exec(iso);
  if (match === null) return undefined;
  const [, day = '', time = '00:00', zone = 'Z'] = match;
  const midnight = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(midnight) || new Date(midnight).toISOString().slice(0, 10) !== day) return undefined;
  if (match[2] === undefined) return midnight;
  const value = Date.parse(`${day}T${time}${zone}`);
  return Number.isNaN(value) ? undefined : value;
}
