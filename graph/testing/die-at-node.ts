/** Child of the kill test: `die-at-node.ts FILE NODE` answers one question and kills itself before NODE of the second. */
import { openDatabase } from '../../data/store/database.ts';
import { createRunStore } from '../../data/store/run-store.ts';
import { openCheckpointer } from '../checkpointer.ts';
import { takeTurn, testDesk } from './test-desk.ts';

const [file = '', node = ''] = process.argv.slice(2);
const checkpointer = await openCheckpointer(file);
const runs = createRunStore(openDatabase(`${file}.runs`), () => '2026-01-02T12:00:00Z');
await takeTurn(testDesk({ checkpointer, runs }).ask('s', 'what is survivorship bias'));
const die = (name: string) => {
  if (name === node) process.kill(process.pid, 'SIGKILL');
};
const desk = testDesk({ checkpointer, runs, desk: { hooks: { beforeNode: die } } });
await takeTurn(desk.ask('s', 'what is 15% of 84,000'));
