/** `search_tools` and `call_tool`: the way to tools that are not in the list. */
import { z } from 'zod';
import type { Tool } from '../tools/define-tool.ts';

export const SEARCH_TOOLS = 'search_tools';
export const CALL_TOOL = 'call_tool';

export const searchInput = z.strictObject({
  query: z
    .string()
    .min(1)
    .max(200)
    .describe('What you want to compute, in a few words: "cointegration of a pair", "efficient frontier"'),
  limit: z.number().int().min(1).max(10).default(4).describe('How many tools to return (count)'),
});

export const callInput = z.strictObject({
  name: z.string().min(1).max(60).describe('The tool, as search_tools names it'),
  arguments: z
    .record(z.string(), z.unknown())
    .default({})
    .describe("The tool's input, by the schema that search_tools returned"),
});

export interface FoundTool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: unknown;
}

function words(text: string): readonly string[] {
  return text.toLowerCase().match(/[a-z0-9]+|[가-힣]+/g) ?? [];
}

/** Rarer words count more (inverse document frequency); a word in the name counts three times, a stem is enough. */
export function findTools(tools: readonly Tool[], query: string, limit: number): readonly FoundTool[] {
  const documents = tools.map((tool) => ({
    tool,
    name: words(tool.name.replaceAll('_', ' ')),
    text: new Set(
      words(
        `${tool.title} ${tool.family} ${tool.description} ${tool.examples.map((example) => example.ask).join(' ')}`,
      ),
    ),
  }));
  const same = (a: string, b: string) =>
    a === b || (a.length > 4 && b.length > 4 && (a.startsWith(b.slice(0, 5)) || b.startsWith(a.slice(0, 5))));
  const has = (set: Iterable<string>, word: string) => [...set].some((other) => same(other, word));
  const score = (document: (typeof documents)[number]) =>
    words(query).reduce((sum, word) => {
      const frequency = documents.filter((other) => has(other.text, word)).length;
      const weight = Math.log((documents.length + 1) / (frequency + 0.5));
      return sum + weight * ((has(document.name, word) ? 3 : 0) + (has(document.text, word) ? 1 : 0));
    }, 0);
  return documents
    .map((document) => ({ document, points: score(document) }))
    .filter(({ points }) => points > 0)
    .sort((a, b) => b.points - a.points || (a.document.tool.name < b.document.tool.name ? -1 : 1))
    .slice(0, limit)
    .map(({ document: { tool } }) => {
      const { $schema: _, ...inputSchema } = z.toJSONSchema(tool.input, { io: 'input' });
      return { name: tool.name, title: tool.title, description: tool.description, inputSchema };
    });
}
