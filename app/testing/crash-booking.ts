/** Approves a proposal and dies by SIGKILL where it is told to: run as a child process by the test of the ledger. */
import { openDatabase } from '../../data/store/database.ts';
import { createLedger } from '../../data/store/ledger.ts';
import { createMarketStore } from '../../data/store/market-store.ts';
import { fixturePorts } from '../../data/testing/fixture-ports.ts';
import { bookProposal } from '../book-proposal.ts';

const [, , path = '', id = '', where = ''] = process.argv;
const die = (): void => {
  process.kill(process.pid, 'SIGKILL');
};
const database = openDatabase(path);
const market = createMarketStore(database);
const ledger = createLedger(database, () => '2025-06-01T00:00:00.000Z');
if (ledger.get(id).status === 'pending') ledger.decide(id, 'approved');
if (where === 'after-approval') die();
const prepare = database.prepare.bind(database);
// Dies between two statements of the booking transaction.
if (where.startsWith('inside:')) {
  let left = Number(where.slice(7));
  Object.assign(database, {
    prepare: (sql: string) => {
      if (/^(INSERT|UPDATE)/i.test(sql.trim()) && left-- === 0) die();
      return prepare(sql);
    },
  });
}
const readPortfolio = (name: string) => market.readPortfolio(name)?.portfolio;
await bookProposal({ ledger, ports: fixturePorts('2025-12-31'), readPortfolio }, id, 'proposal-price');
if (where === 'after-booking') die();
