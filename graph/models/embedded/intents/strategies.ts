import { ask, call, defineIntent, type Intent, type Plan, type Question, say } from '../intent.ts';
import { numberNear, window } from '../slots.ts';
import { toolIntent } from '../tool-intent.ts';
import { put } from '../write.ts';

function pair(question: Question): readonly [string, string] | null {
  const [y, x] = question.symbols.filter((mention) => mention.symbol !== 'VIX');
  return y === undefined || x === undefined ? null : [y.symbol, x.symbol];
}

function askPair(question: Question): Plan {
  return ask(
    question,
    'Which two instruments? For example "KO/PEP cointegrated? 2y".',
    '어떤 두 종목인가요? 예: "KO/PEP 공적분 돼? 2년".',
    ['y', 'x'],
  );
}

function one(question: Question, tool: string, extra: Readonly<Record<string, unknown>> = {}, fallback?: string): Plan {
  const symbol = question.symbols.find((mention) => mention.symbol !== 'VIX')?.symbol ?? fallback;
  if (symbol === undefined)
    return ask(
      question,
      'For which instrument? Name a ticker such as AAPL or SPX.',
      '어느 종목인가요? AAPL, SPX처럼 말해 주세요.',
      ['symbol'],
    );
  return call(tool, { symbol, ...window(question), ...extra });
}

function many(question: Question, tool: string, least: number, extra: Readonly<Record<string, unknown>> = {}): Plan {
  const symbols = question.symbols.map((mention) => mention.symbol);
  if (symbols.length < least)
    return ask(
      question,
      `Which instruments? Name ${least === 1 ? 'at least one' : `${least} or more`}, such as AAPL, MSFT, IBM.`,
      '어떤 종목들인가요? AAPL, MSFT, IBM처럼 말해 주세요.',
      ['symbols'],
    );
  return call(tool, { symbols, ...window(question), ...extra });
}

/** Synthetic data only when they are asked for by name. */
const demo = (question: Question) => /demo|synthetic|데모|합성/.test(question.lower);
const costs = (question: Question) => question.numbers.find((n) => n.kind === 'bps')?.shown;
const thresholds = (question: Question) => ({
  entry: numberNear(question, /entry|enter|진입/i)?.value,
  exit: numberNear(question, /exit|close|청산/i)?.value,
  stop: numberNear(question, /stop|손절/i)?.value,
});

export const strategyIntents: readonly Intent[] = [
  toolIntent({
    id: 'stay-probability',
    persona: 'ml_quant',
    tool: 'calculate',
    patterns: [[/stay(?:ing)? prob\w*|prob\w* of staying|self[- ]transition|머무를 확률|유지 확률/, 5]],
    plan(question) {
      const p = numberNear(
        question,
        /stay\w* prob\w*|prob\w* of staying|self[- ]transition|확률/i,
        (n) => n.value > 0 && n.value < 1,
      );
      if (p === undefined)
        return ask(question, 'What is the probability of staying, between 0 and 1?', '머무를 확률이 얼마인가요?', [
          'probability',
        ]);
      return call('calculate', { expression: `1 / (1 - ${p.value})`, unit: 'days' });
    },
    head: (_question, result, korean) =>
      korean
        ? `기대 지속 기간은 1/(1 − a) = **${put(result, 'value')}** (기간 단위, 일간 자료면 거래일)입니다. 기하분포라 기억이 없어서, 이미 얼마나 지속됐는지와 무관합니다.`
        : `About **${put(result, 'value', '1dp,plain')} periods** (days on daily data): the expected duration is 1/(1 − a). The length is geometric and has no memory, so how long it has already lasted does not matter.`,
  }),
  toolIntent({
    id: 'false-discoveries',
    persona: 'mean_reversion',
    tool: 'calculate',
    patterns: [
      [
        /\d+.{0,30}(?:pairs|tests|strategies|signals|trials).{0,60}(?:p\s?(?:<|below|under)|significant|유의)|\d+개.{0,20}(?:페어|검정).{0,30}(?:p|유의)/,
        6,
      ],
    ],
    plan(question) {
      const counts = question.numbers.filter((n) => n.kind === 'plain' && Number.isInteger(n.value) && n.value > 1);
      const total = counts.reduce((most, n) => Math.max(most, n.value), 0);
      const level =
        numberNear(
          question,
          /p\s?(?:<|below|under|values? (?:below|under))|alpha|유의\s?수준/i,
          (n) => n.value > 0 && n.value < 1,
        )?.value ?? 0.05;
      if (total < 2)
        return ask(question, 'How many tests were run, and how many passed?', '검정은 몇 번 했고 몇 개가 통과했나요?', [
          'tests',
        ]);
      return call('calculate', { expression: `${total} * ${level}`, unit: 'ratio' });
    },
    head: (_question, result, korean) =>
      korean
        ? `아니요. 아무 관계가 없어도 우연히 **${put(result, 'value', '1dp')}개** 정도가 통과합니다 (${put(result, 'expression')}). 통과한 수가 그 정도라면 찾은 것이 없는 셈입니다. Benjamini–Hochberg로 거짓 발견 비율을 통제하고, 남은 것은 표본 밖에서 확인하세요.`
        : `No. With nothing there at all, about **${put(result, 'value', '1dp')}** would pass by luck (${put(result, 'expression')}). If about that many passed, the scan has found nothing. Control the false discovery rate (Benjamini–Hochberg; \`scan_pairs\` does), and check what is left out of sample. Pairs that share a stock are dependent, so even that list is only candidates.`,
  }),
  defineIntent({
    id: 'widening-spread',
    persona: 'mean_reversion',
    tools: [],
    patterns: [
      [
        /(?:half[- ]?life|z).{0,30}(?:still )?widen|spread.{0,20}widen|반감기.{0,20}벌어지|스프레드.{0,10}(?:확대|벌어)/,
        6,
      ],
    ],
    plan: (question) =>
      say(
        question,
        'Do not add to it on the z-score alone. If the spread still reverted, half of the gap should close within one half-life on average; a gap that keeps widening over a good part of one is evidence of a break. Before anything else: (1) is the hedge ratio from a rolling window or from the whole sample, (2) does a break test or a cointegration test on recent data still pass, (3) where is your stop on z and on time (two or three half-lives are usual)? With a long half-life, costs and borrow also eat the edge. Name the two instruments and I test for the break.',
        'z값만 보고 더 담지 마세요. 스프레드가 여전히 회귀한다면 평균적으로 반감기 한 번에 격차의 절반이 줄어야 합니다. 계속 벌어진다면 관계가 깨졌다는 증거입니다. 먼저 (1) 헤지 비율이 이동 창에서 나왔는지, (2) 최근 자료에서도 공적분과 구조 변화 검정을 통과하는지, (3) z와 시간 기준 손절이 어디인지 확인하세요. 두 종목을 말하면 구조 변화를 검정하겠습니다.',
      ),
    answer: () => '',
  }),
  toolIntent({
    id: 'pair',
    persona: 'mean_reversion',
    tool: 'analyze_pair',
    patterns: [
      [/co-?integrat|공적분|hedge ratio|half[- ]?life|engle|johansen|spread|페어|헤지\s?비율|반감기|\bpair\b/, 2],
      [/[a-z]{1,5}\s?[/&]\s?[a-z]{1,5}|\bz[- ]?(?:score|now)\b/, 1],
    ],
    not: /scan|universe|all pairs|1225|backtest|백테스트|basket|calibrat|threshold|entry and exit|진입|option|condor|call|put|credit/,
    plan(question) {
      const legs = pair(question);
      return legs === null ? askPair(question) : call('analyze_pair', { y: legs[0], x: legs[1], ...window(question) });
    },
    facts: [
      ['verdict', '판정'],
      ['reason', '이유'],
      ['hedge.ratio', '헤지 비율'],
      ['reversion.halfLifeDays', '반감기'],
      ['reversion.halfLife', '반감기'],
      ['now.z', '현재 z'],
      ['now.state', '상태'],
    ],
  }),
  toolIntent({
    id: 'stationarity',
    persona: 'mean_reversion',
    tool: 'test_stationarity',
    patterns: [[/stationar|unit root|\badf\b|\bkpss\b|hurst|variance ratio|정상성|단위근/, 3]],
    plan(question) {
      const statistic = numberNear(
        question,
        /adf|statistic|t-?stat|is|통계량/i,
        (n) => n.kind === 'plain' && n.value < 0,
      );
      if (statistic !== undefined) {
        const observations = numberNear(
          question,
          /obs(?:ervations)?|bars|rows|days|n\s?=|관측/i,
          (n) => n.value >= 10,
        )?.value;
        return call('test_stationarity', {
          statistic: statistic.value,
          observations,
          isResidual: /spread|residual|pair|스프레드|잔차/.test(question.lower),
        });
      }
      const symbols = question.symbols.map((mention) => mention.symbol);
      if (symbols.length >= 2 && /spread|pair|resid/.test(question.lower))
        return call('test_stationarity', { symbol: symbols[0], hedgedBy: symbols[1], ...window(question) });
      const transform = /return|수익률/.test(question.lower) ? 'returns' : undefined;
      return one(question, 'test_stationarity', { transform });
    },
    facts: [
      ['verdict', '판정'],
      ['reason', '이유'],
      ['adf.statistic', 'ADF 통계량'],
      ['adf.pValue', 'ADF p값'],
    ],
  }),
  toolIntent({
    id: 'scan-pairs',
    persona: 'mean_reversion',
    tool: 'scan_pairs',
    patterns: [[/scan.{0,30}pairs|(?:find|search|best|all).{0,16}pairs|pairs? scan|페어.{0,6}(?:찾|스캔|검색)/, 4]],
    not: /p\s?<|trade them all|false|carry/,
    plan: (question) =>
      call('scan_pairs', {
        ...(question.symbols.length > 2
          ? { symbols: question.symbols.map((mention) => mention.symbol) }
          : { synthetic: true, top: 10 }),
        ...window(question),
      }),
  }),
  toolIntent({
    id: 'backtest-pair',
    persona: 'mean_reversion',
    tool: 'backtest_pair',
    patterns: [
      [/back-?test.{0,30}(?:pair|spread)|(?:pair|페어).{0,16}(?:back-?test|백테스트)|백테스트.{0,16}페어/, 5],
      [/back-?test|백테스트/, 1],
      [/entry.{0,20}exit/, 2],
    ],
    not: /best entry|calibrat|threshold/,
    plan(question) {
      const legs = pair(question);
      return legs === null
        ? askPair(question)
        : call('backtest_pair', {
            y: legs[0],
            x: legs[1],
            ...thresholds(question),
            costBps: costs(question),
            ...window(question),
          });
    },
  }),
  toolIntent({
    id: 'calibrate',
    persona: 'mean_reversion',
    tool: 'calibrate_entry_exit',
    patterns: [
      [
        /(?:best|optimal|calibrat\w+).{0,20}(?:entry|exit|threshold)|which z .{0,20}(?:enter|leave)|진입.{0,10}(?:최적|기준)|임계값/,
        5,
      ],
    ],
    plan(question) {
      const legs = pair(question);
      return legs === null
        ? askPair(question)
        : call('calibrate_entry_exit', { y: legs[0], x: legs[1], costBps: costs(question), ...window(question) });
    },
  }),
  toolIntent({
    id: 'basket',
    persona: 'mean_reversion',
    tool: 'analyze_basket',
    patterns: [
      [
        /(?:johansen|cointegrat\w*).{0,40}basket|basket.{0,30}(?:cointegrat|johansen|mean.?revert)|johansen on|바스켓.{0,10}공적분/,
        5,
      ],
    ],
    not: /option|call|put/,
    plan: (question) => many(question, 'analyze_basket', 3),
  }),
  toolIntent({
    id: 'momentum',
    persona: 'momentum',
    tool: 'compute_momentum',
    patterns: [[/momentum|\btrend(?:ing|s)?\b|uptrend|downtrend|12-1|whipsaw|모멘텀|추세/, 3]],
    not: /back-?test|백테스트|trend following on|features|have (?:helped|worked|earned)/,
    plan: (question) => many(question, 'compute_momentum', 1),
  }),
  toolIntent({
    id: 'indicators',
    persona: 'momentum',
    tool: 'compute_indicators',
    patterns: [
      [/\b(?:rsi|macd|bollinger|atr|adx|ema|sma|stochastic|donchian|obv|moving average)\b|볼린저|이동\s?평균|지표/, 4],
    ],
    not: /back-?test|cross\b|strategy|crossover|백테스트/,
    plan(question) {
      const known: readonly (readonly [string, RegExp])[] = [
        ['sma', /\bsma\b|moving average|이동\s?평균/],
        ['ema', /\bema\b/],
        ['rsi', /\brsi\b/],
        ['macd', /\bmacd\b/],
        ['atr', /\batr\b/],
        ['bollinger', /bollinger|볼린저/],
        ['adx', /\badx\b/],
        ['donchian', /donchian/],
        ['stochastic', /stochastic/],
        ['obv', /\bobv\b/],
      ];
      const indicators = known.filter(([, pattern]) => pattern.test(question.lower)).map(([name]) => name);
      return one(question, 'compute_indicators', indicators.length === 0 ? {} : { indicators });
    },
  }),
  toolIntent({
    id: 'backtest-momentum',
    persona: 'momentum',
    tool: 'backtest_momentum',
    patterns: [
      [
        /back-?test.{0,30}(?:momentum|trend)|(?:momentum|trend[- ]following).{0,20}back-?test|모멘텀.{0,10}백테스트|백테스트.{0,14}(?:모멘텀|추세)/,
        6,
      ],
    ],
    plan: (question) => many(question, 'backtest_momentum', 1, { costBps: costs(question) }),
  }),
  toolIntent({
    id: 'backtest-strategy',
    persona: 'momentum',
    tool: 'backtest_strategy',
    patterns: [
      [/back-?test|백테스트/, 2],
      [/cross(?:over)?\b|strategy|signal|sma|buy[- ]and[- ]hold|전략/, 1],
    ],
    not: /pair|momentum|trend following|hmm|regime|rebalanc|audit|페어|모멘텀/,
    plan(question) {
      const cross = /(\d+)\s?\/\s?(\d+)/.exec(question.text);
      const symbols = question.symbols.map((mention) => mention.symbol);
      if (symbols.length === 0)
        return ask(
          question,
          'Backtest which rule on which instrument? For example "SMA 50/200 cross on SPX, 2 bps".',
          '어떤 규칙을 어느 종목에 시험할까요? 예: "SPX 50/200 이동평균 교차, 2bp".',
          ['symbols', 'signal'],
        );
      if (cross === null && !/buy[- ]and[- ]hold/.test(question.lower))
        return ask(
          question,
          'Which rule? For example "SMA 50/200 cross", or weights.',
          '어떤 규칙인가요? 예: "50/200 이동평균 교차".',
          ['signal'],
        );
      const signal = cross === null ? '1' : `sma(close, ${cross[1]}) > sma(close, ${cross[2]})`;
      return call('backtest_strategy', { symbols, signal, costBps: costs(question), ...window(question) });
    },
  }),
  toolIntent({
    id: 'audit-backtest',
    persona: 'ml_quant',
    tool: 'audit_backtest',
    patterns: [
      [
        /audit|too good|is (?:this|my) backtest|after \d+ (?:trials|tries|variants)|\d+ (?:trials|variants|parameter)|delay 0|one bar later|same[- ]bar|look-?ahead/,
        3,
      ],
      [/sharpe\s?(?:of |is )?\d|샤프\s?\d/, 1],
    ],
    not: /model document|write up|for audit/,
    plan(question) {
      const sharpe = numberNear(question, /sharpe(?: of| is)?|샤프/i, (n) => n.kind === 'plain')?.value;
      if (sharpe === undefined)
        return ask(
          question,
          'Tell me the claim: the Sharpe ratio, how many variants were tried, over how many years, with which delay, and how the universe was chosen.',
          '주장하는 내용을 알려 주세요: 샤프 지수, 시도한 변형 수, 기간, 체결 지연, 종목 선정 방법.',
          ['sharpe', 'trials'],
        );
      const trials = numberNear(
        question,
        /trials|tries|variants|parameters?|combinations|번/i,
        (n) => n.value >= 2,
      )?.value;
      const years = question.numbers.find((n) => n.kind === 'duration' && n.unit === 'year')?.value;
      const fills = /delay 0|same[- ]bar/.test(question.lower)
        ? 'same-bar'
        : /next[- ]bar|delay 1/.test(question.lower)
          ? 'next-bar'
          : undefined;
      const later = /(\d*\.?\d+)\s*(?:one bar later|with (?:one|1)[- ]bar|at delay 1|one[- ]bar delay)/i.exec(
        question.text,
      )?.[1];
      const signal = /smoothed|viterbi/.test(question.lower) ? 'smoothed' : undefined;
      const universe = /today'?s? (?:index )?members|survivor|current constituents/.test(question.lower)
        ? 'todays-members'
        : undefined;
      return call('audit_backtest', {
        sharpe,
        trials,
        years,
        fills,
        sharpeOneBarLater: later === undefined ? undefined : Number(later),
        signal,
        universe,
      });
    },
  }),
  toolIntent({
    id: 'fx-carry',
    persona: 'carry_strategist',
    tool: 'analyze_fx_carry',
    patterns: [
      [
        /(?:fx|currency|best|which|what|demo).{0,20}carry|carry (?:trade|pairs?).{0,20}(?:best|look|top|now)|forward points|캐리(?:\s?트레이드)?|엔캐리/,
        3,
      ],
    ],
    not: /unwind|crash|roll|curve|futures|청산|what is|뭐야/,
    plan: (question) =>
      call('analyze_fx_carry', demo(question) ? { panel: 'DEMO:FX:FORWARDS', ratesPanel: 'DEMO:RATES:3M' } : {}),
    facts: [
      ['date', '기준일'],
      ['pairs', '검토한 통화쌍'],
      ['threshold', '기준'],
    ],
    rows: 'opportunities',
    otherwise: (korean) =>
      korean
        ? '무엇이 터뜨릴 수 있나: VIX 급등, 조달 통화(엔, 프랑) 강세, 금리차 축소, 고금리 통화 동반 급락. 합성 자료로 보려면 "데모 캐리"라고 물어보세요.'
        : 'What blows carry up, whatever the pair: a jump in VIX, strength of the funding currencies (yen, franc), a narrowing rate differential, and all high-yield currencies falling together. To see the ranking on synthetic data ask for "best carry in the demo market".',
    tail: (_question, _result, korean) =>
      korean
        ? '캐리는 폭락 위험의 대가입니다. 청산 신호: VIX 급등, 조달 통화(엔, 프랑) 강세, 금리차 축소, 고금리 통화 동반 급락.'
        : 'Carry is paid for crash risk. Unwind signs: a jump in VIX, strength of the funding currencies (yen, franc), a narrowing rate differential, and all high-yield currencies falling together.',
  }),
  toolIntent({
    id: 'carry-crash',
    persona: 'carry_strategist',
    tool: 'assess_carry_crash_risk',
    patterns: [
      [/carry.{0,30}(?:unwind|crash|risk|blow)|(?:unwind|crash).{0,20}carry|캐리.{0,10}(?:청산|위험|폭락)/, 4],
    ],
    not: /best carry/,
    plan(question) {
      if (demo(question))
        return call('assess_carry_crash_risk', {
          legs: [
            { symbol: 'DEMO:AUDUSD', weight: 1 },
            { symbol: 'DEMO:USDJPY', weight: 1 },
          ],
        });
      const legs = question.symbols.map((mention) => ({ symbol: mention.symbol, weight: 1 }));
      return legs.length === 0
        ? ask(
            question,
            'The crash risk of which carry trade? Name the currency pairs that you hold, such as AUDUSD and USDJPY. The usual unwind signs are a jump in VIX, strength of the funding currencies, a narrowing rate differential and negative skew.',
            '어떤 캐리 트레이드인가요? AUDUSD, USDJPY처럼 통화쌍을 말해 주세요. 흔한 청산 신호는 VIX 급등, 조달 통화 강세, 금리차 축소입니다.',
            ['legs'],
          )
        : call('assess_carry_crash_risk', { legs });
    },
  }),
  toolIntent({
    id: 'curve-carry',
    persona: 'carry_strategist',
    tool: 'analyze_curve_carry',
    patterns: [[/roll[- ]?down|curve carry|carry.{0,20}(?:curve|bonds?|treasur)|롤다운|커브 캐리/, 4]],
    plan: (question) => call('analyze_curve_carry', demo(question) ? { panel: 'DEMO:US:YIELDS' } : {}),
  }),
  toolIntent({
    id: 'futures-carry',
    persona: 'carry_strategist',
    tool: 'analyze_futures_carry',
    patterns: [
      [/roll yield|(?:contango|backwardation)|futures? (?:curve|strip|carry|roll)|롤\s?수익|콘탱고|백워데이션/, 4],
    ],
    not: /vix/,
    plan(question) {
      const strip = /oil|crude|wti|brent|원유|유가/.test(question.lower)
        ? 'OIL'
        : /gold|금\b/.test(question.lower)
          ? 'GOLD'
          : /gas|가스/.test(question.lower)
            ? 'GAS'
            : undefined;
      if (strip === undefined)
        return ask(
          question,
          'Which futures strip: oil, gold or gas?',
          '어떤 선물인가요? 원유, 금, 가스 중 말해 주세요.',
          ['panel'],
        );
      return call('analyze_futures_carry', { panel: `${demo(question) ? 'DEMO:' : ''}${strip}:FUTURES` });
    },
  }),
  toolIntent({
    id: 'yield-curve',
    persona: 'carry_strategist',
    tool: 'build_yield_curve',
    patterns: [
      [
        /yield curve|zero curve|discount factors?|bootstrap.{0,16}curve|nelson|svensson|treasury curve|수익률\s?곡선|금리 곡선|할인\s?계수/,
        4,
      ],
    ],
    not: /slope.*vix|roll/,
    plan: (question) => call('build_yield_curve', { panel: demo(question) ? 'DEMO:US:YIELDS' : 'US:YIELDS' }),
  }),
  toolIntent({
    id: 'estimate-volatility',
    persona: 'vol_harvester',
    tool: 'estimate_volatility',
    patterns: [
      [/how (?:volatile|fast does a shock)|얼마나 변동/, 3],
      [/\b(?:garch|gjr|egarch|ewma|har(?:-rv)?|yang[- ]zhang|parkinson|garman|rogers)\b/, 3],
      [
        /(?:realised|realized|historical|estimate|forecast|what(?:'s| is)).{0,24}vol(?:atility)?|vol(?:atility)? (?:of|forecast|estimate)|변동성/,
        2,
      ],
      [/얼마|forecast|예측/, 1],
    ],
    not: /implied|내재|surface|rich|expensive|비싸|option|call\b|put\b|옵션|콜|풋|target vol|daily vol \d|kelly|leverag|features|목표 변동성|book|regime/,
    plan(question) {
      const models: readonly (readonly [string, RegExp])[] = [
        ['egarch', /egarch/],
        ['gjr', /gjr/],
        ['garch', /garch/],
        ['ewma', /ewma/],
        ['har', /\bhar\b|har-rv/],
        ['yangZhang', /yang[- ]?zhang/],
        ['parkinson', /parkinson/],
        ['garmanKlass', /garman/],
        ['rogersSatchell', /rogers/],
        ['closeToClose', /close[- ]to[- ]close|historical/],
      ];
      const model = models.find(([, pattern]) => pattern.test(question.lower))?.[0];
      const days = numberNear(
        question,
        /last|past|over|최근|지난/i,
        (n) => n.kind === 'duration' && n.unit === 'day',
      )?.value;
      return one(question, 'estimate_volatility', {
        model,
        window: days,
        ...(days === undefined ? {} : { start: undefined }),
      });
    },
    facts: [
      ['volatilityAnnual', '연 변동성'],
      ['sampleVolatilityAnnual', '표본 변동성'],
      ['volatilityDaily', '일 변동성'],
    ],
  }),
  toolIntent({
    id: 'backtest-hmm',
    persona: 'ml_quant',
    tool: 'backtest_hmm',
    patterns: [
      [
        /(?:hmm|regime).{0,30}(?:back-?test|beats?|faster|earn|vs|versus|trade|signal)|(?:back-?test|백테스트).{0,20}(?:hmm|regime|국면)|vix rule (?:vs|or|against|versus) hmm|(?:beat|faster).{0,20}vix|vix.{0,20}hmm|walk[- ]forward.{0,20}hmm|국면.{0,10}백테스트/,
        5,
      ],
    ],
    plan(question) {
      // A crisis is marked inside the walk-forward run, which needs the years before it.
      const crisis = /covid|코로나|pandemic|crisis|crash|위기|lehman/.test(question.lower);
      return one(
        question,
        'backtest_hmm',
        { costBps: costs(question), ...(crisis ? { start: undefined, end: undefined } : {}) },
        'SPX',
      );
    },
  }),
  toolIntent({
    id: 'markov-regression',
    persona: 'ml_quant',
    tool: 'fit_markov_regression',
    patterns: [
      [
        /markov[- ]?(?:switching )?regression|hamilton|switching (?:mean|variance|regression|model)|마르코프\s?(?:전환|스위칭)/,
        5,
      ],
    ],
    plan: (question) => one(question, 'fit_markov_regression', {}, 'SPX'),
  }),
  toolIntent({
    id: 'breaks',
    persona: 'ml_quant',
    tool: 'detect_breaks',
    patterns: [
      [
        /structural breaks?|when did .{0,40} change|change ?points?|\bpelt\b|\bcusum\b|\bbreaks? in\b|구조\s?변화|변화점/,
        4,
      ],
    ],
    not: /label/,
    plan: (question) => one(question, 'detect_breaks', {}, 'SPX'),
  }),
];
