/**
 * A first guess of the American put's exercise boundary: QD⁺, a closed-form correction of the quadratic approximation.
 *
 * S* solves (1 − e^{−qτ}N(−d₊))S* + (λ + c₀)(K − S* − p(S*)) = 0, with λ the negative root of the quadratic approximation and
 * c₀ a first-order correction in time. Solved by bracketed false position to three digits of
 * the boundary's distance from its limit, which is enough to start Newton.
 * Cost: about six European prices. Source: M. Li (2010), Rev. Derivatives Research 13:31, eq. 12–19; Andersen, Lake &
 * Offengenden (2016), J. Computational Finance 20:39, eq. 33–36.
 *
 * @example guessPutBoundary({ strike: 100, rate: 0.05, dividendYield: 0, volatility: 0.2 }, 1, 100) // about 83.4
 */
import { normalCdf, normalPdf } from '../stats/normal.ts';

export interface PutTerms {
  readonly strike: number;
  readonly rate: number;
  readonly dividendYield: number;
  readonly volatility: number;
}

/** The boundary at time to expiry `tau`, looked for at or below `start` (the boundary at a shorter time). */
export function guessPutBoundary(terms: PutTerms, tau: number, start: number): number {
  let high = start;
  let fHigh = defect(terms, tau, start * (1 - 1e-12));
  if (!(fHigh > 0)) return start * Math.exp(-0.1 * terms.volatility * Math.sqrt(tau));
  let low = start * Math.exp(-1.5 * terms.volatility * Math.sqrt(tau));
  let fLow = defect(terms, tau, low);
  for (let widen = 0; widen < 60 && fLow > 0; widen++) {
    high = low;
    fHigh = fLow;
    low = (low * low) / start;
    fLow = defect(terms, tau, low);
  }
  let last = 0;
  for (let step = 0; step < 40; step++) {
    const middle = (low * fHigh - high * fLow) / (fHigh - fLow);
    const f = defect(terms, tau, middle);
    const width = 1e-3 * (start - middle);
    if (f > 0) {
      if (high - middle < width) return middle;
      high = middle;
      fHigh = f;
      if (last === 1) fLow *= 0.5;
      last = 1;
    } else {
      if (middle - low < width) return middle;
      low = middle;
      fLow = f;
      if (last === -1) fHigh *= 0.5;
      last = -1;
    }
  }
  return 0.5 * (low + high);
}

/** Positive above the boundary, negative below it. */
function defect(terms: PutTerms, tau: number, spot: number): number {
  const { strike, dividendYield: q, volatility } = terms;
  const rate = Math.max(terms.rate, 1e-7);
  const root = Math.sqrt(tau);
  const deviation = volatility * root;
  const d1 = (Math.log(spot / strike) + (rate - q) * tau) / deviation + 0.5 * deviation;
  const asset = spot * Math.exp(-q * tau);
  const cash = strike * Math.exp(-rate * tau);
  const n1 = normalCdf(-d1);
  const n2 = normalCdf(deviation - d1);
  const put = cash * n2 - asset * n1;
  const theta = rate * cash * n2 - q * asset * n1 - (volatility * asset * normalPdf(d1)) / (2 * root);
  const gain = strike - spot - put;
  const h = -Math.expm1(-rate * tau);
  const m = (2 * rate) / (volatility * volatility);
  const n = (2 * (rate - q)) / (volatility * volatility);
  const discriminant = Math.sqrt((n - 1) * (n - 1) + (4 * m) / h);
  const lambda = -0.5 * (n - 1 + discriminant);
  const slope = m / (h * h * discriminant);
  const shift = 2 * lambda + n - 1;
  // c₀ carries θ/(K − S − p), so it is multiplied out: at the boundary's limit the gain is close to zero.
  const factor = (-(1 - h) * m) / shift;
  const gainPart = lambda + factor * (1 / h + slope / shift);
  return spot * (1 - Math.exp(-q * tau) * n1) + gainPart * gain - (factor * theta * Math.exp(rate * tau)) / rate;
}
