/** One worker of the two-thread pair scan benchmark. */
import { parentPort } from 'node:worker_threads';
import { prepareScan, scanPairRange } from '../tools/kernels/statarb/pair-scan.ts';

parentPort?.on('message', (task: { series: Float64Array[]; from: number; to: number }) => {
  const { statistic } = scanPairRange(prepareScan(task.series), task.from, task.to).forward;
  parentPort?.postMessage(statistic);
});
