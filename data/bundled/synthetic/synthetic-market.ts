/** The catalogue of the demo market: what there is, and how each piece is made when it is first asked for. */
import { toIsoDate } from '../../../lib/dates.ts';
import type { Columns, PanelInfo, SeriesInfo } from '../../market-source.ts';
import type { AssetClass, Instrument } from '../../types.ts';
import { dressBars } from './bars.ts';
import { tradingDays } from './calendar.ts';
import { commodities, commodityPath, commodityStrip, fearStrip } from './commodities.ts';
import { companies, companyBars, companyRows } from './companies.ts';
import { currencyBars, depositRates, forwardPoints, pairs, threeMonthRates } from './currencies.ts';
import { demoEconomy } from './economy.ts';
import { fearBars, impliedHistory, indexBars } from './indices.ts';
import { consumerPrices, type MacroSeries, realOutput, unemploymentRate } from './macro.ts';
import { at } from './random-walks.ts';
import { bondIndices, bondPath, cashPath, yieldCurve } from './yields.ts';

const SOURCE = 'Tradewind synthetic demo market, seed 20100104';

export interface SyntheticSeries {
  readonly info: SeriesInfo;
  readonly read: () => { readonly times: Float64Array; readonly columns: Columns };
}

export interface SyntheticPanel {
  readonly info: PanelInfo;
  readonly read: () => {
    readonly times: Float64Array;
    readonly availableFrom: Float64Array | null;
    readonly columns: Columns;
  };
}

interface Naming {
  readonly symbol: string;
  readonly name: string;
  readonly assetClass: AssetClass;
  readonly sector?: string;
  readonly currency?: string;
  readonly calendar?: Instrument['calendar'];
}

function info(naming: Naming, rows: readonly number[] | null): SeriesInfo {
  const days = tradingDays();
  return {
    symbol: naming.symbol,
    name: `${naming.name} (synthetic)`,
    assetClass: naming.assetClass,
    sector: naming.sector ?? null,
    currency: naming.currency ?? 'USD',
    calendar: naming.calendar ?? 'XNYS',
    frequency: 'day',
    periodsPerYear: 252,
    synthetic: true,
    source: SOURCE,
    licence: 'MIT',
    from: toIsoDate(at(days, rows?.[0] ?? 0)),
    to: toIsoDate(at(days, rows?.at(-1) ?? days.length - 1)),
    rows: rows?.length ?? days.length,
    retrievedAt: null,
  };
}

function daily(naming: Naming, columns: () => Columns): SyntheticSeries {
  return { info: info(naming, null), read: () => ({ times: tradingDays(), columns: columns() }) };
}

const indexNames: readonly Naming[] = [
  { symbol: 'DEMO:MKT', name: 'Demo broad market index', assetClass: 'index' },
  { symbol: 'DEMO:INTL', name: 'Demo foreign shares index', assetClass: 'index' },
  { symbol: 'DEMO:SMALL', name: 'Demo small companies index', assetClass: 'index' },
];

const bondNames: Readonly<Record<string, string>> = {
  'DEMO:GOV2': 'Demo 2-year government bonds, total return',
  'DEMO:GOV10': 'Demo 10-year government bonds, total return',
  'DEMO:GOV30': 'Demo 30-year government bonds, total return',
  'DEMO:CORP': 'Demo corporate bonds, total return',
  'DEMO:HIGHYIELD': 'Demo high-yield bonds, total return',
};

const rateNames: Readonly<Record<string, readonly [string, string]>> = {
  'DEMO:US3M': ['Demo 3-month bill yield, percent', 'y3m'],
  'DEMO:US2Y': ['Demo 2-year yield, percent', 'y2y'],
  'DEMO:US10Y': ['Demo 10-year yield, percent', 'y10y'],
};

function column(columns: Columns, name: string): Columns {
  return { close: columns[name] ?? new Float64Array(0) };
}

function buildSeries(): readonly SyntheticSeries[] {
  return [
    ...indexNames.map((naming) => daily(naming, () => indexBars(naming.symbol))),
    ...Object.keys(bondIndices).map((symbol) =>
      daily({ symbol, name: bondNames[symbol] ?? symbol, assetClass: 'bond' }, () =>
        dressBars(bondPath(symbol), { label: symbol, decimals: 3, range: 0.4 }),
      ),
    ),
    daily({ symbol: 'DEMO:CASH', name: 'Demo 3-month bills, total return', assetClass: 'bond' }, () => ({
      close: cashPath(),
    })),
    daily({ symbol: 'DEMO:VIX', name: 'Demo volatility index', assetClass: 'volatility' }, fearBars),
    ...Object.entries(commodities).map(([code, commodity]) =>
      daily({ symbol: `DEMO:${code}`, name: commodity.name, assetClass: 'commodity' }, () =>
        dressBars(commodityPath(code), {
          label: code,
          decimals: commodity.decimals,
          range: 1.8,
          volume: commodity.volume,
        }),
      ),
    ),
    ...Object.keys(pairs).map((code) =>
      daily(
        {
          symbol: `DEMO:${code}`,
          name: `Demo ${code.slice(0, 3)}/${code.slice(3)}`,
          assetClass: 'fx',
          currency: code.slice(3),
          calendar: 'FX',
        },
        () => currencyBars(code),
      ),
    ),
    ...Object.entries(rateNames).map(([symbol, [name, tenor]]) =>
      daily({ symbol, name, assetClass: 'rate' }, () => column(yieldCurve('US'), tenor)),
    ),
    ...companies.map(({ symbol, name, sector }) => ({
      info: info({ symbol, name, sector, assetClass: 'equity' }, companyRows(symbol)),
      read: () => companyBars(symbol),
    })),
  ];
}

interface PanelNaming {
  readonly id: string;
  readonly name: string;
  readonly measure: string;
}

function panel(naming: PanelNaming, columns: () => Columns): SyntheticPanel {
  const days = tradingDays();
  return {
    info: panelInfo(naming, days),
    read: () => ({ times: days, availableFrom: null, columns: columns() }),
  };
}

function macroPanel(naming: PanelNaming, series: () => MacroSeries): SyntheticPanel {
  return { info: panelInfo(naming, series().times), read: series };
}

function panelInfo(naming: PanelNaming, times: Float64Array): PanelInfo {
  return {
    id: naming.id,
    name: `${naming.name} (synthetic)`,
    measure: naming.measure,
    synthetic: true,
    source: SOURCE,
    licence: 'MIT',
    from: toIsoDate(at(times, 0)),
    to: toIsoDate(at(times, times.length - 1)),
    rows: times.length,
    retrievedAt: null,
  };
}

function buildPanels(): readonly SyntheticPanel[] {
  return [
    panel({ id: 'DEMO:US:YIELDS', name: 'Demo government par yields', measure: 'percent' }, () => yieldCurve('US')),
    panel({ id: 'DEMO:EU:YIELDS', name: 'Demo foreign par yields', measure: 'percent' }, () => yieldCurve('EU')),
    panel({ id: 'DEMO:FX:FORWARDS', name: 'Demo spot and forward points', measure: 'price' }, forwardPoints),
    panel({ id: 'DEMO:RATES:3M', name: 'Demo 3-month rates', measure: 'percent' }, threeMonthRates),
    panel({ id: 'DEMO:RATES:DEPOSITS', name: 'Demo deposit rates', measure: 'percent' }, depositRates),
    panel({ id: 'DEMO:OIL:FUTURES', name: 'Demo oil futures', measure: 'price' }, () => commodityStrip('OIL')),
    panel({ id: 'DEMO:GAS:FUTURES', name: 'Demo gas futures', measure: 'price' }, () => commodityStrip('GAS')),
    panel({ id: 'DEMO:GOLD:FUTURES', name: 'Demo gold futures', measure: 'price' }, () => commodityStrip('GOLD')),
    panel({ id: 'DEMO:VIX:FUTURES', name: 'Demo volatility futures', measure: 'points' }, fearStrip),
    panel({ id: 'DEMO:MKT:IMPLIED', name: 'Demo implied volatility', measure: 'points' }, impliedHistory),
    panel({ id: 'DEMO:US:POLICY_RATE', name: 'Demo policy rate', measure: 'percent' }, () => ({
      value: demoEconomy().policyRate,
    })),
    macroPanel({ id: 'DEMO:US:CPI', name: 'Demo consumer prices', measure: 'index' }, consumerPrices),
    macroPanel({ id: 'DEMO:US:UNEMPLOYMENT', name: 'Demo unemployment', measure: 'percent' }, unemploymentRate),
    macroPanel({ id: 'DEMO:US:GDP', name: 'Demo real output', measure: 'index' }, realOutput),
  ];
}

let series: ReadonlyMap<string, SyntheticSeries> | undefined;
let panels: ReadonlyMap<string, SyntheticPanel> | undefined;

export function syntheticSeries(): ReadonlyMap<string, SyntheticSeries> {
  series ??= new Map(buildSeries().map((item) => [item.info.symbol, item]));
  return series;
}

export function syntheticPanels(): ReadonlyMap<string, SyntheticPanel> {
  panels ??= new Map(buildPanels().map((item) => [item.info.id, item]));
  return panels;
}
