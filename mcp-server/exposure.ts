/**
 * Which tools a server lists. An assistant pays for every listed tool with its context, so the default set is small and the
 * rest is found by `search_tools` and run by `call_tool`.
 */
import { invalidInput } from '../lib/errors.ts';
import { nearest } from '../lib/nearest.ts';
import { type Tool, type ToolFamily, toolFamilies } from '../tools/define-tool.ts';

export interface ExposureOptions {
  /** Families to list in full, or `default`, or `all`. */
  readonly toolsets?: readonly string[];
  /** Exactly these tools. */
  readonly tools?: readonly string[];
}

/** What most conversations begin with. */
const defaultTools: ReadonlySet<string> = new Set([
  'search_instruments',
  'get_prices',
  'fit_hmm',
  'detect_market_regime',
  'optimize_portfolio',
  'calculate',
  'show_run',
  'verify_answer',
]);

export interface Exposure {
  readonly listed: readonly Tool[];
  /** True where some tools are left out of the list: then the two finding tools are offered. */
  readonly searchable: boolean;
}

function unknown(what: string, name: string, known: readonly string[]): Error {
  const close = nearest(name, known, 1)[0];
  return invalidInput({
    what,
    needed: `one of ${known.join(', ')}`,
    got: name,
    ...(close === undefined ? {} : { hint: `Did you mean ${close}?` }),
  });
}

export function chooseTools(tools: readonly Tool[], options: ExposureOptions): Exposure {
  const names = tools.map((tool) => tool.name);
  if (options.tools !== undefined) {
    for (const name of options.tools) if (!names.includes(name)) throw unknown('--tools', name, names);
    return { listed: tools.filter((tool) => options.tools?.includes(tool.name)), searchable: false };
  }
  const sets = options.toolsets ?? ['default'];
  const known = ['default', 'all', ...toolFamilies];
  for (const set of sets) if (!known.includes(set)) throw unknown('--toolsets', set, known);
  const listed = tools.filter(
    (tool) =>
      sets.includes('all') ||
      (sets.includes('default') && defaultTools.has(tool.name)) ||
      sets.some((set) => set === (tool.family satisfies ToolFamily)),
  );
  return { listed, searchable: listed.length < tools.length };
}
