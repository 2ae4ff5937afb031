/** Option chains and portfolios: things that are read and written whole. */
import { gunzipSync, gzipSync } from 'node:zlib';
import { canonicalJson, sha256 } from '../../lib/canonical-json.ts';
import type { MarketSource } from '../market-source.ts';
import type { Lot, OptionChain, Portfolio } from '../types.ts';
import type { Database } from './database.ts';

interface ChainStore extends Pick<MarketSource, 'chainUnderlyings' | 'chainDates' | 'readChain'> {
  putChain(chain: OptionChain, source: string, retrievedAt: string): void;
}

interface PortfolioStore extends Pick<MarketSource, 'portfolioNames' | 'readPortfolio'> {
  putPortfolio(portfolio: Portfolio, source: string): void;
}

/** Quotes are kept as compressed JSON: a chain is always read whole. */
export function chainsOf(database: Database): ChainStore {
  return {
    chainUnderlyings: () =>
      database
        .prepare('SELECT DISTINCT underlying FROM option_chains ORDER BY underlying')
        .all()
        .map((row) => String(row['underlying'])),
    chainDates: (underlying) =>
      database
        .prepare('SELECT quote_date FROM option_chains WHERE underlying = ? ORDER BY quote_date')
        .all(underlying)
        .map((row) => String(row['quote_date'])),
    readChain: (underlying, quoteDate) => {
      const row = database
        .prepare('SELECT * FROM option_chains WHERE underlying = ? AND quote_date = ?')
        .get(underlying, quoteDate);
      if (row === undefined) return undefined;
      return {
        chain: JSON.parse(gunzipSync(row['body'] as Uint8Array).toString('utf8')) as OptionChain,
        source: String(row['source']),
        hash: String(row['hash']),
        retrievedAt: String(row['retrieved_at']),
      };
    },
    putChain: (chain, source, retrievedAt) => {
      const text = canonicalJson(chain);
      database
        .prepare('INSERT OR REPLACE INTO option_chains VALUES (?, ?, ?, ?, ?, ?, ?)')
        .run(
          chain.underlying,
          chain.quoteDate,
          gzipSync(text),
          chain.quotes.length,
          sha256(text).slice(0, 32),
          source,
          retrievedAt,
        );
    },
  };
}

export function portfoliosOf(database: Database): PortfolioStore {
  return {
    portfolioNames: () =>
      database
        .prepare('SELECT name FROM portfolios ORDER BY name')
        .all()
        .map((row) => String(row['name'])),
    readPortfolio: (name) => {
      const row = database.prepare('SELECT * FROM portfolios WHERE name = ? COLLATE NOCASE').get(name.trim());
      if (row === undefined) return undefined;
      const portfolio: Portfolio = {
        name: String(row['name']),
        currency: String(row['currency']),
        cash: Number(row['cash']),
        lots: JSON.parse(String(row['lots'])) as Lot[],
        synthetic: false,
        updatedAt: String(row['updated_at']),
      };
      return { portfolio, source: String(row['source']), hash: sha256(canonicalJson(portfolio)).slice(0, 32) };
    },
    putPortfolio: (portfolio, source) => {
      // Named columns and an upsert: other migrations may add columns, which an import leaves alone.
      database
        .prepare(
          `INSERT INTO portfolios (name, currency, cash, lots, source, updated_at) VALUES (?, ?, ?, ?, ?, ?)
           ON CONFLICT (name) DO UPDATE SET currency = excluded.currency, cash = excluded.cash, lots = excluded.lots,
             source = excluded.source, updated_at = excluded.updated_at`,
        )
        .run(
          portfolio.name,
          portfolio.currency,
          portfolio.cash,
          canonicalJson(portfolio.lots),
          source,
          portfolio.updatedAt,
        );
    },
  };
}
