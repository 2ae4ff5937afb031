/** Answers of the embedded model: one part a question; several questions are numbered by their words. */
import type { Tool } from '../../../tools/define-tool.ts';
import type { CallResult } from './intent.ts';
import type { Brain, Understood } from './understand.ts';
import { dataLine, failureLine, fromSummary, good, joinParts, warningLines } from './write.ts';

/** The answer to one question from the results of its calls. */
export function composePart(part: Understood, results: readonly CallResult[], brain: Brain): string {
  const { question, plan, intent } = part;
  if (part.concept !== null) return brain.knowledge.answer(part.concept, question.language);
  if (plan === null) return notUnderstood(part, brain);
  if (plan.kind === 'ask') return plan.question;
  if (plan.kind === 'say') return plan.text;
  const first = results[0];
  if (intent === null && results.every((result) => good(result) === null)) {
    return first === undefined
      ? notUnderstood(part, brain)
      : results.map((result) => failureLine(result, question)).join('\n');
  }
  if (intent === null) return genericAnswer(part, results, brain.tools);
  const answer = intent.answer(question, results);
  return answer === '' ? notUnderstood(part, brain) : answer;
}

/** From the tool's own summary; for follow-ups and for intents without sentences of their own. */
export function genericAnswer(part: Understood, results: readonly CallResult[], tools: readonly Tool[]): string {
  const { question } = part;
  return joinParts(
    ...results.map((result) => {
      const ok = good(result);
      if (ok === null) return failureLine(result, question);
      const intro = question.language === 'ko' ? '계산 결과입니다:' : '';
      return joinParts(intro, fromSummary(ok, tools), dataLine(ok, question), warningLines(ok));
    }),
  );
}

export function notUnderstood(part: Understood, brain: Brain): string {
  const korean = part.question.language === 'ko';
  const examples = exampleQuestions(brain, korean);
  return korean
    ? `이 질문은 이해하지 못했습니다. 저는 규칙으로 동작하는 내장 모형이라 시장, 포트폴리오, 위험, 옵션, 캐리, 모형 검증에 관한 질문만 다룹니다. 예: ${examples.join(' / ')}`
    : `I did not understand this one. I am the embedded model, which works by rules and covers markets, portfolios, risk, options, carry and model validation. I can answer, for example: ${examples.join(' / ')}`;
}

function exampleQuestions(brain: Brain, korean: boolean): readonly string[] {
  if (korean)
    return [
      '"지금 하락장이야?"',
      '"주식 76%, 채권 18%, 나머지 현금인데 리밸런싱 해야 돼?"',
      '"1년 만기 등가격 콜 가격"',
    ];
  const known = new Set(brain.tools.map((tool) => tool.name));
  const list: readonly (readonly [string, string])[] = [
    ['fit_hmm', '"What regime is the S&P 500 in?"'],
    ['check_rebalance', '"76% stocks, 18 bonds, rest cash: rebalance?"'],
    ['price_option', '"European put 90/100, 0.75y, 5%, vol 20"'],
    ['analyze_pair', '"KO/PEP still cointegrated?"'],
  ];
  return list.filter(([tool]) => known.has(tool)).map(([, text]) => text);
}
