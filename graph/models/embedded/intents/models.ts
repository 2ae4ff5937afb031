import { ask, call, defineIntent, type Intent, say } from '../intent.ts';
import { numberNear, window } from '../slots.ts';
import { toolIntent } from '../tool-intent.ts';
import { good, read } from '../write.ts';

const runId = /\brun_[0-9a-f]{4,32}\b/;

export const modelIntents: readonly Intent[] = [
  toolIntent({
    id: 'train',
    persona: 'ml_quant',
    tool: 'train_return_model',
    patterns: [
      [
        /(?:predict|forecast).{0,40}(?:returns?|tomorrow|next (?:day|week)|prices?)|(?:random forest|gradient boost|ridge|machine learning|\bml\b).{0,40}(?:predict|returns?|model)|one model|train (?:a |one |the )?(?:return )?model|can (?:a|any)\w* .{0,30}predict|수익률.{0,8}예측|머신러닝|내일.{0,12}(?:예측|오를)/,
        4,
      ],
    ],
    not: /vol(?:atility)? forecast|guarantee|무조건/,
    plan(question) {
      const symbols = question.symbols.map((mention) => mention.symbol);
      const demo = /demo|synthetic|데모/.test(question.lower);
      if (symbols.length === 0 && !demo)
        return ask(
          question,
          'Returns of which instruments? Name one or more, such as SPX or AAPL, IBM.',
          '어느 종목의 수익률인가요? SPX, AAPL처럼 말해 주세요.',
          ['symbols'],
        );
      const algorithms: readonly (readonly [string, RegExp])[] = [
        ['ridge', /ridge/],
        ['random-forest', /forest/],
        ['gradient-boosting', /boost/],
        ['elastic-net', /elastic/],
      ];
      const chosen = algorithms.filter(([, pattern]) => pattern.test(question.lower)).map(([name]) => name);
      const horizon = /next week|다음 주/.test(question.lower)
        ? 5
        : numberNear(question, /next|ahead|horizon/i, (n) => n.kind === 'duration')?.value;
      const list = symbols.length > 0 ? symbols : ['DEMO:MKT'];
      return call('train_return_model', {
        symbols: list,
        algorithms: chosen.length > 0 ? chosen : ['ridge'],
        horizonDays: horizon,
        searchCandidates: 2,
        ...window(question),
      });
    },
    facts: [
      ['verdict', '판정'],
      ['bestAlgorithm', '알고리즘'],
    ],
  }),
  toolIntent({
    id: 'features',
    persona: 'ml_quant',
    tool: 'build_features',
    patterns: [
      [
        /(?:build|make|which|create|report).{0,30}features|feature (?:report|pipeline|set)|피처|특성.{0,6}(?:만들|생성)/,
        4,
      ],
    ],
    plan(question) {
      const symbols = question.symbols.map((mention) => mention.symbol);
      if (symbols.length === 0)
        return ask(question, 'Features of which instruments?', '어느 종목의 피처인가요?', ['symbols']);
      return call('build_features', { symbols, ...window(question) });
    },
  }),
  toolIntent({
    id: 'labels',
    persona: 'ml_quant',
    tool: 'label_events',
    patterns: [
      [
        /triple[- ]barrier|meta-?label|label (?:events|the|[a-z]+ with)|\blabels? for\b|cusum events|라벨링|트리플\s?배리어/,
        4,
      ],
    ],
    not: /switch|swap|hmm|pin/,
    plan(question) {
      const symbol = question.symbols[0]?.symbol;
      if (symbol === undefined) return ask(question, 'Labels for which instrument?', '어느 종목인가요?', ['symbol']);
      return call('label_events', { symbol, ...window(question) });
    },
  }),
  ...(['explain_model', 'validate_model', 'monitor_model'] as const).map((tool) =>
    toolIntent({
      id: tool.replace('_', '-'),
      persona: 'ml_quant',
      tool,
      patterns: [
        tool === 'explain_model'
          ? [
              /(?:explain|importance|shap|attribution|partial dependence).{0,20}(?:model|run|features?)|feature importance|모형 설명|중요도/,
              4,
            ]
          : tool === 'validate_model'
            ? [
                /validat\w+.{0,20}(?:model|run)|\bcpcv\b|\bpbo\b|probability of (?:backtest )?overfitting|모형 검증|과최적화/,
                4,
              ]
            : [/monitor.{0,20}(?:model|run|drift)|\bpsi\b|model drift|드리프트|모니터링/, 4],
      ],
      not: /what is|difference|explain (?:the )?(?:difference|why|how)|무엇|뭐야/,
      plan(question) {
        const id = runId.exec(question.text)?.[0] ?? lastTraining(question.previousCalls);
        if (id === undefined)
          return ask(
            question,
            'Which training run? Give its id (`list_runs` shows them), or train a model first: "can ridge predict SPX returns?".',
            '어느 학습 기록인가요? run id를 알려 주거나 먼저 모형을 학습하세요.',
            ['runId'],
          );
        return call(tool, { runId: id });
      },
    }),
  ),
  toolIntent({
    id: 'slice-order',
    persona: 'portfolio_manager',
    tool: 'slice_order',
    patterns: [
      [
        /\btwap\b|\bvwap\b|\bpov\b|slice|work \d[\d,]* shares|over the (?:day|session)|나눠서|분할\s?(?:매수|매도|주문)/,
        4,
      ],
      [/shares|주를?/, 1],
    ],
    plan(question) {
      const quantity =
        numberNear(question, /shares?|주/i, (n) => n.value >= 1 && n.kind !== 'money')?.value ??
        question.numbers.find((n) => n.kind === 'plain' && n.value >= 10)?.value;
      if (quantity === undefined)
        return ask(question, 'How many shares, buy or sell?', '몇 주를 사거나 팔까요?', ['quantity']);
      const method = /vwap/.test(question.lower) ? 'vwap' : /\bpov\b/.test(question.lower) ? 'pov' : 'twap';
      const side = /sell|매도|팔/.test(question.lower) ? 'sell' : 'buy';
      return call('slice_order', { quantity, side, method });
    },
    tail: (question, _result, korean) => {
      if (/buy|sell|매수|매도|사|팔/.test(question.lower)) return '';
      return korean
        ? '방향을 말하지 않아 매수로 계산했습니다.'
        : 'No side was named, so this assumes a purchase; a sale has the same slices.';
    },
  }),
  toolIntent({
    id: 'plan-execution',
    persona: 'portfolio_manager',
    tool: 'plan_execution',
    patterns: [
      [
        /almgren|implementation shortfall|execution (?:plan|trajectory|cost)|market impact|square[- ]root impact|집행 (?:계획|비용)|시장 충격/,
        4,
      ],
    ],
    not: /what is|무엇/,
    plan(question) {
      const quantity = numberNear(question, /shares?|주/i, (n) => n.value >= 1)?.value;
      const daily = numberNear(question, /(?:daily |avg |average )?volume|\badv\b|거래량/i);
      const volume = daily === undefined ? undefined : daily.unit === 'm' ? daily.value * 1e6 : daily.value;
      const vol = numberNear(question, /(?<!daily )vol(?:atility)?\b|변동성/i, (n) => n.kind === 'percent')?.value;
      const price = numberNear(question, /price|\bat\b|가격/i, (n) => n.kind === 'money' || n.kind === 'plain')?.value;
      if (quantity === undefined || volume === undefined || vol === undefined || price === undefined)
        return ask(
          question,
          'For an execution plan I need the shares, the daily volume, the volatility (daily or annual) and the price.',
          '수량, 일 거래량, 변동성, 가격이 필요합니다.',
          ['quantity', 'averageDailyVolume', 'volatility', 'price'],
        );
      return call('plan_execution', {
        quantity,
        averageDailyVolume: volume,
        dailyVolatility: vol < 0.06 ? vol : vol / Math.sqrt(252),
        price,
        side: /sell|매도|팔/.test(question.lower) ? 'sell' : 'buy',
      });
    },
  }),
  toolIntent({
    id: 'document',
    persona: 'ml_quant',
    mode: 'document',
    tool: 'write_model_document',
    patterns: [
      [
        /write[- ]?up|model (?:document|card|documentation)|document (?:the|my|this)|datasheet|sr ?11-?7|sr ?26-?2|문서(?:화|로|를)|모형 문서|모델 카드/,
        4,
      ],
    ],
    not: /what is|무엇/,
    plan(question) {
      const ids = question.text.match(/\brun_[0-9a-f]{4,32}\b/g) ?? lastRuns(question.previousCalls);
      if (ids.length === 0 && /last|latest|최근|마지막/.test(question.lower)) {
        const tool = /vol/.test(question.lower)
          ? 'estimate_volatility'
          : /hmm|regime|국면/.test(question.lower)
            ? 'fit_hmm'
            : undefined;
        return call('list_runs', { limit: 1, tool });
      }
      if (ids.length === 0)
        return ask(
          question,
          'Which recorded run should the document describe? Give a run id (`runs list` shows them), or ask for a result first and then say "write it up".',
          '어느 기록으로 문서를 만들까요? run id를 알려 주거나 먼저 결과를 계산한 뒤 "문서로 만들어"라고 하세요.',
          ['runIds'],
        );
      return call('write_model_document', { template: templateOf(question.lower), runIds: ids });
    },
    more(question, results) {
      const first = good(results[0]);
      const runs = first === null ? undefined : read<readonly { readonly runId: string }[]>(first, 'runs');
      const id = runs?.[0]?.runId;
      return id === undefined
        ? []
        : [{ tool: 'write_model_document', input: { template: templateOf(question.lower), runIds: [id] } }];
    },
  }),
  toolIntent({
    id: 'list-runs',
    persona: 'ml_quant',
    tool: 'list_runs',
    patterns: [
      [/(?:which|list|show|recent|last) .{0,14}runs\b|runs are recorded|기록.{0,6}(?:목록|보여)|실행 기록/, 4],
    ],
    plan: () => call('list_runs', { limit: 10 }),
    rows: 'runs',
  }),
  toolIntent({
    id: 'show-run',
    persona: 'ml_quant',
    tool: 'show_run',
    patterns: [[/(?:show|open|what is|explain)?.{0,10}\brun_[0-9a-f]{4,32}\b/, 3]],
    not: /explain_model|validate|monitor|write|document|importance/,
    plan: (question) => call('show_run', { runId: runId.exec(question.text)?.[0] }),
  }),
  defineIntent({
    id: 'collective',
    persona: 'risk_budgeter',
    mode: 'collective',
    tools: [],
    patterns: [
      [
        /premia|premiums? (?:are )?on offer|build (?:the|a|me a) (?:whole )?book|whole desk|all strategies|collective|프리미엄.{0,10}(?:전체|종합|뭐|무엇)|전체 (?:전략|포트폴리오 구성)/,
        5,
      ],
    ],
    plan: (question) =>
      say(
        question,
        'The four strategy agents look at the synthetic demo market.',
        '네 전략 에이전트가 합성 데모 시장을 봅니다.',
      ),
    answer: () => '',
  }),
];

function lastTraining(
  calls: readonly { readonly tool: string; readonly handle: string | null; readonly ok: boolean }[],
): string | undefined {
  const trained = calls.findLast((record) => record.tool === 'train_return_model' && record.ok);
  return trained?.handle == null ? undefined : `{{${trained.handle}.runId}}`;
}

function lastRuns(calls: readonly { readonly handle: string | null; readonly ok: boolean }[]): readonly string[] {
  return calls.filter((record) => record.ok && record.handle !== null).map((record) => `{{${record.handle}.runId}}`);
}

function templateOf(lower: string): string {
  if (/card|카드/.test(lower)) return 'model-card';
  if (/datasheet/.test(lower)) return 'datasheet';
  if (/feature/.test(lower)) return 'feature-pipeline';
  if (/monitor|dashboard/.test(lower)) return 'monitoring-dashboard';
  return /\bsr\b|audit|감사|regulat/.test(lower) ? 'sr26-2' : 'model-development';
}
