/** The offline market that ships with Tradewind: real series from files, the demo market made on demand. Read-only. */
import { canonicalJson, sha256 } from '../../lib/canonical-json.ts';
import { hashColumns } from '../hash-columns.ts';
import { byFrequency, type MarketSource, type StoredPanel, type StoredSeries } from '../market-source.ts';
import { readRealSeries, realSeries } from './real-market.ts';
import { chainDatesOf, chainNames, demoChain } from './synthetic/options.ts';
import { DEMO_PORTFOLIO, demoPortfolio } from './synthetic/portfolio.ts';
import { syntheticPanels, syntheticSeries } from './synthetic/synthetic-market.ts';

const SYNTHETIC_SOURCE = 'Tradewind synthetic demo market';

function remember<T>(build: (key: string) => T | undefined): (key: string) => T | undefined {
  const known = new Map<string, T>();
  return (key) => {
    const found = known.get(key) ?? build(key);
    if (found !== undefined) known.set(key, found);
    return found;
  };
}

/** Made once a process: what was read stays in memory, so a second read costs nothing. */
const readSynthetic = remember((symbol): StoredSeries | undefined => {
  const series = syntheticSeries().get(symbol);
  if (series === undefined) return undefined;
  const { times, columns } = series.read();
  return { info: series.info, times, columns, hash: hashColumns(times, columns) };
});

const readReal = remember((key): StoredSeries | undefined => {
  const [symbol = '', frequency = ''] = key.split(' ');
  const info = realSeries.find((item) => item.symbol === symbol && item.frequency === frequency);
  return info && readRealSeries(symbol, info.frequency);
});

const readPanel = remember((id): StoredPanel | undefined => {
  const panel = syntheticPanels().get(id);
  if (panel === undefined) return undefined;
  const { times, availableFrom, columns } = panel.read();
  const extra: Record<string, Float64Array> = availableFrom === null ? {} : { availableFrom };
  return { info: panel.info, times, availableFrom, columns, hash: hashColumns(times, columns, extra) };
});

const readChain = remember((key) => {
  const [underlying = '', date = ''] = key.split(' ');
  const chain = demoChain(underlying, date);
  return (
    chain && { chain, source: SYNTHETIC_SOURCE, hash: sha256(canonicalJson(chain)).slice(0, 32), retrievedAt: null }
  );
});

export const bundledMarket: MarketSource = {
  listSeries: () => [...realSeries, ...[...syntheticSeries().values()].map((item) => item.info)],
  seriesOf: (symbol) => {
    if (!symbol.startsWith('DEMO:')) return realSeries.filter((info) => info.symbol === symbol).sort(byFrequency);
    const found = syntheticSeries().get(symbol);
    return found === undefined ? [] : [found.info];
  },
  readSeries: (symbol, frequency) => {
    if (!symbol.startsWith('DEMO:')) return readReal(`${symbol} ${frequency}`);
    return frequency === 'day' ? readSynthetic(symbol) : undefined;
  },
  listPanels: () => [...syntheticPanels().values()].map((item) => item.info),
  readPanel,
  chainUnderlyings: () => chainNames,
  chainDates: chainDatesOf,
  readChain: (underlying, date) => readChain(`${underlying} ${date}`),
  portfolioNames: () => [DEMO_PORTFOLIO],
  readPortfolio: (name) => {
    if (name.trim().toUpperCase() !== DEMO_PORTFOLIO) return undefined;
    const portfolio = demoPortfolio();
    return { portfolio, source: SYNTHETIC_SOURCE, hash: sha256(canonicalJson(portfolio)).slice(0, 32) };
  },
};
