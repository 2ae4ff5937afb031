/** Prices for the demo option quotes only: a binomial tree that converges to Black–Scholes and knows early exercise. */

export interface TreeOption {
  readonly right: 'call' | 'put';
  readonly american: boolean;
  readonly spot: number;
  readonly strike: number;
  readonly years: number;
  readonly rate: number;
  /** Cost of carry: the rate for shares, zero for futures. */
  readonly carry: number;
  readonly volatility: number;
}

const STEPS = 81;
const values = new Float64Array(STEPS + 1);

/** Cox, Ross & Rubinstein (1979, J. Financ. Econ. 7:3, eq. 5), 81 steps. */
export function treePrice(option: TreeOption): number {
  const step = option.years / STEPS;
  const up = Math.exp(option.volatility * Math.sqrt(step));
  const discount = Math.exp(-option.rate * step);
  const p = (Math.exp(option.carry * step) - 1 / up) / (up - 1 / up);
  const sign = option.right === 'call' ? 1 : -1;
  const payoff = (ups: number, steps: number) =>
    Math.max(0, sign * (option.spot * up ** (2 * ups - steps) - option.strike));
  for (let j = 0; j <= STEPS; j++) values[j] = payoff(j, STEPS);
  for (let n = STEPS - 1; n >= 0; n--) {
    for (let j = 0; j <= n; j++) {
      const hold = discount * (p * (values[j + 1] as number) + (1 - p) * (values[j] as number));
      values[j] = option.american ? Math.max(hold, payoff(j, n)) : hold;
    }
  }
  return values[0] as number;
}
