/** From a message to plans: split into questions, recognise each, follow up on the turn before, or say what is not understood. */
import type { PersonaId } from '../../../agents/define-persona.ts';
import type { Language } from '../../../lib/format.ts';
import { numbersInText } from '../../../lib/numbers-in-text.ts';
import type { Tool } from '../../../tools/define-tool.ts';
import type { Mode } from '../../events.ts';
import type { CallRecord } from '../../state.ts';
import { planFollowUp } from './follow-up.ts';
import { ask, call, type Intent, type Plan, type Question, say, scoreIntent } from './intent.ts';
import type { Concept, Knowledge } from './knowledge.ts';
import { findSymbols, type Resolver } from './symbols.ts';
import { readWindow } from './time-words.ts';
import { matchExample } from './tool-examples.ts';

export interface Context {
  readonly asOf: string;
  readonly language: Language;
  readonly previousCalls: readonly CallRecord[];
  readonly previousText: string;
  readonly previousMemo: Readonly<Record<string, unknown>>;
}

export interface Brain {
  readonly intents: readonly Intent[];
  readonly tools: readonly Tool[];
  readonly knowledge: Knowledge;
  readonly market: (asOf: string) => Resolver;
}

export interface Understood {
  readonly question: Question;
  readonly intent: Intent | null;
  readonly concept: Concept | null;
  readonly plan: Plan | null;
  readonly persona: PersonaId | null;
  readonly mode: Mode;
  readonly score: number;
}

const MOST_QUESTIONS = 5;

export async function understandMessage(text: string, context: Context, brain: Brain): Promise<readonly Understood[]> {
  const pieces = splitQuestions(text);
  if (pieces.length > 1) {
    const parts: Understood[] = [];
    for (const piece of pieces.slice(0, MOST_QUESTIONS)) parts.push(await understand(piece, context, brain, false));
    const standing = parts.filter((part) => part.score >= 2 && part.plan?.kind !== 'ask');
    const different = new Set(
      standing.map(
        (part) => `${part.intent?.id ?? part.concept?.id}|${part.question.symbols.map((s) => s.symbol).join()}`,
      ),
    ).size;
    if (standing.length >= 2 && different >= 2 && standing.length >= parts.length - 1) {
      return parts;
    }
  }
  return [await understand(text, context, brain, true)];
}

/** At question marks followed by a new sentence, at line ends, and at "also". */
function splitQuestions(text: string): readonly string[] {
  return text
    .split(/\?+\s+(?=\S)|\n+|;\s+|\s(?:and\s+)?also,?\s|\.\s+(?=[A-Z가-힣])|그리고\s|\s또\s/)
    .map((piece) => piece.trim())
    .filter((piece) => piece.length >= 4);
}

async function readQuestion(text: string, context: Context, brain: Brain): Promise<Question> {
  const { symbols, unknown } = await findSymbols(text, brain.market(context.asOf));
  return {
    text,
    lower: text.toLowerCase(),
    language: context.language,
    asOf: context.asOf,
    numbers: numbersInText(text),
    symbols,
    unknownSymbols: unknown,
    window: readWindow(text, context.asOf),
    previousCalls: context.previousCalls,
    previousText: context.previousText,
    previousMemo: context.previousMemo,
  };
}

async function understand(text: string, context: Context, brain: Brain, whole: boolean): Promise<Understood> {
  const question = await readQuestion(text, context, brain);
  const known = new Set(brain.tools.map((tool) => tool.name));
  const { best, absent } = bestIntents(question, brain.intents, known);
  const none = { question, intent: null, concept: null, plan: null, persona: null, mode: 'decline' as Mode, score: 0 };
  const example = matchExample(text, brain.tools);
  const covered =
    best !== null &&
    example !== null &&
    best.intent.tools.includes(example.tool) &&
    best.intent.plan(question).kind !== 'ask';
  if (example !== null && !covered) {
    return { ...none, plan: call(example.tool, example.input), persona: example.persona, mode: 'single', score: 9 };
  }
  const pending = whole ? openQuestion(question) : null;
  const concept = brain.knowledge.find(question.lower);
  const sameTopic = best !== null && asStrings(question.previousMemo['intents']).includes(best.intent.id);
  if (pending !== null && (best === null || best.score < 2 || sameTopic) && (concept?.score ?? 0) < 3) {
    const joined = await understand(`${pending} ${text}`, { ...context, previousMemo: {} }, brain, false);
    if (joined.intent !== null) return joined;
  }
  // A question that lacks something on its own, after an answer, is a change to that answer.
  const incomplete = best !== null && best.intent.plan(question).kind === 'ask';
  const follow = whole ? planFollowUp(question, incomplete ? 0 : (best?.score ?? 0)) : null;
  if (follow !== null)
    return { ...none, plan: follow.plan, persona: personaOf(follow.tool, brain), mode: 'single', score: 2 };
  const found = concept;
  const conceptual = found !== null && found.score >= 3 && isConceptual(question, found.score, best?.score ?? 0);
  if (conceptual)
    return { ...none, concept: found.concept, plan: null, persona: 'ml_quant', mode: 'single', score: found.score };
  if (absent !== null && absent.score > (best?.score ?? 0) && absent.score >= 3) {
    return {
      ...none,
      plan: notInstalled(question, absent.intent),
      persona: absent.intent.persona,
      mode: 'single',
      score: absent.score,
    };
  }
  if (best !== null && best.score >= 2) {
    const plan = unknownSymbol(question, best.intent) ?? best.intent.plan(question);
    return {
      question,
      intent: best.intent,
      concept: null,
      plan,
      persona: best.intent.persona,
      mode: best.intent.mode ?? 'single',
      score: best.score,
    };
  }
  if (found !== null && found.score >= 3)
    return { ...none, concept: found.concept, persona: 'ml_quant', mode: 'single', score: found.score };
  return none;
}

/** The question that the desk asked back about last time. */
function openQuestion(question: Question): string | null {
  const open = question.previousMemo['open'];
  return typeof open === 'string' && question.text.length < 120 ? open : null;
}

/** Words of explanation, and nothing to compute with, make a question of concept. */
function isConceptual(question: Question, conceptScore: number, intentScore: number): boolean {
  const explains =
    /\bwhy\b|what(?:'s| is| are| does)\b|\bexplain|difference|how (?:do|does|come|should|can|long|many)|should i|right\?|mean\b|\?\?|왜|뭐|무엇|차이|설명|어떻게|란\b|이란|인가요|되나|맞나/.test(
      question.lower,
    );
  const hasTarget = question.symbols.length > 0;
  const hasNumbers = question.numbers.some((n) => n.kind !== 'date' && n.kind !== 'duration') && intentScore >= 3;
  const lead = conceptScore - intentScore + (explains ? 2 : 0) - (hasTarget ? 3 : 0) - (hasNumbers ? 100 : 0);
  return lead >= 0;
}

function personaOf(tool: string, brain: Brain): PersonaId {
  const intent = brain.intents.find((candidate) => candidate.tools.includes(tool));
  return intent?.persona ?? 'ml_quant';
}

/** A ticker that nobody knows is asked about; near matches are suggested and never taken. */
function unknownSymbol(question: Question, intent: Intent): Plan | null {
  const unknown = question.unknownSymbols[0];
  if (unknown === undefined || intent.tools.length === 0) return null;
  const near = unknown.near.slice(0, 3).join(', ');
  const raw = unknown.raw.replaceAll('{{', '{ {').slice(0, 40);
  return ask(
    question,
    near === ''
      ? `I do not know the symbol ${raw}, and nothing near it. Which instrument do you mean? \`search_instruments\` lists what is here.`
      : `I do not know the symbol ${raw}. Did you mean ${near}?`,
    near === '' ? `${raw}라는 종목을 모릅니다. 어떤 종목인가요?` : `${raw}라는 종목을 모릅니다. ${near} 중 하나인가요?`,
    ['symbol'],
  );
}

interface Scored {
  readonly intent: Intent;
  readonly score: number;
}

/** The best intent whose tools are here, and the best of those whose tools are not. */
function bestIntents(
  question: Question,
  intents: readonly Intent[],
  known: ReadonlySet<string>,
): { readonly best: Scored | null; readonly absent: Scored | null } {
  let best: Scored | null = null;
  let absent: Scored | null = null;
  for (const intent of intents) {
    const score = scoreIntent(intent, question);
    if (score < 1) continue;
    if (intent.tools.every((tool) => known.has(tool))) {
      if (score > (best?.score ?? 0)) best = { intent, score };
    } else if (score > (absent?.score ?? 0)) absent = { intent, score };
  }
  return { best, absent };
}

function notInstalled(question: Question, intent: Intent): Plan {
  const tool = intent.tools[0] ?? '';
  return say(
    question,
    `This needs the tool \`${tool}\`, which is not part of this build, so I do not answer it.`,
    `이 질문에는 \`${tool}\` 도구가 필요한데 이 빌드에는 없어 답하지 않습니다.`,
  );
}

function asStrings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}
