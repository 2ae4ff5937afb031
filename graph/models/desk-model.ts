/** A model as the desk uses it: how to make the chat model, and what the desk must know about it. */
import type { BaseChatModel } from '@langchain/core/language_models/chat_models';

export interface DeskModel {
  readonly provider: 'openai' | 'embedded' | 'scripted';
  readonly name: string;
  /** True where the model itself decides the route with structured output; the classifier then only proposes. */
  readonly decidesRoute: boolean;
  /** Made when first needed, so that a host starts without loading it. */
  readonly open: () => Promise<BaseChatModel>;
  /** US dollars per million tokens; null where unknown. */
  readonly prices: { readonly input: number; readonly output: number } | null;
  readonly temperature: number | null;
  readonly seed: number | null;
  /** Milliseconds without a token before the stream counts as stalled. */
  readonly stallAfterMs: number;
  readonly maxRetries: number;
  /** First wait of the back-off; doubles. */
  readonly retryAfterMs: number;
  /** Tried once this model has failed for good. */
  readonly fallback?: DeskModel;
}
