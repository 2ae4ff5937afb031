/** What is going on while a question is answered, on stderr: one live line a running tool, or plain lines where nothing may move. */
import type { DeskEvent } from '../../graph/events.ts';
import { createStyle } from './style.ts';
import type { TerminalTraits } from './terminal.ts';

export interface TurnProgress {
  show(event: DeskEvent): void;
  /** Takes the live lines away; call it before anything else is printed. */
  clear(): void;
}

interface Row {
  readonly tool: string;
  readonly started: number;
  text: string;
}

const WIDTH = 16;

export function createTurnProgress(
  write: (text: string) => void,
  traits: TerminalTraits,
  live: boolean,
  clock: () => number,
): TurnProgress {
  const style = createStyle(traits.colour);
  const rows = new Map<string, Row>();
  let drawn = 0;

  const clear = (): void => {
    if (drawn > 0) write(`\x1b[${drawn}A\x1b[0J`);
    drawn = 0;
  };
  const draw = (): void => {
    clear();
    for (const row of rows.values()) write(`${style.dim(`  ${row.text}`.slice(0, traits.width - 1))}\n`);
    drawn = rows.size;
  };
  const seconds = (row: Row): string => `${((clock() - row.started) / 1000).toFixed(1)} s`;

  return {
    clear,
    show(event) {
      if (!live) return;
      if (event.type === 'tool-started') {
        rows.set(event.callId, { tool: event.tool, started: clock(), text: `${event.tool} …` });
        if (traits.accessible) write(`  ${event.tool} started\n`);
      } else if (event.type === 'tool-progress') {
        const row = rows.get(event.callId);
        const done = Math.max(0, Math.min(WIDTH, Math.round(event.fraction * WIDTH)));
        const [full, empty] = traits.unicode ? ['█', '░'] : ['#', '.'];
        if (row)
          row.text = `${row.tool} ${full?.repeat(done)}${empty?.repeat(WIDTH - done)} ${Math.round(event.fraction * 100)}% ${event.note} ${seconds(row)}`;
      } else if (event.type === 'tool-finished') {
        const row = rows.get(event.callId);
        rows.delete(event.callId);
        if (row) {
          clear();
          const mark = event.ok ? style.green(traits.unicode ? '✓' : 'ok') : style.red(traits.unicode ? '✗' : 'failed');
          write(
            `  ${mark} ${style.dim(`${row.tool} ${seconds(row)}${event.error === null ? '' : `: ${event.error}`}`)}\n`,
          );
        }
      } else return;
      if (!traits.accessible) draw();
    },
  };
}
