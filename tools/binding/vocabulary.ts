/** Words that name a metric, in English and Korean, mapped to one key, so that a sentence and a result path can meet. */

const metricWords: readonly (readonly [key: string, pattern: string])[] = [
  ['duration', 'expected durations?|durations?|lasts?|lasting|지속\\s?기간|지속'],
  ['halflife', 'half[- ]?(?:life|lives)|반감기'],
  ['volatility', 'volatilit(?:y|ies)|annual vol|vols?|sigma|변동성'],
  ['variance', 'variances?|분산'],
  ['mean', 'means?|average|averages|평균'],
  ['probability', 'probabilit(?:y|ies)|odds|chance|확률'],
  ['stationary', 'stationary|long[- ]run|장기'],
  ['sharpe', 'sharpe(?: ratio)?|샤프(?:\\s?지수|\\s?비율)?'],
  ['sortino', 'sortino|소르티노'],
  ['calmar', 'calmar'],
  ['drawdown', 'max(?:imum)? drawdown|drawdowns?|낙폭'],
  ['cvar', 'c-?var|expected shortfall|\\bes\\b|조건부\\s?var'],
  ['var', 'value[- ]at[- ]risk|\\bvar\\b'],
  ['weight', 'weights?|allocations?|share|비중|배분'],
  ['return', 'returns?|수익률|수익'],
  ['pvalue', 'p[- ]?values?|\\bp\\b|유의\\s?확률'],
  ['zscore', 'z[- ]?scores?|\\bz\\b'],
  ['hedge', 'hedge[- ]ratio|hedge|beta|헤지\\s?비율|베타'],
  ['price', 'prices?|premium|가격'],
  ['delta', 'delta|델타'],
  ['gamma', 'gamma|감마'],
  ['vega', 'vega|베가'],
  ['theta', 'theta|세타'],
  ['rho', 'rho'],
  ['loglikelihood', 'log[- ]?likelihood|로그\\s?우도'],
  ['aic', 'aic'],
  ['bic', 'bic'],
  ['confidence', 'confidence|신뢰도'],
  ['correlation', 'correlations?|상관(?:계수|관계)?'],
  ['turnover', 'turnover|회전율'],
  ['cost', 'costs?|비용'],
  ['carry', 'carry|캐리'],
  ['duration', 'modified duration|듀레이션'],
  ['statistic', 'statistic|t-?stat|통계량'],
  ['kelly', 'kelly|켈리'],
  ['iterations', 'iterations?|반복'],
  ['rows', 'observations?|rows|bars|관측치?|행'],
  ['persistence', 'persistence|지속성'],
  ['states', 'states?|regimes?|상태|국면'],
];

const compiled = metricWords.map(([key, pattern]) => ({
  key,
  pattern: new RegExp(/[가-힣]/.test(pattern) ? `(?:${pattern})` : `\\b(?:${pattern})\\b`, 'gi'),
}));

/** Path words that say nothing about what a number is. */
const generic = new Set([
  'value',
  'values',
  'estimate',
  'result',
  'annual',
  'daily',
  'days',
  'usd',
  'pct',
  'percent',
  'now',
]);

/** Words of `volatilityAnnual` and the like: `volatility`, `annual`. */
export function pathWords(key: string): readonly string[] {
  return key
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .split(/[\s_]+/)
    .map((word) => word.toLowerCase())
    .filter((word) => word !== '');
}

export interface Mention {
  readonly at: number;
  readonly end: number;
  readonly key: string;
}

/** Metric words of a text with where they stand. */
export function metricMentions(text: string): readonly Mention[] {
  const found: Mention[] = [];
  for (const { key, pattern } of compiled) {
    for (const match of text.matchAll(pattern)) {
      found.push({ at: match.index, end: match.index + match[0].length, key });
    }
  }
  return found.sort((a, b) => a.at - b.at);
}

/** Metric keys of a result path: `states[0].volatilityAnnual` gives `volatility`; the plain words are kept as well. */
export function metricsOfPath(path: string): ReadonlySet<string> {
  const steps = path.replace(/\[[^\]]*\]/g, '').split('.');
  const last = steps.at(-1) ?? '';
  const words = pathWords(last);
  const useful = words.filter((word) => !generic.has(word) && !/^\d+$/.test(word));
  const chosen = useful.length > 0 ? useful : pathWords(steps.at(-2) ?? '');
  const keys = new Set(chosen.filter((word) => word.length > 1));
  for (const { key } of metricMentions(`${chosen.join(' ')} ${words.join(' ')}`)) keys.add(key);
  if (/^p$|PValue$|^pValue/.test(last)) keys.add('pvalue');
  if (/halfLife/i.test(last)) keys.add('halflife');
  if (/hedgeRatio|beta/i.test(last)) keys.add('hedge');
  if (/zScore|^z$/i.test(last)) keys.add('zscore');
  if (/^(cvar|es)\d*/i.test(last) || /shortfall/i.test(last)) keys.add('cvar');
  else if (/^var\d*$/i.test(last)) keys.add('var');
  return keys;
}
