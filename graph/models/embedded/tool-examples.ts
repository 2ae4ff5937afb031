/** The questions that the tools themselves give as examples: asked in these words, they are answered with the example's input. */
import type { PersonaId } from '../../../agents/define-persona.ts';
import type { Tool, ToolFamily } from '../../../tools/define-tool.ts';

const personaOfFamily: Readonly<Record<ToolFamily, PersonaId>> = {
  market: 'ml_quant',
  regimes: 'ml_quant',
  statarb: 'mean_reversion',
  momentum: 'momentum',
  volatility: 'vol_harvester',
  derivatives: 'vol_harvester',
  carry: 'carry_strategist',
  portfolio: 'risk_budgeter',
  risk: 'risk_budgeter',
  rebalance: 'portfolio_manager',
  ml: 'ml_quant',
  backtest: 'momentum',
  execution: 'portfolio_manager',
  docs: 'ml_quant',
};

export interface ExampleMatch {
  readonly tool: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly persona: PersonaId;
}

function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}.:%$/]+/gu) ?? [];
}

/** The same words, numbers included; nothing looser, because the input holds numbers that the person must have said. */
export function matchExample(text: string, tools: readonly Tool[]): ExampleMatch | null {
  const asked = wordsOf(text)
    .map((word) => word.replace(/[.:]+$/, ''))
    .join(' ');
  for (const tool of tools) {
    for (const example of tool.examples) {
      if ('error' in example.expect || example.ask.length < 12) continue;
      if (
        wordsOf(example.ask)
          .map((word) => word.replace(/[.:]+$/, ''))
          .join(' ') !== asked
      )
        continue;
      return { tool: tool.name, input: example.input, persona: personaOfFamily[tool.family] };
    }
  }
  return null;
}
