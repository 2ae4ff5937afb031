import { describe, expect, it } from 'vitest';
import { editDistance, nearest } from './nearest.ts';

describe('editDistance', () => {
  it.each([
    ['', '', 0],
    ['abc', '', 3],
    ['kitten', 'sitting', 3],
    ['AAPL', 'APAL', 1],
    ['ca', 'abc', 3],
  ])('%s to %s is %i', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
    expect(editDistance(b, a)).toBe(distance);
  });
});

describe('nearest', () => {
  it('finds a mistyped word and refuses a stranger', () => {
    expect(nearest('sttaes', ['states', 'symbol'])).toEqual(['states']);
    expect(nearest('banana', ['states', 'symbol'])).toEqual([]);
  });
});
