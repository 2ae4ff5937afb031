/** Markdown as terminal lines: headings, lists, tables, code, emphasis. What is written is kept; only its marks become style. */
import { lexer, type Token, type Tokens } from 'marked';
import wrapAnsi from 'wrap-ansi';
import { createStyle, type Style } from './style.ts';
import { renderTable } from './table.ts';
import type { TerminalTraits } from './terminal.ts';

function decodeEntities(text: string): string {
  return text.replace(
    /&(amp|lt|gt|quot|#39);/g,
    (_, name: string) => ({ amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" })[name] ?? '',
  );
}

function inline(tokens: readonly Token[] | undefined, style: Style): string {
  return (tokens ?? [])
    .map((token): string => {
      const inner =
        'tokens' in token && token.tokens
          ? inline(token.tokens, style)
          : decodeEntities('text' in token ? String(token.text) : token.raw);
      if (token.type === 'strong') return style.bold(inner);
      if (token.type === 'em') return style.italic(inner);
      if (token.type === 'codespan') return style.cyan(inner);
      if (token.type === 'br') return '\n';
      if (token.type === 'link') {
        const href = String((token as Tokens.Link).href);
        return href === inner ? inner : `${inner} (${href})`;
      }
      return inner;
    })
    .join('');
}

function wrap(text: string, width: number, first = '', rest = first): readonly string[] {
  const lines = wrapAnsi(text, Math.max(10, width - first.length), { hard: false, trim: true }).split('\n');
  return lines.map((line, i) => `${i === 0 ? first : rest}${line}`);
}

function list(token: Tokens.List, style: Style, width: number, bullet: string): readonly string[] {
  return token.items.flatMap((item, i) => {
    const mark = token.ordered ? `${Number(token.start || 1) + i}. ` : `${bullet} `;
    const indent = ' '.repeat(mark.length);
    const body = item.tokens.flatMap((inner, at): readonly string[] => {
      if (inner.type === 'text' || inner.type === 'paragraph')
        return wrap(inline((inner as Tokens.Text).tokens, style), width - mark.length);
      const block = renderBlock(inner, style, width - mark.length, bullet);
      return at === 0 ? block : block;
    });
    return body.map((line, at) => `${at === 0 ? mark : indent}${line}`);
  });
}

function renderBlock(token: Token, style: Style, width: number, bullet: string): readonly string[] {
  switch (token.type) {
    case 'space':
      return [];
    case 'heading':
      return wrap(style.bold(inline((token as Tokens.Heading).tokens, style)), width);
    case 'list':
      return list(token as Tokens.List, style, width, bullet);
    case 'code':
      return (token as Tokens.Code).text.split('\n').map((line) => `  ${style.cyan(line)}`);
    case 'blockquote':
      return ((token as Tokens.Blockquote).tokens ?? [])
        .flatMap((inner) => renderBlock(inner, style, width - 2, bullet))
        .map((line) => style.dim(`│ ${line}`));
    case 'hr':
      return [style.dim('─'.repeat(Math.min(width, 40)))];
    case 'table': {
      const table = token as Tokens.Table;
      return renderTable(
        table.header.map((cell) => inline(cell.tokens, style)),
        table.rows.map((row) => row.map((cell) => inline(cell.tokens, style))),
        width,
        style,
      );
    }
    default:
      return wrap(inline('tokens' in token && token.tokens ? token.tokens : [token], style), width);
  }
}

/** Blocks are separated by one empty line. */
export function renderMarkdown(text: string, traits: Pick<TerminalTraits, 'colour' | 'unicode' | 'width'>): string {
  const style = createStyle(traits.colour);
  const bullet = traits.unicode ? '•' : '-';
  return lexer(text)
    .filter((token) => token.type !== 'space')
    .map((token) => renderBlock(token, style, traits.width, bullet).join('\n'))
    .join('\n\n');
}
