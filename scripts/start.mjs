/** `npm start`: installs and builds what is missing, then runs Tradewind in this process with the given arguments. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuilt, ensureInstalled, root } from './bootstrap.mjs';

ensureInstalled();
ensureBuilt();
const entry = join(root, 'dist', 'tradewind.js');
process.argv[1] = entry;
await import(pathToFileURL(entry).href);
