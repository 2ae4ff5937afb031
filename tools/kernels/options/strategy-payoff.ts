/**
 * The payoff of a combination of options at one expiry: largest gain and loss and where it breaks even, exactly.
 *
 * The profit is piecewise linear in the underlying with kinks at the strikes, so extremes lie at zero, at a strike or at infinity, and
 * break-evens are roots of line segments. Units: price of one unit; quantity above 0 is long. Cost: O(legs²).
 * Source: Hull (2018), Options, Futures and Other Derivatives, 10th ed., ch. 12.
 *
 * @example analyzePayoff([{ kind: 'call', quantity: 1, strike: 100 }], -5).breakEvens // [105]
 */
export interface PayoffLeg {
  readonly kind: 'call' | 'put' | 'stock';
  readonly quantity: number;
  /** Ignored for stock. */
  readonly strike: number;
}

export interface Payoff {
  /** Null: without limit. */
  readonly maxGain: number | null;
  /** A number of at least 0; null: without limit. */
  readonly maxLoss: number | null;
  readonly breakEvens: readonly number[];
  readonly profitAt: (underlying: number) => number;
}

export function analyzePayoff(legs: readonly PayoffLeg[], premium: number): Payoff {
  const profitAt = (x: number): number =>
    legs.reduce((sum, leg) => {
      const unit = leg.kind === 'stock' ? x : Math.max(leg.kind === 'call' ? x - leg.strike : leg.strike - x, 0);
      return sum + leg.quantity * unit;
    }, premium);
  const strikes = legs.filter((leg) => leg.kind !== 'stock').map((leg) => leg.strike);
  const kinks = [...new Set([0, ...strikes])].sort((a, b) => a - b);
  const values = kinks.map(profitAt);
  const slope = legs.reduce((sum, leg) => sum + (leg.kind === 'put' ? 0 : leg.quantity), 0);
  const breakEvens: number[] = [];
  for (let i = 0; i < kinks.length; i++) {
    const x = kinks[i] as number;
    const y = values[i] as number;
    if (y === 0 && x > 0) breakEvens.push(x);
    const next = values[i + 1];
    if (next === undefined) {
      if (slope !== 0 && y !== 0 && Math.sign(slope) !== Math.sign(y)) breakEvens.push(x - y / slope);
    } else if (Math.sign(y) * Math.sign(next) < 0) {
      breakEvens.push(x + ((0 - y) * ((kinks[i + 1] as number) - x)) / (next - y));
    }
  }
  return {
    maxGain: slope > 0 ? null : Math.max(...values),
    maxLoss: slope < 0 ? null : Math.max(0, -Math.min(...values)),
    breakEvens,
    profitAt,
  };
}
