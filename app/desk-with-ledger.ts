/**
 * Keeps the ledger beside the desk: what waits in a session is in the ledger, and what a person decides there is recorded and, where the next
 * bar is known, booked. Recording is idempotent, so a session that is resumed after a crash repeats nothing.
 */
import type { Ports } from '../data/ports.ts';
import type { Ledger, ProposalBody, StoredProposal } from '../data/store/ledger.ts';
import type { MarketStore } from '../data/store/market-store.ts';
import type { Desk } from '../graph/desk.ts';
import type { DeskEvent, PendingProposal } from '../graph/events.ts';
import { proposalSchema } from '../tools/rebalance/proposal-schema.ts';
import { bookProposal } from './book-proposal.ts';

export interface LedgerParts {
  readonly ledger: Ledger;
  readonly market: Pick<MarketStore, 'readPortfolio'>;
  readonly portsNow: () => Ports;
}

export function deskWithLedger(desk: Desk, parts: LedgerParts): Desk {
  async function* follow(sessionId: string, events: AsyncIterable<DeskEvent>): AsyncIterable<DeskEvent> {
    for await (const event of events) {
      if (event.type === 'approval-needed')
        for (const pending of event.proposals) remember(parts.ledger, sessionId, pending);
      // Recorded before anybody is told: a crash after this line loses nothing, one before it leaves the proposal undecided.
      if (event.type === 'answer')
        for (const decided of event.answer.proposals) await record(parts, sessionId, decided);
      yield event;
    }
  }
  return {
    ...desk,
    ask: (sessionId, text, options) => follow(sessionId, desk.ask(sessionId, text, options)),
    resume: (sessionId, options) => follow(sessionId, desk.resume(sessionId, options)),
    approve: (sessionId, decisions, options) => follow(sessionId, desk.approve(sessionId, decisions, options)),
  };
}

function remember(ledger: Ledger, sessionId: string, pending: PendingProposal): StoredProposal | null {
  return rememberProposal(ledger, pending.proposal, `${sessionId} ${pending.handle} ${pending.path}`);
}

/** Puts a tool's proposal into the ledger; null where it is not one. The same content under the same key is one proposal. */
export function rememberProposal(ledger: Ledger, proposal: unknown, key: string): StoredProposal | null {
  const body = bodyOf(proposal);
  return body === null ? null : ledger.propose(body, key);
}

async function record(parts: LedgerParts, sessionId: string, decided: PendingProposal): Promise<void> {
  if (decided.decision === 'pending') return;
  const stored = remember(parts.ledger, sessionId, decided);
  if (stored === null) return;
  if (stored.status === 'pending') {
    parts.ledger.decide(stored.id, decided.decision === 'rejected' ? 'rejected' : decided.decision);
  }
  if (parts.ledger.get(stored.id).status !== 'approved') return;
  const readPortfolio = (name: string) => parts.market.readPortfolio(name)?.portfolio;
  await bookProposal({ ledger: parts.ledger, ports: parts.portsNow(), readPortfolio }, stored.id, 'next-bar');
}

function bodyOf(proposal: unknown): ProposalBody | null {
  const parsed = proposalSchema.safeParse(proposal);
  if (!parsed.success) return null;
  const { kind, portfolio, currency, asOf, why, trades, costBps, lotMethod } = parsed.data;
  return { kind, portfolio, currency, asOf, why, trades, costBps, lotMethod };
}
