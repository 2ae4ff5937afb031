/** Finds instruments in a question: tickers, cashtags, names, Korean names. A typo is reported with near matches, never swapped. */
import type { MarketPort } from '../../../data/ports.ts';
import { isTradewindError } from '../../../lib/errors.ts';

export interface SymbolMention {
  readonly symbol: string;
  readonly name: string;
  readonly raw: string;
  readonly at: number;
  readonly hasData: boolean;
  readonly synthetic: boolean;
}

export interface UnknownSymbol {
  readonly raw: string;
  readonly near: readonly string[];
}

export type Resolver = Pick<MarketPort, 'resolve'>;

const koreanNames: readonly (readonly [RegExp, string])[] = [
  [/s&p\s?500|s&p|에스앤피|에센피|미국\s?(?:증시|시장|주식)|미장/i, 'SPX'],
  [/애플/, 'AAPL'],
  [/테슬라/, 'TSLA'],
  [/엔비디아/, 'NVDA'],
  [/마이크로소프트|마소/, 'MSFT'],
  [/구글|알파벳/, 'GOOGL'],
  [/아마존/, 'AMZN'],
  [/코카콜라|코카/, 'KO'],
  [/펩시(?:코)?/, 'PEP'],
  [/삼성전자/, '005930.KS'],
  [/아이비엠/, 'IBM'],
  [/빅스/, 'VIX'],
  [/나스닥/, 'QQQ'],
  [/비트코인/, 'BTC-USD'],
];

/** Capitals that are no ticker in this trade. */
const notTickers = new Set(
  'A I AM PM AND OR NOT THE OK USD EUR JPY GBP CHF AUD CAD KRW CNY HMM VAR CVAR ES IV RV VRP ATM ITM OTM RSI MACD ATR ADX EMA SMA ADF KPSS PP OLS TLS OU AR MA AIC BIC CI US UK EU KR JP AI ML GDP CPI FED ECB BOJ ETF PCA PBO CPCV DSR PSR TWAP VWAP POV SVI SSVI GARCH EGARCH GJR EWMA HAR SHAP PSI KS IC AUC YTD PNL P&L HRP CSV JSON PDF MCP API LLM BSM BS FX BTC PM ID OHLC OHLCV NAV APR APY EM DM TIPS BE K N S P X Y Z Q R T C D E F G H J L M O V W B BIS SR HTML DOCX MD TODO VS WHY HOW WHAT IS IN ON OF TO FOR BUY SELL HOLD RISK LONG SHORT CALL PUT ROI CAGR IR MDD WIN LOSS KELLY II III IT ALL'.split(
    ' ',
  ),
);

/** Lower-case words that happen to be tickers or names. */
const plainWords = new Set(
  'a all an and any are as ask at be best big bill but buy by call can cash cat check chg core cost day days dd deal did do does down eat ever fast fit flow for form from fund fun fx gain get go gold good had has have hedge her here hi his hold how if in is it its job key kid know last let life like line live loss love low made make man many max me mean met min more most my net new next no not now of off old on one open option or order our out over own pair pay per plan play port post price put rate real rebal rich risk run safe same say see sell she short should size so some spread state stay stock stocks sure take tell test than that the them then they this time to too top trade try two up us use value var vega very vol was way we week well what when where which who why will win with word work yes you your yield zero theta delta gamma target market bond bonds tech sector sum spot strike return returns beta alpha model trend trending momentum carry curve sales cover bull bear neutral regime regimes portfolio index equity hour month year today tomorrow yesterday rebalance allocation weights weight total between against then'.split(
    ' ',
  ),
);

interface Candidate {
  readonly raw: string;
  readonly at: number;
  /** True where the writing says that it is meant as a ticker. */
  readonly sure: boolean;
}

const MOST_LOOKUPS = 24;

function candidatesIn(text: string): readonly Candidate[] {
  const found: Candidate[] = [];
  const add = (raw: string, at: number, sure: boolean) => {
    if (!found.some((other) => at < other.at + other.raw.length && at + raw.length > other.at))
      found.push({ raw, at, sure });
  };
  for (const match of text.matchAll(/s&p\s?-?500|s&p|the\s+spoos?/gi)) add(match[0], match.index, false);
  for (const match of text.matchAll(/DEMO:[A-Z0-9.^=:-]+/gi)) add(match[0].toUpperCase(), match.index, true);
  for (const match of text.matchAll(/\$([A-Za-z]{1,5})(?![A-Za-z0-9])/g)) add(match[1] ?? '', match.index + 1, true);
  for (const match of text.matchAll(
    /(?<![A-Za-z0-9_.])(\^?[A-Z]{2,6}(?:[-.=][A-Z]{1,4})?|\d{6}\.K[SQ])(?![a-z0-9_])/g,
  )) {
    if (!notTickers.has(match[1] ?? '')) add(match[1] ?? '', match.index, true);
  }
  for (const match of text.matchAll(/(?<![\w.])([a-z]{1,5})\s?\/\s?([a-z]{1,5})(?![\w])/g)) {
    if (plainWords.has(match[1] ?? '') || plainWords.has(match[2] ?? '')) continue;
    add((match[1] ?? '').toUpperCase(), match.index, true);
    add((match[2] ?? '').toUpperCase(), match.index + match[0].length - (match[2] ?? '').length, true);
  }
  for (const match of text.matchAll(/(?<![\w-])([A-Za-z][A-Za-z&.'-]{1,}(?:\s+[A-Za-z&.'-]{2,}){0,2})/g)) {
    const words = (match[1] ?? '').split(/\s+/);
    let at = match.index;
    for (let i = 0; i < words.length; i++) {
      for (const size of [3, 2, 1]) {
        const raw = words.slice(i, i + size).join(' ');
        if (i + size <= words.length && isNameLike(raw, size)) add(raw, at, false);
      }
      at += (words[i] ?? '').length + 1;
    }
  }
  return found;
}

function isNameLike(raw: string, words: number): boolean {
  if (words > 1) return /^[A-Z][\w&.'-]*(?:\s[A-Z][\w&.'-]*)+$/.test(raw);
  return raw.length >= 3 && !plainWords.has(raw.toLowerCase()) && !notTickers.has(raw.toUpperCase());
}

export async function findSymbols(
  text: string,
  market: Resolver,
): Promise<{ readonly symbols: readonly SymbolMention[]; readonly unknown: readonly UnknownSymbol[] }> {
  const symbols: SymbolMention[] = [];
  const unknown: UnknownSymbol[] = [];
  const wanted: Candidate[] = [...candidatesIn(text)].slice(0, MOST_LOOKUPS);
  for (const [pattern, symbol] of koreanNames) {
    const match = pattern.exec(text);
    if (match !== null && /[가-힣]/.test(match[0])) wanted.push({ raw: symbol, at: match.index, sure: true });
  }
  for (const candidate of wanted.sort((a, b) => a.at - b.at)) {
    const found = await resolve(candidate, market);
    if (found === null) continue;
    if ('near' in found) unknown.push(found);
    else if (!symbols.some((other) => other.symbol === found.symbol)) symbols.push(found);
  }
  return { symbols, unknown };
}

async function resolve(candidate: Candidate, market: Resolver): Promise<SymbolMention | UnknownSymbol | null> {
  try {
    const info = await market.resolve(candidate.raw);
    return {
      symbol: info.symbol,
      name: info.name,
      raw: candidate.raw,
      at: candidate.at,
      hasData: info.rows > 0,
      synthetic: info.synthetic,
    };
  } catch (error) {
    if (!candidate.sure) return null;
    const near = isTradewindError(error) ? error.details['near'] : undefined;
    const listed = Array.isArray(near)
      ? near.map(String)
      : isTradewindError(error)
        ? suggestions(`${error.message} ${error.hint}`, candidate.raw)
        : [];
    return { raw: candidate.raw, near: listed };
  }
}

function suggestions(text: string, raw: string): readonly string[] {
  const after = /did you mean ([^?]+)\?/i.exec(text)?.[1] ?? '';
  return after
    .split(/,|\bor\b/)
    .map((word) => word.trim())
    .filter((word) => word !== '' && word !== raw)
    .slice(0, 3);
}
