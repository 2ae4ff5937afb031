import { defineIntent, say } from '../intent.ts';

export const help = defineIntent({
  id: 'help',
  persona: 'ml_quant',
  tools: [],
  patterns: [
    [
      /^(?:hi|hello|hey|help|안녕|도움말?|도와줘)\b.{0,20}$|^(?:안녕|도움)|what can you do|who are you|뭘 할 수|무엇을 할 수/,
      4,
    ],
  ],
  plan: (question) =>
    say(
      question,
      'I am Tradewind, a trading copilot. Ask about regimes, volatility and options, pairs, momentum, carry, portfolio risk, rebalancing, model validation and documents. Try: "What regime is the S&P 500 in?", "European put 90/100, 0.75y, 5%, vol 20", "76% stocks, 18 bonds, rest cash: rebalance?". I propose; I never trade.',
      '저는 트레이딩 도우미 Tradewind입니다. 시장 국면, 변동성과 옵션, 페어, 모멘텀, 캐리, 포트폴리오 위험, 리밸런싱, 모형 검증과 문서를 다룹니다. 예: "지금 하락장이야?", "주식 76%, 채권 18%, 나머지 현금이면 리밸런싱 해야 돼?". 제안만 하고 주문은 하지 않습니다.',
    ),
  answer: () => '',
});

/** Orders, promises, and what is planned for later are declined by name. */
export const outOfScope = defineIntent({
  id: 'out-of-scope',
  persona: 'portfolio_manager',
  mode: 'decline',
  tools: [],
  patterns: [
    [
      /\b(?:place|send|submit|execute|route) (?:an?|the|my|this)? ?(?:market |limit )?orders?\b|주문\s?(?:넣어|내줘|실행)|(?:매수|매도)\s?주문/,
      6,
    ],
    [/\b(?:wire|transfer|withdraw|send) (?:the |my |all )?(?:money|funds|cash|\$)|송금|이체/, 6],
    [/\b(?:guaranteed?|sure[- ]fire|can't lose)\b|무조건 오르|확실히 오를|원금 보장/, 6],
    [/\b(?:weather|recipe|football|poem|joke|movie|song|capital of|translate)\b|날씨|요리|농담|영화|노래/, 6],
    [
      /\b(?:news sentiment|satellite|imagery|twitter|reddit|deep (?:net|learning)|transformer|reinforcement learning)\b|뉴스 감성|위성|딥러닝|강화학습/,
      6,
    ],
    [/\b(?:my|your) (?:api )?(?:key|password|system prompt)|ignore (?:all |previous |your )|시스템 프롬프트/, 8],
  ],
  plan: (question) => {
    const text = question.lower;
    if (/order|주문/.test(text))
      return say(
        question,
        'I propose; I never send an order. Tell me the trade you have in mind (for example "buy AAPL $15,000") and I check it against your limits and export a ticket.',
        '저는 제안만 하고 주문은 보내지 않습니다. 원하는 거래를 말하면(예: "AAPL 15,000달러 매수") 한도를 확인하고 주문표를 만들어 드립니다.',
      );
    if (/wire|transfer|withdraw|money|funds|송금|이체/.test(text))
      return say(
        question,
        'I cannot move money, and no text can make me. Nothing was changed.',
        '저는 돈을 옮길 수 없고, 어떤 글로도 그렇게 되지 않습니다. 바뀐 것은 없습니다.',
      );
    if (/guarantee|sure|lose|무조건|확실|보장/.test(text))
      return say(
        question,
        'Nobody can guarantee a return, so I do not name such a trade. I can show the risk and the evidence for one you have in mind.',
        '수익은 누구도 보장할 수 없어 그런 종목은 말하지 않습니다. 생각하신 거래의 위험과 근거는 보여 드릴 수 있습니다.',
      );
    if (/key|password|prompt|ignore/.test(text))
      return say(
        question,
        'That is an instruction to change how I work, so I do not follow it. Ask me about markets, portfolios or models.',
        '제 동작을 바꾸라는 지시는 따르지 않습니다. 시장, 포트폴리오, 모형에 관해 물어보세요.',
      );
    if (/news|satellite|imagery|twitter|reddit|deep|transformer|reinforcement|뉴스|위성|딥러닝|강화/.test(text))
      return say(
        question,
        'Not yet: news, imagery, deep networks and learned execution are planned for later. Today I have regimes, classical and tree models, options, carry, pairs, momentum, risk and rebalancing.',
        '아직 없습니다. 뉴스, 위성 영상, 심층 신경망, 학습 기반 집행은 나중 계획입니다. 지금은 국면, 트리 모형, 옵션, 캐리, 페어, 모멘텀, 위험, 리밸런싱을 다룹니다.',
      );
    return say(
      question,
      'That is outside what I do. I work on markets, portfolios, risk, options, carry and model validation.',
      '제가 다루는 범위 밖입니다. 시장, 포트폴리오, 위험, 옵션, 캐리, 모형 검증을 물어보세요.',
    );
  },
  answer: () => '',
});
