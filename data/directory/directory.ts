/** A directory of real names without prices: it resolves what people call things, and suggests what they meant. */
import type { SeriesInfo } from '../market-source.ts';
import type { AssetClass } from '../types.ts';
import { entries } from './entries.ts';

export interface Directory {
  /** By symbol, alias or exact name. */
  lookup(text: string): SeriesInfo | undefined;
  list(): readonly SeriesInfo[];
  /** Every way of writing each entry, in plain text, with its symbol. */
  names(): ReadonlyMap<string, string>;
  /** What Yahoo Finance calls it, where that differs. */
  yahooCode(symbol: string): string;
}

/** Lower case, without accents, punctuation, articles and company suffixes: `The S&P` and `s&p` are one. */
export function plainText(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .normalize('NFC')
    .replace(/[^\p{L}\p{N}&]+/gu, ' ')
    .replace(/^the /, '')
    .replace(/( (inc|corp|corporation|plc|ltd|co|company|group|holdings|sa|ag|se|nv))+$/, '')
    .trim();
}

let shared: Directory | undefined;

export function createDirectory(): Directory {
  shared ??= build();
  return shared;
}

function build(): Directory {
  const list: SeriesInfo[] = [];
  const names = new Map<string, string>();
  const bySymbol = new Map<string, SeriesInfo>();
  const yahoo = new Map<string, string>();
  for (const block of entries) {
    for (const line of block.lines.trim().split('\n')) {
      const [symbol = '', name = '', sector = '', aliases = '', code = ''] = line.split('|').map((part) => part.trim());
      const info = named(symbol, name, block.assetClass, sector || null, block.currency);
      list.push(info);
      bySymbol.set(symbol, info);
      if (code) yahoo.set(symbol, code);
      for (const alias of [symbol, code, name, ...aliases.split(',')]) {
        const plain = plainText(alias);
        if (plain && !names.has(plain)) names.set(plain, symbol);
      }
    }
  }
  return {
    lookup: (text) => bySymbol.get(text.trim().toUpperCase()) ?? bySymbol.get(names.get(plainText(text)) ?? ''),
    list: () => list,
    names: () => names,
    yahooCode: (symbol) => yahoo.get(symbol) ?? symbol.replace('.', '-'),
  };
}

function named(
  symbol: string,
  name: string,
  assetClass: AssetClass,
  sector: string | null,
  currency: string,
): SeriesInfo {
  const calendar = assetClass === 'crypto' ? '24/7' : assetClass === 'fx' ? 'FX' : currency === 'USD' ? 'XNYS' : 'none';
  return {
    symbol,
    name,
    assetClass,
    sector,
    currency,
    calendar,
    frequency: 'day',
    periodsPerYear: assetClass === 'crypto' ? 365 : 252,
    synthetic: false,
    source: 'directory of names',
    licence: null,
    from: null,
    to: null,
    rows: 0,
    retrievedAt: null,
  };
}
