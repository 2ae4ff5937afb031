#!/usr/bin/env node
/** The command line. `--version` answers before anything is loaded. */
import { version } from '../app/build-info.ts';

const args = process.argv.slice(2);
if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
  process.stdout.write(`${version}\n`);
} else {
  const { runProgram } = await import('./program.ts');
  process.exitCode = await runProgram(args);
}
