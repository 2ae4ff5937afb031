/** From what a person typed to an instrument. Nothing is swapped silently: what is not exact becomes a suggestion. */
import { notAvailable, type TradewindError } from '../lib/errors.ts';
import { nearest } from '../lib/nearest.ts';
import { type Directory, plainText } from './directory/directory.ts';
import { byFrequency, type MarketSource, type SeriesInfo } from './market-source.ts';
import type { InstrumentQuery } from './ports.ts';
import type { Frequency } from './types.ts';

/** Symbols are kept in capitals; `brk-b` and `BRK.B` are one. */
export function canonicalSymbol(text: string): string {
  return text.trim().toUpperCase();
}

/** The instrument a symbol, alias or exact name stands for; the series itself is the one a person means first (daily). */
export function findInstrument(text: string, sources: readonly MarketSource[], directory: Directory): SeriesInfo {
  const symbol = canonicalSymbol(text);
  const held = firstHeld(symbol, sources);
  if (held !== undefined) return held;
  const named = directory.lookup(text);
  if (named !== undefined) return firstHeld(named.symbol, sources) ?? named;
  const wanted = plainText(text);
  const byName = allSeries(sources).filter((info) => plainText(info.name) === wanted && !isForeign(text, info));
  const [only] = byName;
  if (only !== undefined && byName.every((info) => info.symbol === only.symbol)) return only;
  throw unknownSymbol(text, sources, directory);
}

/** A demo company is reached by its symbol only, so that a real name can never mean it. */
function isForeign(text: string, info: SeriesInfo): boolean {
  return info.synthetic && !text.trim().toUpperCase().startsWith('DEMO:');
}

function firstHeld(symbol: string, sources: readonly MarketSource[]): SeriesInfo | undefined {
  return sources.flatMap((source) => source.seriesOf(symbol)).sort(byFrequency)[0];
}

/** One entry a symbol and frequency; the earlier source wins. */
export function allSeries(sources: readonly MarketSource[]): readonly SeriesInfo[] {
  const seen = new Map<string, SeriesInfo>();
  for (const source of sources) {
    for (const info of source.listSeries()) {
      const key = `${info.symbol} ${info.frequency}`;
      if (!seen.has(key)) seen.set(key, info);
    }
  }
  return [...seen.values()];
}

function unknownSymbol(text: string, sources: readonly MarketSource[], directory: Directory): TradewindError {
  const near = nearMatches(text, sources, directory);
  const shown = text.trim().slice(0, 60);
  const word = shown.split(/\s/)[0] ?? '';
  // Only what looks like a symbol is put into a command that a person may copy.
  const fetchIt = /^[\p{L}\p{N}.\-^=]+$/u.test(word)
    ? `run \`tradewind data fetch ${word} --source yahoo\``
    : 'fetch it by its symbol';
  return notAvailable({
    code: 'UNKNOWN_SYMBOL',
    message: `No instrument is called ${JSON.stringify(shown)} here.`,
    hint:
      near.length > 0
        ? `Did you mean ${near.join(' or ')}? If it is right, ${fetchIt}.`
        : `Search with search_instruments, ${fetchIt}, or run \`tradewind data import FILE\`.`,
    details: { symbol: shown, near },
  });
}

/** At most three symbols close to what was typed: by symbol, by name, by the beginning of a name. */
export function nearMatches(text: string, sources: readonly MarketSource[], directory: Directory): readonly string[] {
  const typed = text.trim();
  const names = new Map<string, string>();
  for (const info of allSeries(sources)) {
    names.set(info.symbol.toLowerCase(), info.symbol);
    if (info.symbol.startsWith('DEMO:')) names.set(info.symbol.slice(5).toLowerCase(), info.symbol);
    names.set(plainText(info.name), info.symbol);
  }
  for (const [name, symbol] of directory.names()) if (!names.has(name)) names.set(name, symbol);
  const wanted = plainText(typed);
  const begin =
    wanted.length < 3 ? [] : [...names].filter(([name]) => name.startsWith(wanted)).map(([, symbol]) => symbol);
  const close = [...nearest(typed, [...names.keys()], 6), ...nearest(wanted, [...names.keys()], 6)].map(
    (name) => names.get(name) ?? name,
  );
  return [...new Set([...close, ...begin])].slice(0, 3);
}

/** Only the name is known, or not at this frequency: says which command gets the prices. */
export function noPrices(
  info: SeriesInfo,
  held: readonly SeriesInfo[],
  frequency: Frequency | undefined,
): TradewindError {
  if (held.length > 0) {
    return notAvailable({
      code: 'NO_DATA',
      message: `${info.symbol} is not held as ${frequency} prices; held: ${held.map((entry) => entry.frequency).join(', ')}.`,
      hint: 'Leave `frequency` out, or resample with get_prices.',
      details: { symbol: info.symbol },
    });
  }
  return notAvailable({
    code: 'NO_DATA',
    message: `${info.symbol} (${info.name}) is known by name, but no prices of it are held.`,
    hint: `Run \`tradewind data fetch ${info.symbol} --source yahoo\`, or \`tradewind data import FILE\`.`,
    details: { symbol: info.symbol },
  });
}

/** Instruments whose symbol, name, sector or class holds every word; those with prices first, then by how well they fit. */
export function searchInstruments(
  query: InstrumentQuery,
  sources: readonly MarketSource[],
  directory: Directory,
): readonly SeriesInfo[] {
  const held = allSeries(sources);
  const symbols = new Set(held.map((info) => info.symbol));
  const named = query.withData ? [] : directory.list().filter((info) => !symbols.has(info.symbol));
  const words = plainText(query.text ?? '')
    .split(' ')
    .filter(Boolean);
  const alias = query.text ? directory.lookup(query.text)?.symbol : undefined;
  return [...held, ...named]
    .filter((info) => query.assetClass === undefined || info.assetClass === query.assetClass)
    .filter((info) => query.sector === undefined || plainText(info.sector ?? '') === plainText(query.sector))
    .filter((info) => query.synthetic === undefined || info.synthetic === query.synthetic)
    .map((info) => ({ info, score: score(info, words, alias) }))
    .filter(({ score }) => score > 0)
    .sort(
      (a, b) =>
        b.score - a.score ||
        (a.info.symbol < b.info.symbol ? -1 : a.info.symbol > b.info.symbol ? 1 : byFrequency(a.info, b.info)),
    )
    .slice(0, query.limit ?? 50)
    .map(({ info }) => info);
}

function score(info: SeriesInfo, words: readonly string[], alias: string | undefined): number {
  const hasData = info.rows > 0 ? 1 : 0;
  if (info.symbol === alias) return 100 + hasData;
  if (words.length === 0) return 1 + hasData;
  const symbol = info.symbol.toLowerCase();
  const hay = `${symbol} ${plainText(info.name)} ${plainText(info.sector ?? '')} ${info.assetClass}`;
  if (!words.every((word) => hay.includes(word))) return 0;
  const exact = words.some((word) => symbol === word || symbol === `demo:${word}`) ? 50 : 0;
  const begins = words.every((word) => ` ${hay}`.includes(` ${word}`)) ? 10 : 0;
  return 1 + exact + begins + hasData;
}
