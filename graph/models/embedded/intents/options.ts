import { ask, call, calls, type Intent, type Plan, type Question } from '../intent.ts';
import { readPayoff } from '../option-payoff.ts';
import { type OptionWords, readOption } from '../option-words.ts';
import { numberNear, plainNumbers } from '../slots.ts';
import { toolIntent } from '../tool-intent.ts';
import { type GoodResult, put, read } from '../write.ts';

const optionWord = /\b(?:calls?|puts?|option|straddle|strangle|condor|butterfly|spread)\b|옵션|콜|풋|스트래들|콘도르/;

function missingFor(words: OptionWords, wanted: readonly (keyof OptionWords)[]): readonly string[] {
  const time = words.years === undefined && words.expiry === undefined;
  return wanted.filter((key) => (key === 'years' ? time : words[key] === undefined));
}

function askFor(question: Question, missing: readonly string[]): Plan {
  const ko: Readonly<Record<string, string>> = {
    right: '콜/풋',
    spot: '기초자산 가격',
    strike: '행사가',
    years: '만기',
    volatility: '변동성',
    price: '옵션 가격',
  };
  const en: Readonly<Record<string, string>> = {
    right: 'call or put',
    spot: 'spot',
    strike: 'strike',
    years: 'time to expiry',
    volatility: 'volatility',
    price: 'quoted price',
  };
  return ask(
    question,
    `For this I still need: ${missing.map((key) => en[key] ?? key).join(', ')}. For example "call, spot 100, strike 105, 3 months, rate 4%, vol 22%".`,
    `다음이 더 필요합니다: ${missing.map((key) => ko[key] ?? key).join(', ')}. 예: "콜, 기초자산 100, 행사가 105, 3개월, 금리 4%, 변동성 22%".`,
    missing,
  );
}

function inputOf(words: OptionWords): Readonly<Record<string, unknown>> {
  const { right, spot, strike, years, expiry, rate, volatility, dividendYield, exercise } = words;
  return { right, spot, strike, years, expiry, rate, volatility, dividendYield, exercise };
}

/** `digital `, `barrier `, `asian `: nothing for a vanilla option. */
function kindOf(result: GoodResult): string {
  const payoff = result.envelope.input['payoff'];
  return typeof payoff === 'string' && payoff !== 'vanilla' ? `${payoff} ` : '';
}

export const optionIntents: readonly Intent[] = [
  toolIntent({
    id: 'price-option',
    persona: 'vol_harvester',
    tool: 'price_option',
    patterns: [
      [optionWord, 1],
      [/\b(?:price|value|worth|premium|greeks?|delta|gamma|vega|theta|rho)\b|가격|그릭|델타|감마|세타|베가/, 1],
      [/\d+(?:\.\d+)?\s?\/\s?\d+.*(?:vol|%)|\bvol\w*\s?\d|\d+\s?v\b|변동성\s?\d/, 2],
      [/\d+[cp]\b.{0,16}exp|\batm\b|등가격/, 2],
    ],
    not: /implied|\biv\b|imply|condor|straddle|strangle|butterfly|quoted|trading at|basket|surface|skew|내재변동성|var\b|kelly|leverag/,
    plan(question) {
      const words = readOption(question);
      const right =
        words.right ?? (/theta|greeks?|vega|gamma|delta|세타|그릭/.test(question.lower) ? 'call' : undefined);
      const filled: OptionWords = right === undefined ? words : { ...words, right };
      const missing = missingFor(filled, ['right', 'spot', 'strike', 'years', 'volatility']);
      if (missing.length > 0) return askFor(question, missing);
      const payoff = readPayoff(question.lower, filled.spot);
      if (payoff.unknown !== null) {
        return ask(
          question,
          `I do not price ${payoff.unknown} options. Vanilla, digital, barrier, Asian and spread options I do; which one do you mean?`,
          `${payoff.unknown} 옵션은 계산하지 않습니다. 바닐라, 디지털, 배리어, 아시안, 스프레드 옵션은 가능합니다. 어느 것인가요?`,
          ['payoff'],
        );
      }
      if (payoff.missing !== null) {
        return ask(
          question,
          'For a barrier option I still need the barrier level, for example "barrier 90".',
          '배리어 옵션은 배리어 가격이 필요합니다. 예: "배리어 90".',
          ['barrier'],
        );
      }
      const input = { ...inputOf(filled), ...payoff.fields };
      if (words.slash !== true || words.spot === words.strike) return call('price_option', input);
      return calls(
        { tool: 'price_option', input },
        { tool: 'price_option', input: { ...input, spot: words.strike, strike: words.spot } },
      );
    },
    brief: (question, result) =>
      readOption(question).slash === true && result.envelope.input['strike'] === readOption(question).spot,
    head(question, result, korean) {
      const words = readOption(question);
      const other = words.slash === true && result.envelope.input['strike'] === words.spot;
      const lead = other ? (korean ? '반대로 읽으면: ' : 'Read the other way round: ') : '';
      return korean
        ? `${lead}가격 **${put(result, 'price')}** (${kindOf(result)}${put(result, 'input.right')}, 기초자산 ${put(result, 'spot')}, 행사가 ${put(result, 'strike')}, 만기 ${put(result, 'years')}, 금리 ${put(result, 'rate')}, 변동성 ${put(result, 'volatility')}).`
        : `${lead}The price is **${put(result, 'price')}** for a ${kindOf(result)}${put(result, 'input.right')} with spot ${put(result, 'spot')}, strike ${put(result, 'strike')}, ${put(result, 'years')}, rate ${put(result, 'rate')}, volatility ${put(result, 'volatility')}.`;
    },
    facts: [
      ['delta', '델타'],
      ['gamma', '감마'],
      ['vegaPerPoint', '베가 (변동성 1포인트당)'],
      ['thetaPerDay', '세타 (하루당)'],
      ['thetaPerYear', '세타 (연간)'],
      ['rhoPerPoint', '로 (금리 1%p당)'],
    ],
    tail(question, result, korean) {
      if (!/theta|세타/.test(question.lower)) return '';
      return korean
        ? `둘 다 맞습니다. 연간 세타는 ${put(result, 'thetaPerYear')}이고, 달력일 하루로 나누면 ${put(result, 'thetaPerDay', '3dp')}입니다. 증권사는 하루 기준을 보여 줍니다.`
        : `Both are right; the scale differs. Theta is ${put(result, 'thetaPerYear', '2dp')} a year and ${put(result, 'thetaPerDay', '3dp')} a calendar day, which is what brokers show.`;
    },
  }),
  toolIntent({
    id: 'imply-volatility',
    persona: 'vol_harvester',
    tool: 'imply_volatility',
    patterns: [
      [/\biv\b|implied vol(?:atility)?|imply|what vol|내재\s?변동성/, 2],
      [optionWord, 1],
      [/quoted|trading(?: at)?|\d+\.\d{2}|호가/, 1],
    ],
    not: /surface|skew|term structure|rich|expensive|cheap|percentile|\brank\b|비싸|비싼|실현|realised|realized|vrp/,
    plan(question) {
      const words = readOption(question);
      const price =
        words.price ??
        numberNear(
          question,
          /at|for|price|is/i,
          (n) => n.kind === 'plain' && n.value !== words.spot && n.value !== words.strike,
        )?.value;
      const filled = price === undefined ? words : { ...words, price };
      const missing = missingFor(filled, ['right', 'price', 'spot', 'strike', 'years']);
      if (missing.length > 0) return askFor(question, missing);
      const { volatility: _, ...input } = inputOf(filled);
      return call('imply_volatility', { ...input, price });
    },
    head: (_question, result, korean) =>
      read<number | null>(result, 'impliedVolatility') == null
        ? ''
        : korean
          ? `내재변동성은 **${put(result, 'impliedVolatility', '2dp')}**입니다 (가격 ${put(result, 'price')}, 행사가 ${put(result, 'strike')}, 선도 ${put(result, 'forward')}).`
          : `The implied volatility is **${put(result, 'impliedVolatility', '2dp')}** for a price of ${put(result, 'price')}, strike ${put(result, 'strike')}, forward ${put(result, 'forward')}.`,
    facts: [
      ['lowerBound', '하한'],
      ['upperBound', '상한'],
      ['note', '참고'],
    ],
  }),
  toolIntent({
    id: 'option-strategy',
    persona: 'vol_harvester',
    tool: 'analyze_option_strategy',
    patterns: [
      [
        /condor|straddle|strangle|butterfly|(?:bull|bear|call|put|vertical|calendar) spread|covered call|collar|콘도르|스트래들|스트랭글/,
        3,
      ],
      [/max loss|break[- ]?evens?|\bbe\?|payoff|최대 손실|손익분기/, 1],
    ],
    plan(question) {
      const legs = strategyLegs(question);
      if (legs === null)
        return ask(
          question,
          'Which legs? Give strikes and the premium, such as "condor 95/100/110/115 for 1.85, 3 lots" or "straddle 100, paid 8".',
          '어떤 구성인가요? "콘도르 95/100/110/115, 1.85에 3계약"처럼 행사가와 프리미엄을 말해 주세요.',
          ['legs'],
        );
      return call('analyze_option_strategy', legs);
    },
    facts: [
      ['maxGain', '최대 이익'],
      ['maxLoss', '최대 손실'],
      ['netPremium', '순프리미엄'],
    ],
  }),
  toolIntent({
    id: 'vol-premium',
    persona: 'vol_harvester',
    tool: 'analyze_variance_premium',
    patterns: [
      [
        /(?:vol(?:atility)?|implied|options?|iv).{0,24}(?:rich|cheap|expensive|fair|percentile)|(?:rich|cheap|expensive).{0,14}(?:vol|options)|variance (?:risk )?premium|\bvrp\b|sell vol|변동성.{0,10}(?:비싸|싸|프리미엄|매도)|옵션.{0,6}(?:비싸|싸)/,
        4,
      ],
    ],
    otherwise: (korean) =>
      korean
        ? '내재변동성을 알려 주면(예: "SPX 변동성 비싸? VIX 19.5") 보유한 가격의 실현변동성과 비교합니다. 합성 자료로는 "데모 변동성 비싸?"라고 물어보세요.'
        : 'Tell me the implied volatility ("is SPX vol rich, VIX 19.5") and I set it against the realised volatility of the prices that are held; or ask "is demo vol rich?" for the synthetic market.',
    plan: (question) =>
      call('analyze_variance_premium', {
        symbol: underlying(question),
        impliedVolPoints: numberNear(
          question,
          /\bvix|implied(?: vol)?|\biv\b/i,
          (n) => n.kind === 'plain' || n.kind === 'percent',
        )?.shown,
      }),
  }),
  toolIntent({
    id: 'vol-surface',
    persona: 'vol_harvester',
    tool: 'fit_vol_surface',
    patterns: [
      [/\bsvi\b|\bssvi\b|vol(?:atility)? surface|fit .{0,12}surface|arbitrage[- ]free|변동성 (?:곡면|표면)/, 4],
    ],
    plan: (question) => call('fit_vol_surface', { symbol: underlying(question) }),
  }),
  toolIntent({
    id: 'vol-term-structure',
    persona: 'vol_harvester',
    tool: 'analyze_vol_term_structure',
    patterns: [
      [
        /(?:vol\w*|vix|spx|iv)?.{0,10}term structure|\bskew\b|risk reversal|25[- ]delta|vix futures|vix (?:contango|backwardation)|스큐|기간\s?구조/,
        3,
      ],
    ],
    not: /yield|rates?\b|treasury|금리/,
    plan: (question) => call('analyze_vol_term_structure', { symbol: underlying(question) }),
  }),
  toolIntent({
    id: 'variance-swap',
    persona: 'vol_harvester',
    tool: 'price_variance_swap',
    patterns: [[/variance swap|var swap|분산\s?스왑|vix method|fair variance/, 4]],
    plan: (question) => call('price_variance_swap', { symbol: underlying(question) }),
  }),
  toolIntent({
    id: 'basket-option',
    persona: 'vol_harvester',
    tool: 'price_basket_option',
    patterns: [[/basket (?:call|put|option)|바스켓\s?(?:콜|풋|옵션)/, 4]],
    plan(question) {
      const strike = numberNear(question, /strike|행사가/i)?.value;
      const years = readOption(question).years;
      const spots = listAfter(question, /assets?|spots?|on/i);
      const vols = listAfter(question, /vols?|변동성/i).map((v) => (v >= 1 ? v / 100 : v));
      const correlation = numberNear(question, /corr(?:elation)?|상관(?:계수)?/i)?.value;
      const rate = readOption(question).rate ?? 0.03;
      if (strike === undefined || years === undefined || spots.length < 2 || vols.length !== spots.length) {
        return ask(
          question,
          'A basket option needs spots, volatilities, a correlation, a strike and an expiry: "basket call on 100 90 110, vols 20 25 30, corr .5, strike 100, 1y".',
          '기초자산 가격들, 변동성들, 상관계수, 행사가, 만기가 필요합니다.',
          ['spots', 'volatilities', 'strike', 'years'],
        );
      }
      const weight = 1 / spots.length;
      const assets = spots.map((spot, i) => ({ spot, weight, volatility: vols[i] }));
      return call('price_basket_option', {
        right: /put|풋/.test(question.lower) ? 'put' : 'call',
        assets,
        correlation,
        strike,
        years,
        rate,
      });
    },
  }),
  toolIntent({
    id: 'hedge-book',
    persona: 'vol_harvester',
    tool: 'hedge_book',
    patterns: [
      [
        /(?:hedge|flatten|neutrali[sz]e).{0,24}(?:delta|gamma|vega|book|beta)|delta[- ]?neutral|델타\s?(?:중립|헤지)/,
        4,
      ],
    ],
    plan: (question) =>
      ask(
        question,
        'To hedge a book I need its greeks and the instruments you may use: "book delta 1200, vega 5000; hedge with the 100 call and stock".',
        '헤지하려면 포지션의 그릭과 사용할 수 있는 상품이 필요합니다.',
        ['positions', 'instruments'],
      ),
  }),
];

function listAfter(question: Question, word: RegExp): readonly number[] {
  const at = question.text.search(word);
  if (at < 0) return [];
  const tail = question.text.slice(at).replace(/^\S+\s*(?:\d\s+assets?\s+)?/, '');
  const match = /^\D{0,12}((?:\.?\d+(?:\.\d+)?%?[\s,]+)*\.?\d+(?:\.\d+)?)/.exec(tail);
  return (match?.[1] ?? '')
    .split(/[\s,]+/)
    .map((part) => Number.parseFloat(part))
    .filter((value) => Number.isFinite(value));
}

/** Strikes in ascending order, the premium after "for", "paid" or "credit", and the number of lots. */
function strategyLegs(question: Question): Readonly<Record<string, unknown>> | null {
  const { text, lower } = question;
  const list = /(\d+(?:\.\d+)?(?:\s?[/-]\s?\d+(?:\.\d+)?){1,3})/.exec(text)?.[1]?.split(/[/-]/).map(Number) ?? [];
  const premium = numberNear(
    question,
    /for|credit(?: of)?|paid|debit(?: of)?|premium|at|프리미엄|매수|매도|지불/i,
    (n) => n.kind !== 'duration' && !list.includes(n.value),
  )?.value;
  const lots =
    numberNear(
      question,
      /lots?|contracts?|계약|x/i,
      (n) => n.kind === 'plain' && Number.isInteger(n.value) && !list.includes(n.value),
    )?.value ?? Number(/x\s?(\d+)\b/.exec(text)?.[1] ?? 1);
  const single =
    list.length === 0 ? plainNumbers(question).find((n) => n.value !== premium && n.value !== lots)?.value : undefined;
  const leg = (kind: string, side: string, strike: number) => ({
    kind,
    side: side === 'buy' ? 'long' : 'short',
    strike,
  });
  const whole = (legs: readonly object[], netPremium: number | undefined) => ({ legs, netPremium, contracts: lots });
  if (/condor|콘도르/.test(lower) && list.length === 4) {
    const [a = 0, b = 0, c = 0, d = 0] = list;
    return whole([leg('put', 'buy', a), leg('put', 'sell', b), leg('call', 'sell', c), leg('call', 'buy', d)], premium);
  }
  if (/straddle|스트래들/.test(lower) && (single ?? list[0]) !== undefined) {
    const side = /short|sell|매도/.test(lower) ? 'sell' : 'buy';
    const strike = single ?? list[0] ?? 0;
    return whole(
      [leg('call', side, strike), leg('put', side, strike)],
      premium === undefined ? undefined : side === 'buy' ? -premium : premium,
    );
  }
  if (/strangle|스트랭글/.test(lower) && list.length === 2) {
    const side = /short|sell|매도/.test(lower) ? 'sell' : 'buy';
    return whole(
      [leg('put', side, list[0] ?? 0), leg('call', side, list[1] ?? 0)],
      premium === undefined ? undefined : side === 'buy' ? -premium : premium,
    );
  }
  if (/spread/.test(lower) && list.length === 2) {
    const right = /put|풋/.test(lower) ? 'put' : 'call';
    const [low = 0, high = 0] = [...list].sort((a, b) => a - b);
    const bull = right === 'call' ? !/bear/.test(lower) : /bull/.test(lower);
    return whole([leg(right, bull ? 'buy' : 'sell', low), leg(right, bull ? 'sell' : 'buy', high)], premium);
  }
  return null;
}

/** The named underlying; the synthetic market only when it is asked for; else the S&P 500. */
function underlying(question: Question): string {
  const named = question.symbols.find((mention) => mention.symbol !== 'VIX')?.symbol;
  return named ?? (/demo|synthetic|데모|합성/.test(question.lower) ? 'DEMO:MKT' : 'SPX');
}
