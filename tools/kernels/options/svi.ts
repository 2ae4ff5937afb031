/**
 * SVI: one expiry's smile as total variance over log-moneyness, and the tests that it holds no arbitrage.
 *
 * w(k) = a + b(ρ(k − m) + √((k − m)² + σ²)), k = ln(K/F). Butterfly: g(k) = (1 − kw'/2w)² − (w'²/4)(1/w + ¼) + w''/2 ≥ 0.
 * SSVI: w = θ/2·(1 + ρφk + √((φk + ρ)² + 1 − ρ²)), free of butterflies where θφ(1+|ρ|) < 4 and θφ²(1+|ρ|) ≤ 4.
 * Calendar: total variance never falls with expiry at fixed k. Cost: O(1) a point.
 * Source: J. Gatheral & A. Jacquier (2014), Arbitrage-free SVI volatility surfaces, Quant. Finance 14:59, eq. 2.1–2.3, 3.1, theorems 4.1–4.2; R. Lee (2004) (wings).
 *
 * @example sviVariance({ a: 0.04, b: 0.1, rho: -0.4, m: 0.05, sigma: 0.2 }, 0) // 0.06262
 */
export interface SviParameters {
  readonly a: number;
  readonly b: number;
  readonly rho: number;
  readonly m: number;
  readonly sigma: number;
}

/** Total variance w(k). */
export function sviVariance(p: SviParameters, k: number): number {
  const y = k - p.m;
  return p.a + p.b * (p.rho * y + Math.sqrt(y * y + p.sigma * p.sigma));
}

/** w, w', w''. */
export function sviDerivatives(p: SviParameters, k: number) {
  const y = k - p.m;
  const root = Math.sqrt(y * y + p.sigma * p.sigma);
  return {
    w: p.a + p.b * (p.rho * y + root),
    dw: p.b * (p.rho + y / root),
    d2w: (p.b * p.sigma * p.sigma) / (root * root * root),
  };
}

/** Gatheral's density factor; negative means a butterfly that pays for nothing. */
export function butterflyFactor(
  smile: { readonly w: number; readonly dw: number; readonly d2w: number },
  k: number,
): number {
  const { w, dw, d2w } = smile;
  const head = 1 - (0.5 * k * dw) / w;
  return head * head - 0.25 * dw * dw * (1 / w + 0.25) + 0.5 * d2w;
}

export interface ButterflyCheck {
  readonly minG: number;
  readonly argMinG: number;
  readonly free: boolean;
}

/** The smallest g on an even grid. */
export function checkButterfly(p: SviParameters, from = -1.5, to = 1.5, step = 0.001): ButterflyCheck {
  let minG = Number.POSITIVE_INFINITY;
  let argMinG = from;
  const count = Math.round((to - from) / step);
  for (let i = 0; i <= count; i++) {
    const k = from + i * step;
    const g = butterflyFactor(sviDerivatives(p, k), k);
    if (g < minG) {
      minG = g;
      argMinG = k;
    }
  }
  return { minG, argMinG, free: minG >= 0 };
}

/** Least total variance and the steeper wing; Lee's bound is a slope of 2. */
export function sviShape(p: SviParameters) {
  const wingSlopeMax = p.b * (1 + Math.abs(p.rho));
  return {
    minTotalVariance: p.a + p.b * p.sigma * Math.sqrt(1 - p.rho * p.rho),
    wingSlopeMax,
    leeBoundOk: wingSlopeMax <= 2,
  };
}

/** Jump wings: at-the-money variance and skew, wing slopes and least variance, all as traders quote them. */
export function sviJumpWings(p: SviParameters, years: number) {
  const w0 = sviVariance(p, 0);
  const root = Math.sqrt(w0);
  return {
    v: w0 / years,
    psi: ((p.b / 2) * (p.rho - p.m / Math.sqrt(p.m * p.m + p.sigma * p.sigma))) / root,
    p: (p.b * (1 - p.rho)) / root,
    c: (p.b * (1 + p.rho)) / root,
    vMin: sviShape(p).minTotalVariance / years,
  };
}

export interface SsviParameters {
  readonly rho: number;
  readonly eta: number;
  readonly gamma: number;
}

/** φ(θ) = η/(θ^γ(1 + θ)^{1−γ}). */
export function ssviPhi(p: SsviParameters, theta: number): number {
  return p.eta / (theta ** p.gamma * (1 + theta) ** (1 - p.gamma));
}

export function ssviVariance(p: SsviParameters, theta: number, k: number): number {
  const scaled = ssviPhi(p, theta) * k;
  return 0.5 * theta * (1 + p.rho * scaled + Math.sqrt((scaled + p.rho) ** 2 + 1 - p.rho * p.rho));
}

/** The SSVI slice as raw SVI (Gatheral & Jacquier, eq. 4.2). */
export function ssviSlice(p: SsviParameters, theta: number): SviParameters {
  const phi = ssviPhi(p, theta);
  const root = Math.sqrt(1 - p.rho * p.rho);
  return {
    a: 0.5 * theta * (1 - p.rho * p.rho),
    b: 0.5 * theta * phi,
    rho: p.rho,
    m: -p.rho / phi,
    sigma: root / phi,
  };
}

/** The sufficient conditions of theorem 4.2, and the calendar condition: θ rising and, for this φ, η(1+|ρ|) ≤ 2. */
export function checkSsvi(p: SsviParameters, thetas: readonly number[]) {
  const edge = 1 + Math.abs(p.rho);
  const first = thetas.map((theta) => theta * ssviPhi(p, theta) * edge);
  const second = thetas.map((theta) => theta * ssviPhi(p, theta) ** 2 * edge);
  return {
    first,
    second,
    butterflyFree: first.every((value) => value < 4) && second.every((value) => value <= 4),
    calendarFree: thetas.every((theta, i) => i === 0 || theta >= (thetas[i - 1] as number)),
    etaOk: p.eta * edge <= 2,
  };
}

export interface CalendarCheck {
  readonly arbitrage: boolean;
  /** Where far equals near. */
  readonly crossings: readonly number[];
  readonly minDifference: number;
  /** Share of the grid where far lies below near. */
  readonly negativeFraction: number;
}

/** Does the far smile ever hold less total variance than the near one? */
export function checkCalendar(
  near: SviParameters,
  far: SviParameters,
  from = -1.5,
  to = 1.5,
  step = 0.001,
): CalendarCheck {
  const gap = (k: number) => sviVariance(far, k) - sviVariance(near, k);
  const count = Math.round((to - from) / step);
  let minDifference = Number.POSITIVE_INFINITY;
  let negative = 0;
  const crossings: number[] = [];
  let previous = gap(from);
  for (let i = 0; i <= count; i++) {
    const k = from + i * step;
    const difference = gap(k);
    minDifference = Math.min(minDifference, difference);
    if (difference < 0) negative += 1;
    if (i > 0 && difference < 0 !== previous < 0) crossings.push(bisect(gap, k - step, k));
    previous = difference;
  }
  return { arbitrage: minDifference < 0, crossings, minDifference, negativeFraction: negative / (count + 1) };
}

function bisect(f: (x: number) => number, low: number, high: number): number {
  const below = f(low) < 0;
  for (let i = 0; i < 60; i++) {
    const middle = 0.5 * (low + high);
    if (f(middle) < 0 === below) low = middle;
    else high = middle;
  }
  return 0.5 * (low + high);
}
