/**
 * Brings a checkout to the state that a command needs: packages installed, bundle built. Plain JavaScript without
 * dependencies, because it runs before anything is installed.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
const installStamp = join(root, 'node_modules', '.tradewind-install');
const sourceRooms = ['lib', 'data', 'tools', 'prompts', 'agents', 'graph', 'app', 'cli', 'mcp-server', 'evals'];

function refuseOldNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  console.error(
    `Tradewind needs Node.js 20.19 or newer, but this is ${process.versions.node}. Install a newer one from nodejs.org.`,
  );
  process.exit(2);
}

/** Node's own headers, so that the native module compiles where no prebuilt binary can be had, with an empty HOME too. */
function nodeHeaders() {
  if (process.env.npm_config_nodedir) return process.env.npm_config_nodedir;
  return [dirname(dirname(process.execPath)), '/usr', '/usr/local'].find((folder) =>
    existsSync(join(folder, 'include', 'node', 'node.h')),
  );
}

function lockHash() {
  const lock = readFileSync(join(root, 'package-lock.json'));
  return createHash('sha256').update(lock).update(process.versions.modules).digest('hex');
}

/** Installs the locked packages when they are missing or were installed from another lock file. */
export function ensureInstalled() {
  refuseOldNode();
  const wanted = lockHash();
  if (existsSync(installStamp) && readFileSync(installStamp, 'utf8') === wanted) return;
  console.error('Installing packages (once; about two minutes where the SQLite module has to be compiled) …');
  const headers = nodeHeaders();
  const result = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
    env: { ...process.env, ...(headers === undefined ? {} : { npm_config_nodedir: headers }) },
  });
  if (result.status !== 0) {
    console.error(
      'Installing the packages failed; the lines above say why. Check the network and that a C++ compiler is installed, then run the command again.',
    );
    process.exit(1);
  }
  writeFileSync(installStamp, wanted);
}

function newestChange(folder) {
  let newest = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) newest = Math.max(newest, newestChange(path));
    else if (!/\.test\.tsx?$|\.md$/.test(entry.name)) newest = Math.max(newest, statSync(path).mtimeMs);
  }
  return newest;
}

/** Builds the bundle when it is missing or older than its sources. */
export function ensureBuilt() {
  const stamp = join(root, 'dist', '.built');
  const inputs = [...sourceRooms.map((room) => join(root, room)).filter((path) => existsSync(path))];
  const newest = Math.max(
    ...inputs.map(newestChange),
    statSync(join(root, 'scripts/build.mjs')).mtimeMs,
    statSync(join(root, 'package-lock.json')).mtimeMs,
  );
  if (existsSync(stamp) && statSync(stamp).mtimeMs >= newest) return;
  console.error('Building …');
  const result = spawnSync(process.execPath, [join(root, 'scripts/build.mjs')], { cwd: root, stdio: ['ignore', 2, 2] });
  if (result.status !== 0) {
    console.error('The build failed; the lines above say why.');
    process.exit(1);
  }
  mkdirSync(join(root, 'dist'), { recursive: true });
  writeFileSync(stamp, '');
}
