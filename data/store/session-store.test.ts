import { describe, expect, it } from 'vitest';
import { openDatabase } from './database.ts';
import { createSessionStore } from './session-store.ts';

describe('createSessionStore', () => {
  it('lists by last use, counts turns, keeps the first question as title, searches and removes', () => {
    let tick = 0;
    const store = createSessionStore(openDatabase(':memory:'), () => new Date(1.6e12 + tick++ * 1000).toISOString());
    const [a, b] = [store.newId(), store.newId()];
    expect(a).not.toBe(b);
    expect(store.last()).toBeUndefined();
    store.touch(a, 'What regime is  the S&P 500 in?');
    store.touch(b, '지금 하락장이야?');
    store.touch(a, 'and with 4 states?');
    expect(store.list({ limit: 5 }).map((row) => [row.id, row.turns])).toEqual([
      [a, 2],
      [b, 1],
    ]);
    expect(store.last()).toMatchObject({ id: a, title: 'What regime is the S&P 500 in?' });
    expect(store.list({ text: '하락장', limit: 5 }).map((row) => row.id)).toEqual([b]);
    store.remove(a);
    expect(store.last()?.id).toBe(b);
  });
});
