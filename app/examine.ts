/** Looks at what works on this machine; each check stands alone, so that one failure hides no other. */
import { access, constants } from 'node:fs/promises';
import { tools } from '../tools/registry.ts';
import { version } from './build-info.ts';
import type { App } from './create-app.ts';

export interface Check {
  readonly name: string;
  /** `note` is worth knowing and stops nothing. */
  readonly state: 'ok' | 'note' | 'FAIL';
  readonly text: string;
}

export interface ExamineOptions {
  readonly offline: boolean;
  /** Replaced in tests. */
  readonly fetch?: typeof fetch;
}

const NETWORK_TIMEOUT_MS = 4_000;

export async function examine(app: App, options: ExamineOptions): Promise<readonly Check[]> {
  const send = options.fetch ?? globalThis.fetch;
  return [
    {
      name: 'versions',
      state: 'ok',
      text: `Tradewind ${version}, Node ${process.versions.node} on ${process.platform} ${process.arch}, ${tools.length} tools`,
    },
    await attempt('store', () => examineStore(app)),
    await attempt('bundled data', () => examineBundled(app)),
    await attempt('model', () => examineModel(app, options.offline ? undefined : send)),
    await attempt('network', () => examineNetwork(options.offline ? undefined : send)),
  ];
}

async function attempt(name: string, look: () => Promise<Omit<Check, 'name'>>): Promise<Check> {
  try {
    return { name, ...(await look()) };
  } catch (error) {
    return { name, state: 'FAIL', text: error instanceof Error ? error.message : String(error) };
  }
}

async function examineStore(app: App): Promise<Omit<Check, 'name'>> {
  await access(app.home, constants.W_OK);
  const intact = app.database.prepare('PRAGMA quick_check').get()?.['quick_check'] === 'ok';
  const items = app.market.items();
  const runs = app.database.prepare('SELECT count(*) AS n FROM runs').get()?.['n'] ?? 0;
  const text = `${app.database.path} (${app.database.driver}): ${items.length} own data sets, ${runs} recorded runs`;
  if (!intact)
    return { state: 'FAIL', text: `${text}; the file is damaged: keep a copy and start with another --home` };
  return app.database.driver === 'better-sqlite3'
    ? { state: 'ok', text }
    : { state: 'note', text: `${text}; better-sqlite3 has no native module here` };
}

async function examineBundled(app: App): Promise<Omit<Check, 'name'>> {
  const { market } = app.portsAt(app.asOf);
  const [instruments, panels, spx] = [
    await market.search({ withData: true, limit: 1000 }),
    await market.panels(),
    await market.bars('SPX'),
  ];
  const demo = instruments.filter((info) => info.synthetic).length;
  const { from, to, rows } = spx.value.instrument;
  return {
    state: 'ok',
    text: `S&P 500 ${from} to ${to} (${rows} days), ${instruments.length - demo} real series, ${demo} synthetic ones, ${panels.length} panels`,
  };
}

async function examineModel(app: App, send: typeof fetch | undefined): Promise<Omit<Check, 'name'>> {
  const provider = app.config.text('model.provider');
  const base = app.config.text('model.baseUrl');
  const key = app.config.text('model.apiKey');
  if (provider === 'embedded' || (provider === 'auto' && base === null && key === null))
    return {
      state: 'ok',
      text: 'the embedded model answers (no key is set; set OPENAI_API_KEY or OPENAI_BASE_URL for a real one)',
    };
  const address = base ?? 'https://api.openai.com/v1';
  const shown = new URL(address).host;
  const name = app.config.text('model.name');
  if (send === undefined) return { state: 'note', text: `${name} at ${shown}; not tried (--offline)` };
  const response = await reach(
    send,
    `${address.replace(/\/$/, '')}/models`,
    key === null ? {} : { authorization: `Bearer ${key}` },
  );
  if (response === undefined)
    return { state: 'FAIL', text: `${shown} cannot be reached; \`--provider embedded\` works without it` };
  if (response.status === 401 || response.status === 403)
    return { state: 'FAIL', text: `${shown} refuses the key (${response.status})` };
  return {
    state: 'ok',
    text: `${name} at ${shown} answers (${response.status}), key ${key === null ? 'not set' : 'set'}`,
  };
}

async function examineNetwork(send: typeof fetch | undefined): Promise<Omit<Check, 'name'>> {
  if (send === undefined) return { state: 'note', text: 'not tried (--offline)' };
  const sources = [
    ['FRED', 'https://fred.stlouisfed.org/'],
    ['Yahoo Finance', 'https://query2.finance.yahoo.com/'],
  ] as const;
  const reached = await Promise.all(
    sources.map(async ([name, url]) => ((await reach(send, url, {})) === undefined ? undefined : name)),
  );
  const names = reached.filter((name) => name !== undefined);
  if (names.length === sources.length) return { state: 'ok', text: `${names.join(' and ')} can be reached` };
  const missing = sources.map(([name]) => name).filter((name) => !names.includes(name));
  return {
    state: 'note',
    text: `${missing.join(' and ')} cannot be reached; what is bundled, imported or fetched before works offline`,
  };
}

async function reach(send: typeof fetch, url: string, headers: Record<string, string>): Promise<Response | undefined> {
  try {
    return await send(url, { headers, signal: AbortSignal.timeout(NETWORK_TIMEOUT_MS), redirect: 'manual' });
  } catch {
    return undefined;
  }
}
