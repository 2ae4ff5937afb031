/** Where Tradewind keeps its files: the folder the operating system sets aside for it, unless told otherwise. */
import { join } from 'node:path';

export interface DataFolderOptions {
  /** The value of `TRADEWIND_HOME`; wins where it is set. */
  readonly override?: string | undefined;
  readonly platform: NodeJS.Platform;
  /** The person's home folder. */
  readonly home: string;
  /** `XDG_DATA_HOME` on Linux. */
  readonly xdgDataHome?: string | undefined;
  /** `LOCALAPPDATA` on Windows. */
  readonly localAppData?: string | undefined;
}

export function dataFolder(options: DataFolderOptions): string {
  if (options.override) return options.override;
  if (options.platform === 'darwin') return join(options.home, 'Library', 'Application Support', 'tradewind');
  if (options.platform === 'win32') {
    return join(options.localAppData || join(options.home, 'AppData', 'Local'), 'tradewind');
  }
  return join(options.xdgDataHome || join(options.home, '.local', 'share'), 'tradewind');
}

/** The one database file of market data, runs, portfolios and decisions. */
export function databasePath(folder: string): string {
  return join(folder, 'tradewind.sqlite');
}
