/**
 * Runs benchmarks, each file in fresh processes, and prints medians: `npm run bench [-- NAME…] [--processes N]`.
 * Every process also times a fixed calibration loop, so that two runs on a noisy machine can be compared by ratio.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Benchmark } from './benchmark.ts';

interface Measured {
  readonly name: string;
  readonly target: string;
  readonly medianMs: number;
  readonly firstMs: number;
  readonly calibrationMs: number;
  readonly work: Benchmark['work'] | null;
}

const folder = fileURLToPath(new URL('.', import.meta.url));

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

/** A fixed amount of floating-point work: about 10 ms on a 3 GHz core. */
function calibrate(): number {
  const times: number[] = [];
  for (let round = 0; round < 7; round++) {
    const start = performance.now();
    let sum = 0;
    for (let i = 1; i < 3_000_000; i++) sum += Math.sqrt(i) / (i + sum * 1e-12);
    if (sum < 0) throw new Error('unreachable');
    times.push(performance.now() - start);
  }
  return median(times);
}

async function measure(benchmark: Benchmark): Promise<Omit<Measured, 'calibrationMs'>> {
  const body = await benchmark.setup();
  const begin = performance.now();
  await body();
  const firstMs = performance.now() - begin;
  const times: number[] = [];
  const budget = benchmark.budgetMs ?? 300;
  for (let spent = 0; spent < budget || times.length < 3; ) {
    const start = performance.now();
    await body();
    const elapsed = performance.now() - start;
    times.push(elapsed);
    spent += elapsed;
  }
  return {
    name: benchmark.name,
    target: benchmark.target,
    medianMs: median(times),
    firstMs,
    work: benchmark.work ?? null,
  };
}

async function runFile(file: string): Promise<void> {
  const { benchmarks } = (await import(pathToFileURL(file).href)) as { benchmarks: readonly Benchmark[] };
  const calibrationMs = calibrate();
  for (const benchmark of benchmarks) console.log(JSON.stringify({ ...(await measure(benchmark)), calibrationMs }));
}

function spawnFile(file: string): readonly Measured[] {
  const child = spawnSync(process.execPath, [...process.execArgv, fileURLToPath(import.meta.url), '--file', file], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  if (child.status !== 0) throw new Error(`${basename(file)} failed:\n${child.stderr}`);
  return child.stdout
    .trim()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Measured);
}

function formatTime(ms: number): string {
  if (ms < 0.1) return `${(ms * 1000).toPrecision(3)} µs`;
  return ms < 1000 ? `${ms.toPrecision(3)} ms` : `${(ms / 1000).toPrecision(3)} s`;
}

function report(rows: readonly Measured[]): void {
  const byName = new Map<string, Measured[]>();
  for (const row of rows) byName.set(row.name, [...(byName.get(row.name) ?? []), row]);
  for (const [name, group] of byName) {
    const first = group[0];
    if (first === undefined) continue;
    const medians = group.map((row) => row.medianMs);
    const medianMs = median(medians);
    const rate = first.work ? ` ${((first.work.amount / medianMs) * 1000).toExponential(2)} ${first.work.unit}/s` : '';
    const spread = `${formatTime(Math.min(...medians))}–${formatTime(Math.max(...medians))}`;
    const relative = median(group.map((row) => row.medianMs / row.calibrationMs)).toPrecision(3);
    const firstCall = formatTime(median(group.map((row) => row.firstMs)));
    console.log(
      `${name.padEnd(56)} ${formatTime(medianMs).padStart(9)}${rate}  (first ${firstCall}, processes ${spread}, ×calibration ${relative})  target ${first.target}`,
    );
  }
}

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  if (args[0] === '--file' && args[1] !== undefined) return runFile(args[1]);
  const processesAt = args.indexOf('--processes');
  const processes = processesAt < 0 ? 5 : Number(args[processesAt + 1]);
  const names = args.filter((arg, i) => !arg.startsWith('--') && (processesAt < 0 || i !== processesAt + 1));
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.bench.ts') && (names.length === 0 || names.some((name) => file.startsWith(name))))
    .sort();
  if (files.length === 0) throw new Error(`No benchmark file matches ${names.join(', ')}.`);
  for (const file of files) {
    const rows: Measured[] = [];
    for (let i = 0; i < processes; i++) rows.push(...spawnFile(join(folder, file)));
    report(rows);
  }
}

await main();
