/** Long-run variance of a mean-zero series by the Bartlett kernel. Source: Newey & West (1987, Econometrica 55:703; 1994). */

/** ⌈12 (n/100)^¼⌉, Schwert's rule for long lags. */
export function longLag(n: number): number {
  return Math.ceil(12 * (n / 100) ** 0.25);
}

/** γ₀ + 2 Σ_{k≤lags} (1 − k/(lags+1)) γ_k with divisor n; the series is taken as it is (no demeaning). O(n · lags). */
export function bartlettVariance(e: Float64Array, lags: number): number {
  return bartlettParts(e, lags).longRun;
}

/** The same with the one-sided part Σ w_k γ_k, for a bandwidth that need not be whole: weights (b+1−k)/(b+1), k ≤ ⌊b⌋. */
export function bartlettParts(e: Float64Array, bandwidth: number) {
  const n = e.length;
  let oneSided = 0;
  let own = 0;
  for (const v of e) own += v * v;
  for (let k = 1; k <= Math.floor(bandwidth) && k < n; k++) {
    let dot = 0;
    for (let t = k; t < n; t++) dot += (e[t] as number) * (e[t - k] as number);
    oneSided += ((bandwidth + 1 - k) / (bandwidth + 1)) * dot;
  }
  return { shortRun: own / n, oneSided: oneSided / n, longRun: (own + 2 * oneSided) / n };
}

/** Newey & West (1994) optimal Bartlett bandwidth: 1.1447 (α n)^(1/3), α = (Σ j γ_j / Σ γ_j)², lags to ⌈4 (n/100)^(2/9)⌉. */
export function neweyWestBandwidth(e: Float64Array): number {
  const n = e.length;
  const reach = Math.ceil(4 * (n / 100) ** (2 / 9));
  let f0 = 0;
  let f1 = 0;
  for (let k = 0; k <= reach && k < n; k++) {
    let dot = 0;
    for (let t = k; t < n; t++) dot += (e[t] as number) * (e[t - k] as number);
    f0 += ((k === 0 ? 1 : 2) * dot) / n;
    f1 += (2 * k * dot) / n;
  }
  const alpha = (f1 / f0) ** 2;
  return Math.min(1.1447 * Math.cbrt(alpha * n), n - 1);
}
