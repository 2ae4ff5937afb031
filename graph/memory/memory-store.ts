/** What is kept between sessions: preferences, the portfolio in scope, decisions and outcomes. Never instructions. */

export type MemoryKind = 'preference' | 'portfolio' | 'decision' | 'outcome';

export interface MemoryItem {
  readonly id: string;
  readonly kind: MemoryKind;
  readonly key: string;
  readonly value: string;
  readonly createdAt: string;
  /** Ninety days after it was written or confirmed. */
  readonly expiresAt: string;
}

export interface MemoryStore {
  list(): Promise<readonly MemoryItem[]>;
  remember(item: { readonly kind: MemoryKind; readonly key: string; readonly value: string }): Promise<MemoryItem>;
  /** By id or key; `*` for all. The number that was forgotten. */
  forget(idOrKey: string): Promise<number>;
}
