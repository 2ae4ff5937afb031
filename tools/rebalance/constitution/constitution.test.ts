import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type ConstitutionPosition, type ConstitutionSubject, checkArticles } from './check-articles.ts';
import { defaultConstitution } from './default-constitution.ts';
import { overrideConstitution, readConstitution } from './read-constitution.ts';

describe('constitution file', () => {
  it('the bundled file says what the code says', () => {
    const text = readFileSync(new URL('../../../data/bundled/constitution.yaml', import.meta.url), 'utf8');
    expect(parse(text)).toEqual(defaultConstitution);
    expect(readConstitution(text).changes).toEqual([]);
  });

  it('tightens without asking', () => {
    const { constitution, changes } = readConstitution('articles: { concentration: { singlePosition: 0.1 } }');
    expect(constitution.articles.concentration).toMatchObject({ singlePosition: 0.1, otherSector: 0.2 });
    expect(changes).toEqual([{ limit: 'concentration.singlePosition', from: 0.15, to: 0.1, looser: false }]);
  });

  it('loosens only when it is confirmed, also for a sector of its own and for approval', () => {
    const loose = 'articles: { concentration: { sectors: { Energy: 0.35 } } }';
    expect(() => readConstitution(loose)).toThrow(/loosens concentration.sectors.Energy from 0.2 to 0.35/);
    expect(readConstitution(`loosen: true\n${loose}`).changes[0]?.looser).toBe(true);
    expect(() => overrideConstitution({ articles: { approval: { personApproves: false } } })).toThrow(/approval/);
    expect(() => overrideConstitution({ articles: { cash: { floor: -0.1 } } })).toThrow(/articles.cash.floor/);
  });

  it('names the key of a typing error', () => {
    expect(() => readConstitution('articles: { concentration: { singelPosition: 0.1 } }')).toThrow(/singelPosition/);
    expect(() => readConstitution('articles: { cash: { floor: ten } }')).toThrow(/articles.cash.floor/);
    expect(() => readConstitution('a: [1')).toThrow(/valid YAML/);
    expect(readConstitution('').changes).toEqual([]);
  });
});

const at = (symbol: string, before: number, after: number, sector: string | null = null): ConstitutionPosition => ({
  symbol,
  sector,
  singleName: sector !== null,
  assetClass: 'stocks',
  before,
  after,
});

const subject = (positions: readonly ConstitutionPosition[], rest: Partial<ConstitutionSubject> = {}) => ({
  positions,
  cost: 0.001,
  drawdown: 0,
  ...rest,
});

describe('checkArticles', () => {
  it('passes a portfolio within every limit, unchanged', () => {
    const check = checkArticles(
      subject([at('AAPL', 0.1, 0.15, 'Technology'), at('VTI', 0.5, 0.6)]),
      defaultConstitution,
    );
    expect(check.status).toBe('pass');
    expect(check.weights).toEqual([0.15, 0.6]);
    expect(check.cash).toBeCloseTo(0.25, 12);
  });

  it('changes as little as it can', () => {
    const names = ['A', 'B', 'C', 'D'].map((s) => at(s, 0.1, 0.12, 'Technology'));
    const check = checkArticles(subject([...names, at('VTI', 0.3, 0.3)]), defaultConstitution);
    expect(check.status).toBe('adjusted');
    for (const w of check.weights.slice(0, 4)) expect(w).toBeCloseTo(0.1, 9);
    expect(check.weights[4]).toBeCloseTo(0.3, 9);
    const sector = check.findings.find((f) => f.subject === 'sector Technology');
    expect(sector).toMatchObject({ article: 4, status: 'adjusted', limit: 0.4 });
    expect(sector?.value).toBeCloseTo(0.48, 12);
  });

  it('caps a single name but not a fund', () => {
    const check = checkArticles(
      subject([at('AAPL', 0.1, 0.3, 'Technology'), at('VTI', 0.5, 0.7)]),
      defaultConstitution,
    );
    expect(check.weights[0]).toBeCloseTo(0.15, 9);
    expect(check.weights[1]).toBeCloseTo(0.7, 9);
  });

  it('stops additions to stocks below the brake, and lets sales through', () => {
    const deep = { drawdown: 0.25 };
    const buying = checkArticles(subject([at('VTI', 0.5, 0.6)], deep), defaultConstitution);
    expect(buying.weights[0]).toBe(0.5);
    expect(buying.findings.at(-1)).toMatchObject({ article: 6, status: 'adjusted' });
    const selling = checkArticles(subject([at('VTI', 0.5, 0.4)], deep), defaultConstitution);
    expect(selling.weights[0]).toBe(0.4);
    expect(selling.status).toBe('pass');
  });

  it('refuses what costs too much, and says what it could not check', () => {
    expect(checkArticles(subject([at('VTI', 0.5, 0.6)], { cost: 0.006 }), defaultConstitution).status).toBe('refused');
    const unknown = checkArticles(subject([at('VTI', 0.5, 0.6)], { cost: null, drawdown: null }), defaultConstitution);
    expect(unknown.findings.filter((f) => f.status === 'not-checked').map((f) => f.article)).toEqual([5, 6]);
  });

  it('takes the first stage of a change that turns over too much, and no overdraft', () => {
    const check = checkArticles(subject([at('VTI', 1, 0.2), at('BND', 0, 0.9)]), defaultConstitution);
    const moved = check.weights.map((w, i) => Math.abs(w - (i === 0 ? 1 : 0)));
    expect(Math.max(...moved)).toBeLessThanOrEqual(0.5 + 1e-9);
    expect(check.cash).toBeGreaterThanOrEqual(-1e-9);
  });
});
