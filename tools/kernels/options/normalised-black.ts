/**
 * The Black formula in its two natural variables, accurate over the whole domain.
 *
 * b(x, s) = e^{x/2} N(x/s + s/2) − e^{−x/2} N(x/s − s/2) is the out-of-the-money price over √(FK), with x = −|ln(F/K)| ≤ 0
 * and total volatility s = σ√T > 0. Three routes, each used where its error is small against the conditioning of s in b:
 * a Taylor series of Φ/φ for short expiries near the money, a difference of scaled erfc, and the plain formula.
 * Cost: O(1), no allocation. Source: P. Jäckel (2015), Let's be rational, Wilmott 75:40, eq. 2.3–2.12 and section 6.
 *
 * @example normalisedBlack(0, 0.2) // 0.0796556745540580
 */
import { erfcx, normalCdf } from '../stats/normal.ts';

const INVERSE_ROOT_TWO_PI = 0.3989422804014327;
const ROOT_HALF_PI = 1.2533141373155003;
const INVERSE_ROOT_TWO = Math.SQRT1_2;

/** Out-of-the-money price over √(FK). */
export function normalisedBlack(x: number, s: number): number {
  const h = x / s;
  const t = 0.5 * s;
  if (h + t > 0.85) return normalCdf(h + t) * Math.exp(0.5 * x) - normalCdf(h - t) * Math.exp(-0.5 * x);
  const scale = Math.exp(-0.5 * (h * h + t * t));
  if (t < 0.25 && x > -1) return 2 * INVERSE_ROOT_TWO_PI * scale * oddTaylor(h, t);
  return 0.5 * scale * (erfcx(-(h + t) * INVERSE_ROOT_TWO) - erfcx(-(h - t) * INVERSE_ROOT_TWO));
}

/** (Y(h + t) − Y(h − t))/2 with Y = Φ/φ, from Y' = 1 + hY and Y⁽ⁿ⁺¹⁾ = hY⁽ⁿ⁾ + nY⁽ⁿ⁻¹⁾. */
function oddTaylor(h: number, t: number): number {
  const y0 = ROOT_HALF_PI * erfcx(-h * INVERSE_ROOT_TWO);
  let previous = 1 + h * y0; // Y'
  let even = h * previous + y0; // Y''
  let term = t;
  let sum = previous * t;
  const square = t * t;
  for (let n = 2; n <= 16; n += 2) {
    const odd = h * even + n * previous; // Y⁽ⁿ⁺¹⁾
    term *= square / (n * (n + 1));
    const add = term * odd;
    sum += add;
    if (add < 1e-17 * sum && add > -1e-17 * sum) break;
    even = h * odd + (n + 1) * even; // Y⁽ⁿ⁺²⁾
    previous = odd;
  }
  return sum;
}

/** ∂b/∂s = φ-density e^{−(h² + t²)/2}/√(2π). */
export function normalisedVega(x: number, s: number): number {
  const h = x / s;
  return INVERSE_ROOT_TWO_PI * Math.exp(-0.5 * h * h - 0.125 * s * s);
}
