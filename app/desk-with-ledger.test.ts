import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../data/store/database.ts';
import { createLedger, type Ledger } from '../data/store/ledger.ts';
import { createMarketStore } from '../data/store/market-store.ts';
import { fixturePorts, fixtureSource } from '../data/testing/fixture-ports.ts';
import type { Desk } from '../graph/desk.ts';
import type { DeskEvent, PendingProposal } from '../graph/events.ts';
import { deskWithLedger } from './desk-with-ledger.ts';

let database: Database;
let ledger: Ledger;
const proposal = {
  kind: 'rebalance',
  portfolio: 'mine',
  currency: 'USD',
  asOf: '2020-01-03',
  why: 'test',
  trades: [{ symbol: 'AAA', action: 'SELL', quantity: 2, amount: 200, price: 100 }],
  cost: 0.1,
  costBps: 5,
  lotMethod: 'fifo',
  limits: [],
};
const pending = (decision: PendingProposal['decision']): PendingProposal => ({
  handle: 'r1',
  path: 'proposal',
  proposal,
  decision,
});

function fakeDesk(decision: PendingProposal['decision']): Desk {
  async function* emit(event: unknown): AsyncIterable<DeskEvent> {
    yield event as DeskEvent;
  }
  return {
    ask: () =>
      emit({ type: 'approval-needed', proposals: [pending('pending')], answer: { proposals: [pending('pending')] } }),
    approve: () => emit({ type: 'answer', answer: { proposals: [pending(decision)] } }),
  } as unknown as Desk;
}

async function drain(events: AsyncIterable<DeskEvent>): Promise<void> {
  for await (const event of events) expect(event).toBeDefined();
}

beforeEach(() => {
  database = openDatabase(':memory:');
  ledger = createLedger(database, () => '2020-01-03T00:00:00Z');
  createMarketStore(database).putPortfolio(
    {
      name: 'mine',
      currency: 'USD',
      cash: 0,
      lots: [{ symbol: 'AAA', quantity: 5, costPerUnit: 50, acquired: null }],
      synthetic: false,
      updatedAt: '2020-01-01',
    },
    'test',
  );
});
afterEach(() => database.close());

function wrapped(decision: PendingProposal['decision'], close: readonly number[]): Desk {
  const source = fixtureSource({
    series: [{ symbol: 'AAA', dates: ['2020-01-03', '2020-01-06'].slice(0, close.length), close }],
  });
  return deskWithLedger(fakeDesk(decision), {
    ledger,
    market: createMarketStore(database),
    portsNow: () => fixturePorts('2020-01-31', [source]),
  });
}

describe('deskWithLedger', () => {
  it('records what waits, then the approval, and books at the next bar, once', async () => {
    const desk = wrapped('approved', [100, 110]);
    await drain(desk.ask('s1', 'rebalance'));
    expect(ledger.list('pending')).toHaveLength(1);
    await drain(desk.approve('s1', ['approved']));
    await drain(desk.approve('s1', ['approved']));
    expect(ledger.list('booked')).toHaveLength(1);
    expect(createMarketStore(database).readPortfolio('mine')?.portfolio.cash).toBeCloseTo(220 - 0.11, 6);
    expect(ledger.verify()).toMatchObject({ ok: true, entries: 3 });
  });

  it('leaves an approved proposal waiting where there is no next bar', async () => {
    const desk = wrapped('approved', [100]);
    await drain(desk.ask('s1', 'rebalance'));
    await drain(desk.approve('s1', ['approved']));
    expect(ledger.list('approved')).toHaveLength(1);
  });

  it('records a refusal and books nothing', async () => {
    const desk = wrapped('rejected', [100, 110]);
    await drain(desk.ask('s1', 'rebalance'));
    await drain(desk.approve('s1', ['rejected']));
    expect(ledger.list('rejected')).toHaveLength(1);
    expect(createMarketStore(database).readPortfolio('mine')?.portfolio.cash).toBe(0);
  });
});
