/** Bundles the command line, the MCP server and the worker into `dist/`, with one shared set of chunks. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Hash of everything that can change a tool's result: stored runs of other code are never reused. */
function codeHash() {
  const hash = createHash('sha256');
  const visit = (folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) visit(path);
      else if (entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts'))
        hash.update(entry.name).update(readFileSync(path));
    }
  };
  for (const room of ['lib', 'tools']) visit(join(root, room));
  return hash.digest('hex').slice(0, 16);
}

const entryPoints = {
  tradewind: 'cli/main.ts',
  'mcp-server': 'mcp-server/main.ts',
  worker: 'tools/executors/worker.ts',
};

rmSync(join(root, 'dist'), { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: Object.fromEntries(Object.entries(entryPoints).filter(([, file]) => existsSync(join(root, file)))),
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  minifySyntax: true,
  sourcemap: false,
  legalComments: 'none',
  logLevel: 'warning',
  chunkNames: 'chunks/[name]-[hash]',
  // Native code, WebAssembly and packages that start threads or read their own files stay where npm put them.
  external: ['better-sqlite3', '@resvg/resvg-js', 'highs', 'piscina', 'yahoo-finance2', '@expo-google-fonts/*'],
  define: {
    __TRADEWIND_CODE_HASH__: JSON.stringify(codeHash()),
    __TRADEWIND_VERSION__: JSON.stringify(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version),
    'process.env.NODE_ENV': '"production"',
  },
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
});
