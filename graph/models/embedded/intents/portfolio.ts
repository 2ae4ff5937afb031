import { readAllocation, readHoldings, readRatio } from '../allocations.ts';
import { ask, call, type Intent, type Question } from '../intent.ts';
import { asDays, asFraction, monies, numberNear, round, window } from '../slots.ts';
import { toolIntent } from '../tool-intent.ts';
import { type GoodResult, joinParts, put, read, table } from '../write.ts';

function totalOf(question: Question): { readonly totalValue?: number; readonly currency?: string } {
  const money =
    monies(question).findLast((n) => n.value >= 1000) ??
    numberNear(
      question,
      /total|book|portfolio(?: of)?|account|capital|총|자본/i,
      (n) => n.kind === 'plain' && n.value >= 1000,
    );
  const book = /(\d[\d,.]*)\s?(mm|m|k|bn)\s+(?:book|portfolio|account)/i.exec(question.text);
  if (book !== null) {
    const scale: Readonly<Record<string, number>> = { k: 1e3, m: 1e6, mm: 1e6, bn: 1e9 };
    return { totalValue: Number((book[1] ?? '').replaceAll(',', '')) * (scale[(book[2] ?? '').toLowerCase()] ?? 1) };
  }
  if (money === undefined) return {};
  return { totalValue: money.value, ...(money.currency === null ? {} : { currency: money.currency }) };
}

function language(question: Question): { readonly language?: 'ko' } {
  return question.language === 'ko' ? { language: 'ko' } : {};
}

/** VIX and the other indicators, where the question names them. */
export function indicators(question: Question): Readonly<Record<string, unknown>> {
  const plain = (n: { readonly kind: string }) => n.kind === 'plain' || n.kind === 'percent';
  const vix = numberNear(question, /\bvix(?:가|이|는)?/i, (n) => n.kind === 'plain');
  const slope = numberNear(question, /curve|slope|10y-?2y|2s10s|장단기/i, (n) => n.kind !== 'date');
  const growth = numberNear(question, /gdp(?: growth)?|growth|성장률/i, plain);
  const unemployment = numberNear(question, /unemployment|실업률/i, plain);
  const inflation = numberNear(question, /cpi|inflation|물가/i, plain);
  const stance = /hawkish|tighten|hik(?:e|ing)|긴축/i.test(question.text)
    ? 'tightening'
    : /dovish|eas(?:y|ing)|cut(?:ting)?s?\b|완화/i.test(question.text)
      ? 'easing'
      : /fed.{0,12}neutral|중립/i.test(question.text)
        ? 'neutral'
        : undefined;
  return {
    vix: vix?.value,
    yieldCurveSlope: slope === undefined ? undefined : slope.kind === 'bps' ? slope.shown / 100 : slope.shown,
    fedStance: stance,
    gdpGrowth: asFraction(growth),
    unemployment: asFraction(unemployment),
    inflation: asFraction(inflation),
  };
}

function namedPortfolio(question: Question): string | undefined {
  return /demo portfolio|데모 포트폴리오/i.test(question.text) ? 'DEMO:BALANCED' : undefined;
}

function positions(question: Question): { readonly positions?: readonly object[]; readonly cash?: number } {
  const holdings = readHoldings(question);
  const cash = numberNear(question, /\bcash\b|현금/i, (n) => n.kind !== 'percent' && n.value >= 100);
  if (holdings.length === 0) return {};
  const list = holdings.map(({ symbol, value, price }) =>
    price === undefined ? { symbol, value } : { symbol, value, price },
  );
  return { positions: list, ...(cash === undefined ? {} : { cash: cash.value }) };
}

/** "buy AAPL $15,000" names a wish, not a holding. */
function withoutWish(said: ReturnType<typeof positions>, symbol: string, amount: number): ReturnType<typeof positions> {
  const rest = (said.positions ?? []).filter(
    (held) => !('symbol' in held && held.symbol === symbol && 'value' in held && held.value === amount),
  );
  if (rest.length === 0 && said.cash === undefined) return {};
  return { ...said, positions: rest };
}

export const portfolioIntents: readonly Intent[] = [
  toolIntent({
    id: 'rebalance',
    persona: 'portfolio_manager',
    tool: 'check_rebalance',
    patterns: [
      [/\brebal(?:ance|ancing|ing)?\b|리밸런싱|리밸/, 3],
      [
        /\d+\s?%?\s?(?:in )?(?:stocks?|equit\w+|bonds?|cash)\b.*(?:stocks?|bonds?|cash)|주식\s?\d+.*(?:채권|현금)|채권\s?\d+.*(?:주식|현금)/,
        2,
      ],
      [/\btarget\b.{0,12}\d+\s?[:/]\s?\d+|목표\s?\d+\s?[:/]\s?\d+|\d+:\d+.*\d+:\d+/, 3],
      [/뭘 얼마|팔고 사야|사고 팔/, 1],
    ],
    not: /backtest|백테스트|better than|buy and hold|monthly rebal|how often|얼마나 자주|var\b|optimi/,
    plan(question) {
      const ratios = readRatio(question.text);
      const allocation = readAllocation(question.text);
      const targetAt = question.text.search(/target|목표|to\s+\d+\s?[:/]|rebal/i);
      const target =
        ratios.find((ratio) => targetAt >= 0 && ratio.at > targetAt) ??
        (ratios.length > 1 ? ratios[0] : undefined) ??
        (ratios.length === 1 && (allocation !== null || readHoldings(question).length > 0) ? ratios[0] : undefined);
      const current = ratios.find((ratio) => ratio !== target);
      const held = positions(question);
      const band = numberNear(
        question,
        /drift(?: band)?|bands?|threshold|tolerance|밴드|허용/i,
        (n) => n.kind === 'percent',
      );
      const currentAllocation = held.positions !== undefined ? undefined : (current?.weights ?? allocation?.weights);
      const portfolio = namedPortfolio(question);
      if (currentAllocation === undefined && held.positions === undefined && portfolio === undefined) {
        return ask(
          question,
          'What do you hold? Tell me the allocation ("76% stocks, 18 bonds, rest cash", with the total if amounts matter), or import it with `portfolio import FILE`.',
          '지금 무엇을 보유하고 있나요? "주식 76%, 채권 18%, 나머지 현금, 총 1억"처럼 말하거나 `portfolio import`로 불러오세요.',
          ['currentAllocation'],
        );
      }
      const input = {
        portfolio,
        ...held,
        currentAllocation,
        targetAllocation: target?.weights,
        ...(held.positions === undefined ? totalOf(question) : {}),
        band: band?.value,
        ...indicators(question),
        ...language(question),
      };
      return call('check_rebalance', input);
    },
    head: (_question, result, korean) =>
      korean
        ? `**${recommendationKo(read<string>(result, 'recommendation') ?? '')}** — ${put(result, 'reasoning')}`
        : `**${put(result, 'recommendation')}.** ${put(result, 'reasoning')}`,
    facts: [
      ['regime', '국면'],
      ['deviation.max_deviation', '최대 이탈'],
      ['next_review_date', '다음 점검일'],
    ],
    rows: 'rebalancing_trades',
    tail: (question, result, korean) =>
      joinParts(
        exactTrade(question, result, korean),
        korean
          ? '제안일 뿐이며 주문은 나가지 않습니다. VIX가 경계(20, 25)를 넘거나 비중이 허용 폭을 벗어나면 결론이 바뀝니다.'
          : 'This is a proposal; nothing is traded. A VIX across its boundaries, or a class leaving its band, would change the conclusion.',
      ),
  }),
  toolIntent({
    id: 'vix-rule',
    persona: 'portfolio_manager',
    tool: 'detect_market_regime',
    patterns: [
      [/\bvix\b.{0,14}(?:rule|regime|\d)|vix\s?(?:가|이)?\s?\d|vix 규칙/, 3],
      [/risk[- ]?o(?:n|ff)\b|target allocation|자산\s?배분|allocation for/, 2],
    ],
    not: /hmm|rebal|리밸|\d+\s?%?\s?(?:stocks|bonds)|주식\s?\d|beat|faster|backtest|백테스트|futures/,
    plan: (question) => call('detect_market_regime', { ...indicators(question) }),
    facts: [
      ['current_regime', '국면'],
      ['currentRegime', '국면'],
      ['confidence', '신뢰도'],
      ['recommended_asset_allocation.stocks', '주식'],
      ['recommended_asset_allocation.bonds', '채권'],
      ['recommended_asset_allocation.cash', '현금'],
    ],
  }),
  toolIntent({
    id: 'advise-position',
    persona: 'portfolio_manager',
    mode: 'war-room',
    tool: 'advise_position',
    patterns: [
      [/\b(?:buy|add|long|purchase)\b.{0,30}(?:\$|\d)|매수|사도 돼|살까|사도 될까|사고 싶/, 3],
      [/(?:\$\s?\d|\d+k\b|만원|달러).{0,16}(?:of|for|in|어치)/, 1],
    ],
    not: /condor|spread|straddle|call\b|put\b|option|rebal|리밸|entry|shares over|twap|vwap|나눠서|분할|주를/,
    plan(question) {
      const symbol = question.symbols[0]?.symbol;
      if (symbol === undefined)
        return ask(
          question,
          'Buy what? Name the instrument and the amount, such as "buy AAPL $15,000".',
          '무엇을 얼마나 살까요? "AAPL 15,000달러 매수"처럼 말해 주세요.',
          ['symbol'],
        );
      const money = monies(question)[0] ?? question.numbers.find((n) => n.kind === 'plain' && n.value >= 100);
      if (money === undefined)
        return ask(
          question,
          `How much ${symbol} do you want to buy, in money?`,
          `${symbol}을(를) 얼마나 사려고 하나요?`,
          ['amount'],
        );
      const sector = /(?:tech(?:nology)?|finance|healthcare|energy)\D{0,20}(\d+(?:\.\d+)?)\s?%/i.exec(question.text);
      const total = numberNear(question, /portfolio(?: of)?|total|book|총/i, (n) => n !== money && n.value >= 1000);
      const share = /tech/i.test(sector?.[0] ?? '') ? 'Technology' : undefined;
      const techValue = total === undefined || sector === null ? 0 : round((Number(sector[1]) / 100) * total.value);
      const known = sector !== null && share !== undefined && total !== undefined;
      const positionsGiven = known
        ? {
            positions: [{ symbol: 'OTHER_TECH', value: techValue, sector: share, assetClass: 'stocks', kind: 'fund' }],
            cash: round(total.value - techValue),
            sector: share,
          }
        : {};
      const held = withoutWish(positions(question), symbol, money.value);
      const portfolio = namedPortfolio(question);
      if (
        held.positions === undefined &&
        !('positions' in positionsGiven) &&
        portfolio === undefined &&
        total === undefined
      ) {
        return ask(
          question,
          `Before anybody buys ${symbol} I must know the portfolio: Article 4 of the constitution limits one position to 15% and a sector such as Technology to 40%. Tell me what you hold (such as "portfolio 500k, tech already 40%"), or import it with \`portfolio import FILE\`. Nothing was traded.`,
          `${symbol}을(를) 사기 전에 포트폴리오를 알아야 합니다. 헌법 제4조는 한 종목 15%, 기술 섹터 40%까지만 허용합니다. 보유 내역을 말하거나(예: "총 5억, 기술주 40%") \`portfolio import\`로 불러오세요. 주문은 나가지 않았습니다.`,
          ['portfolio'],
        );
      }
      return call('advise_position', {
        portfolio,
        ...(held.positions === undefined ? {} : held),
        symbol,
        amount: money.value,
        totalValue: known ? undefined : total?.value,
        currency: money.currency ?? undefined,
        ...positionsGiven,
        ...language(question),
      });
    },
    tail: (_question, _result, korean) =>
      korean
        ? '주문은 나가지 않습니다. 보유 내역을 알려 주면 한도를 전부 확인합니다.'
        : 'Nothing is traded. Import or name your holdings and every limit is checked on the whole portfolio.',
  }),
  toolIntent({
    id: 'constitution',
    persona: 'portfolio_manager',
    tool: 'check_constitution',
    patterns: [
      [/constitution|article 4|헌법|제\s?4\s?조/, 3],
      [/too concentrated|concentration|limits? (?:breach|broken|ok)|집중(?:돼|되|도)|쏠림|편중/, 3],
    ],
    plan(question) {
      const held = positions(question);
      const portfolio = namedPortfolio(question);
      if (held.positions === undefined && portfolio === undefined)
        return ask(
          question,
          'What do you hold? List it, such as "NVDA 46k, VTI 30k, cash 9k", or import it with `portfolio import FILE`.',
          '무엇을 보유하고 있나요? "NVDA 4만 달러, VTI 3만 달러, 현금 9천 달러"처럼 말해 주세요.',
          ['positions'],
        );
      return call('check_constitution', { portfolio, ...held, ...language(question) });
    },
    tail: (question, _result, korean) => {
      if (!/some (?:btc|crypto|bitcoin)|약간/i.test(question.text)) return '';
      return korean
        ? '금액을 말하지 않은 자산은 빠져 있습니다. 알려 주면 다시 계산합니다.'
        : 'Holdings without an amount are left out; tell me how much and I check again.';
    },
  }),
  toolIntent({
    id: 'portfolio-risk',
    persona: 'risk_budgeter',
    tool: 'analyze_portfolio_risk',
    patterns: [
      [/\bc?var\b|value at risk|expected shortfall|최대 손실 예상|밸류\s?앳\s?리스크/, 3],
      [
        /how risky|risk of (?:my|the) (?:portfolio|book)|portfolio risk|risk contributions?|포트폴리오 (?:위험|리스크)|얼마나 위험/,
        3,
      ],
    ],
    not: /stress|2008|budget|backtest|variance swap/,
    plan(question) {
      const daily = numberNear(
        question,
        /daily vol(?:atility)?|day vol|vol(?:atility)? (?:per|a) day|일간?\s?변동성|하루 변동성/i,
      );
      const annual = numberNear(question, /annual vol(?:atility)?|vol(?:atility)?|연\s?변동성|변동성/i);
      const horizon = question.numbers.find((n) => n.kind === 'duration');
      const total = totalOf(question);
      const held = positions(question);
      const portfolio = namedPortfolio(question);
      const dailyVolatility =
        asFraction(daily) ?? (annual === undefined ? undefined : round((asFraction(annual) ?? 0) / Math.sqrt(252)));
      if (dailyVolatility !== undefined) {
        if (total.totalValue === undefined)
          return ask(question, 'How large is the book, in money?', '포트폴리오 금액이 얼마인가요?', ['totalValue']);
        return call('analyze_portfolio_risk', {
          dailyVolatility,
          ...total,
          horizonDays: asDays(horizon),
          ...language(question),
        });
      }
      if (held.positions === undefined && portfolio === undefined)
        return ask(
          question,
          'Risk of what? Name the holdings ("NVDA 46k, VTI 30k"), a stored portfolio, or a book size with its volatility ("1mm book, daily vol 2%").',
          '무엇의 위험인가요? 보유 종목과 금액, 또는 "10억, 일간 변동성 2%"처럼 말해 주세요.',
          ['positions'],
        );
      return call('analyze_portfolio_risk', {
        portfolio,
        ...held,
        horizonDays: asDays(horizon),
        ...window(question),
        ...language(question),
      });
    },
  }),
  toolIntent({
    id: 'stress',
    persona: 'risk_budgeter',
    tool: 'stress_portfolio',
    patterns: [
      [/stress|crash (?:test|scenario)|스트레스/, 3],
      [
        /what (?:would|happens|if).{0,40}(?:2008|covid|crash|crisis|1987|dot-?com)|(?:2008|금융위기|코로나)\D{0,20}(?:오면|또|다시)/,
        3,
      ],
    ],
    not: /faster|hmm|vix rule/,
    plan(question) {
      const held = positions(question);
      const portfolio = namedPortfolio(question);
      if (held.positions === undefined && portfolio === undefined)
        return ask(
          question,
          'Stress which portfolio? Name the holdings or import them with `portfolio import FILE`.',
          '어떤 포트폴리오를 시험할까요? 보유 종목과 금액을 말해 주세요.',
          ['positions'],
        );
      return call('stress_portfolio', { portfolio, ...held });
    },
  }),
  toolIntent({
    id: 'size-position',
    persona: 'risk_budgeter',
    tool: 'size_position',
    patterns: [
      [/\bkelly\b|켈리/, 4],
      [
        /(?:size|sizing) (?:a |my |the )?position|position siz|how (?:much|many shares).{0,30}(?:stop|risk)|비중.{0,8}얼마|포지션 (?:크기|사이즈)/,
        3,
      ],
      [/win(?:s| rate)?\s?\d|\d+\s?% wins?|승률/, 1],
      [/stop\b.{0,20}(?:away|at|distance)|손절/, 1],
    ],
    plan(question) {
      const win = numberNear(
        question,
        /win(?:s|ning)?(?: rate| prob\w*| of)?|승률/i,
        (n) => n.kind === 'percent' || n.value < 1,
      );
      const ratio =
        /avg win\w*\s*(?:is |= ?)?([\d.]+)\s?x/i.exec(question.text) ??
        /([\d.]+)\s?(?:x|배).{0,12}(?:avg|average)? ?loss/i.exec(question.text) ??
        /손익비\D{0,4}([\d.]+)/.exec(question.text);
      const averageWin = asFraction(
        numberNear(question, /(?:avg|average) (?:win|gain)|평균\s?(?:이익|수익)/i, (n) => n.kind === 'percent'),
      );
      const averageLoss = asFraction(
        numberNear(question, /(?:avg|average) loss|평균\s?손실/i, (n) => n.kind === 'percent'),
      );
      const stop = asFraction(numberNear(question, /stop(?: loss)?|손절/i, (n) => n.kind === 'percent'));
      const risk = asFraction(numberNear(question, /\brisk(?:ing)?\b|위험/i, (n) => n.kind === 'percent'));
      const target = asFraction(numberNear(question, /target vol\w*|목표\s?변동성/i, (n) => n.kind === 'percent'));
      const vol = asFraction(numberNear(question, /(?<!target )vol(?:atility)?|변동성/i, (n) => n.kind === 'percent'));
      const total = totalOf(question);
      if (win !== undefined) {
        if (ratio === null && averageWin === undefined)
          return ask(
            question,
            'How large is the average win against the average loss?',
            '평균 이익은 평균 손실의 몇 배인가요?',
            ['averageWin'],
          );
        const wins = ratio === null ? averageWin : Number(ratio[1]);
        return call('size_position', {
          winProbability: asFraction(win),
          averageWin: wins,
          averageLoss: ratio === null ? averageLoss : 1,
          portfolioValue: total.totalValue,
        });
      }
      if (stop !== undefined && risk !== undefined)
        return call('size_position', {
          riskPerTrade: risk,
          stopDistance: stop,
          portfolioValue: total.totalValue,
          price: numberNear(question, /price|가격/i)?.value,
        });
      if (target !== undefined && vol !== undefined && vol !== target)
        return call('size_position', { targetVolatility: target, volatility: vol, portfolioValue: total.totalValue });
      return ask(
        question,
        'Size it how? Give the win rate with average win and loss (Kelly), a risk per trade with the stop distance, or the target volatility with the volatility of the asset.',
        '어떤 기준으로 정할까요? 승률과 평균 손익(켈리), 거래당 위험과 손절 폭, 또는 목표 변동성과 자산 변동성을 알려 주세요.',
        ['winProbability', 'riskPerTrade', 'targetVolatility'],
      );
    },
    facts: [
      ['kelly.atRisk', '켈리 (위험에 두는 비율)'],
      ['kelly.position', '켈리 포지션'],
      ['recommended', '권고'],
      ['position', '포지션'],
    ],
    tail: (question, _result, korean) =>
      /kelly|켈리/.test(question.lower)
        ? korean
          ? '켈리 비율은 추정한 승률이 정확하다고 가정합니다. 그래서 한도(15%)와 절반 켈리가 함께 쓰입니다.'
          : 'Kelly trusts the estimated win rate completely, which is why the cap of Article 4 and a fraction of Kelly stand beside it.'
        : '',
  }),
  toolIntent({
    id: 'leverage',
    persona: 'risk_budgeter',
    tool: 'analyze_leverage',
    patterns: [
      [/leverag|레버리지|margin loan|on margin/, 3],
      [/\d(?:\.\d)?\s?x\b|\d배/, 1],
    ],
    plan(question) {
      const leverage =
        question.numbers.find((n) => n.kind === 'multiple') ??
        numberNear(question, /leverag\w*|레버리지/i, (n) => n.kind === 'plain' && n.value <= 50);
      const expected = asFraction(
        numberNear(question, /expected return|returns?|수익률?/i, (n) => n.kind === 'percent'),
      );
      const vol = asFraction(numberNear(question, /vol(?:atility)?|변동성/i, (n) => n.kind === 'percent'));
      const missing = [
        leverage === undefined ? 'leverage' : '',
        expected === undefined ? 'expectedReturn' : '',
        vol === undefined ? 'volatility' : '',
      ].filter((name) => name !== '');
      if (missing.length > 0)
        return ask(
          question,
          `For leverage I need the multiple, the expected return and the volatility of the asset (such as "2x on 8% return, 16% vol"). Missing: ${missing.join(', ')}.`,
          `레버리지 배수, 자산의 기대수익률, 변동성이 필요합니다 (예: "수익률 8%, 변동성 16% 자산 2배"). 빠진 것: ${missing.join(', ')}.`,
          missing,
        );
      const borrow = asFraction(
        numberNear(question, /borrow\w*|financing|margin rate|차입|대출/i, (n) => n.kind === 'percent'),
      );
      return call('analyze_leverage', {
        leverage: leverage?.value,
        expectedReturn: expected,
        volatility: vol,
        borrowingRate: borrow,
        capital: monies(question)[0]?.value,
      });
    },
  }),
  toolIntent({
    id: 'optimize',
    persona: 'risk_budgeter',
    tool: 'optimize_portfolio',
    patterns: [
      [
        /optimi[sz]e|max(?:imum)?[- ]sharpe|min(?:imum)?[- ]var(?:iance)?\b|min vol\b|risk parity|equal risk|\bhrp\b|max(?:imum)? diversification|min[- ]cvar|black[- ]litterman|equal weight|inverse vol|최적(?:화| 비중| 포트폴리오)|최대 샤프|최소 분산|리스크 패리티/,
        3,
      ],
      [/\bweights?\b|portfolio of|비중/, 1],
    ],
    not: /frontier|프런티어|backtest|rebal/,
    plan(question) {
      const symbols = question.symbols.map((mention) => mention.symbol);
      if (symbols.length < 2)
        return ask(
          question,
          'Which instruments? Name two or more, such as "max Sharpe of AAPL, MSFT, IBM, cap 40%".',
          '어떤 종목들인가요? "AAPL, MSFT, IBM 최대 샤프"처럼 둘 이상 말해 주세요.',
          ['symbols'],
        );
      const cap = asFraction(
        numberNear(
          question,
          /cap(?:ped)?(?: at)?|max(?:imum)? weight|none above|at most|no more than|한도|최대/i,
          (n) => n.kind === 'percent',
        ),
      );
      const rate = asFraction(numberNear(question, /risk[- ]free|\brf\b|무위험/i));
      const target = asFraction(numberNear(question, /target (?:return|vol\w*)|목표/i, (n) => n.kind === 'percent'));
      const objective = objectiveOf(question.lower);
      return call('optimize_portfolio', {
        symbols,
        objective,
        maxWeight: cap,
        riskFreeRate: rate,
        targetReturn: objective === 'target-return' ? target : undefined,
        targetVolatility: objective === 'target-volatility' ? target : undefined,
        ...window(question),
      });
    },
    facts: [
      ['status', '상태'],
      ['expectedReturn', '기대수익률'],
      ['volatility', '변동성'],
      ['sharpe', '샤프'],
    ],
    rows: 'weights',
    tail: (_question, _result, korean) =>
      korean
        ? '기대수익률은 과거에서 추정한 값이라 오차가 큽니다. 약속이 아닙니다.'
        : 'Expected returns are estimates from the past with large errors: these weights are a proposal, not a promise.',
  }),
  toolIntent({
    id: 'frontier',
    persona: 'risk_budgeter',
    tool: 'trace_efficient_frontier',
    patterns: [[/efficient frontier|\bfrontier\b|tangency|효율적\s?(?:투자선|프런티어)|프런티어/, 4]],
    plan(question) {
      const symbols = question.symbols.map((mention) => mention.symbol);
      if (symbols.length < 2)
        return ask(
          question,
          'The frontier of which instruments? Name two or more.',
          '어떤 종목들의 효율적 투자선인가요? 둘 이상 말해 주세요.',
          ['symbols'],
        );
      return call('trace_efficient_frontier', { symbols, points: 8, ...window(question) });
    },
  }),
  toolIntent({
    id: 'performance',
    persona: 'risk_budgeter',
    tool: 'measure_performance',
    patterns: [
      [/\bsharpe\b|sortino|calmar|max(?:imum)? drawdown|drawdown of|performance of|cagr|샤프|최대\s?낙폭|성과/, 2],
      [/\bof\b|since|last|의\s/, 1],
    ],
    not: /annuali[sz]|deflated|trials|optimi|max sharpe|weights|delay|backtest|연율|rebal/,
    plan(question) {
      const symbols = question.symbols.map((mention) => mention.symbol);
      if (symbols.length === 0)
        return ask(question, 'Performance of which instrument?', '어느 종목의 성과인가요?', ['symbol']);
      return call('measure_performance', { symbol: symbols[0], ...window(question) });
    },
    facts: [
      ['annualReturn', '연 수익률'],
      ['volatility', '연 변동성'],
      ['sharpe', '샤프'],
      ['sortino', '소르티노'],
      ['maxDrawdown', '최대 낙폭'],
    ],
  }),
  toolIntent({
    id: 'risk-budget',
    persona: 'risk_budgeter',
    tool: 'allocate_risk_budget',
    patterns: [[/risk budget|위험\s?예산|리스크\s?버짓|allocate (?:capital|risk) (?:to|across|between)/, 4]],
    plan: (question) =>
      ask(
        question,
        'Which strategies? Give each its expected return and volatility, and the correlation (one number will do): "carry 6%/8%, momentum 7%/10%, correlation 0.2". For the whole desk ask "build the book".',
        '어떤 전략인가요? 전략별 기대수익률과 변동성, 상관계수를 알려 주세요. 전체 구성을 원하면 "전체 프리미엄 포트폴리오 구성"이라고 물어보세요.',
        ['strategies'],
      ),
  }),
  toolIntent({
    id: 'backtest-rebalance',
    persona: 'portfolio_manager',
    tool: 'backtest_rebalance',
    patterns: [
      [
        /rebalanc\w+.{0,40}(?:buy[- ]and[- ]hold|better|worth|worse|vs|beat)|backtest.{0,20}rebalanc|how often.{0,20}rebalance|리밸런싱.{0,16}(?:주기|효과|백테스트|자주)/,
        5,
      ],
    ],
    plan(question) {
      const symbols = question.symbols.map((mention) => mention.symbol);
      const weight = round(Math.floor(1e6 / Math.max(1, symbols.length)) / 1e6);
      const assets =
        symbols.length > 1
          ? symbols.map((symbol) => ({ symbol, weight }))
          : [
              { symbol: 'DEMO:MKT', weight: 0.6 },
              { symbol: 'DEMO:GOV10', weight: 0.4 },
            ];
      return call('backtest_rebalance', { assets, ...window(question) });
    },
    tail: (question, _result, korean) =>
      question.symbols.length > 1
        ? ''
        : korean
          ? '포트폴리오를 말하지 않아 합성 자료의 주식 60, 채권 40을 기본으로 썼습니다.'
          : 'No portfolio was named, so the default is 60% stocks and 40% bonds of the synthetic demo market.',
  }),
  toolIntent({
    id: 'report',
    persona: 'portfolio_manager',
    tool: 'write_portfolio_report',
    patterns: [[/(?:weekly|portfolio) report|주간\s?(?:보고|리포트)|report on my portfolio/, 5]],
    plan: (question) => {
      const held = positions(question);
      return call('write_portfolio_report', {
        portfolio: held.positions === undefined ? (namedPortfolio(question) ?? undefined) : undefined,
        ...held,
        ...language(question),
      });
    },
  }),
];

/** What exactly meeting the target would take, for somebody who asked for amounts although holding is better. */
function exactTrade(question: Question, result: GoodResult, korean: boolean): string {
  if (read<string>(result, 'recommendation') !== 'HOLD' || !/\d/.test(question.text)) return '';
  const rows = table(result, 'tradesToTarget');
  if (rows === '') return '';
  return joinParts(korean ? '그래도 목표에 정확히 맞추려면:' : 'To meet the target exactly all the same:', rows);
}

function objectiveOf(lower: string): string {
  if (/min(?:imum)?[- ]var|min vol|최소 분산/.test(lower)) return 'min-variance';
  if (/risk parity|equal[- ]risk|리스크 패리티/.test(lower)) return 'equal-risk';
  if (/\bhrp\b/.test(lower)) return 'hrp';
  if (/diversification/.test(lower)) return 'max-diversification';
  if (/cvar/.test(lower)) return 'min-cvar';
  if (/black/.test(lower)) return 'black-litterman';
  if (/equal weight/.test(lower)) return 'equal-weight';
  if (/inverse vol/.test(lower)) return 'inverse-volatility';
  if (/target return/.test(lower)) return 'target-return';
  if (/target vol/.test(lower)) return 'target-volatility';
  return 'max-sharpe';
}

function recommendationKo(recommendation: string): string {
  const names: Readonly<Record<string, string>> = {
    REBALANCE: '리밸런싱',
    URGENT_REBALANCE: '긴급 리밸런싱',
    SECTOR_REBALANCE: '섹터 리밸런싱',
    HOLD: '유지',
  };
  return `${names[recommendation] ?? recommendation} (${recommendation})`;
}
