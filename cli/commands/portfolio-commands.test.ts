/** Import in words, check with its exit status, refusal off a terminal, order tickets: the commands as a process, and their parts. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databasePath } from '../../data/store/data-folder.ts';
import { openDatabase } from '../../data/store/database.ts';
import { createLedger, type StoredProposal } from '../../data/store/ledger.ts';
import { fixturePorts } from '../../data/testing/fixture-ports.ts';
import { readHoldings } from './portfolio.ts';
import { editTrades, orderTicket } from './proposals.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
let home = '';
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'tradewind-portfolio-'));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

function tradewind(...args: string[]) {
  return spawnSync(process.execPath, ['--import', 'tsx', join(root, 'cli/main.ts'), ...args], {
    cwd: root,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] ?? '', HOME: home, TRADEWIND_HOME: home },
  });
}

describe('portfolio, check, proposals, decisions', () => {
  it('goes from a CSV to an urgent check, and refuses to approve off a terminal', () => {
    const file = join(home, 'holdings.csv');
    writeFileSync(
      file,
      'symbol,quantity,cost,acquired\nAAPL,300,100,2016-01-04\nSPX,20,2000,2016-01-04\nCASH,2500,,\n',
    );
    expect(tradewind('portfolio', 'import', file, '--name', 'own').status).toBe(0);
    const check = tradewind('--as-of', '2018-03-01', 'check', '--target', 'stocks=0.6,bonds=0.3,cash=0.1');
    expect(check.status, check.stderr).toBe(6);
    expect(check.stdout).toMatch(/own: URGENT_REBALANCE/);
    const id = /prop_[0-9a-f]{12}/.exec(check.stdout)?.[0] ?? '';
    const approve = tradewind('proposals', 'approve', id);
    expect(approve.status).toBe(4);
    expect(approve.stderr).toMatch(/Only a person at the terminal/);
    const database = openDatabase(databasePath(home));
    const ledger = createLedger(database, () => '2018-03-01T00:00:00Z');
    expect(ledger.list()).toMatchObject([{ id, status: 'pending' }]);
    expect(ledger.verify()).toMatchObject({ ok: true, entries: 1 });
    database.close();
  }, 120_000);

  it('exits 2 where there is nothing to check', () => {
    const empty = mkdtempSync(join(tmpdir(), 'tradewind-empty-'));
    const ended = tradewind('--home', empty, 'check');
    rmSync(empty, { recursive: true, force: true });
    expect(ended.status).toBe(2);
    expect(ended.stderr).toMatch(/portfolio import/);
  }, 60_000);

  it('reads holdings in words', async () => {
    const app = { asOf: '2025-01-02', portsAt: () => fixturePorts('2025-01-02') };
    expect(await readHoldings('100 apple @ 1,210.5 on 2023-01-03, BND 50; 30 XYZQ, cash 4k', app)).toEqual({
      lots: [
        { symbol: 'AAPL', quantity: 100, costPerUnit: 1210.5, acquired: '2023-01-03' },
        { symbol: 'BND', quantity: 50, costPerUnit: null, acquired: null },
        { symbol: 'XYZQ', quantity: 30, costPerUnit: null, acquired: null },
      ],
      cash: 4000,
    });
    await expect(readHoldings('lots of everything please', app)).rejects.toThrow(/holding such as/);
  });

  const proposal: StoredProposal = {
    id: 'prop_1',
    status: 'approved',
    createdAt: '2025-01-02',
    body: {
      kind: 'rebalance',
      portfolio: 'own',
      currency: 'USD',
      asOf: '2025-01-02',
      why: 'because',
      trades: [
        { symbol: '=CMD()', action: 'SELL', quantity: 2, amount: 200, price: 100 },
        { symbol: 'B,C', action: 'BUY', quantity: 1, amount: 50, price: 50 },
      ],
      costBps: 5,
      lotMethod: 'fifo',
    },
  };

  it('writes tickets that a spreadsheet cannot execute', () => {
    expect(orderTicket(proposal, 'csv').split('\n').slice(1, 3)).toEqual([
      "prop_1,SELL,'=CMD(),2,200,100,USD,MARKET,DAY",
      'prop_1,BUY,"B,C",1,50,50,USD,MARKET,DAY',
    ]);
    expect(JSON.parse(orderTicket(proposal, 'json')).orders).toEqual(proposal.body.trades);
    expect(() => orderTicket(proposal, 'xml')).toThrow(/csv or json/);
  });

  it('edits quantities and drops trades, never to nothing', () => {
    const { trades } = proposal.body;
    expect(editTrades(trades, { set: ['B,C=3'], drop: ['=CMD()'] })).toEqual([
      { symbol: 'B,C', action: 'BUY', quantity: 3, amount: 150, price: 50 },
    ]);
    expect(() => editTrades(trades, { set: ['NO=1'] })).toThrow(/--set/);
    expect(() => editTrades(trades, { drop: ['=CMD()', 'B,C'] })).toThrow(/at least one trade/);
  });
});
