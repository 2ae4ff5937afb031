/** A model for tests: plays fixed steps, records what it was asked, throws on an unexpected call, and fails on unused steps. */
import type { CallbackManagerForLLMRun } from '@langchain/core/callbacks/manager';
import { BaseChatModel } from '@langchain/core/language_models/chat_models';
import { AIMessage, type BaseMessage } from '@langchain/core/messages';
import type { ChatResult } from '@langchain/core/outputs';
import type { DeskModel } from './desk-model.ts';

export interface ScriptedStep {
  readonly text?: string;
  readonly toolCalls?: readonly { readonly name: string; readonly args: Readonly<Record<string, unknown>> }[];
  readonly error?: Error;
  /** Looks at the request; throws where it is not what the test expects. */
  readonly expect?: (messages: readonly BaseMessage[]) => void;
}

export class ScriptedChatModel extends BaseChatModel {
  readonly requests: (readonly BaseMessage[])[] = [];
  readonly #steps: readonly ScriptedStep[];

  constructor(steps: readonly ScriptedStep[]) {
    super({});
    this.#steps = steps;
  }

  override _llmType(): string {
    return 'scripted';
  }

  override bindTools() {
    return this as never;
  }

  override async _generate(
    messages: BaseMessage[],
    _options: this['ParsedCallOptions'],
    _manager?: CallbackManagerForLLMRun,
  ): Promise<ChatResult> {
    const at = this.requests.length;
    const step = this.#steps[at];
    this.requests.push(messages);
    if (step === undefined)
      throw new Error(`Scripted model: call ${at + 1} is unexpected; the script has ${this.#steps.length} steps.`);
    step.expect?.(messages);
    if (step.error !== undefined) throw step.error;
    const message = new AIMessage({
      content: step.text ?? '',
      tool_calls: (step.toolCalls ?? []).map((call, i) => ({
        id: `call_${at + 1}_${i + 1}`,
        name: call.name,
        args: { ...call.args },
        type: 'tool_call' as const,
      })),
    });
    return { generations: [{ text: step.text ?? '', message }] };
  }

  /** Call at the end of a test. */
  assertDone(): void {
    const unused = this.#steps.length - this.requests.length;
    if (unused > 0) throw new Error(`Scripted model: ${unused} steps were not used.`);
  }
}

export function createScriptedModel(
  steps: readonly ScriptedStep[],
  options: { readonly decidesRoute?: boolean } = {},
): DeskModel & { readonly chat: ScriptedChatModel } {
  const chat = new ScriptedChatModel(steps);
  return {
    provider: 'scripted',
    name: 'scripted',
    decidesRoute: options.decidesRoute ?? false,
    prices: null,
    temperature: null,
    seed: null,
    stallAfterMs: 2000,
    maxRetries: 0,
    retryAfterMs: 1,
    open: async () => chat,
    chat,
  };
}
