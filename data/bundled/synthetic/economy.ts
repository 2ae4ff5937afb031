/**
 * The state of the demo economy: a three-state Markov chain (calm, nervous, crisis) that everything else leans on,
 * with inflation, unemployment, growth and a central bank that follows a rule.
 */
import { tradingDays } from './calendar.ts';
import { at, ornsteinUhlenbeck, streamOf } from './random-walks.ts';

export const CALM = 0;
export const CRISIS = 2;

/** Daily transition probabilities, rows sum to one. Mean stays: 83, 22 and 17 days. */
const transitions = [
  [0.988, 0.012, 0],
  [0.032, 0.955, 0.013],
  [0, 0.06, 0.94],
] as const;

export interface Economy {
  /** 0 calm, 1 nervous, 2 crisis, by trading day. */
  readonly states: Uint8Array;
  /** Annual rates in percent, by trading day. */
  readonly inflation: Float64Array;
  readonly unemployment: Float64Array;
  readonly growth: Float64Array;
  readonly policyRate: Float64Array;
}

let economy: Economy | undefined;

export function demoEconomy(): Economy {
  economy ??= build(tradingDays().length);
  return economy;
}

function build(length: number): Economy {
  const states = markovPath(length);
  const stress = smooth(
    Float64Array.from(states, (state) => (state === CRISIS ? 1 : state === CALM ? 0 : 0.15)),
    120,
  );
  const inflationNoise = ornsteinUhlenbeck(streamOf('inflation'), length, 400, 1.3);
  const growthNoise = ornsteinUhlenbeck(streamOf('growth'), length, 130, 0.8);
  const inflation = inflationNoise.map((noise, i) => 2.5 + noise - 1.2 * at(stress, i));
  const growth = growthNoise.map((noise, i) => 2.6 + noise - 7 * at(stress, i));
  const slack = smooth(stress, 250);
  const unemploymentNoise = ornsteinUhlenbeck(streamOf('unemployment'), length, 300, 0.35);
  const unemployment = unemploymentNoise.map((noise, i) => Math.max(2.5, 4.4 + noise + 9 * at(slack, i)));
  return { states, inflation, unemployment, growth, policyRate: policyPath(states, inflation, unemployment) };
}

function markovPath(length: number): Uint8Array {
  const rng = streamOf('states');
  const states = new Uint8Array(length);
  let state = CALM;
  for (let i = 0; i < length; i++) {
    states[i] = state;
    const [stay = 0, up = 0] = transitions[state as 0 | 1 | 2];
    const u = rng.uniform();
    state = u < stay ? 0 : u < stay + up ? 1 : 2;
  }
  return states;
}

/** Exponential moving average with the given span in days. */
function smooth(values: Float64Array, span: number): Float64Array {
  const weight = 2 / (span + 1);
  let level = values[0] ?? 0;
  return values.map((value) => {
    level += weight * (value - level);
    return level;
  });
}

const DAYS_BETWEEN_MEETINGS = 31;

/** Quarter-point steps towards a Taylor rule at eight meetings a year; half a point down in a crisis. */
function policyPath(states: Uint8Array, inflation: Float64Array, unemployment: Float64Array): Float64Array {
  const path = new Float64Array(states.length);
  let rate = 1.5;
  for (let i = 0; i < states.length; i++) {
    if (i > 0 && i % DAYS_BETWEEN_MEETINGS === 0) rate = meeting(rate, i, states, inflation, unemployment);
    path[i] = rate;
  }
  return path;
}

function meeting(
  rate: number,
  today: number,
  states: Uint8Array,
  inflation: Float64Array,
  unemployment: Float64Array,
): number {
  let bad = 0;
  for (let i = today - DAYS_BETWEEN_MEETINGS; i < today; i++) if (states[i] === CRISIS) bad++;
  if (bad > DAYS_BETWEEN_MEETINGS / 3) return Math.max(0.25, rate - 0.5);
  const rule = 2.5 + 1.5 * (at(inflation, today - 1) - 2) - 0.5 * (at(unemployment, today - 1) - 4.5);
  const target = Math.min(6, Math.max(0.25, rule));
  return Math.abs(target - rate) < 0.35 ? rate : Math.max(0.25, rate + 0.25 * Math.sign(target - rate));
}
