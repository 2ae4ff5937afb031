import { describe, expect, it } from 'vitest';
import { numbersInText } from './numbers-in-text.ts';

function read(text: string) {
  return numbersInText(text).map(({ value, kind, currency, unit }) => {
    const rounded = Number.isNaN(value) ? null : Number(value.toPrecision(12));
    return [rounded, kind, currency ?? unit].filter((part) => part !== null);
  });
}

describe('numbersInText', () => {
  it.each([
    ['5천만원', [[50_000_000, 'money', 'KRW']]],
    ['1억 2천만원 있음', [[120_000_000, 'money', 'KRW']]],
    ['총 4230만원이면', [[42_300_000, 'money', 'KRW']]],
    ['1.5%', [[0.015, 'percent']]],
    ['71200 VTI', [[71200, 'plain']]],
    [
      '$15k and $1.2m',
      [
        [15000, 'money', 'USD'],
        [1_200_000, 'money', 'USD'],
      ],
    ],
    ['buy AAPL $15,000', [[15000, 'money', 'USD']]],
    ['2^17 paths', [[131072, 'plain']]],
    [
      '25 bps, 10bp',
      [
        [0.0025, 'bps'],
        [0.001, 'bps'],
      ],
    ],
    [
      '.75y, 5%, vol 20',
      [
        [0.75, 'duration', 'year'],
        [0.05, 'percent'],
        [20, 'plain'],
      ],
    ],
    ['190c exp fri', [[190, 'plain', 'c']]],
    [
      'condor 95/100/110/115',
      [
        [95, 'plain'],
        [100, 'plain'],
        [110, 'plain'],
        [115, 'plain'],
      ],
    ],
    ['1mm book', [[1_000_000, 'plain']]],
    ['r3 and T10Y2Y and run_6f1c', []],
    ['theta -6.41?', [[-6.41, 'plain']]],
    ['from 2020-02-28 on', [['date']]],
    ['2020년 3월 5일 기준', [['date']]],
    ['half life 45d', [[45, 'duration', 'day']]],
    [
      '3개월 변동성 20%',
      [
        [3, 'duration', 'month'],
        [0.2, 'percent'],
      ],
    ],
    ['1.2x avg loss', [[1.2, 'multiple']]],
    ['VaR 1e-4', [[0.0001, 'plain']]],
    [
      '-3.1, 252 obs',
      [
        [-3.1, 'plain'],
        [252, 'plain', 'obs'],
      ].map((row) => row.filter((cell) => cell !== 'obs')),
    ],
    [
      '80:20인데 85:15',
      [
        [80, 'plain'],
        [20, 'plain'],
        [85, 'plain'],
        [15, 'plain'],
      ],
    ],
    [
      '2 years of 5 days',
      [
        [2, 'duration', 'year'],
        [5, 'duration', 'day'],
      ],
    ],
    [
      '60/40, 5% drift',
      [
        [60, 'plain'],
        [40, 'plain'],
        [0.05, 'percent'],
      ],
    ],
    ['0.5%p 상승', [[0.005, 'percentagePoints']]],
  ])('%s', (text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  it('keeps the number as written beside the number as meant', () => {
    expect(numbersInText('up 1.50%')[0]).toMatchObject({ shown: 1.5, decimals: 2, raw: '1.50%' });
  });
});
