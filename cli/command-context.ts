/** What every command is given: streams, a signal that Ctrl-C aborts, and the app, opened when first asked for. */
import type { App, AppOptions } from '../app/create-app.ts';
import type { SettingKey } from '../app/settings.ts';

export interface CommandContext {
  /** Opens the app once; closed when the command ends. */
  openApp(overrides?: Partial<Record<SettingKey, string>>, traits?: Pick<AppOptions, 'responsive'>): Promise<App>;
  /** For the person or the next program: the answer and nothing else. */
  out(text: string): void;
  /** Progress, notices, errors. */
  err(text: string): void;
  readonly stdinIsTty: boolean;
  readonly stdoutIsTty: boolean;
  readonly stderrIsTty: boolean;
  readStdin(): Promise<string>;
  /** Aborted by Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal;
  /** The exit status; the highest priority one set wins. */
  exit(code: number): void;
}

export interface OwnedCommandContext extends CommandContext {
  readonly exitCode: number;
  close(): Promise<void>;
}

export function createCommandContext(appOptions: () => AppOptions): OwnedCommandContext {
  const controller = new AbortController();
  const stop = () => controller.abort();
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  // A reader that goes away (`tradewind … | head`) ends the command quietly.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
  });
  let app: Promise<App> | undefined;
  let exitCode = 0;
  const err = (text: string) => void process.stderr.write(`${text}\n`);
  return {
    openApp(overrides = {}, traits = {}) {
      app ??= import('../app/create-app.ts').then(({ createApp }) => {
        const options = appOptions();
        return createApp({ notify: err, ...options, ...traits, flags: { ...options.flags, ...overrides } });
      });
      return app;
    },
    out: (text) => void process.stdout.write(`${text}\n`),
    err,
    stdinIsTty: process.stdin.isTTY === true,
    stdoutIsTty: process.stdout.isTTY === true,
    stderrIsTty: process.stderr.isTTY === true,
    async readStdin() {
      process.stdin.setEncoding('utf8');
      let text = '';
      for await (const chunk of process.stdin) text += chunk;
      return text;
    },
    signal: controller.signal,
    exit(code) {
      exitCode = code;
    },
    get exitCode() {
      return exitCode;
    },
    async close() {
      process.off('SIGINT', stop);
      process.off('SIGTERM', stop);
      // An app that failed to open has been reported already.
      await (await app?.catch(() => undefined))?.close();
    },
  };
}
