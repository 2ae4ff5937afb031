/** "Same call but quoted 3.20", "and for 2022?", "why?": the last call with what changed. */
import { call, type Plan, type Question, say } from './intent.ts';
import { asFraction, asYears, numberNear, window } from './slots.ts';

const opener =
  /^(?:and|but|same|what about|how about|what if|ok(?:ay)? (?:and|but)|now|then|with|for|instead|in|using|make it|그럼|그러면|그렇다면|만약|이번엔|같은)\b|^(?:그럼|그러면|만약|같은|이번엔)|\bsame (?:call|put|option|pair|thing|question|one|but)\b|(?:는|은)\s?(?:어때|요)?\??$/i;
const why =
  /^(?:why|how come|how so|where does (?:that|this)|explain(?: that| this)?|왜|어째서|근거)\W*(?:\?|$|is that|요)?/i;

export interface FollowUp {
  readonly plan: Plan;
  readonly tool: string;
}

export function planFollowUp(question: Question, bestScore: number): FollowUp | null {
  const last = question.previousCalls.findLast((record) => record.ok) ?? question.previousCalls.at(-1);
  if (last === undefined) return null;
  if (why.test(question.text.trim()) && question.text.length < 60)
    return { plan: explainLast(question), tool: last.tool };
  if (!opener.test(question.text.trim()) || (bestScore >= 2 && !/\bsame\b|같은/i.test(question.text))) {
    const bare =
      question.text.length < 40 && bestScore < 2 && (question.symbols.length > 0 || question.window.said !== '');
    if (!bare) return null;
  }
  const changed = changes(question, last.input, last.tool);
  if (Object.keys(changed.input).length === 0) return null;
  const input = { ...last.input, ...changed.input };
  for (const key of changed.drop) delete (input as Record<string, unknown>)[key];
  return { plan: call(changed.tool, input), tool: changed.tool };
}

function explainLast(question: Question): Plan {
  const done = question.previousCalls.filter((record) => record.ok && record.handle !== null);
  const lines = done.map((record) => {
    const shown = Object.entries(record.input)
      .filter(([key, value]) => ['string', 'number', 'boolean'].includes(typeof value) && key !== 'asOf')
      .slice(0, 8)
      .map(([key]) => `${key} {{${record.handle}.input.${key}}}`);
    return `- ${record.handle}: ${record.tool} (${shown.join(', ')}), {{${record.handle}.asOf}}, {{${record.handle}.runId}}`;
  });
  return say(
    question,
    `Every number of the last answer comes from these recorded results:\n${lines.join('\n')}\n\nOpen one with \`runs show ID\`, or ask about one number with \`/why\`.`,
    `직전 답의 모든 숫자는 다음 기록에서 나왔습니다:\n${lines.join('\n')}\n\n\`runs show ID\`로 열거나 \`/why\`로 숫자 하나를 물어보세요.`,
  );
}

interface Changes {
  readonly tool: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly drop: readonly string[];
}

/** Fields that the new words change, by the field names that all tools share. */
function changes(question: Question, old: Readonly<Record<string, unknown>>, tool: string): Changes {
  const input: Record<string, unknown> = {};
  const drop: string[] = [];
  const has = (key: string) => key in old;
  const set = (key: string, value: unknown) => {
    if (value !== undefined) input[key] = value;
  };
  const symbols = question.symbols.map((mention) => mention.symbol);
  if (has('symbol')) set('symbol', symbols[0]);
  else if (has('symbols') && symbols.length > 0) set('symbols', symbols);
  if (has('y') && symbols.length > 1) Object.assign(input, { y: symbols[0], x: symbols[1] });
  if (question.window.said !== '') Object.assign(input, window(question));
  const quoted = numberNear(question, /quoted|trading(?: at)?|price(?:d)?|costs?|premium|호가|가격/i);
  if (quoted !== undefined && (tool === 'price_option' || tool === 'imply_volatility')) {
    set('price', quoted.value);
    drop.push('volatility');
    return { tool: 'imply_volatility', input, drop };
  }
  const near = (word: RegExp) => numberNear(question, word);
  if (has('volatility')) set('volatility', asFraction(near(/vol(?:atility)?|sigma|변동성/i)));
  if (has('strike')) set('strike', near(/strike|행사가/i)?.value);
  if (has('spot')) set('spot', near(/spot|underlying|기초/i)?.value);
  if (has('rate')) set('rate', asFraction(near(/\brate|\br\b|금리/i)));
  if (has('years')) set('years', asYears(question.numbers.find((n) => n.kind === 'duration')));
  if (has('right'))
    set(
      'right',
      /\bput\b|풋/i.test(question.text)
        ? 'put'
        : /\bcall\b|콜/i.test(question.text) && old['right'] !== 'call'
          ? 'call'
          : undefined,
    );
  if (has('states')) set('states', near(/states?|regimes?|상태|국면|k\s?=/i)?.value);
  if (has('confidence'))
    set(
      'confidence',
      near(/confidence|신뢰/i)?.value ?? question.numbers.find((n) => n.kind === 'percent' && n.value >= 0.8)?.value,
    );
  if (has('costBps')) set('costBps', question.numbers.find((n) => n.kind === 'bps')?.shown);
  if (has('horizonDays'))
    set('horizonDays', question.numbers.find((n) => n.kind === 'duration' && n.unit === 'day')?.value);
  return { tool, input, drop };
}
