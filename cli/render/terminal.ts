/** What the output can show: colour, Unicode, width. Read once from the environment and the stream. */

export interface TerminalTraits {
  readonly colour: boolean;
  readonly unicode: boolean;
  readonly width: number;
  /** Static lines only: no live rows, no animation. */
  readonly accessible: boolean;
}

export function terminalTraits(
  stream: { readonly isTTY?: boolean; readonly columns?: number },
  environment: NodeJS.ProcessEnv,
): TerminalTraits {
  const forced = environment['FORCE_COLOR'];
  const tty = stream.isTTY === true;
  const dumb = environment['TERM'] === 'dumb';
  const colour = environment['NO_COLOR'] ? false : forced !== undefined ? forced !== '0' : tty && !dumb;
  const locale = environment['LC_ALL'] || environment['LC_CTYPE'] || environment['LANG'] || '';
  const unicode =
    /utf-?8/i.test(locale) || process.platform === 'darwin' || environment['WT_SESSION'] !== undefined || !tty;
  const asked = Number(environment['COLUMNS']);
  const width = stream.columns ?? (asked > 20 ? asked : 80);
  return { colour, unicode, width: Math.max(20, width), accessible: environment['ACCESSIBLE'] === '1' || dumb };
}
