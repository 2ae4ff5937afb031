/**
 * Dickey–Fuller tables as older packages interpolate them, for comparison with their output.
 * Source: Fuller (1976), table 8.5.2; Banerjee, Dolado, Galbraith & Hendry (1993), tables 4.1 and 4.2 (as R's tseries);
 * F statistics: Dickey & Fuller (1981, Econometrica 49:1057), as R's urca. Columns: 25, 50, 100, 250, 500, ∞ rows.
 */
const SAMPLES = [25, 50, 100, 250, 500, 100_000] as const;
const LEVELS = [0.01, 0.025, 0.05, 0.1, 0.9, 0.95, 0.975, 0.99] as const;

/** Trend regression, t statistic; one row per level. */
const TREND_T = [
  [-4.38, -4.15, -4.04, -3.99, -3.98, -3.96],
  [-3.95, -3.8, -3.73, -3.69, -3.68, -3.66],
  [-3.6, -3.5, -3.45, -3.43, -3.42, -3.41],
  [-3.24, -3.18, -3.15, -3.13, -3.13, -3.12],
  [-1.14, -1.19, -1.22, -1.23, -1.24, -1.25],
  [-0.8, -0.87, -0.9, -0.92, -0.93, -0.94],
  [-0.5, -0.58, -0.62, -0.64, -0.65, -0.66],
  [-0.15, -0.24, -0.28, -0.31, -0.32, -0.33],
] as const;

/** Trend regression, normalised bias. */
const TREND_BIAS = [
  [-22.5, -25.7, -27.4, -28.4, -28.9, -29.5],
  [-19.9, -22.4, -23.6, -24.4, -24.8, -25.1],
  [-17.9, -19.8, -20.7, -21.3, -21.5, -21.8],
  [-15.6, -16.8, -17.5, -18, -18.1, -18.3],
  [-3.66, -3.71, -3.74, -3.75, -3.76, -3.77],
  [-2.51, -2.6, -2.62, -2.64, -2.65, -2.66],
  [-1.53, -1.66, -1.73, -1.78, -1.78, -1.79],
  [-0.43, -0.65, -0.75, -0.82, -0.84, -0.87],
] as const;

/** Linear in the sample size, then in the statistic; ends at 1% and 99%. */
export function fullerTrendPValue(statistic: number, n: number, kind: 't' | 'bias'): number {
  const table = kind === 't' ? TREND_T : TREND_BIAS;
  const values = table.map((row) => interpolate(SAMPLES, row, n));
  return interpolate(values, LEVELS, statistic);
}

function interpolate(xs: readonly number[], ys: readonly number[], x: number): number {
  if (x <= (xs[0] as number)) return ys[0] as number;
  for (let i = 1; i < xs.length; i++) {
    const low = xs[i - 1] as number;
    const high = xs[i] as number;
    if (x <= high) {
      const from = ys[i - 1] as number;
      return from + ((x - low) / (high - low)) * ((ys[i] as number) - from);
    }
  }
  return ys[ys.length - 1] as number;
}

export type FullerStatistic = 'tau-none' | 'tau-drift' | 'tau-trend' | 'phi1' | 'phi2' | 'phi3';

/** Critical values at 1%, 5%, 10% by sample class: below 25, 50, 100, 250, 500 rows, and more. */
const CRITICAL: Readonly<Record<FullerStatistic, readonly (readonly [number, number, number])[]>> = {
  'tau-none': [
    [-2.66, -1.95, -1.6],
    [-2.62, -1.95, -1.61],
    [-2.6, -1.95, -1.61],
    [-2.58, -1.95, -1.62],
    [-2.58, -1.95, -1.62],
    [-2.58, -1.95, -1.62],
  ],
  'tau-drift': [
    [-3.75, -3, -2.63],
    [-3.58, -2.93, -2.6],
    [-3.51, -2.89, -2.58],
    [-3.46, -2.88, -2.57],
    [-3.44, -2.87, -2.57],
    [-3.43, -2.86, -2.57],
  ],
  phi1: [
    [7.88, 5.18, 4.12],
    [7.06, 4.86, 3.94],
    [6.7, 4.71, 3.86],
    [6.52, 4.63, 3.81],
    [6.47, 4.61, 3.79],
    [6.43, 4.59, 3.78],
  ],
  'tau-trend': [
    [-4.38, -3.6, -3.24],
    [-4.15, -3.5, -3.18],
    [-4.04, -3.45, -3.15],
    [-3.99, -3.43, -3.13],
    [-3.98, -3.42, -3.13],
    [-3.96, -3.41, -3.12],
  ],
  phi2: [
    [8.21, 5.68, 4.67],
    [7.02, 5.13, 4.31],
    [6.5, 4.88, 4.16],
    [6.22, 4.75, 4.07],
    [6.15, 4.71, 4.05],
    [6.09, 4.68, 4.03],
  ],
  phi3: [
    [10.61, 7.24, 5.91],
    [9.31, 6.73, 5.61],
    [8.73, 6.49, 5.47],
    [8.43, 6.49, 5.47],
    [8.34, 6.3, 5.36],
    [8.27, 6.25, 5.34],
  ],
};

/** 1%, 5%, 10%. */
export function fullerCritical(statistic: FullerStatistic, n: number): readonly [number, number, number] {
  const row = [25, 50, 100, 250, 500].filter((limit) => n >= limit).length;
  return CRITICAL[statistic][row] ?? [Number.NaN, Number.NaN, Number.NaN];
}
