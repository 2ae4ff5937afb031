import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../data/store/database.ts';
import { createLedger, type Ledger, type ProposalBody } from '../data/store/ledger.ts';
import { createMarketStore } from '../data/store/market-store.ts';
import { fixturePorts, fixtureSource } from '../data/testing/fixture-ports.ts';
import { applyFills, bookProposal } from './book-proposal.ts';

let folder = '';
let database: Database;
let ledger: Ledger;
const body: ProposalBody = {
  kind: 'rebalance',
  portfolio: 'mine',
  currency: 'USD',
  asOf: '2020-01-03',
  why: 'test',
  trades: [
    { symbol: 'AAA', action: 'SELL', quantity: 10, amount: 1000, price: 100 },
    { symbol: 'BBB', action: 'BUY', quantity: 4, amount: 200, price: 50 },
  ],
  costBps: 10,
  lotMethod: 'fifo',
};
const mine = {
  name: 'mine',
  currency: 'USD',
  cash: 500,
  lots: [
    { symbol: 'AAA', quantity: 6, costPerUnit: 80, acquired: '2018-01-02' },
    { symbol: 'AAA', quantity: 6, costPerUnit: 90, acquired: '2019-01-02' },
  ],
  synthetic: false,
  updatedAt: '2020-01-01',
};

function open(): void {
  database = openDatabase(join(folder, 'store.sqlite'));
  ledger = createLedger(database, () => '2025-06-01T00:00:00.000Z');
}
const portfolio = () => createMarketStore(database).readPortfolio('mine')?.portfolio;
const parts = () => ({ ledger, ports: fixturePorts('2025-12-31'), readPortfolio: portfolio });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tradewind-ledger-'));
  open();
  createMarketStore(database).putPortfolio(mine, 'test');
});
afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true, force: true });
});

const after = {
  cash: 500 + 1000 - 1 - 200 - 0.2,
  lots: [
    { symbol: 'AAA', quantity: 2, costPerUnit: 90, acquired: '2019-01-02' },
    { symbol: 'BBB', quantity: 4, costPerUnit: 50, acquired: '2020-01-03' },
  ],
};

describe('the ledger', () => {
  it('books nothing without a recorded approval', async () => {
    const { id } = ledger.propose(body);
    await expect(bookProposal(parts(), id, 'proposal-price')).rejects.toMatchObject({ code: 'NOT_APPROVED' });
    ledger.decide(id, 'rejected');
    await expect(bookProposal(parts(), id, 'proposal-price')).rejects.toMatchObject({ code: 'NOT_APPROVED' });
    expect(() => ledger.book(id, [], mine)).toThrow(/must be approved, but it is rejected/);
    expect(() => ledger.decide(id, 'approved')).toThrow(/must be pending/);
    expect(portfolio()).toMatchObject({ cash: 500 });
  });

  it('books once: fills, cash, lots and log together', async () => {
    const { id } = ledger.propose(body);
    ledger.decide(id, 'approved');
    expect((await bookProposal(parts(), id, 'proposal-price')).status).toBe('booked');
    expect((await bookProposal(parts(), id, 'proposal-price')).status).toBe('already-booked');
    expect(portfolio()).toMatchObject(after);
    expect(ledger.fillsOf(id)).toHaveLength(2);
    expect(ledger.decisions().map((d) => d.kind)).toEqual(['proposed', 'approved', 'booked']);
    expect(ledger.verify()).toMatchObject({ ok: true, entries: 3 });
  });

  it('fills at the open of the next bar, and waits where there is none', async () => {
    const source = fixtureSource({
      series: [
        {
          symbol: 'AAA',
          dates: ['2020-01-02', '2020-01-03', '2020-01-06'],
          close: [99, 100, 103],
          columns: { open: [99, 100, 101] },
        },
        { symbol: 'BBB', dates: ['2020-01-03', '2020-01-07'], close: [50, 52] },
      ],
    });
    const { id } = ledger.propose(body);
    ledger.decide(id, 'approved');
    const early = await bookProposal({ ...parts(), ports: fixturePorts('2020-01-06', [source]) }, id, 'next-bar');
    expect(early).toEqual({ status: 'waiting', symbols: ['BBB'] });
    expect(ledger.get(id).status).toBe('approved');
    const late = await bookProposal({ ...parts(), ports: fixturePorts('2020-01-07', [source]) }, id, 'next-bar');
    expect(late.status === 'booked' && late.fills.map((f) => [f.price, f.filledOn])).toEqual([
      [101, '2020-01-06'],
      [52, '2020-01-07'],
    ]);
  });

  it('books an edited proposal as it was edited', async () => {
    const { id } = ledger.propose(body);
    ledger.decide(id, 'edited', [{ symbol: 'AAA', action: 'SELL', quantity: 1, amount: 100, price: 100 }]);
    await bookProposal(parts(), id, 'proposal-price');
    expect(portfolio()?.cash).toBeCloseTo(500 + 100 - 0.1, 9);
    expect(ledger.verify().ok).toBe(true);
  });

  it.each(['after-approval', 'inside:0', 'inside:1', 'inside:2', 'inside:3', 'inside:4', 'after-booking'])(
    'a crash %s loses nothing and doubles nothing',
    async (where) => {
      const { id } = ledger.propose(body);
      database.close();
      const child = fileURLToPath(new URL('./testing/crash-booking.ts', import.meta.url));
      const ended = spawnSync(process.execPath, ['--import', 'tsx', child, join(folder, 'store.sqlite'), id, where], {
        encoding: 'utf8',
      });
      expect(ended.signal, ended.stderr).toBe('SIGKILL');
      open();
      // The approval survives every crash; the booking is whole or absent.
      expect(ledger.get(id).status).toBe(where === 'after-booking' ? 'booked' : 'approved');
      if (where !== 'after-booking') expect(portfolio()).toMatchObject({ cash: 500, lots: mine.lots });
      await bookProposal(parts(), id, 'proposal-price');
      await bookProposal(parts(), id, 'proposal-price');
      expect(portfolio()).toMatchObject(after);
      expect(ledger.fillsOf(id)).toHaveLength(2);
      expect(ledger.verify()).toMatchObject({ ok: true, entries: 3 });
    },
    20_000,
  );

  it('the log cannot be changed, and a change behind its back is found', () => {
    const { id } = ledger.propose(body);
    ledger.decide(id, 'approved');
    expect(() => database.exec("UPDATE decisions SET kind = 'rejected'")).toThrow(/append-only/);
    expect(() => database.exec('DELETE FROM decisions')).toThrow(/append-only/);
    database.exec('DROP TRIGGER decisions_never_change');
    database.exec("UPDATE decisions SET body = replace(body, '1000', '9000') WHERE sequence = 2");
    expect(ledger.verify()).toMatchObject({ ok: false, brokenAt: 2 });
  });

  it('finds a proposal whose trades are not those that were approved', () => {
    const { id } = ledger.propose(body);
    ledger.decide(id, 'approved');
    database.exec('UPDATE proposals SET body = replace(body, \'"quantity":10\', \'"quantity":99\')');
    expect(ledger.verify().ok).toBe(false);
    expect(id).toMatch(/^prop_/);
  });

  it('sells lots by the method', () => {
    const fill = { symbol: 'AAA', action: 'SELL' as const, quantity: 7, price: 100, cost: 0, filledOn: '2020-01-03' };
    expect(applyFills(mine, [fill], 'fifo').lots).toMatchObject([{ quantity: 5, costPerUnit: 90 }]);
    expect(applyFills(mine, [fill], 'hifo').lots).toMatchObject([{ quantity: 5, costPerUnit: 80 }]);
    expect(() => applyFills(mine, [{ ...fill, quantity: 13 }], 'fifo')).toThrow(/shares held/);
  });
});
