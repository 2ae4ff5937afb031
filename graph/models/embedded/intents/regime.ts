import { type CallResult, calls, clean, defineIntent, type PlannedCall, type Question } from '../intent.ts';
import { numberNear, window } from '../slots.ts';
import { byTool, dataLine, failureLine, type GoodResult, joinParts, put, read, table, warningLines } from '../write.ts';

/** "The regime": three Gaussian states on daily returns, with the VIX rule beside it. */
export const regime = defineIntent({
  id: 'regime',
  persona: 'ml_quant',
  tools: ['fit_hmm'],
  patterns: [
    [/\bregimes?\b|국면|레짐/, 2],
    [/\b(?:bear|bull)(?:ish)?\s?(?:market|state|mode)?\b|하락장|상승장|약세장|강세장|베어\s?마켓|불\s?마켓/, 2],
    [/\bhmm\b|hidden markov|히든\s?마르코프|은닉\s?마르코프/, 2],
    [/risk[- ]?o(?:n|ff)\b|위험\s?선호/, 1],
    [/\bare we in\b|\bis (?:it|this|the market)\b|지금|현재|인가/, 1],
  ],
  not: /backtest|백테스트|faster|walk[- ]forward|beats?\b|markov regression|hamilton|swap|label|stay prob|bic says/,
  plan(question) {
    const symbols = question.symbols.length > 0 ? question.symbols.map((mention) => mention.symbol) : ['SPX'];
    const states = numberNear(
      question,
      /states?|regimes?|상태|국면|k\s?=/i,
      (n) => n.kind === 'plain' && n.value >= 2 && n.value <= 8,
    );
    const fits = symbols
      .filter((symbol) => symbol !== 'VIX')
      .slice(0, 3)
      .map(
        (symbol): PlannedCall => ({
          tool: 'fit_hmm',
          input: clean({ symbol, states: states?.value, ...window(question) }),
        }),
      );
    const rule: PlannedCall = { tool: 'detect_market_regime', input: {} };
    return calls(...(fits.length > 0 ? fits : [{ tool: 'fit_hmm', input: { symbol: 'SPX' } }]), rule);
  },
  answer(question, results) {
    const parts = results.filter((result) => result.tool === 'fit_hmm').map((result) => regimeText(question, result));
    return joinParts(...parts, ruleText(question, results), regimeDefaults(question));
  },
});

function regimeText(question: Question, result: CallResult): string {
  const hmm = byTool([result], 'fit_hmm');
  if (hmm === null) return failureLine(result, question);
  const korean = question.language === 'ko';
  const states =
    read<readonly { readonly label: string; readonly expectedDurationDays: number | null }[]>(hmm, 'states') ?? [];
  const period = periodOf(hmm);
  const label = read<string>(hmm, 'current.label') ?? '';
  const now = states.findIndex((state) => state.label === label);
  const synthetic = hmm.envelope.data.some((entry) => entry.synthetic);
  const note = synthetic ? (korean ? ' (합성 자료)' : ' (synthetic data)') : '';
  const head = korean
    ? `${put(hmm, 'name')}(${put(hmm, 'symbol')})${note}: ${put(hmm, 'current.date')} 기준 은닉 마르코프 모형은 **${labelKo(label)}** 국면으로 봅니다 (필터 확률 ${put(hmm, 'current.probability')}).${bearKo(question, label)}`
    : `${bearEn(question, label)}On ${put(hmm, 'current.date')} the ${put(hmm, 'name')} (${put(hmm, 'symbol')})${note} is in the **${label}** regime of the hidden Markov model, with a filtered probability of ${put(hmm, 'current.probability')}.`;
  const length =
    now < 0
      ? ''
      : korean
        ? ` 이 국면은 평균 ${put(hmm, `states[${now}].expectedDurationDays`)} 지속됩니다.`
        : ` Such a regime lasts ${put(hmm, `states[${now}].expectedDurationDays`)} on average.`;
  const rows = states.map((state, i) => stateLine(hmm, state.label, i, korean)).join('\n');
  const fit = korean
    ? `기준: 일간 로그수익률, 가우시안 상태 ${put(hmm, 'input.states')}개, 관측치 ${put(hmm, 'rows')}개. 필터 확률은 그날까지의 자료만 씁니다.`
    : `Method: ${put(hmm, 'input.states')} Gaussian states on log returns${period === 'a day' ? ' of each day' : ''}, ${put(hmm, 'rows')} observations. Filtered probabilities use data up to the day only; the parameters are fitted on the whole window.`;
  return joinParts(head + length, rows, fit, dataLine(hmm, question), warningLines(hmm));
}

function stateLine(hmm: GoodResult, label: string, i: number, korean: boolean): string {
  const period = periodOf(hmm);
  const at = `states[${i}]`;
  return korean
    ? `- ${labelKo(label)} (${label}): 필터 확률 ${put(hmm, `${at}.filteredProbability`)}, 일평균 ${put(hmm, `${at}.mean`)}, 연 변동성 ${put(hmm, `${at}.volatilityAnnual`)}, 기대 지속 기간 ${put(hmm, `${at}.expectedDurationDays`)}`
    : `- ${label}: filtered probability ${put(hmm, `${at}.filteredProbability`)}, mean ${put(hmm, `${at}.mean`)} ${period}, volatility ${put(hmm, `${at}.volatilityAnnual`)} a year, expected duration ${put(hmm, `${at}.expectedDurationDays`)}`;
}

export function labelKo(label: string): string {
  const names: Readonly<Record<string, string>> = {
    bear: '약세',
    bull: '강세',
    neutral: '중립',
    'mild bear': '약한 약세',
    'mild bull': '약한 강세',
  };
  return names[label] ?? label;
}

function bearEn(question: Question, label: string): string {
  const bear = /\bbear/.test(question.lower);
  const bull = /\bbull/.test(question.lower);
  if (!bear && !bull) return '';
  return label.includes(bear ? 'bear' : 'bull') ? 'Yes, by this model. ' : 'No, not by this model. ';
}

function bearKo(question: Question, label: string): string {
  if (/하락장|약세장|베어/.test(question.text))
    return label.includes('bear') ? ' 즉, 이 모형으로는 하락장입니다.' : ' 즉, 이 모형으로는 하락장이 아닙니다.';
  if (/상승장|강세장|불\s?마켓/.test(question.text))
    return label.includes('bull') ? ' 즉, 이 모형으로는 상승장입니다.' : ' 즉, 이 모형으로는 상승장이 아닙니다.';
  return '';
}

function ruleText(question: Question, results: readonly CallResult[]): string {
  const rule = byTool(results, 'detect_market_regime');
  const korean = question.language === 'ko';
  if (rule === null) {
    const failed = results.find((result) => result.tool === 'detect_market_regime' && result.envelope !== null);
    if (failed === undefined) return '';
    if (failed.envelope?.ok === false && failed.envelope.error.kind === 'data') {
      return korean
        ? 'VIX 규칙은 함께 볼 수 없습니다. 여기에 VIX 값이 없습니다. data fetch VIX로 받거나 VIX 값을 말해 주세요.'
        : 'The VIX rule cannot stand beside it: no VIX level is held here. Get one with data fetch VIX, or say it in the question.';
    }
    return `${korean ? 'VIX 규칙' : 'The VIX rule'}: ${failureLine(failed, question)}`;
  }
  const regimeName = read<string>(rule, 'current_regime') === undefined ? 'currentRegime' : 'current_regime';
  return korean
    ? `VIX 규칙으로는 ${put(rule, regimeName)} (신뢰도 ${put(rule, 'confidence')}).`
    : `Beside it, the VIX rule says ${put(rule, regimeName)} with confidence ${put(rule, 'confidence')}.${table(rule, 'indicators')}`;
}

function regimeDefaults(question: Question): string {
  if (question.symbols.length > 0) return '';
  return question.language === 'ko'
    ? '종목을 말하지 않아 S&P 500(SPX)을 기본으로 썼습니다.'
    : 'No instrument was named, so the default is the S&P 500 (SPX).';
}

/** Monthly series are held for some stocks: their means are per bar, not per day. */
function periodOf(hmm: GoodResult): string {
  const data = hmm.envelope.data[0];
  if (data === undefined || data.rows < 2) return 'a bar';
  const days = (Date.parse(data.to) - Date.parse(data.from)) / 86_400_000 / data.rows;
  return days < 3 ? 'a day' : 'a bar';
}
