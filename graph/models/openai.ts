/** Any OpenAI-compatible endpoint: OpenAI, Ollama, vLLM, LM Studio, llama.cpp, gateways. */
import type { DeskModel } from './desk-model.ts';

export interface OpenAIModelOptions {
  readonly name: string;
  readonly baseUrl?: string | undefined;
  /** Local servers want none; the client insists on a word. */
  readonly apiKey?: string | undefined;
  readonly temperature?: number | undefined;
  readonly seed?: number | undefined;
  readonly stallAfterMs?: number | undefined;
  readonly maxRetries?: number | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly maxOutputTokens?: number | undefined;
  readonly prices?: DeskModel['prices'];
  readonly fallback?: DeskModel | undefined;
}

export function createOpenAIModel(options: OpenAIModelOptions): DeskModel {
  const temperature = options.temperature ?? 0;
  const seed = options.seed ?? 42;
  return {
    provider: 'openai',
    name: options.name,
    decidesRoute: true,
    prices: options.prices ?? null,
    temperature,
    seed,
    stallAfterMs: options.stallAfterMs ?? 60_000,
    maxRetries: options.maxRetries ?? 3,
    retryAfterMs: options.retryAfterMs ?? 1000,
    ...(options.fallback === undefined ? {} : { fallback: options.fallback }),
    async open() {
      const { ChatOpenAI } = await import('@langchain/openai');
      return new ChatOpenAI({
        model: options.name,
        apiKey: options.apiKey ?? 'none',
        temperature,
        streaming: true,
        streamUsage: options.baseUrl === undefined,
        useResponsesApi: false,
        // The client drops refusals of streamed replies; they are read from the raw chunks.
        __includeRawResponse: true,
        maxRetries: 0,
        maxTokens: options.maxOutputTokens ?? 4096,
        modelKwargs: { seed },
        ...(options.baseUrl === undefined ? {} : { configuration: { baseURL: options.baseUrl } }),
      });
    },
  };
}
