/** What can be asked about: instruments by symbol, name, sector or class, and the panels and their spans. */
import { z } from 'zod';
import type { Instrument, Loaded, Provenance } from '../../data/types.ts';
import { canonicalJson, sha256 } from '../../lib/canonical-json.ts';
import { isoDate, units } from '../../lib/units.ts';
import { defineTool } from '../define-tool.ts';

const assetClasses = [
  'equity',
  'index',
  'etf',
  'bond',
  'rate',
  'fx',
  'commodity',
  'future',
  'volatility',
  'crypto',
  'macro',
  'factor',
] as const;

interface Found {
  readonly instruments: readonly Instrument[];
  readonly panels: readonly {
    readonly id: string;
    readonly name: string;
    readonly from: string;
    readonly to: string;
    readonly rows: number;
    readonly synthetic: boolean;
  }[];
}

/** The catalogue is data too: what was found decides whether a recorded search still holds. */
function catalogueProvenance(found: Found, asOf: string): Provenance {
  const all = [...found.instruments, ...found.panels];
  return {
    source: 'catalogue of instruments',
    symbols: found.instruments.map((item) => item.symbol),
    from: asOf,
    to: asOf,
    rows: all.length,
    hash: sha256(canonicalJson(found)).slice(0, 32),
    synthetic: all.length > 0 && all.every((item) => item.synthetic),
    retrievedAt: null,
  };
}

export const searchInstruments = defineTool({
  name: 'search_instruments',
  title: 'Search instruments',
  family: 'market',
  version: 1,
  description:
    'Finds instruments and data panels by symbol, name, sector or asset class, with their span, source and whether they are real or synthetic. Use it to learn the right symbol, which members a sector has, or what data are held before calling another tool. Use get_prices for the prices themselves.',
  input: z.strictObject({
    text: z.string().max(80).default('').describe('Words of a symbol, name or sector; empty for all'),
    assetClass: z.enum(assetClasses).optional().describe('Only this class'),
    sector: z.string().max(60).optional().describe('Only this sector, such as Technology'),
    kind: z.enum(['all', 'real', 'synthetic']).default('all').describe('Real, synthetic demo data, or both'),
    withData: z.boolean().default(false).describe('Only instruments whose prices are held, not merely named'),
    limit: units.count('most instruments to return').min(1).max(100).default(20),
    asOf: isoDate('nothing after this day is seen').optional(),
  }),
  output: z.object({
    count: units.count('instruments found'),
    instruments: z.array(
      z.object({
        symbol: z.string().describe('What other tools take'),
        name: z.string().describe('Full name'),
        assetClass: z.enum(assetClasses).describe('Class'),
        sector: z.string().nullable().describe('Sector, null where it has none'),
        currency: z.string().describe('Currency of the prices'),
        calendar: z.string().describe('XNYS, 24/7, FX or none'),
        frequency: z.string().describe('How often a price is held'),
        from: isoDate('first price held; null where only the name is known').nullable(),
        to: isoDate('last price held').nullable(),
        rows: units.count('prices held'),
        source: z.string().describe('Where the prices came from'),
        synthetic: z.boolean().describe('True for made-up demo data'),
      }),
    ),
    panels: z.array(
      z.object({
        id: z.string().describe('Panel id'),
        name: z.string().describe('What it holds'),
        from: isoDate('first row'),
        to: isoDate('last row'),
        rows: units.count('rows held'),
        synthetic: z.boolean().describe('True for made-up demo data'),
      }),
    ),
  }),
  async load(input, ports): Promise<Loaded<Found>> {
    const synthetic = input.kind === 'all' ? undefined : input.kind === 'synthetic';
    const instruments = await ports.market.search({
      text: input.text,
      assetClass: input.assetClass,
      sector: input.sector,
      synthetic,
      withData: input.withData,
      limit: input.limit,
    });
    const words = input.text.toLowerCase().split(/\s+/).filter(Boolean);
    const narrowed = input.assetClass !== undefined || input.sector !== undefined;
    const panels = narrowed ? [] : await ports.market.panels();
    const value: Found = {
      instruments,
      panels: panels
        .filter((panel) => synthetic === undefined || panel.synthetic === synthetic)
        .filter((panel) => words.every((word) => `${panel.id} ${panel.name}`.toLowerCase().includes(word)))
        .slice(0, input.limit),
    };
    return { value, provenance: [catalogueProvenance(value, ports.asOf)] };
  },
  run(_input, data: Found) {
    return {
      count: data.instruments.length,
      instruments: data.instruments.map((item) => ({
        symbol: item.symbol,
        name: item.name,
        assetClass: item.assetClass,
        sector: item.sector,
        currency: item.currency,
        calendar: item.calendar,
        frequency: item.frequency,
        from: item.from?.slice(0, 10) ?? null,
        to: item.to?.slice(0, 10) ?? null,
        rows: item.rows,
        source: item.source,
        synthetic: item.synthetic,
      })),
      panels: data.panels.map((panel) => ({ ...panel, from: panel.from.slice(0, 10), to: panel.to.slice(0, 10) })),
    };
  },
  summarise: (output, cite) => [
    output.count === 0 ? 'No instrument found.' : `${cite('count')} instruments found:`,
    ...output.instruments
      .slice(0, 8)
      .map(
        (item) =>
          `${item.symbol}: ${item.name}${item.sector ? `, ${item.sector}` : ''}, ${item.from === null ? 'name only, no prices held' : `${item.from} to ${item.to}`}${item.synthetic ? ' (synthetic)' : ''}`,
      ),
    ...output.panels.slice(0, 3).map((panel) => `panel ${panel.id}: ${panel.name}, ${panel.from} to ${panel.to}`),
  ],
  examples: [
    {
      ask: 'What is the symbol of the S&P 500?',
      input: { text: 'S&P 500', withData: true },
      fixture: 'bundled',
      expect: {
        values: { 'instruments[0].symbol': 'SPX', 'instruments[0].rows': 5105, 'instruments[0].synthetic': false },
      },
    },
    {
      ask: 'Which demo utilities are there?',
      input: { sector: 'Utilities', kind: 'synthetic' },
      fixture: 'bundled',
      expect: { values: { count: 3, 'instruments[0].symbol': 'DEMO:GRIDX' } },
    },
    {
      ask: 'Find instruments of the class "stonks".',
      input: { assetClass: 'stonks' },
      fixture: 'bundled',
      expect: { error: 'INVALID_INPUT' },
    },
  ],
  assumptions: ['Instruments whose prices are not held are listed by name, without a span.'],
  references: [],
  cost: 'instant',
});
