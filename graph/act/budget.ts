/** Step, time, token and cost budgets of a turn. Reserved before a call; a limit that cannot be checked fails closed. */
import { TradewindError } from '../../lib/errors.ts';
import type { DeskLimits } from '../desk-parts.ts';
import type { Usage } from '../events.ts';
import type { DeskModel } from '../models/desk-model.ts';

export const noUsage: Usage = { modelCalls: 0, inputTokens: 0, outputTokens: 0, cost: null };

const RESERVED_OUTPUT_TOKENS = 4096;

export function addUsage(a: Usage, b: Usage): Usage {
  return {
    modelCalls: a.modelCalls + b.modelCalls,
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    cost: a.cost === null && b.cost === null ? null : (a.cost ?? 0) + (b.cost ?? 0),
  };
}

export function usageOf(model: DeskModel, inputTokens: number, outputTokens: number): Usage {
  return { modelCalls: 1, inputTokens, outputTokens, cost: costOf(model, inputTokens, outputTokens) };
}

function costOf(model: DeskModel, inputTokens: number, outputTokens: number): number | null {
  if (model.prices === null) return null;
  return (inputTokens * model.prices.input + outputTokens * model.prices.output) / 1e6;
}

/** About four characters a token in English, two in Korean; rounded up on purpose. */
export function estimateTokens(text: string): number {
  const wide = text.match(/[\u1100-\uffff]/g)?.length ?? 0;
  return Math.ceil((text.length - wide) / 3.5 + wide / 1.2);
}

/** Throws when the next call could break a limit. */
export function reserve(
  model: DeskModel,
  limits: DeskLimits,
  spent: { readonly turn: Usage; readonly session: Usage },
  inputTokens: number,
): void {
  if (model.provider === 'embedded') return;
  if (spent.turn.inputTokens + spent.turn.outputTokens + inputTokens > limits.maxTokens) {
    throw over(
      'BUDGET_TOKENS',
      `The token budget of ${limits.maxTokens} for one question is used up.`,
      'Ask a smaller question, or raise the budget.',
    );
  }
  if (limits.maxCost === null) return;
  const next = costOf(model, inputTokens, RESERVED_OUTPUT_TOKENS);
  if (next === null) {
    throw over(
      'BUDGET_UNKNOWN_PRICE',
      'A cost limit is set, but the prices of the model are not known.',
      'Set model.inputPrice and model.outputPrice, or leave the limit out.',
    );
  }
  if ((spent.turn.cost ?? 0) + (spent.session.cost ?? 0) + next > limits.maxCost) {
    throw over(
      'BUDGET_COST',
      `The next model call could pass the cost limit of $${limits.maxCost}.`,
      'Raise --max-cost, or use --provider embedded.',
    );
  }
}

function over(code: string, message: string, hint: string): TradewindError {
  return new TradewindError({ code, kind: 'input', message, hint });
}
