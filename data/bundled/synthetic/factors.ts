/** Daily log returns of what moves prices together: the broad market, sectors, and the fear that comes with falls. */
import { tradingDays } from './calendar.ts';
import { demoEconomy } from './economy.ts';
import { at, streamOf, studentT } from './random-walks.ts';

const marketMean = [0.00075, 0.0001, -0.0028] as const;
const marketDeviation = [0.0062, 0.0115, 0.0255] as const;
/** How much wider everything else is in each state. */
const stressMultiple = [1, 1.35, 2.1] as const;

export function stressOf(day: number): number {
  return stressMultiple[demoEconomy().states[day] as 0 | 1 | 2];
}

const cache = new Map<string, Float64Array>();

function remembered(key: string, build: () => Float64Array): Float64Array {
  const known = cache.get(key);
  if (known) return known;
  const built = build();
  cache.set(key, built);
  return built;
}

export function marketReturns(): Float64Array {
  return remembered('market', () => {
    const rng = streamOf('market');
    const { states } = demoEconomy();
    return Float64Array.from(tradingDays(), (_, i) => {
      const state = states[i] as 0 | 1 | 2;
      return i === 0 ? 0 : marketMean[state] + marketDeviation[state] * studentT(rng, 7);
    });
  });
}

/** What a sector does beyond the market. */
export function sectorReturns(sector: string): Float64Array {
  return remembered(`sector ${sector}`, () => noise(`sector ${sector}`, 0.0055, 0));
}

/** Fat-tailed noise, wider in bad states, with a daily drift. */
export function noise(label: string, deviation: number, drift: number): Float64Array {
  const rng = streamOf(label);
  return Float64Array.from(tradingDays(), (_, i) => (i === 0 ? 0 : drift + deviation * stressOf(i) * studentT(rng, 6)));
}

const calmFear = [13.5, 21, 36] as const;

/** The demo volatility index, in vol points, by close: it chases the level of its state and jumps when the market falls. */
export function fearIndex(): Float64Array {
  return remembered('fear', () => {
    const rng = streamOf('fear');
    const { states } = demoEconomy();
    const market = marketReturns();
    let log = Math.log(calmFear[0]);
    return Float64Array.from(market, (move, i) => {
      const pull = 0.09 * (Math.log(calmFear[states[i] as 0 | 1 | 2]) - log);
      log = Math.min(Math.log(85), Math.max(Math.log(9), log + pull - 3.2 * move + 0.028 * studentT(rng, 6)));
      return Math.exp(log);
    });
  });
}

/** Running sum of returns, as a price that begins at `first`. */
export function priceFrom(first: number, returns: Float64Array): Float64Array {
  let log = Math.log(first);
  return returns.map((move) => {
    log += move;
    return Math.exp(log);
  });
}

/** A path scaled so that it ends at `last`. */
export function endingAt(path: Float64Array, last: number): Float64Array {
  const scale = last / at(path, path.length - 1);
  return path.map((value) => value * scale);
}
