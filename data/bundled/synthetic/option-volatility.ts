/** The volatility surface of the demo options. */

/** At-the-money volatility by horizon: the fear index pulled to its long-run level (fractions). */
export function atTheMoney(fear: number, days: number): number {
  const years = days / 365;
  return (18.5 + (fear - 18.5) * Math.exp(-2.2 * Math.max(0, years - 30 / 365))) / 100;
}

/** SSVI total variance (Gatheral & Jacquier, 2014, eq. 4.1) with φ = 1.15/√θ: free of butterflies for these skews. */
export function smileVolatility(atm: number, years: number, logMoneyness: number, skew: number): number {
  const theta = atm * atm * years;
  const phi = 1.15 / Math.sqrt(theta * (1 + theta));
  const x = phi * logMoneyness;
  const variance = (theta / 2) * (1 + skew * x + Math.sqrt((x + skew) ** 2 + 1 - skew * skew));
  return Math.sqrt(variance / years);
}
