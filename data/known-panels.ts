/** Real panels whose names Tradewind knows, where their numbers come from, and when each became known. */

export interface FredColumn {
  readonly column: string;
  readonly series: string;
}

export interface KnownPanel {
  readonly id: string;
  readonly name: string;
  readonly measure: 'percent' | 'price' | 'points' | 'index';
  /** FRED series by column; empty where FRED does not carry it. */
  readonly fred: readonly FredColumn[];
  /** Days from the start of the period to its usual release; FRED dates a period by its first day. */
  readonly releaseLagDays: number;
}

const treasury = ['y3m:DGS3MO', 'y6m:DGS6MO', 'y1y:DGS1', 'y2y:DGS2', 'y5y:DGS5', 'y10y:DGS10', 'y30y:DGS30'];
const interbank = [
  'US:IR3TIB01USM156N',
  'EU:IR3TIB01EZM156N',
  'JP:IR3TIB01JPM156N',
  'UK:IR3TIB01GBM156N',
  'CH:IR3TIB01CHM156N',
  'AU:IR3TIB01AUM156N',
  'CA:IR3TIB01CAM156N',
];

function columns(pairs: readonly string[]): readonly FredColumn[] {
  return pairs.map((pair) => {
    const [column = '', series = ''] = pair.split(':');
    return { column, series };
  });
}

export const knownPanels: readonly KnownPanel[] = [
  { id: 'US:YIELDS', name: 'US Treasury par yields', measure: 'percent', fred: columns(treasury), releaseLagDays: 0 },
  {
    id: 'US:CPI',
    name: 'US consumer price index',
    measure: 'index',
    fred: columns(['value:CPIAUCSL']),
    releaseLagDays: 43,
  },
  {
    id: 'US:UNEMPLOYMENT',
    name: 'US unemployment rate',
    measure: 'percent',
    fred: columns(['value:UNRATE']),
    releaseLagDays: 36,
  },
  { id: 'US:GDP', name: 'US real GDP, level', measure: 'index', fred: columns(['value:GDPC1']), releaseLagDays: 120 },
  {
    id: 'US:POLICY_RATE',
    name: 'US effective federal funds rate',
    measure: 'percent',
    fred: columns(['value:DFF']),
    releaseLagDays: 1,
  },
  { id: 'RATES:3M', name: '3-month interbank rates', measure: 'percent', fred: columns(interbank), releaseLagDays: 45 },
  { id: 'EU:YIELDS', name: 'Euro-area AAA government yields', measure: 'percent', fred: [], releaseLagDays: 0 },
  { id: 'FX:FORWARDS', name: 'FX spot and forward points', measure: 'price', fred: [], releaseLagDays: 0 },
  { id: 'VIX:FUTURES', name: 'VIX futures settlements', measure: 'points', fred: [], releaseLagDays: 0 },
  { id: 'OIL:FUTURES', name: 'Crude oil futures', measure: 'price', fred: [], releaseLagDays: 0 },
  { id: 'GAS:FUTURES', name: 'Natural gas futures', measure: 'price', fred: [], releaseLagDays: 0 },
  { id: 'GOLD:FUTURES', name: 'Gold futures', measure: 'price', fred: [], releaseLagDays: 0 },
];
