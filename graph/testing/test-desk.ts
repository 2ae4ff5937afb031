/** A whole desk over the bundled market, in memory: for tests and for measuring the embedded model. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { MemorySaver } from '@langchain/langgraph';
import type { BaseCheckpointSaver } from '@langchain/langgraph-checkpoint';
import { personas } from '../../agents/registry.ts';
import type { RunStore } from '../../data/ports.ts';
import { fixturePorts } from '../../data/testing/fixture-ports.ts';
import { createPromptLibrary } from '../../prompts/load-prompts.ts';
import type { Tool } from '../../tools/define-tool.ts';
import type { ToolRunner } from '../../tools/envelope.ts';
import { createInlineExecutor } from '../../tools/executors/inline.ts';
import { tools as allTools } from '../../tools/registry.ts';
import { createToolRunner } from '../../tools/run-tool.ts';
import { createMemoryRunStore } from '../../tools/testing/memory-run-store.ts';
import { createDesk, type Desk, type DeskOptions } from '../desk.ts';
import type { DeskLimits, DeskParts } from '../desk-parts.ts';
import type { Answer, DeskEvent } from '../events.ts';
import type { MemoryStore } from '../memory/memory-store.ts';
import type { DeskModel } from '../models/desk-model.ts';
import { createEmbeddedModel } from '../models/embedded/embedded.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

export interface TestDeskOptions {
  readonly model?: DeskModel;
  readonly tools?: readonly Tool[];
  readonly runner?: ToolRunner;
  readonly checkpointer?: BaseCheckpointSaver;
  readonly limits?: Partial<DeskLimits>;
  readonly asOf?: string;
  readonly memory?: MemoryStore;
  readonly runs?: RunStore;
  readonly desk?: DeskOptions;
}

export function testParts(options: TestDeskOptions = {}): DeskParts {
  const runs = options.runs ?? createMemoryRunStore();
  const tools = options.tools ?? allTools;
  const portsAt = (day: string) => ({ ...fixturePorts(day), runs });
  const inline = createInlineExecutor();
  const runner =
    options.runner ??
    createToolRunner({
      tools,
      portsAt,
      runs,
      executorFor: () => inline,
      codeHash: 'test',
      clock: () => performance.now(),
    });
  const knowledge = () => readFileSync(`${root}graph/knowledge/concepts.yaml`, 'utf8');
  const marketAt = (day: string) => portsAt(day).market;
  const base = { tools, knowledge, marketAt };
  return {
    ...base,
    runner,
    runs,
    personas,
    prompts: createPromptLibrary(`${root}prompts`),
    model: options.model ?? createEmbeddedModel(base),
    checkpointer: options.checkpointer ?? new MemorySaver(),
    asOf: options.asOf ?? '2025-12-31',
    now: () => new Date('2026-01-02T12:00:00Z'),
    ...(options.limits === undefined ? {} : { limits: options.limits }),
    ...(options.memory === undefined ? {} : { memory: options.memory }),
    onFault: (error) => console.error(error),
    constitution: async () => readFileSync(`${root}data/bundled/constitution.yaml`, 'utf8'),
  };
}

export function testDesk(options: TestDeskOptions = {}): Desk {
  return createDesk(testParts(options), options.desk);
}

export interface Turn {
  readonly events: readonly DeskEvent[];
  readonly answer: Answer | null;
  readonly error: Extract<DeskEvent, { type: 'error' }> | null;
  readonly text: string;
}

export async function takeTurn(stream: AsyncIterable<DeskEvent>): Promise<Turn> {
  const events: DeskEvent[] = [];
  for await (const event of stream) events.push(event);
  const last = events.findLast((event) => event.type === 'answer' || event.type === 'approval-needed');
  const error = events.find((event) => event.type === 'error') ?? null;
  const answer = last?.type === 'answer' || last?.type === 'approval-needed' ? last.answer : null;
  return { events, answer, error: error?.type === 'error' ? error : null, text: answer?.text ?? error?.message ?? '' };
}
