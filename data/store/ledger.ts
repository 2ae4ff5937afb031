/**
 * Proposals, decisions and fills. Every step is one transaction, and a step that was done is never done again: a crash between
 * approval and booking leaves an approved proposal that waits, a crash inside booking leaves nothing at all.
 */
import { canonicalJson, sha256 } from '../../lib/canonical-json.ts';
import { invalidInput, notAvailable } from '../../lib/errors.ts';
import type { Portfolio } from '../types.ts';
import type { Database, SqlRow } from './database.ts';

export interface ProposedTrade {
  readonly symbol: string;
  readonly action: 'BUY' | 'SELL';
  readonly quantity: number | null;
  readonly amount: number;
  readonly price: number | null;
}

export interface ProposalBody {
  readonly kind: string;
  readonly portfolio: string;
  readonly currency: string;
  readonly asOf: string;
  readonly why: string;
  readonly trades: readonly ProposedTrade[];
  readonly costBps: number;
  readonly lotMethod: 'fifo' | 'lifo' | 'hifo' | 'min-tax';
}

export type ProposalStatus = 'pending' | 'approved' | 'rejected' | 'booked';

export interface StoredProposal {
  readonly id: string;
  readonly status: ProposalStatus;
  readonly createdAt: string;
  readonly body: ProposalBody;
}

export interface Fill {
  readonly symbol: string;
  readonly action: 'BUY' | 'SELL';
  readonly quantity: number;
  readonly price: number;
  readonly cost: number;
  readonly filledOn: string;
}

export type DecisionKind = 'proposed' | 'approved' | 'edited' | 'rejected' | 'booked';

export interface DecisionEntry {
  readonly sequence: number;
  readonly at: string;
  readonly kind: DecisionKind;
  readonly proposalId: string;
  readonly body: string;
  readonly previousHash: string;
  readonly hash: string;
}

export interface LedgerCheck {
  readonly ok: boolean;
  readonly entries: number;
  /** Sequence of the first entry that does not fit; null where all do. */
  readonly brokenAt: number | null;
  readonly reason: string | null;
  readonly lastHash: string;
}

export interface Ledger {
  /** The same proposal (by content and key) twice is one proposal. */
  propose(body: ProposalBody, key?: string): StoredProposal;
  get(id: string): StoredProposal;
  list(status?: ProposalStatus): readonly StoredProposal[];
  /** Records a person's decision. `edited` replaces the trades and approves them. */
  decide(id: string, decision: 'approved' | 'rejected' | 'edited', trades?: readonly ProposedTrade[]): StoredProposal;
  /** Books an approved proposal: fills, the new portfolio and the log entry together, once. False where it was booked before. */
  book(id: string, fills: readonly Fill[], portfolio: Portfolio): boolean;
  fillsOf(id: string): readonly Fill[];
  decisions(): readonly DecisionEntry[];
  verify(): LedgerCheck;
}

const GENESIS = '0'.repeat(64);

export function createLedger(database: Database, now: () => string): Ledger {
  const read = (id: string): StoredProposal => {
    const rows = database.prepare('SELECT * FROM proposals WHERE substr(id, 1, length(?)) = ? LIMIT 2').all(id, id);
    const exact = rows.find((row) => row['id'] === id) ?? (rows.length === 1 ? rows[0] : undefined);
    if (exact !== undefined) return toProposal(exact);
    throw notAvailable({
      code: 'UNKNOWN_PROPOSAL',
      message: rows.length > 1 ? `${id} could be several proposals.` : `There is no proposal ${id}.`,
      hint: 'See `tradewind proposals list`.',
    });
  };
  const setStatus = (id: string, from: ProposalStatus, to: ProposalStatus): void => {
    const { changes } = database
      .prepare('UPDATE proposals SET status = ? WHERE id = ? AND status = ?')
      .run(to, id, from);
    if (changes === 1) return;
    throw invalidInput({
      code: 'ALREADY_DECIDED',
      what: `Proposal ${id}`,
      needed: from,
      got: read(id).status,
      hint: 'A decision is final; ask for a new proposal.',
    });
  };
  const append = (kind: DecisionKind, proposalId: string, body: unknown): void => {
    const last = database.prepare('SELECT sequence, hash FROM decisions ORDER BY sequence DESC LIMIT 1').get();
    const entry = {
      sequence: last === undefined ? 1 : Number(last['sequence']) + 1,
      at: now(),
      kind,
      proposalId,
      body: canonicalJson(body),
      previousHash: last === undefined ? GENESIS : String(last['hash']),
    };
    database
      .prepare(
        'INSERT INTO decisions (sequence, at, kind, proposal_id, body, previous_hash, hash) VALUES (?, ?, ?, ?, ?, ?, ?)',
      )
      .run(entry.sequence, entry.at, entry.kind, entry.proposalId, entry.body, entry.previousHash, hashOf(entry));
  };
  const list = (status?: ProposalStatus): readonly StoredProposal[] =>
    database
      .prepare('SELECT * FROM proposals WHERE ? IS NULL OR status = ? ORDER BY sequence DESC')
      .all(status ?? null, status ?? null)
      .map(toProposal);
  return {
    get: read,
    list,
    propose(body, key = '') {
      const id = `prop_${sha256(canonicalJson({ body, key })).slice(0, 12)}`;
      return database.transaction(() => {
        const { changes } = database
          .prepare(
            "INSERT OR IGNORE INTO proposals (id, portfolio, status, as_of, created_at, body) VALUES (?, ?, 'pending', ?, ?, ?)",
          )
          .run(id, body.portfolio, body.asOf, now(), canonicalJson(body));
        if (changes === 1) append('proposed', id, body);
        return read(id);
      });
    },
    decide(id, decision, trades) {
      return database.transaction(() => {
        const proposal = read(id);
        setStatus(proposal.id, 'pending', decision === 'rejected' ? 'rejected' : 'approved');
        const body = decision === 'edited' && trades !== undefined ? { ...proposal.body, trades } : proposal.body;
        if (body !== proposal.body) {
          database.prepare('UPDATE proposals SET body = ? WHERE id = ?').run(canonicalJson(body), proposal.id);
        }
        append(decision, proposal.id, decision === 'rejected' ? {} : { trades: body.trades });
        return read(proposal.id);
      });
    },
    book(id, fills, portfolio) {
      return database.transaction(() => {
        const proposal = read(id);
        if (proposal.status === 'booked') return false;
        setStatus(proposal.id, 'approved', 'booked');
        for (const [line, fill] of fills.entries()) {
          database
            .prepare(
              'INSERT INTO fills (proposal_id, line, symbol, action, quantity, price, cost, filled_on) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
            )
            .run(proposal.id, line, fill.symbol, fill.action, fill.quantity, fill.price, fill.cost, fill.filledOn);
        }
        database
          .prepare('UPDATE portfolios SET cash = ?, lots = ?, source = ?, updated_at = ? WHERE name = ? COLLATE NOCASE')
          .run(
            portfolio.cash,
            canonicalJson(portfolio.lots),
            `paper book, ${proposal.id}`,
            now(),
            proposal.body.portfolio,
          );
        append('booked', proposal.id, { fills });
        return true;
      });
    },
    fillsOf: (id) =>
      database.prepare('SELECT * FROM fills WHERE proposal_id = ? ORDER BY line').all(read(id).id).map(toFill),
    decisions: () => database.prepare('SELECT * FROM decisions ORDER BY sequence').all().map(toEntry),
    verify: () => verifyChain(database.prepare('SELECT * FROM decisions ORDER BY sequence').all().map(toEntry), list()),
  };
}

function hashOf(entry: Omit<DecisionEntry, 'hash'>): string {
  const { sequence, at, kind, proposalId, body, previousHash } = entry;
  return sha256(canonicalJson({ sequence, at, kind, proposalId, body, previousHash }));
}

/** Every entry names the hash of the one before; every decided proposal has its entry, and the entry's trades are the proposal's. */
function verifyChain(entries: readonly DecisionEntry[], proposals: readonly StoredProposal[]): LedgerCheck {
  let previous = GENESIS;
  const fail = (brokenAt: number, reason: string): LedgerCheck => ({
    ok: false,
    entries: entries.length,
    brokenAt,
    reason,
    lastHash: previous,
  });
  for (const [i, entry] of entries.entries()) {
    if (entry.sequence !== i + 1) return fail(entry.sequence, 'an entry is missing before it');
    if (entry.previousHash !== previous) return fail(entry.sequence, 'it does not name the entry before it');
    if (hashOf(entry) !== entry.hash) return fail(entry.sequence, 'its content was changed');
    previous = entry.hash;
  }
  for (const proposal of proposals) {
    if (proposal.status === 'pending') continue;
    const wanted: readonly DecisionKind[] =
      proposal.status === 'rejected'
        ? ['rejected']
        : proposal.status === 'booked'
          ? ['booked']
          : ['approved', 'edited'];
    const found = entries.find((entry) => entry.proposalId === proposal.id && wanted.includes(entry.kind));
    if (found === undefined)
      return fail(entries.length + 1, `${proposal.id} is ${proposal.status}, but the log does not say so`);
    const approval = entries.find(
      (e) => e.proposalId === proposal.id && (e.kind === 'approved' || e.kind === 'edited'),
    );
    if (approval !== undefined && approval.body !== canonicalJson({ trades: proposal.body.trades })) {
      return fail(approval.sequence, `the trades of ${proposal.id} are not the ones that were approved`);
    }
  }
  return { ok: true, entries: entries.length, brokenAt: null, reason: null, lastHash: previous };
}

function toProposal(row: SqlRow): StoredProposal {
  return {
    id: String(row['id']),
    status: String(row['status']) as ProposalStatus,
    createdAt: String(row['created_at']),
    body: JSON.parse(String(row['body'])) as ProposalBody,
  };
}

function toFill(row: SqlRow): Fill {
  return {
    symbol: String(row['symbol']),
    action: String(row['action']) as Fill['action'],
    quantity: Number(row['quantity']),
    price: Number(row['price']),
    cost: Number(row['cost']),
    filledOn: String(row['filled_on']),
  };
}

function toEntry(row: SqlRow): DecisionEntry {
  return {
    sequence: Number(row['sequence']),
    at: String(row['at']),
    kind: String(row['kind']) as DecisionKind,
    proposalId: String(row['proposal_id']),
    body: String(row['body']),
    previousHash: String(row['previous_hash']),
    hash: String(row['hash']),
  };
}
