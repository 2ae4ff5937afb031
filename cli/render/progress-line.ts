/** One line on stderr that says how far a long computation is; nothing at all where stderr is not a terminal. */
import type { CommandContext } from '../command-context.ts';

export interface ProgressLine {
  show(what: string, fraction: number, note: string): void;
  clear(): void;
}

const WIDTH = 20;

export function createProgressLine(context: Pick<CommandContext, 'stderrIsTty'>): ProgressLine {
  let shown = false;
  return {
    show(what, fraction, note) {
      if (!context.stderrIsTty) return;
      const done = Math.max(0, Math.min(WIDTH, Math.round(fraction * WIDTH)));
      process.stderr.write(
        `\r\x1b[2K${what} ${'█'.repeat(done)}${'░'.repeat(WIDTH - done)} ${Math.round(fraction * 100)}% ${note}`,
      );
      shown = true;
    },
    clear() {
      if (shown) process.stderr.write('\r\x1b[2K');
      shown = false;
    },
  };
}
