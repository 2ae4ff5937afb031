/** The few tools a persona is shown for a question: its families, the most relevant first, within a bound. */
import { z } from 'zod';
import { commonFamilies, type Persona } from '../../agents/define-persona.ts';
import type { Tool } from '../../tools/define-tool.ts';
import type { ModelTool } from '../models/call-model.ts';

const MOST_TOOLS = 18;
const always = new Set(['calculate', 'search_instruments']);

function wordsOf(text: string): ReadonlySet<string> {
  return new Set(text.toLowerCase().match(/[a-z]{3,}|[가-힣]{2,}/g) ?? []);
}

export function selectTools(persona: Persona, question: string, tools: readonly Tool[]): readonly Tool[] {
  const mine = tools.filter((tool) => persona.families.includes(tool.family) || commonFamilies.includes(tool.family));
  if (mine.length <= MOST_TOOLS) return mine;
  const asked = wordsOf(question);
  const score = (tool: Tool): number => {
    if (always.has(tool.name)) return 100;
    let points = persona.families.includes(tool.family) ? 2 : 0;
    const text = `${tool.name.replaceAll('_', ' ')} ${tool.title} ${tool.description} ${tool.examples.map((e) => e.ask).join(' ')}`;
    for (const word of wordsOf(text)) if (asked.has(word)) points += 1;
    return points;
  };
  return mine
    .map((tool) => ({ tool, points: score(tool) }))
    .sort((a, b) => b.points - a.points)
    .slice(0, MOST_TOOLS)
    .map(({ tool }) => tool);
}

const schemas = new WeakMap<Tool, unknown>();

export function asModelTool(tool: Tool): ModelTool {
  let parameters = schemas.get(tool);
  if (parameters === undefined) {
    const { $schema: _, ...schema } = z.toJSONSchema(tool.input, { io: 'input' }) as Record<string, unknown>;
    parameters = schema;
    schemas.set(tool, schema);
  }
  return { type: 'function', function: { name: tool.name, description: tool.description, parameters } };
}
