/**
 * z-scores and the state machine that trades them. Decisions at bar t use z_t; the position is held from the next bar on.
 * Source: Gatev, Goetzmann & Rouwenhorst (2006, Rev. Financ. Stud. 19:797) for the idea; the rules are written out below.
 */
import { invalidInput } from '../../../lib/errors.ts';

/** (s − mean)/sd over the whole sample (divisor n − 1): looks ahead, for description only. */
export function fullSampleZScore(s: Float64Array): Float64Array {
  const n = s.length;
  let mean = 0;
  for (const v of s) mean += v / n;
  let square = 0;
  for (const v of s) square += (v - mean) ** 2;
  const deviation = Math.sqrt(square / (n - 1));
  return s.map((v) => (deviation > 0 ? (v - mean) / deviation : Number.NaN));
}

/**
 * (s_t − mean)/sd over the window of bars t−window+1 … t, both moments about that window alone (divisor window − 1).
 * NaN before a full window, in a window that holds a NaN, and where the window does not move. O(n · window), exact.
 */
export function rollingZScore(s: Float64Array, window: number): Float64Array {
  if (!(window >= 2)) throw invalidInput({ what: 'The window of a z-score', needed: 'at least 2 bars', got: window });
  const out = new Float64Array(s.length).fill(Number.NaN);
  for (let t = window - 1; t < s.length; t++) {
    let mean = 0;
    for (let i = t - window + 1; i <= t; i++) mean += s[i] as number;
    mean /= window;
    let square = 0;
    for (let i = t - window + 1; i <= t; i++) square += ((s[i] as number) - mean) ** 2;
    const deviation = Math.sqrt(square / (window - 1));
    if (deviation > 1e-13 * Math.abs(mean)) out[t] = ((s[t] as number) - mean) / deviation;
  }
  return out;
}

export type ZScoreRule =
  /** One transition a bar; long exits at z ≥ −exit, short at z ≤ exit. The default, and the seed's machine with exit 0. */
  | 'cross'
  /** −1 above entry, +1 below −entry, else flat. */
  | 'stateless'
  /** Keeps its side until |z| ≤ exit; with exit 0 it practically flips. */
  | 'carry';

export interface ZScoreMachine {
  readonly entry: number;
  readonly exit: number;
  /** |z| that closes a position at a loss and disarms until |z| < entry. */
  readonly stop?: number | null;
  /** Bars after which a position is closed and disarmed. */
  readonly timeStop?: number | null;
  readonly rule?: ZScoreRule;
}

export type ExitReason = 'exit' | 'stop' | 'time-stop' | 'flip' | 'open';

export interface SpreadTrade {
  readonly side: 1 | -1;
  /** Bar of the decision to enter and to leave; null while open. */
  readonly entry: number;
  readonly exit: number | null;
  readonly reason: ExitReason;
}

export interface ZScorePath {
  /** Position decided at each bar: +1 long the spread, −1 short, 0 flat. */
  readonly positions: Int8Array;
  readonly trades: readonly SpreadTrade[];
}

/**
 * Flat: z > entry → short, z < −entry → long. With a stop: against by |z| ≥ stop → flat and disarmed (checked before the
 * exit); no entry while |z| ≥ stop or disarmed; re-armed on a flat bar with |z| < entry. A NaN z changes nothing.
 */
export function runZScoreMachine(z: Float64Array, machine: ZScoreMachine): ZScorePath {
  checkMachine(machine);
  const positions = new Int8Array(z.length);
  const trades: SpreadTrade[] = [];
  let position = 0;
  let entryBar = 0;
  let armed = true;
  for (let t = 0; t < z.length; t++) {
    const value = z[t] as number;
    const step: State = Number.isNaN(value)
      ? { position, armed, reason: 'exit' }
      : nextState(machine, value, position, armed, t - entryBar);
    armed = step.armed;
    if (step.position !== position) {
      if (position !== 0) {
        const reason = step.position === 0 ? step.reason : 'flip';
        trades.push({ side: position as 1 | -1, entry: entryBar, exit: t, reason });
      }
      position = step.position;
      entryBar = t;
    }
    positions[t] = position;
  }
  if (position !== 0) trades.push({ side: position as 1 | -1, entry: entryBar, exit: null, reason: 'open' });
  return { positions, trades };
}

function checkMachine({ entry, exit, stop }: ZScoreMachine): void {
  if (!(entry > exit)) throw invalidInput({ what: 'The entry z', needed: `above the exit z ${exit}`, got: entry });
  if (stop != null && !(stop > entry)) {
    throw invalidInput({ what: 'The stop z', needed: `above the entry z ${entry}`, got: stop });
  }
}

interface State {
  readonly position: number;
  readonly armed: boolean;
  readonly reason: ExitReason;
}

function nextState(machine: ZScoreMachine, z: number, position: number, armed: boolean, held: number): State {
  const { entry, exit, stop = null, timeStop = null, rule = 'cross' } = machine;
  const side = z > entry ? -1 : z < -entry ? 1 : 0;
  if (rule === 'stateless') return { position: side, armed, reason: 'exit' };
  if (rule === 'carry') {
    const keep = Math.abs(z) <= exit ? 0 : position;
    return { position: side !== 0 ? side : keep, armed, reason: 'exit' };
  }
  if (position === 0) {
    const ready = armed || Math.abs(z) < entry;
    const beyond = stop !== null && Math.abs(z) >= stop;
    return { position: ready && !beyond && armed ? side : 0, armed: ready, reason: 'exit' };
  }
  if (stop !== null && -position * z >= stop) return { position: 0, armed: false, reason: 'stop' };
  if (position > 0 ? z >= -exit : z <= exit) return { position: 0, armed, reason: 'exit' };
  if (timeStop !== null && held >= timeStop) return { position: 0, armed: false, reason: 'time-stop' };
  return { position, armed, reason: 'exit' };
}

/**
 * The textbook return of a spread position: position_{t−1} · (r_y − β r_x), minus cost · |Δposition| · (1 + |β|). It mixes a
 * price-level β with returns and is not money on capital; `runBacktest` with units is. Kept to compare with published numbers.
 */
export function spreadReturns(parts: {
  readonly y: Float64Array;
  readonly x: Float64Array;
  readonly beta: number;
  readonly positions: Int8Array;
  readonly cost: number;
}): { readonly gross: Float64Array; readonly net: Float64Array } {
  const { y, x, beta, positions, cost } = parts;
  const gross = new Float64Array(y.length);
  const net = new Float64Array(y.length);
  for (let t = 0; t < y.length; t++) {
    const before = t === 0 ? 0 : (positions[t - 1] as number);
    if (t > 0) {
      const ry = (y[t] as number) / (y[t - 1] as number) - 1;
      const rx = (x[t] as number) / (x[t - 1] as number) - 1;
      gross[t] = before * (ry - beta * rx);
    }
    net[t] = (gross[t] as number) - cost * Math.abs((positions[t] as number) - before) * (1 + Math.abs(beta));
  }
  return { gross, net };
}
