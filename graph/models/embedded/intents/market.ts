import { ask, call, type Intent } from '../intent.ts';
import { window } from '../slots.ts';
import { toolIntent } from '../tool-intent.ts';
import { put } from '../write.ts';

const arithmetic = /^[\s\d.,+\-*/^()%]+$/;

export const marketIntents: readonly Intent[] = [
  toolIntent({
    id: 'calculate',
    persona: 'ml_quant',
    tool: 'calculate',
    patterns: [
      [
        /^(?:what(?:'s| is)|calc(?:ulate)?|compute|how much is)?\s*[\d.,$]+\s*(?:[-+*/^]|\*\*)\s*[\d.,]+[\s\d.,+\-*/^()]*\??$/,
        6,
      ],
      [/(\d[\d,.]*)\s?%\s+of\s+\$?\d[\d,.]*/, 4],
      [/\d[\d,]*(?:만원|원)?의\s?\d+(?:\.\d+)?\s?%/, 4],
    ],
    plan(question) {
      const share = /(\d[\d,.]*)\s?%\s+of\s+\$?(\d[\d,.]*\s?k?)/i.exec(question.text);
      if (share !== null) {
        const base = question.numbers.find((n) => n.kind !== 'percent');
        return call('calculate', {
          expression: `${Number((share[1] ?? '').replaceAll(',', '')) / 100} * ${base?.value ?? 0}`,
        });
      }
      const korean = /의\s?(\d+(?:\.\d+)?)\s?%/.exec(question.text);
      const first = question.numbers[0];
      if (korean !== null && first !== undefined)
        return call('calculate', { expression: `${Number(korean[1]) / 100} * ${first.value}` });
      const expression = question.text
        .replace(/^[^\d(.-]+/, '')
        .replaceAll(/[,$?]/g, '')
        .replaceAll('**', '^')
        .trim();
      return arithmetic.test(expression)
        ? call('calculate', { expression })
        : ask(question, 'Which calculation do you mean?', '어떤 계산인가요?', ['expression']);
    },
    head: (_question, result) => `${put(result, 'expression')} = ${put(result, 'value')}`,
    facts: [['value', '값']],
  }),
  toolIntent({
    id: 'prices',
    persona: 'ml_quant',
    tool: 'get_prices',
    patterns: [
      [/\b(?:prices?|closes?|quotes?|bars|ohlc|returns?)\b|주가|종가|시세|가격/, 1],
      [/\b(?:show|get|give|list|what (?:was|is|were)|plot|chart|history|last)\b|보여|얼마/, 1],
    ],
    not: /option|call|put|implied|predict|forecast|momentum|sharpe|cointegrat|feature|label|옵션|콜|풋|vol|변동성|buy|sell|swap/,
    plan(question) {
      const symbols = question.symbols.map((mention) => mention.symbol);
      if (symbols.length === 0)
        return ask(
          question,
          'Prices of which instrument? Name a ticker such as AAPL or SPX.',
          '어느 종목의 가격인가요? AAPL, SPX처럼 말해 주세요.',
          ['symbol'],
        );
      return call('get_prices', { symbols: symbols.slice(0, 5), ...window(question) });
    },
  }),
  toolIntent({
    id: 'search',
    persona: 'ml_quant',
    tool: 'search_instruments',
    patterns: [
      [
        /\b(?:what|which) (?:data|instruments|symbols|tickers|series|markets)\b|\bwhat .{0,20}(?:data|series) do you have|search for|what is the (?:symbol|ticker) of|which (?:demo )?\w+ are there|find (?:a |the )?(?:ticker|symbol)|do you have (?:data|prices)|어떤 (?:종목|자료|데이터)|데이터 (?:있|뭐)/,
        4,
      ],
    ],
    plan(question) {
      const topic = /(?:on|for|about|in)\s+([a-z0-9&: .-]{2,40})\??$/i.exec(question.text)?.[1]?.trim();
      const assetClass = /\bfx\b|currenc|환율/i.test(question.text) ? 'fx' : undefined;
      return call('search_instruments', {
        text: assetClass === undefined ? (question.symbols[0]?.symbol ?? topic ?? '') : '',
        assetClass,
        withData: true,
      });
    },
    rows: 'instruments',
  }),
  toolIntent({
    id: 'snapshot',
    persona: 'portfolio_manager',
    tool: 'get_market_snapshot',
    patterns: [
      [
        /\b(?:market |macro )?snapshot\b|macro (?:picture|backdrop|data)|\bwhere (?:is|are) (?:the )?(?:vix|rates|yields|inflation|unemployment)\b|시장 (?:상황|현황|스냅샷)|매크로/,
        4,
      ],
      [/what(?:'s| is) (?:the )?(?:vix|yield curve slope|fed funds)/, 3],
    ],
    plan: () => call('get_market_snapshot', {}),
  }),
];
