/**
 * Configuration to running product: the only place that builds real adapters. Hosts (terminal, MCP server, evals)
 * get everything from here, and nothing is opened before it is asked for.
 */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { bundledMarket } from '../data/bundled/bundled-market.ts';
import { createPorts } from '../data/guarded-ports.ts';
import type { Ports } from '../data/ports.ts';
import { databasePath, dataFolder } from '../data/store/data-folder.ts';
import { type Database, openDatabase } from '../data/store/database.ts';
import { createLedger, type Ledger } from '../data/store/ledger.ts';
import { createMarketStore, type MarketStore } from '../data/store/market-store.ts';
import { createPolicyFile } from '../data/store/policy-file.ts';
import { createRunStore, type MeasuredRunStore } from '../data/store/run-store.ts';
import { createSessionStore, type SessionStore } from '../data/store/session-store.ts';
import type { Desk } from '../graph/desk.ts';
import { parseIsoDate, toIsoDate } from '../lib/dates.ts';
import type { ToolRunner } from '../tools/envelope.ts';
import { createInlineExecutor } from '../tools/executors/inline.ts';
import { createThreadsExecutor } from '../tools/executors/threads.ts';
import { tools } from '../tools/registry.ts';
import { createToolRunner } from '../tools/run-tool.ts';
import { codeHash } from './build-info.ts';
import { type Config, type ConfigSources, loadConfig, userConfigFolder, wantsRealModel } from './config.ts';

export interface App {
  readonly config: Config;
  /** Cut-off of the session: an ISO day; nothing after it is visible to any tool. */
  readonly asOf: string;
  /** Folder of the store. */
  readonly home: string;
  readonly database: Database;
  readonly runs: MeasuredRunStore;
  /** What the person imported and fetched. */
  readonly market: MarketStore;
  readonly runner: ToolRunner;
  /** Proposals, decisions, fills. */
  readonly ledger: Ledger;
  readonly sessions: SessionStore;
  /** Which model answers, in words. */
  readonly modelName: string;
  portsAt(asOf: string): Ports;
  /** The graph, loaded when first asked for. */
  desk(): Promise<Desk>;
  /** Ends workers and closes the store. Safe to call twice. */
  close(): Promise<void>;
}

export interface AppOptions {
  readonly flags?: ConfigSources['flags'];
  readonly environment?: ConfigSources['environment'];
  readonly projectFolder?: string;
  /** The wall clock, read once for the cut-off and for time stamps. */
  readonly now?: () => Date;
  /** True for a chat: everything that takes longer than a keystroke runs on a thread. */
  readonly responsive?: boolean;
  /** Messages for the person at the terminal, never for stdout. */
  readonly notify?: (message: string) => void;
}

export function configFor(options: AppOptions = {}): Config {
  const environment = options.environment ?? process.env;
  return loadConfig({
    flags: options.flags ?? {},
    environment,
    projectFolder: options.projectFolder ?? process.cwd(),
    userFolder: userConfigFolder(environment, process.platform, environment['HOME'] || homedir()),
  });
}

function homeFolder(config: Config, environment: ConfigSources['environment']): string {
  return dataFolder({
    override: config.text('home') ?? undefined,
    platform: process.platform,
    home: environment['HOME'] || homedir(),
    xdgDataHome: environment['XDG_DATA_HOME'],
    localAppData: environment['LOCALAPPDATA'],
  });
}

/** `worker.js` lies beside the bundle; a source run has none and runs everything on its own thread. */
function workerFile(): string | undefined {
  return ['./worker.js', '../worker.js']
    .map((path) => fileURLToPath(new URL(path, import.meta.url)))
    .find((path) => existsSync(path));
}

export function createApp(options: AppOptions = {}): App {
  const environment = options.environment ?? process.env;
  const now = options.now ?? (() => new Date());
  const config = configFor(options);
  const chosen = config.text('asOf');
  const asOf = chosen === null ? toIsoDate(now().getTime()) : toIsoDate(parseIsoDate(chosen));
  const home = homeFolder(config, environment);
  const notify = options.notify ?? (() => undefined);
  const database = openDatabase(databasePath(home), { warn: notify });
  const market = createMarketStore(database);
  const runs = createRunStore(database, () => now().toISOString());
  const policy = createPolicyFile(home);
  const ledger = createLedger(database, () => now().toISOString());
  const portsAt = (day: string): Ports => ({
    ...createPorts({ sources: [market, bundledMarket], asOf: day, runs }),
    policy,
  });
  const inline = createInlineExecutor();
  const worker = workerFile();
  const threads = worker === undefined ? inline : createThreadsExecutor({ workerFile: worker });
  const debug = environment['TRADEWIND_DEBUG'] === '1';
  const runner = createToolRunner({
    tools,
    portsAt,
    runs,
    executorFor: (cost) => (cost === 'minutes' || (options.responsive && cost === 'seconds') ? threads : inline),
    codeHash,
    clock: () => performance.now(),
    onFault: (error, tool) => {
      if (debug) notify(`${tool}: ${error instanceof Error ? error.stack : String(error)}`);
    },
  });
  const real = wantsRealModel(config);
  let desk: Promise<Desk> | undefined;
  let closed = false;
  return {
    config,
    asOf,
    home,
    database,
    runs,
    market,
    runner,
    ledger,
    sessions: createSessionStore(database, () => now().toISOString()),
    modelName: real ? (config.text('model.name') ?? 'model') : 'embedded model',
    portsAt,
    desk() {
      desk ??= Promise.all([import('./open-desk.ts'), import('./desk-with-ledger.ts')]).then(
        async ([{ openDesk }, { deskWithLedger }]) =>
          deskWithLedger(await openDesk({ config, home, asOf, runner, runs, portsAt, now, notify }), {
            ledger,
            market,
            portsNow: () => portsAt(asOf),
          }),
      );
      return desk;
    },
    async close() {
      if (closed) return;
      closed = true;
      await threads.close();
      database.close();
    },
  };
}
