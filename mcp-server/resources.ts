/** What an assistant can read without running anything: catalogue, runs, methods, glossary. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { App } from '../app/create-app.ts';
import { packageRoot } from '../app/package-root.ts';
import { notAvailable } from '../lib/errors.ts';

export interface ResourceEntry {
  readonly uri: string;
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly mimeType: string;
}

export interface ResourceTemplateEntry {
  readonly uriTemplate: string;
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly mimeType: string;
}

const PAGE_CHARACTERS = 40_000;

const methodFolder = () => join(packageRoot(), 'docs', 'methods');

function methodNames(): readonly string[] {
  try {
    return readdirSync(methodFolder())
      .filter((file) => file.endsWith('.md'))
      .map((file) => file.slice(0, -3))
      .sort();
  } catch {
    return [];
  }
}

export function listResources(): readonly ResourceEntry[] {
  return [
    {
      uri: 'tradewind://catalogue',
      name: 'catalogue',
      title: 'Data catalogue',
      description: 'Every series, panel and chain that is held, with span, source and whether it is synthetic',
      mimeType: 'application/json',
    },
    {
      uri: 'tradewind://runs',
      name: 'runs',
      title: 'Recorded runs',
      description: 'The newest 100 tool runs',
      mimeType: 'application/json',
    },
    {
      uri: 'tradewind://glossary',
      name: 'glossary',
      title: 'Glossary',
      description: 'Reviewed short answers about concepts, with sources',
      mimeType: 'text/markdown',
    },
    {
      uri: 'tradewind://tools',
      name: 'tools',
      title: 'Tool reference',
      description: 'Every tool with its fields, assumptions and references',
      mimeType: 'text/markdown',
    },
    ...methodNames().map((name) => ({
      uri: `tradewind://methods/${name}`,
      name: `methods-${name}`,
      title: `Method: ${name}`,
      description: `How ${name} is computed: method, choices, traps, sources`,
      mimeType: 'text/markdown',
    })),
  ];
}

export const resourceTemplates: readonly ResourceTemplateEntry[] = [
  {
    uriTemplate: 'tradewind://runs/{runId}{?page}',
    name: 'run',
    title: 'One recorded run',
    description: 'The whole result of a run as JSON, in pages',
    mimeType: 'application/json',
  },
  {
    uriTemplate: 'tradewind://instruments/{symbol}',
    name: 'instrument',
    title: 'One instrument',
    description: 'Name, class, sector, currency, span and source of a symbol',
    mimeType: 'application/json',
  },
];

export interface ResourceText {
  readonly uri: string;
  readonly mimeType: string;
  readonly text: string;
}

function glossary(): string {
  const entries = parse(readFileSync(join(packageRoot(), 'graph', 'knowledge', 'concepts.yaml'), 'utf8')) as readonly {
    readonly id: string;
    readonly answer: { readonly en: string };
    readonly sources: readonly string[];
  }[];
  return entries
    .map((entry) => `## ${entry.id.replaceAll('-', ' ')}\n\n${entry.answer.en}\n\nSource: ${entry.sources.join('; ')}`)
    .join('\n\n');
}

async function runPage(app: App, runId: string, page: number): Promise<string> {
  const run = await app.runs.get(runId);
  if (run === undefined)
    throw notAvailable({
      code: 'UNKNOWN_RUN',
      message: `No run ${runId} is recorded.`,
      hint: 'Read tradewind://runs for the ids.',
    });
  const text = JSON.stringify(run.envelope);
  const pages = Math.max(1, Math.ceil(text.length / PAGE_CHARACTERS));
  return pages === 1
    ? text
    : JSON.stringify({ runId, page, pages, json: text.slice((page - 1) * PAGE_CHARACTERS, page * PAGE_CHARACTERS) });
}

/** The text behind a URI of ours; an unknown one is an error that names those that exist. */
export async function readResource(app: App, uri: string): Promise<ResourceText> {
  const json = (value: unknown): ResourceText => ({
    uri,
    mimeType: 'application/json',
    text: typeof value === 'string' ? value : JSON.stringify(value),
  });
  const markdown = (text: string): ResourceText => ({ uri, mimeType: 'text/markdown', text });
  const market = app.portsAt(app.asOf).market;
  if (uri === 'tradewind://catalogue') {
    const instruments = await market.search({ withData: true, limit: 1000 });
    return json({ asOf: app.asOf, instruments, panels: await market.panels() });
  }
  if (uri === 'tradewind://runs') return json(await app.runs.list({ limit: 100 }));
  if (uri === 'tradewind://glossary') return markdown(glossary());
  if (uri === 'tradewind://tools') return markdown(readFileSync(join(packageRoot(), 'docs', 'tools.md'), 'utf8'));
  const method = /^tradewind:\/\/methods\/([a-z0-9-]+)$/.exec(uri)?.[1];
  if (method !== undefined && methodNames().includes(method))
    return markdown(readFileSync(join(methodFolder(), `${method}.md`), 'utf8'));
  const run = /^tradewind:\/\/runs\/(run_[0-9a-f]+)(?:\?page=(\d{1,5}))?$/.exec(uri);
  if (run?.[1] !== undefined) return json(await runPage(app, run[1], Math.max(1, Number(run[2] ?? 1))));
  const symbol = /^tradewind:\/\/instruments\/(.{1,60})$/.exec(uri)?.[1];
  if (symbol !== undefined) return json(await market.resolve(decodeURIComponent(symbol)));
  throw notAvailable({
    code: 'UNKNOWN_RESOURCE',
    message: `There is no resource ${uri.slice(0, 120)}.`,
    hint: `Resources: ${listResources()
      .map((entry) => entry.uri)
      .join(', ')}, tradewind://runs/{runId}, tradewind://instruments/{symbol}.`,
  });
}

/** Completions of a template's argument. */
export async function completeResource(app: App, argument: string, typed: string): Promise<readonly string[]> {
  if (argument === 'runId') return app.runs.complete(typed === '' ? 'run_' : typed, 50);
  if (argument !== 'symbol') return [];
  const found = await app.portsAt(app.asOf).market.search({ text: typed, limit: 50 });
  return found.map((instrument) => instrument.symbol);
}
