/**
 * Shape-preserving rational cubic interpolation between two points with given slopes.
 *
 * Question: which value lies between (xL, yL, slope dL) and (xR, yR, slope dR), when one end's second derivative is known?
 * The control parameter r ≥ −1 bends the curve; r = 3 is the ordinary cubic. Cost: O(1).
 * Source: R. Delbourgo & J. A. Gregory (1985), SIAM J. Sci. Stat. Comput. 6:967, eq. 2.4–2.8; Jäckel (2015), appendix.
 *
 * @example rationalCubic(0.5, { xL: 0, xR: 1, yL: 0, yR: 1, dL: 1, dR: 1 }, 3) // 0.5
 */
export interface CubicEnds {
  readonly xL: number;
  readonly xR: number;
  readonly yL: number;
  readonly yR: number;
  readonly dL: number;
  readonly dR: number;
}

const MINIMUM = -(1 - 1.5e-8);
const MAXIMUM = 2 / (2.220446049250313e-16 * 2.220446049250313e-16);

export function rationalCubic(x: number, ends: CubicEnds, control: number): number {
  const h = ends.xR - ends.xL;
  if (Math.abs(h) <= 0) return 0.5 * (ends.yL + ends.yR);
  const t = (x - ends.xL) / h;
  const u = 1 - t;
  if (control >= MAXIMUM) return ends.yR * t + ends.yL * u;
  const numerator =
    ends.yR * t * t * t +
    (control * ends.yR - h * ends.dR) * t * t * u +
    (control * ends.yL + h * ends.dL) * t * u * u +
    ends.yL * u * u * u;
  return numerator / (1 + (control - 3) * t * u);
}

/** The smallest control parameter that keeps the data's monotonicity and convexity. */
function smallestControl(ends: CubicEnds, slope: number, preferShape: boolean): number {
  const { dL, dR } = ends;
  const monotone = dL * slope >= 0 && dR * slope >= 0;
  const bent = (dL <= slope && slope <= dR) || (dL >= slope && slope >= dR);
  if (!monotone && !bent) return MINIMUM;
  let first = -Number.MAX_VALUE;
  let second = -Number.MAX_VALUE;
  if (monotone) {
    if (slope !== 0) first = (dR + dL) / slope;
    else if (preferShape) first = MAXIMUM;
  }
  if (bent) {
    const left = slope - dL;
    const right = dR - slope;
    if (left !== 0 && right !== 0) second = Math.max(Math.abs((dR - dL) / right), Math.abs((dR - dL) / left));
    else if (preferShape) second = MAXIMUM;
  } else if (monotone && preferShape) second = MAXIMUM;
  return Math.max(MINIMUM, first, second);
}

/** The control parameter that gives the second derivative at the left end, kept shape-preserving. */
export function controlForLeftCurvature(ends: CubicEnds, curvature: number, preferShape: boolean): number {
  const h = ends.xR - ends.xL;
  const slope = (ends.yR - ends.yL) / h;
  const numerator = 0.5 * h * curvature + (ends.dR - ends.dL);
  const denominator = slope - ends.dL;
  return Math.max(safeRatio(numerator, denominator), smallestControl(ends, slope, preferShape));
}

/** The control parameter that gives the second derivative at the right end, kept shape-preserving. */
export function controlForRightCurvature(ends: CubicEnds, curvature: number, preferShape: boolean): number {
  const h = ends.xR - ends.xL;
  const slope = (ends.yR - ends.yL) / h;
  const numerator = 0.5 * h * curvature + (ends.dR - ends.dL);
  const denominator = ends.dR - slope;
  return Math.max(safeRatio(numerator, denominator), smallestControl(ends, slope, preferShape));
}

function safeRatio(numerator: number, denominator: number): number {
  if (numerator === 0) return 0;
  if (denominator === 0) return numerator > 0 ? MAXIMUM : MINIMUM;
  return numerator / denominator;
}
