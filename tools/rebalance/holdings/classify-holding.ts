/** Which class a holding belongs to, and whether it is one company: the person's word first, then the directory, then the name. */
import type { Instrument } from '../../../data/types.ts';
import { canonicalSector } from '../../kernels/rebalance/sector-trades.ts';

export interface HoldingClass {
  readonly assetClass: string;
  readonly sector: string | null;
  /** One company: the position limit applies. */
  readonly singleName: boolean;
  /** False where nothing said what it is. */
  readonly known: boolean;
}

/** Funds that people hold most; used only where the directory does not know them. */
const FUNDS: Readonly<Record<string, string>> = Object.fromEntries([
  ...['VTI', 'VOO', 'SPY', 'IVV', 'QQQ', 'VT', 'VXUS', 'VEA', 'VWO', 'IWM', 'SCHD', 'DIA', 'EFA', 'EEM'].map(
    (symbol) => [symbol, 'stocks'] as const,
  ),
  ...['BND', 'AGG', 'TLT', 'IEF', 'SHY', 'LQD', 'BNDX', 'TIP', 'HYG', 'MUB', 'GOVT'].map(
    (symbol) => [symbol, 'bonds'] as const,
  ),
  ...['BIL', 'SGOV', 'SHV', 'CASH', 'USD', 'KRW', '현금'].map((symbol) => [symbol, 'cash'] as const),
  ...['GLD', 'IAU', 'SLV', 'USO', 'DBC'].map((symbol) => [symbol, 'commodities'] as const),
  ...['BTC', 'ETH', 'BTC-USD', 'ETH-USD', 'BITCOIN'].map((symbol) => [symbol, 'crypto'] as const),
]);

const CLASS_WORDS: Readonly<Record<string, string>> = {
  stocks: 'stocks',
  stock: 'stocks',
  equity: 'stocks',
  equities: 'stocks',
  주식: 'stocks',
  bonds: 'bonds',
  bond: 'bonds',
  채권: 'bonds',
  cash: 'cash',
  현금: 'cash',
  crypto: 'crypto',
  commodities: 'commodities',
};

/** "주식", "Stocks", "equities" → stocks; other names stay as they are. */
export function canonicalClass(name: string): string {
  return CLASS_WORDS[name.trim().toLowerCase()] ?? name.trim();
}

const BOND_NAME = /\b(bond|bonds|treasury|treasuries|aggregate|fixed income|municipal|credit)\b|채권/i;

export function classifyHolding(
  said: {
    readonly symbol: string;
    readonly assetClass?: string | undefined;
    readonly sector?: string | undefined;
    readonly kind?: 'single' | 'fund' | undefined;
  },
  instrument: Instrument | null,
): HoldingClass {
  const byWord = CLASS_WORDS[said.symbol.trim().toLowerCase()];
  const fund = FUNDS[said.symbol.toUpperCase()];
  const assetClass = said.assetClass ?? classOf(instrument) ?? fund ?? byWord ?? 'stocks';
  const sector = said.sector ?? (isFund(instrument) ? null : (instrument?.sector ?? null));
  const diversified =
    said.kind === 'fund' ||
    (said.kind === undefined &&
      (isFund(instrument) || fund !== undefined || byWord !== undefined || assetClass !== 'stocks'));
  return {
    assetClass,
    sector: sector === null ? null : canonicalSector(sector),
    singleName: !diversified,
    known: said.assetClass !== undefined || instrument !== null || fund !== undefined || byWord !== undefined,
  };
}

function isFund(instrument: Instrument | null): boolean {
  return instrument?.assetClass === 'etf' || instrument?.assetClass === 'index' || instrument?.assetClass === 'bond';
}

function classOf(instrument: Instrument | null): string | undefined {
  if (instrument === null) return undefined;
  const text = `${instrument.name} ${instrument.sector ?? ''}`;
  switch (instrument.assetClass) {
    case 'bond':
    case 'rate':
      return 'bonds';
    case 'etf':
    case 'index':
      return FUNDS[instrument.symbol] ?? (BOND_NAME.test(text) ? 'bonds' : 'stocks');
    case 'crypto':
      return 'crypto';
    case 'commodity':
    case 'future':
      return 'commodities';
    case 'fx':
      return 'cash';
    default:
      return 'stocks';
  }
}
