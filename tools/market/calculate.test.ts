import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateExpression } from './evaluate-expression.ts';

describe('evaluateExpression', () => {
  it.each([
    ['1 + 2 * 3', 7],
    ['-2 ^ 2', -4],
    ['2 ^ 3 ^ 2', 512],
    ['(1 + 0.05) ^ 10', 1.05 ** 10],
    ['7 % 3', 1],
    ['5%', 0.05],
    ['log(e ^ 2)', 2],
    ['log(8, 2)', 3],
    ['mean([1, 2, 6])', 3],
    ['median(4, 1, 3, 2)', 2.5],
    ['std(1, 2, 3)', 1],
    ['round(2.345, 1)', 2.3],
    ['3 > 2 ? 10 : 20', 10],
    ['not (1 == 1) or 2 >= 2', 1],
    ['max(1, abs(-4))', 4],
  ])('%s', async (text, value) => {
    expect(await evaluateExpression(text, {})).toBeCloseTo(value, 12);
  });

  it('agrees with JavaScript on random arithmetic', async () => {
    const number = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    await fc.assert(
      fc.asyncProperty(number, number, number, async (a, b, c) => {
        expect(await evaluateExpression('a * b - (c + a) / 3', { a, b, c })).toBe(a * b - (c + a) / 3);
      }),
    );
  });

  it.each([
    ['import("fs")'],
    ['a = 3'],
    ['f(x) = x'],
    ['1; 2'],
    ['constructor'],
    ['toString()'],
    ['x.y'],
    ['[1, 2]'],
    ['{a: 1}'],
    ['1:3'],
    ['2!'],
    ['"text"'],
    ['3 km'],
    ['random()'],
    ['sqrt(1, 2)'],
    ['1 +'],
    ['__proto__'],
    ['hasOwnProperty("a")'],
  ])('refuses %s', async (text) => {
    await expect(evaluateExpression(text, { x: 1 })).rejects.toMatchObject({ code: 'INVALID_EXPRESSION' });
  });

  it('limits length, parts and depth', async () => {
    for (const text of [
      '1+'.repeat(400).concat('1'),
      '1+'.repeat(240).concat('1'),
      `${'('.repeat(60)}1${')'.repeat(60)}`,
    ])
      await expect(evaluateExpression(text, {})).rejects.toMatchObject({ code: 'INVALID_EXPRESSION' });
  });

  it.each([['1 / 0'], ['sqrt(-1)'], ['log(0)'], ['10 ^ 400'], ['0 / 0'], ['std(1)']])(
    'has no number for %s',
    async (text) => {
      await expect(evaluateExpression(text, {})).rejects.toMatchObject({ code: 'NOT_A_NUMBER' });
    },
  );

  it('suggests the value or function that was meant', async () => {
    await expect(evaluateExpression('sharp * 2', { sharpe: 1 })).rejects.toThrow(/`sharp` has no value/);
    await expect(evaluateExpression('sharp * 2', { sharpe: 1 })).rejects.toMatchObject({
      hint: 'Did you mean `sharpe`?',
    });
    await expect(evaluateExpression('medin(1, 2)', {})).rejects.toMatchObject({ hint: 'Did you mean `median`?' });
  });
});
