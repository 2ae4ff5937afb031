/** The sentences of the rebalancing report, in English and Korean. Numbers in them repeat fields of the same result. */
import { formatNumber } from '../../lib/format.ts';
import type { MarketRegime } from '../kernels/rebalance/market-regime.ts';

export type Language = 'en' | 'ko';
export type Recommendation = 'REBALANCE' | 'URGENT_REBALANCE' | 'SECTOR_REBALANCE' | 'HOLD';
export type HoldReason = 'within-band' | 'below-minimum' | 'costs-more' | 'no-trade';

const CLASS_KO: Readonly<Record<string, string>> = {
  stocks: '주식',
  bonds: '채권',
  cash: '현금',
  crypto: '암호화폐',
  commodities: '원자재',
  other: '기타',
};

export function className(name: string, language: Language): string {
  return language === 'ko' ? (CLASS_KO[name] ?? name) : name;
}

export function percent(value: number): string {
  return `${(Math.round(value * 1000) / 10).toString()}%`;
}

export function money(value: number, currency: string, language: Language): string {
  return formatNumber(value, 'money', { currency, language });
}

/** Why one class is traded: "stocks 76% → 55%". */
export function tradeReason(parts: {
  readonly assetClass: string;
  readonly from: number;
  readonly to: number;
  readonly language: Language;
}): string {
  const name = className(parts.assetClass, parts.language);
  const move = `${percent(parts.from)} → ${percent(parts.to)}`;
  if (parts.language === 'ko') return `${name} 비중 ${move} ${parts.from > parts.to ? '축소' : '확대'}`;
  return `${parts.from > parts.to ? 'Reduce' : 'Raise'} ${name} from ${percent(parts.from)} to ${percent(parts.to)}`;
}

export interface ReasoningParts {
  readonly recommendation: Recommendation;
  readonly hold: HoldReason | null;
  readonly regime: MarketRegime | null;
  readonly widestClass: string;
  readonly maxDeviation: number;
  readonly band: number;
  readonly urgentBand: number;
  readonly sectors: readonly { readonly sector: string; readonly weight: number; readonly limit: number }[];
  readonly cost: string;
  readonly benefit: string;
  readonly readingsDiffer: boolean;
  readonly adjusted: boolean;
  readonly language: Language;
}

export function reasoning(parts: ReasoningParts): string {
  return (parts.language === 'ko' ? korean(parts) : english(parts)).filter((line) => line !== '').join(' ');
}

function english(p: ReasoningParts): readonly string[] {
  const where = `${className(p.widestClass, 'en')} is ${percent(p.maxDeviation)} of the portfolio away from target`;
  const sectors = p.sectors.map((s) => `${s.sector} ${percent(s.weight)} (limit ${percent(s.limit)})`).join(', ');
  const main: Record<Recommendation, string> = {
    URGENT_REBALANCE: `${where}, more than the urgent band of ${percent(p.urgentBand)}: rebalance now.`,
    REBALANCE: `${where}, more than the band of ${percent(p.band)}: rebalance.`,
    SECTOR_REBALANCE: `The classes are within their bands, but a sector is over its Article 4 limit: ${sectors}.`,
    HOLD: holdEnglish(p, where),
  };
  return [
    p.regime === null ? '' : `The market regime is ${p.regime}.`,
    main[p.recommendation],
    p.recommendation !== 'SECTOR_REBALANCE' && sectors !== '' ? `Over the Article 4 limit: ${sectors}.` : '',
    p.readingsDiffer
      ? `A band of ${percent(p.band)} read as a share of the target leads to the other decision: both readings are shown.`
      : '',
    p.adjusted ? 'The trades were adjusted so that every article of the constitution holds afterwards.' : '',
  ];
}

function holdEnglish(p: ReasoningParts, where: string): string {
  if (p.hold === 'below-minimum') return `${where}, but no trade is larger than the minimum: hold.`;
  if (p.hold === 'costs-more') {
    return `${where}, but trading would cost ${p.cost} and remove a risk worth ${p.benefit}: hold.`;
  }
  if (p.hold === 'no-trade') return `${where}, but no whole-share trade brings it closer: hold.`;
  return `The largest deviation is ${percent(p.maxDeviation)} (${className(p.widestClass, 'en')}), within the band of ${percent(p.band)}; with trading costs, holding is better.`;
}

function korean(p: ReasoningParts): readonly string[] {
  const where = `${className(p.widestClass, 'ko')} 비중이 목표에서 ${percent(p.maxDeviation)} 벗어남`;
  const sectors = p.sectors.map((s) => `${s.sector} ${percent(s.weight)}(한도 ${percent(s.limit)})`).join(', ');
  const main: Record<Recommendation, string> = {
    URGENT_REBALANCE: `${where}(긴급 기준 ${percent(p.urgentBand)} 초과): 즉시 리밸런싱이 필요합니다.`,
    REBALANCE: `${where}(기준 ${percent(p.band)} 초과): 리밸런싱을 권고합니다.`,
    SECTOR_REBALANCE: `자산군은 허용 범위 안이지만 섹터가 제4조 한도를 넘었습니다: ${sectors}.`,
    HOLD: holdKorean(p, where),
  };
  return [
    p.regime === null ? '' : `시장 국면은 ${p.regime}입니다.`,
    main[p.recommendation],
    p.recommendation !== 'SECTOR_REBALANCE' && sectors !== '' ? `제4조 한도 초과: ${sectors}.` : '',
    p.readingsDiffer
      ? `기준 ${percent(p.band)}를 목표 대비 비율로 읽으면 결론이 달라지므로 두 해석을 모두 표시합니다.`
      : '',
    p.adjusted ? '거래 후 헌법의 모든 조항을 지키도록 거래를 조정했습니다.' : '',
  ];
}

function holdKorean(p: ReasoningParts, where: string): string {
  if (p.hold === 'below-minimum') return `${where}, 그러나 최소 거래 금액을 넘는 거래가 없어 유지합니다.`;
  if (p.hold === 'costs-more')
    return `${where}, 그러나 거래 비용 ${p.cost}이 줄어드는 위험의 가치 ${p.benefit}보다 커서 유지합니다.`;
  if (p.hold === 'no-trade') return `${where}, 그러나 정수 주식 거래로는 더 가까워지지 않아 유지합니다.`;
  return `최대 편차 ${percent(p.maxDeviation)}(${className(p.widestClass, 'ko')})로 허용 범위 ${percent(p.band)} 안이며, 거래 비용을 고려하면 유지가 유리합니다.`;
}

/** What would lead to another recommendation: every advice ends with it. */
export function whatWouldChange(parts: {
  readonly recommendation: Recommendation;
  readonly regimeGiven: boolean;
  readonly vix: number | null;
  readonly target: Readonly<Record<string, number>>;
  readonly band: number;
  readonly urgentBand: number;
  readonly language: Language;
}): readonly string[] {
  const ko = parts.language === 'ko';
  const lines: string[] = [];
  const edge = Object.entries(parts.target).find(([name]) => name === 'stocks') ?? Object.entries(parts.target)[0];
  if (edge !== undefined) {
    const [name, target] = edge;
    const low = percent(Math.max(0, target - parts.band));
    const high = percent(Math.min(1, target + parts.band));
    lines.push(
      ko
        ? `${className(name, 'ko')} 비중이 ${low}–${high} 범위를 벗어나면 리밸런싱, ±${percent(parts.urgentBand)}를 넘으면 긴급입니다.`
        : `${className(name, 'en')} between ${low} and ${high} means hold; beyond ±${percent(parts.urgentBand)} of target it is urgent.`,
    );
  }
  if (parts.vix !== null) {
    lines.push(
      ko
        ? `VIX가 20 미만이면 70/20/10, 20–25이면 55/30/15, 25 초과이면 40/40/20이 목표가 됩니다.`
        : `VIX below 20 makes the target 70/20/10, 20 to 25 makes it 55/30/15, above 25 it becomes 40/40/20.`,
    );
  }
  if (parts.recommendation !== 'HOLD') {
    lines.push(
      ko
        ? '거래 비용이나 세금이 줄어드는 위험의 가치보다 커지면 유지가 낫습니다.'
        : 'Costs or taxes above the worth of the risk removed would make holding the better answer.',
    );
  }
  return lines;
}
