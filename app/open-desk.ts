/** The desk with its real parts: the model that the settings name, prompts, knowledge, the checkpointer beside the store. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { personas } from '../agents/registry.ts';
import type { Ports } from '../data/ports.ts';
import type { MeasuredRunStore } from '../data/store/run-store.ts';
import { openCheckpointer } from '../graph/checkpointer.ts';
import { createDesk, type Desk } from '../graph/desk.ts';
import { type DeskParts, defaultLimits } from '../graph/desk-parts.ts';
import { createFileMemoryStore } from '../graph/memory/file-memory-store.ts';
import type { MemoryStore } from '../graph/memory/memory-store.ts';
import type { DeskModel } from '../graph/models/desk-model.ts';
import { createEmbeddedModel } from '../graph/models/embedded/embedded.ts';
import { createOpenAIModel } from '../graph/models/openai.ts';
import { createPromptLibrary } from '../prompts/load-prompts.ts';
import type { ToolRunner } from '../tools/envelope.ts';
import { tools } from '../tools/registry.ts';
import { type Config, wantsRealModel } from './config.ts';
import { packageRoot } from './package-root.ts';

export interface DeskSources {
  readonly config: Config;
  readonly home: string;
  readonly asOf: string;
  readonly runner: ToolRunner;
  readonly runs: MeasuredRunStore;
  readonly portsAt: (asOf: string) => Ports;
  readonly now: () => Date;
  readonly notify: (message: string) => void;
}

function chooseModel(config: Config, embedded: DeskModel): DeskModel {
  if (!wantsRealModel(config)) return embedded;
  const input = config.number('model.inputPrice');
  const output = config.number('model.outputPrice');
  return createOpenAIModel({
    name: config.text('model.name') ?? 'gpt-4.1-mini',
    baseUrl: config.text('model.baseUrl') ?? undefined,
    apiKey: config.text('model.apiKey') ?? undefined,
    temperature: config.number('model.temperature') ?? 0,
    stallAfterMs: (config.number('model.timeoutSeconds') ?? 60) * 1000,
    prices: input !== null && output !== null ? { input, output } : null,
  });
}

/** Preferences, decisions and outcomes between sessions: one file beside the store. */
export function openMemory(home: string, now: () => Date): MemoryStore {
  return createFileMemoryStore({ file: join(home, 'memory.json'), now });
}

export async function openDesk(sources: DeskSources): Promise<Desk> {
  return createDesk(await deskParts(sources));
}

/** Everything that the desk is made of: `replay` makes a second one from the same parts. */
export async function deskParts(sources: DeskSources): Promise<DeskParts> {
  const { config, home, asOf, runner, runs, portsAt, now, notify } = sources;
  const root = packageRoot();
  let concepts: string | undefined;
  const shared = {
    tools,
    marketAt: (day: string) => portsAt(day).market,
    knowledge: () => {
      concepts ??= readFileSync(join(root, 'graph', 'knowledge', 'concepts.yaml'), 'utf8');
      return concepts;
    },
  };
  const language = config.text('language');
  return {
    ...shared,
    runner,
    runs,
    personas,
    prompts: createPromptLibrary(join(root, 'prompts')),
    model: chooseModel(config, createEmbeddedModel(shared)),
    checkpointer: await openCheckpointer(join(home, 'sessions.sqlite'), notify),
    asOf,
    now,
    limits: {
      ...defaultLimits,
      maxSteps: config.number('budget.maxSteps') ?? defaultLimits.maxSteps,
      maxSeconds: config.number('budget.maxSeconds') ?? defaultLimits.maxSeconds,
      maxCost: config.number('budget.maxCost'),
    },
    language: language === 'en' || language === 'ko' ? language : 'auto',
    memory: openMemory(home, now),
    constitution: async () => readFileSync(join(root, 'data', 'bundled', 'constitution.yaml'), 'utf8'),
  };
}
