/** The few random building blocks of the demo market. Each path has a stream of its own, named by its label. */
import { createRng, type Rng } from '../../../lib/rng.ts';

const MARKET_SEED = 20100104;
const root = createRng(MARKET_SEED);

export function streamOf(label: string): Rng {
  return root.fork(label);
}

/** Student-t with the given degrees of freedom, scaled to variance one. */
export function studentT(rng: Rng, degrees: number): number {
  let chiSquare = 0;
  for (let i = 0; i < degrees; i++) chiSquare += rng.normal() ** 2;
  return (rng.normal() / Math.sqrt(chiSquare / degrees)) * Math.sqrt((degrees - 2) / degrees);
}

/** A mean-reverting path with the given half-life (in steps) and stationary deviation, begun in its stationary law. */
export function ornsteinUhlenbeck(rng: Rng, length: number, halfLife: number, deviation: number): Float64Array {
  const phi = 0.5 ** (1 / halfLife);
  const shock = deviation * Math.sqrt(1 - phi * phi);
  const path = new Float64Array(length);
  let value = deviation * rng.normal();
  for (let i = 0; i < length; i++) {
    path[i] = value;
    value = phi * value + shock * rng.normal();
  }
  return path;
}

export function roundTo(value: number, decimals: number): number {
  const scale = 10 ** decimals;
  return Math.round(value * scale) / scale;
}

/** A typed-array read at an index that is known to be inside. */
export function at(values: Float64Array, index: number): number {
  return values[index] as number;
}
