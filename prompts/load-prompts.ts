/** Reads the prompts: one Markdown file a persona with validated front matter; shared rules are included, not copied. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { TradewindError } from '../lib/errors.ts';

const frontMatter = z.strictObject({
  id: z.string().regex(/^[a-z][a-z_]*$/),
  title: z.string(),
  handles: z.array(z.string()).min(1),
  not_for: z.array(z.string()).min(1),
  families: z.array(z.string()).min(1),
  steps: z.number().int().min(1).max(40),
  sections: z.array(z.string()).min(1),
  include: z.array(z.string()).default([]),
});

export type PersonaFrontMatter = z.output<typeof frontMatter>;

export interface PersonaPrompt {
  readonly meta: PersonaFrontMatter;
  /** The persona's own words. */
  readonly body: string;
  /** Shared rules and body: what the model reads. */
  readonly text: string;
  /** Twelve hex digits over `text`: it is in every record. */
  readonly hash: string;
}

export interface PromptLibrary {
  persona(id: string): PersonaPrompt;
  readonly router: string;
}

export function splitFrontMatter(source: string, file: string): { readonly meta: unknown; readonly body: string } {
  const match = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(source);
  if (match === null) throw bad(file, 'it must begin with front matter between two lines of ---');
  return { meta: parse(match[1] ?? ''), body: (match[2] ?? '').trim() };
}

function bad(file: string, why: string): TradewindError {
  return new TradewindError({
    code: 'INVALID_PROMPT',
    kind: 'fault',
    message: `The prompt ${file} cannot be used: ${why}.`,
    hint: 'Compare it with prompts/personas/ml_quant.md.',
  });
}

/** `folder` is `prompts/` of the package. Files are read when first needed. */
export function createPromptLibrary(folder: string): PromptLibrary {
  const cache = new Map<string, PersonaPrompt>();
  const read = (path: string): string => readFileSync(join(folder, path), 'utf8').replaceAll('\r\n', '\n');
  return {
    persona(id) {
      const known = cache.get(id);
      if (known !== undefined) return known;
      const prompt = readPersona(id, read);
      cache.set(id, prompt);
      return prompt;
    },
    get router() {
      return read('router.md').trim();
    },
  };
}

function readPersona(id: string, read: (path: string) => string): PersonaPrompt {
  const file = `personas/${id}.md`;
  const { meta, body } = splitFrontMatter(read(file), file);
  const parsed = frontMatter.safeParse(meta);
  if (!parsed.success)
    throw bad(file, parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '));
  if (parsed.data.id !== id) throw bad(file, `its id is ${parsed.data.id}`);
  const shared = parsed.data.include.map((name) => read(`shared/${name}.md`).trim());
  const sections = `Answer in these sections, short first: ${parsed.data.sections.join('; ')}.`;
  const text = [body, ...shared, sections].join('\n\n');
  return { meta: parsed.data, body, text, hash: createHash('sha256').update(text).digest('hex').slice(0, 12) };
}
