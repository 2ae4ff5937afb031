/** The layout of the project, as code: who may import whom, no cycles, and the environment read only at the edge. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Longest prefix wins. A room may always import itself; the list says what else. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  lib: [],
  data: ['lib'],
  'tools/kernels': ['lib/errors.ts', 'lib/rng.ts', 'lib/dates.ts'],
  tools: ['tools/kernels', 'lib', 'data/types.ts', 'data/ports.ts'],
  prompts: ['lib'],
  agents: ['tools/registry.ts', 'tools/define-tool.ts', 'prompts', 'lib'],
  graph: ['agents', 'tools', 'data/ports.ts', 'data/types.ts', 'prompts', 'lib'],
  app: ['graph', 'agents', 'tools', 'data', 'prompts', 'lib'],
  cli: ['app', 'mcp-server', 'evals', 'graph', 'agents', 'tools', 'data', 'prompts', 'lib'],
  'mcp-server': ['app', 'graph', 'agents', 'tools', 'data', 'prompts', 'lib'],
  evals: ['app', 'graph', 'agents', 'tools', 'data', 'prompts', 'lib'],
  bench: ['app', 'graph', 'agents', 'tools', 'data', 'prompts', 'lib'],
  scripts: ['app', 'graph', 'agents', 'tools', 'data', 'prompts', 'lib', 'mcp-server', 'cli'],
};

const readsEnvironment = ['app', 'cli', 'mcp-server', 'evals', 'bench', 'scripts', 'lib/testing'];

function sourceFiles(folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return sourceFiles(path);
    return /\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

/** Tests and test support may reach further: they are not part of the product. */
function isTestSupport(path: string): boolean {
  return /\.test\.tsx?$/.test(path) || path.includes('/testing/');
}

const files = Object.keys(mayImport)
  .filter((room) => !room.includes('/'))
  .flatMap((room) => sourceFiles(room));

interface Import {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

const imports: readonly Import[] = files.flatMap((file) => {
  const text = readFileSync(join(root, file), 'utf8');
  const found: Import[] = [];
  for (const match of text.matchAll(
    /(?:^|\n)\s*(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?'(\.[^']+)'|import\('(\.[^']+)'\)/g,
  )) {
    const target = match[2] ?? match[3] ?? '';
    found.push({
      from: file,
      to: relative(root, resolve(root, dirname(file), target)),
      typeOnly: match[1] !== undefined || match[3] !== undefined,
    });
  }
  return found;
});

function roomOf(path: string): string {
  return (
    Object.keys(mayImport)
      .filter((room) => path === room || path.startsWith(`${room}/`))
      .sort((a, b) => b.length - a.length)[0] ?? ''
  );
}

describe('structure', () => {
  it('imports only in the directions that docs/architecture.md allows', () => {
    const breaches = imports
      .filter(({ from }) => !isTestSupport(from))
      .filter(({ from, to }) => {
        const room = roomOf(from);
        const allowed = [room, ...(mayImport[room] ?? [])];
        return !allowed.some((prefix) => to === prefix || to.startsWith(`${prefix}/`)) || isTestSupport(to);
      })
      .map(({ from, to }) => `${from} imports ${to}`);
    expect(breaches).toEqual([]);
  });

  it('has no import cycles', () => {
    const graph = new Map<string, string[]>();
    for (const { from, to, typeOnly } of imports) if (!typeOnly) graph.set(from, [...(graph.get(from) ?? []), to]);
    const done = new Set<string>();
    const cycles: string[] = [];
    const visit = (file: string, trail: readonly string[]): void => {
      if (trail.includes(file)) {
        cycles.push([...trail.slice(trail.indexOf(file)), file].join(' → '));
        return;
      }
      if (done.has(file)) return;
      for (const next of graph.get(file) ?? []) visit(next, [...trail, file]);
      done.add(file);
    };
    for (const file of graph.keys()) visit(file, []);
    expect(cycles).toEqual([]);
  });

  it('reads the environment only in app and the hosts', () => {
    const breaches = files
      .filter((file) => !isTestSupport(file) && !readsEnvironment.some((room) => file.startsWith(`${room}/`)))
      .filter((file) => /process\.env\b/.test(readFileSync(join(root, file), 'utf8')));
    expect(breaches).toEqual([]);
  });

  it('uses no clock and no Math.random in kernels', () => {
    const breaches = files
      .filter((file) => file.startsWith('tools/kernels/') && !isTestSupport(file))
      .filter((file) =>
        /\bMath\.random\b|\bDate\.now\b|\bnew Date\(\)|\bperformance\.now\b/.test(
          readFileSync(join(root, file), 'utf8'),
        ),
      );
    expect(breaches).toEqual([]);
  });
});
