import { describe, expect, it } from 'vitest';
import { formatNumber, formatNumberParts, formatPlain, isFormatStyle } from './format.ts';

describe('formatNumber', () => {
  it.each([
    [0.0123, 'fraction', {}, '1.23%'],
    [0.00052, 'fraction', {}, '0.052%'],
    [-0.5, 'fraction', {}, '-50.00%'],
    [0.187, 'annualVol', {}, '18.7%'],
    [0.9634, 'probability', {}, '96.3%'],
    [0.99996, 'probability', {}, '>99.99%'],
    [1, 'probability', {}, '100.00%'],
    [15000, 'money', { currency: 'USD' }, '$15,000'],
    [-1234.5, 'money', { currency: 'USD' }, '-$1,234.50'],
    [42300000, 'money', { currency: 'KRW' }, '₩42,300,000'],
    [10, 'money', { currency: 'SEK' }, '10 SEK'],
    [12, 'days', {}, '12 days'],
    [12.34, 'days', { language: 'ko' }, '12.3일'],
    [2.13, 'volPoints', {}, '2.1 vol points'],
    [1.2345, 'ratio', { style: '3dp' }, '1.235'],
    [0.25, 'bps', {}, '0.25 bps'],
    [0.0123, 'fraction', { style: 'sign,1dp' }, '+1.2%'],
    [-0.0123, 'fraction', { style: 'abs' }, '1.23%'],
    [0.0123, 'fraction', { style: 'bps' }, '123.0 bps'],
    [1234567, 'count', {}, '1,234,567'],
    [10.4505835, 'price', {}, '10.45'],
    [0.00012345, 'price', {}, '0.0001235'],
    [-0.001, 'ratio', {}, '-0.0010'],
    [0, 'ratio', {}, '0.00'],
  ] as const)('%s %s', (value, unit, options, text) => {
    expect(formatNumber(value, unit, options)).toBe(text);
  });

  it('keeps the words of the unit apart', () => {
    expect(formatNumberParts(3, 'days')).toEqual({ text: '3', suffix: ' days' });
    expect(formatNumberParts(3, 'days', { style: 'plain' }).suffix).toBe('');
  });

  it('never prints a negative zero', () => {
    expect(formatNumber(-0.0000001, 'ratio', { style: '2dp' })).toBe('0.00');
  });

  it('knows its styles', () => {
    expect(isFormatStyle('2dp,sign')).toBe(true);
    expect(isFormatStyle('fancy')).toBe(false);
  });

  it('prints a number of no stated unit', () => {
    expect(formatPlain(5031)).toBe('5,031');
    expect(formatPlain(0.123456)).toBe('0.1235');
  });
});
