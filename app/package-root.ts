/** The folder of the installed package: prompts, knowledge files and bundled data are read from below it. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Walks up from this file (source or bundle) to the folder that holds `package.json` and `data/bundled`. */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!(existsSync(join(folder, 'package.json')) && existsSync(join(folder, 'data', 'bundled')))) {
    const parent = dirname(folder);
    if (parent === folder)
      throw new Error('The package root was not found: package.json and data/bundled are missing.');
    folder = parent;
  }
  return folder;
}
