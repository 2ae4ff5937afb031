/** The invented companies: who they are, what moves them, and how some of them hang together. */
import { MS_PER_DAY } from '../../../lib/dates.ts';
import type { Columns } from '../../market-source.ts';
import { dressBars } from './bars.ts';
import { tradingDays } from './calendar.ts';
import { endingAt, marketReturns, noise, priceFrom, sectorReturns } from './factors.ts';
import { at, ornsteinUhlenbeck, streamOf } from './random-walks.ts';

export interface Company {
  readonly symbol: string;
  readonly name: string;
  readonly sector: string;
}

interface Spec extends Company {
  readonly beta: number;
  readonly own: number;
  readonly drift: number;
  readonly last: number;
  readonly yield: number;
}

/** symbol, name, beta, own daily deviation, own drift (bp a day), last close, dividend yield (%). */
const bySector: Readonly<Record<string, string>> = {
  Technology: `NOVAL Novalith Systems 1.25 .011 3 182 0, QUBRA Qubratek Devices 1.35 .006 2 96 0, SILIQ Siliqora Semiconductors 1.35 .006 1 141 0,
    DATUX Datumyx Software 1.1 .012 2 228 0, CLOVR Clovarix Cloud 1.3 .015 2 77 0, PIXON Pixonde Interactive 1.4 .019 1 34 0`,
  Finance: `FENNB Fennbrook Bank 1.1 .009 0 58 2.8, OSTRM Ostermarck Bank 1.1 .009 0 71 2.8, TORVA Torvane Insurance .9 .009 1 112 2.2,
    QUILH Quillhaven Capital 1.3 .013 1 49 1.6, MERID Meridovia Trust 1 .01 0 88 2.4`,
  Healthcare: `VITRA Vitranol Pharma .7 .011 1 134 0, GENOX Genoxalis Biotech 1 .02 1 61 0, MEDLO Medlorin Devices .8 .01 2 203 0,
    CURAN Curanthe Clinics .8 .016 0 27 0, BIOLE Biolexa Labs .9 .013 1 92 0`,
  'Consumer Discretionary': `RETLO Retlova Stores 1.1 .012 1 84 0, AUTRA Autraxis Motors 1.3 .016 0 41 0, TRAVY Travyon Hotels 1.2 .014 0 66 0, MODIS Modisette Fashion 1 .013 0 53 0`,
  'Consumer Staples': `MILLO Millovane Foods .55 .008 0 64 2.6, GRANA Granavelle Foods .55 .008 0 47 2.6, SOAPY Soapyra Household .5 .007 1 121 2.4, BEVRA Bevralune Drinks .6 .008 1 78 2.9`,
  Energy: `DRILX Drillaxe Oil 1 .012 0 52 0, PETRA Petrauvia Oil 1 .012 0 69 0, SOLAN Solandric Renewables 1.2 .019 0 24 0, REFIN Refinola Fuels 1 .013 0 57 0`,
  Industrials: `AEROX Aeroxene Aviation 1.2 .006 1 107 0, RAILO Railoque Freight .9 .01 1 139 0, MACHN Machinova Works 1.2 .006 1 94 0, BUILT Builtavon Construction 1.1 .012 0 45 0`,
  Materials: `STEEL Steelorra Metals 1.1 .012 0 38 0, CHEMX Chemaxil Chemicals 1.05 .01 0 83 0, PAPRA Papravine Packaging .8 .011 0 29 0, MINRA Minraco Mining 1.15 .012 0 44 0`,
  Utilities: `VOLTA Voltavelle Power .45 .007 0 73 3.6, HYDRO Hydrolane Power .45 .007 0 61 3.6, GRIDX Gridoxel Networks .5 .008 0 49 3.8`,
  'Real Estate': `TOWRA Towravia Offices .9 .011 0 36 0, LOFTY Loftyra Homes .8 .011 0 58 0, STORA Storalune Depots .7 .01 1 99 0`,
  Communication: `TELVO Telvorra Telecom .6 .009 0 31 0, MEDIX Medixane Studios 1 .014 0 67 0, GAMZA Gamzari Games 1.1 .016 1 52 0, WAVEO Waveorin Radio .9 .015 0 22 0`,
};

const specs: readonly Spec[] = Object.entries(bySector).flatMap(([sector, text]) =>
  text.split(',').map((line) => parseSpec(sector, line.trim())),
);

function parseSpec(sector: string, line: string): Spec {
  const match = /^(\S+) (.+?) (\S+) (\S+) (\S+) (\S+) (\S+)$/.exec(line);
  if (match === null) throw new Error(`Cannot read the company "${line}".`);
  const [, code = '', name = '', ...numbers] = match;
  const [beta = 1, own = 0.01, drift = 0, last = 50, yieldPercent = 0] = numbers.map(Number);
  return { symbol: `DEMO:${code}`, name, sector, beta, own, drift: drift / 1e4, last, yield: yieldPercent / 100 };
}

export const companies: readonly Company[] = specs.map(({ symbol, name, sector }) => ({ symbol, name, sector }));

/** B follows A in logarithms; the gap between them has the given half-life, until it breaks. */
interface Tie {
  readonly anchors: readonly string[];
  readonly halfLife: number;
  readonly deviation: number;
  readonly breaks?: number;
}

const ties: Readonly<Record<string, Tie>> = {
  'DEMO:OSTRM': { anchors: ['DEMO:FENNB'], halfLife: 12, deviation: 0.045 },
  'DEMO:PETRA': { anchors: ['DEMO:DRILX'], halfLife: 25, deviation: 0.06 },
  'DEMO:HYDRO': { anchors: ['DEMO:VOLTA'], halfLife: 8, deviation: 0.03 },
  'DEMO:GRANA': { anchors: ['DEMO:MILLO'], halfLife: 15, deviation: 0.035, breaks: Date.UTC(2019, 5, 28) },
  'DEMO:STEEL': { anchors: ['DEMO:CHEMX', 'DEMO:MINRA'], halfLife: 15, deviation: 0.05 },
};

const listings: Readonly<Record<string, number>> = {
  'DEMO:PIXON': Date.UTC(2018, 2, 15),
  'DEMO:CURAN': Date.UTC(2021, 5, 1),
};
const halts: Readonly<Record<string, readonly [number, number]>> = {
  'DEMO:WAVEO': [Date.UTC(2016, 8, 12), Date.UTC(2016, 8, 23)],
};
const GAPPY = 'DEMO:PAPRA';
const SPLIT = { symbol: 'DEMO:NOVAL', day: Date.UTC(2020, 7, 31), ratio: 4 };

function specOf(symbol: string): Spec {
  const spec = specs.find((item) => item.symbol === symbol);
  if (spec === undefined) throw new Error(`${symbol} is not a demo company.`);
  return spec;
}

/** Adjusted closes on every trading day, also before a listing. */
function companyPath(symbol: string): Float64Array {
  const spec = specOf(symbol);
  const tie = ties[symbol];
  return endingAt(tie === undefined ? freePath(spec) : tiedPath(spec, tie), spec.last);
}

function freePath(spec: Spec): Float64Array {
  const market = marketReturns();
  const sector = sectorReturns(spec.sector);
  const own = noise(`company ${spec.symbol}`, spec.own, spec.drift);
  return priceFrom(
    1,
    market.map((move, i) => (i === 0 ? 0 : spec.beta * move + at(sector, i) + at(own, i) - spec.own ** 2 / 2)),
  );
}

function tiedPath(spec: Spec, tie: Tie): Float64Array {
  const days = tradingDays();
  const anchors = tie.anchors.map(companyPath);
  const gap = ornsteinUhlenbeck(streamOf(`gap ${spec.symbol}`), days.length, tie.halfLife, tie.deviation);
  const wander = noise(`break ${spec.symbol}`, 0.011, 0.0004);
  let drift = 0;
  return days.map((day, i) => {
    if (tie.breaks !== undefined && day > tie.breaks) drift += at(wander, i);
    const anchor = anchors.reduce((sum, path) => sum + Math.log(at(path, i)), 0) / anchors.length;
    return Math.exp(anchor + at(gap, i) + drift);
  });
}

/** The rows on which a company has prices. */
export function companyRows(symbol: string): readonly number[] {
  const days = tradingDays();
  const rng = streamOf(`missing ${symbol}`);
  const halt = halts[symbol];
  const rows: number[] = [];
  days.forEach((day, row) => {
    const missing = symbol === GAPPY && rng.uniform() < 0.01;
    const halted = halt !== undefined && day >= halt[0] && day <= halt[1];
    if (day >= (listings[symbol] ?? 0) && !missing && !halted) rows.push(row);
  });
  return rows;
}

export function companyBars(symbol: string): { readonly times: Float64Array; readonly columns: Columns } {
  const spec = specOf(symbol);
  const days = tradingDays();
  const columns = dressBars(companyPath(symbol), {
    label: symbol,
    decimals: 2,
    range: 1.6,
    volume: 1_000_000 + streamOf(`size ${symbol}`).integer(9_000_000),
    ...(spec.yield > 0 ? { dividendYield: spec.yield } : {}),
    ...(symbol === SPLIT.symbol ? { split: { row: splitRow(days), ratio: SPLIT.ratio } } : {}),
  });
  const rows = companyRows(symbol);
  const pick = (values: Float64Array) => Float64Array.from(rows, (row) => at(values, row));
  return {
    times: pick(days),
    columns: Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, pick(values)])),
  };
}

function splitRow(days: Float64Array): number {
  return days.findIndex((day) => day + MS_PER_DAY > SPLIT.day);
}
