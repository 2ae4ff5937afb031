import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { renderMarkdown } from './markdown.ts';
import { createStyle } from './style.ts';
import { renderTable } from './table.ts';
import { terminalTraits } from './terminal.ts';

const plain = createStyle(false);
const header = ['state', 'mean a day', 'volatility', 'what it means in words'];
const rows = [
  ['bear', '-0.12345678%', '35.41%', 'falls with large moves on most days of the sample'],
  ['약세', '0.06%', '8.02%', '조용한 상승'],
];

describe('renderTable', () => {
  it.each([200, 80, 60, 44, 24])('keeps every digit and word at %d columns', (width) => {
    const lines = renderTable(header, rows, width, plain);
    for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(width);
    const text = lines.join(' ').replace(/\s+/g, ' ');
    for (const cell of ['-0.12345678%', '35.41%', '8.02%', '조용한']) expect(text).toContain(cell);
    for (const word of 'falls with large moves on most days'.split(' ')) expect(text).toContain(word);
  });

  it('puts numbers to the right, East Asian width counted', () => {
    const lines = renderTable(
      ['name', 'value'],
      [
        ['삼성전자', '1.5%'],
        ['AB', '12.25%'],
      ],
      80,
      plain,
    );
    expect(lines[2]).toBe('삼성전자    1.5%');
    expect(lines[3]).toBe('AB        12.25%');
  });
});

describe('renderMarkdown', () => {
  const text =
    '## Regime\n\nIt is **calm** & `SPX` < 5.\n\n- one\n- two\n\n| a | b |\n|---|---|\n| x | 1.5% |\n\n1. first\n2. second';

  it('shows no marks and no escapes where colour is off', () => {
    const shown = renderMarkdown(text, { colour: false, unicode: true, width: 60 });
    expect(shown).not.toMatch(/\*\*|##|\x1b|&lt;|&amp;/);
    expect(shown).toContain('It is calm & SPX < 5.');
    expect(shown).toContain('• one');
    expect(shown).toContain('1. first');
    expect(shown).toContain('1.5%');
  });

  it('wraps to the width, Korean too', () => {
    const long = `${'시장은 조용한 국면입니다 '.repeat(20)}\n\n- ${'word '.repeat(60)}`;
    for (const line of renderMarkdown(long, { colour: true, unicode: true, width: 60 }).split('\n')) {
      expect(stringWidth(line)).toBeLessThanOrEqual(60);
    }
  });
});

describe('terminalTraits', () => {
  it('honours NO_COLOR, pipes and dumb terminals', () => {
    const tty = { isTTY: true, columns: 100 };
    expect(terminalTraits(tty, { LANG: 'en_US.UTF-8' })).toEqual({
      colour: true,
      unicode: true,
      width: 100,
      accessible: false,
    });
    expect(terminalTraits(tty, { NO_COLOR: '1', LANG: 'C' })).toMatchObject({ colour: false });
    expect(terminalTraits({ isTTY: false }, {})).toMatchObject({ colour: false, width: 80 });
    expect(terminalTraits(tty, { TERM: 'dumb' })).toMatchObject({ colour: false, accessible: true });
    expect(terminalTraits({ isTTY: false }, { FORCE_COLOR: '1' })).toMatchObject({ colour: true });
  });
});
