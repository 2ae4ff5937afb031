import { describe, expect, it } from 'vitest';
import { readPayoff } from './option-payoff.ts';

describe('readPayoff', () => {
  it.each([
    ['eur put 90/100, .75y, 5%, vol 20', {}],
    ['a digital call strike 105', { payoff: 'digital', digitalPays: 'cash' }],
    ['asset-or-nothing put', { payoff: 'digital', digitalPays: 'asset' }],
    ['down and out call spot 100 barrier 90', { payoff: 'barrier', barrier: 90, barrierType: 'downOut' }],
    ['up-and-in put, barrier at 120', { payoff: 'barrier', barrier: 120, barrierType: 'upIn' }],
    ['knock-out 115 call', { payoff: 'barrier', barrier: 115, barrierType: 'upOut' }],
    ['디지털 콜', { payoff: 'digital', digitalPays: 'cash' }],
    ['geometric asian call', { payoff: 'asian', averaging: 'geometric' }],
  ])('%s', (text, fields) => {
    expect(readPayoff(text, 100)).toEqual({ fields, missing: null, unknown: null });
  });

  it('asks for a barrier that is not given, and names what is not priced', () => {
    expect(readPayoff('down and out call spot 100 strike 100', 100).missing).toBe('barrier');
    expect(readPayoff('a lookback call on 100', 100).unknown).toBe('lookback');
  });
});
