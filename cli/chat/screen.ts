/**
 * The terminal as two regions: history above, which is only ever appended to, and a small live region below, which is redrawn in
 * place. Nothing above the live region is touched again, so scrolling and selecting keep working.
 */
import stringWidth from 'string-width';

export interface LiveRegion {
  /** Each line fits the width; wrapping is the caller's. */
  readonly lines: readonly string[];
  /** Where the cursor stands inside the region; null hides it. */
  readonly cursor: { readonly row: number; readonly column: number } | null;
}

export interface Screen {
  /** Adds text to the history. */
  print(text: string): void;
  show(region: LiveRegion): void;
  /** After a resize or Ctrl-L: draws the live region again. */
  redraw(): void;
  /** Leaves the last region as it is (or takes it away) and gives the cursor back. */
  close(): void;
}

export interface ScreenOutput {
  write(text: string): void;
  readonly columns: number;
  readonly rows: number;
}

const SYNC_BEGIN = '\x1b[?2026h';
const SYNC_END = '\x1b[?2026l';

export function createScreen(output: ScreenOutput): Screen {
  let shown: LiveRegion = { lines: [], cursor: null };
  /** Row of the cursor inside the region as it was drawn. */
  let cursorRow = 0;

  /** From wherever the cursor is to the first line of the region, and everything below is cleared. */
  const erase = (): string => `\r${cursorRow > 0 ? `\x1b[${cursorRow}A` : ''}\x1b[0J`;

  const draw = (region: LiveRegion): string => {
    // A region taller than the screen would scroll its own top away; its end is what matters.
    const most = Math.max(1, output.rows - 1);
    const cut = Math.max(0, region.lines.length - most);
    const lines = region.lines.slice(cut);
    const cursor =
      region.cursor === null ? null : { row: Math.max(0, region.cursor.row - cut), column: region.cursor.column };
    const last = Math.max(0, lines.length - 1);
    const up = last - (cursor?.row ?? last);
    cursorRow = cursor?.row ?? last;
    const place =
      cursor === null
        ? '\x1b[?25l'
        : `${up > 0 ? `\x1b[${up}A` : ''}\r${cursor.column > 0 ? `\x1b[${cursor.column}C` : ''}\x1b[?25h`;
    return `${lines.join('\r\n')}${place}`;
  };

  const same = (a: LiveRegion, b: LiveRegion): boolean =>
    a.cursor?.row === b.cursor?.row &&
    a.cursor?.column === b.cursor?.column &&
    a.lines.length === b.lines.length &&
    a.lines.every((line, i) => line === b.lines[i]);

  return {
    print(text) {
      const above = erase();
      cursorRow = 0;
      output.write(`${SYNC_BEGIN}${above}${text.replace(/\r?\n/g, '\r\n')}\r\n${draw(shown)}${SYNC_END}`);
    },
    show(region) {
      if (same(region, shown)) return;
      const above = erase();
      shown = region;
      output.write(`${SYNC_BEGIN}${above}${draw(region)}${SYNC_END}`);
    },
    redraw() {
      // After a resize the terminal has rewrapped what was drawn: the region may stand over more rows than it had.
      const rewrapped = shown.lines
        .slice(0, cursorRow)
        .reduce((sum, line) => sum + Math.max(1, Math.ceil(stringWidth(line) / Math.max(1, output.columns))), 0);
      cursorRow = Math.max(cursorRow, rewrapped);
      const above = erase();
      output.write(`${SYNC_BEGIN}${above}${draw(shown)}${SYNC_END}`);
    },
    close() {
      output.write(`${erase()}\x1b[?25h`);
      shown = { lines: [], cursor: null };
      cursorRow = 0;
    },
  };
}
