/**
 * Residuals, directions and steps of the interior-point method (see interior-point.ts); Vandenberghe (2010), section 5.
 */
import { solveKkt } from './interior-point-kkt.ts';
import { complementarity, lowerSlack, type OneSided, upperSlack, type Workspace } from './interior-point-workspace.ts';

/** Dual, primal and bound residuals; returns the largest of them and of the mean complementarity. */
export function computeResiduals(w: Workspace): number {
  const { n, core, program } = w;
  const f = w.factorOfObjective;
  let worst = 0;
  for (let i = 0; i < n; i++) {
    let sum = program.q[i] as number;
    if (i < core) {
      const base = i * core;
      for (let j = 0; j < core; j++) sum += (program.P.data[base + j] as number) * (w.x[j] as number);
    }
    w.rd[i] = f * sum;
  }
  for (let k = 0; k < w.y.length; k++) {
    const base = k * n;
    const dual = w.y[k] as number;
    let value = 0;
    for (let i = 0; i < n; i++) {
      const a = w.G.data[base + i] as number;
      value += a * (w.x[i] as number);
      w.rd[i] = (w.rd[i] as number) + a * dual;
    }
    const slack = (w.sides[k] as OneSided).sign === 0 ? 0 : (w.s[k] as number);
    w.rp[k] = value + slack - (w.h[k] as number);
    worst = Math.max(worst, Math.abs(w.rp[k] as number));
  }
  for (let i = 0; i < n; i++) {
    const homogeneous = w.scale >= 0 && i !== w.scale;
    if (w.hasLower[i]) {
      w.rl[i] = (w.sl[i] as number) - lowerSlack(w, i, w.x, 1);
      w.rd[i] = (w.rd[i] as number) - (w.zl[i] as number);
      if (homogeneous) w.rd[w.scale] = (w.rd[w.scale] as number) + (program.lower[i] as number) * (w.zl[i] as number);
      worst = Math.max(worst, Math.abs(w.rl[i] as number));
    }
    if (w.hasUpper[i]) {
      w.ru[i] = (w.su[i] as number) - upperSlack(w, i, w.x, 1);
      w.rd[i] = (w.rd[i] as number) + (w.zu[i] as number);
      if (homogeneous) w.rd[w.scale] = (w.rd[w.scale] as number) - (program.upper[i] as number) * (w.zu[i] as number);
      worst = Math.max(worst, Math.abs(w.ru[i] as number));
    }
  }
  for (let i = 0; i < n; i++) worst = Math.max(worst, Math.abs(w.rd[i] as number));
  return Math.max(worst, complementarity(w, 0));
}

/** Right-hand sides of the complementarity equations: s z (+ Δs Δz of the predictor) − target. */
export function setCentering(w: Workspace, target: number, second: boolean): void {
  const correct = second ? 1 : 0;
  for (let i = 0; i < w.n; i++) {
    if (w.hasLower[i]) {
      w.cl[i] =
        (w.sl[i] as number) * (w.zl[i] as number) + correct * (w.dsl[i] as number) * (w.dzl[i] as number) - target;
    }
    if (w.hasUpper[i]) {
      w.cu[i] =
        (w.su[i] as number) * (w.zu[i] as number) + correct * (w.dsu[i] as number) * (w.dzu[i] as number) - target;
    }
  }
  for (let k = 0; k < w.s.length; k++) {
    w.cs[k] = (w.s[k] as number) * (w.y[k] as number) + correct * (w.ds[k] as number) * (w.dy[k] as number) - target;
  }
}

/** One Newton direction for the current residuals and centering. */
export function direction(w: Workspace): void {
  const { n, program, scale } = w;
  for (let i = 0; i < n; i++) w.t[i] = -(w.rd[i] as number);
  for (let i = 0; i < n; i++) {
    const homogeneous = scale >= 0 && i !== scale;
    if (w.hasLower[i]) {
      const push = (-(w.cl[i] as number) + (w.zl[i] as number) * (w.rl[i] as number)) / (w.sl[i] as number);
      w.t[i] = (w.t[i] as number) + push;
      if (homogeneous) w.t[scale] = (w.t[scale] as number) - (program.lower[i] as number) * push;
    }
    if (w.hasUpper[i]) {
      const push = (-(w.cu[i] as number) + (w.zu[i] as number) * (w.ru[i] as number)) / (w.su[i] as number);
      w.t[i] = (w.t[i] as number) - push;
      if (homogeneous) w.t[scale] = (w.t[scale] as number) + (program.upper[i] as number) * push;
    }
  }
  w.dx.set(w.t);
  for (let k = 0; k < w.y.length; k++) {
    const side = w.sides[k] as OneSided;
    w.dy[k] = -(w.rp[k] as number) + (side.sign === 0 ? 0 : (w.cs[k] as number) / (w.y[k] as number));
  }
  solveKkt(w);
  for (let i = 0; i < n; i++) {
    if (w.hasLower[i]) {
      w.dsl[i] = lowerSlack(w, i, w.dx, 0) - (w.rl[i] as number);
      w.dzl[i] = (-(w.cl[i] as number) - (w.zl[i] as number) * (w.dsl[i] as number)) / (w.sl[i] as number);
    }
    if (w.hasUpper[i]) {
      w.dsu[i] = upperSlack(w, i, w.dx, 0) - (w.ru[i] as number);
      w.dzu[i] = (-(w.cu[i] as number) - (w.zu[i] as number) * (w.dsu[i] as number)) / (w.su[i] as number);
    }
  }
  for (let k = 0; k < w.y.length; k++) {
    if ((w.sides[k] as OneSided).sign === 0) continue;
    w.ds[k] = (-(w.cs[k] as number) - (w.s[k] as number) * (w.dy[k] as number)) / (w.y[k] as number);
  }
}

/** The largest step, at most 1, that keeps every slack and multiplier positive, shortened by `safety`. */
export function stepLength(w: Workspace, safety: number): number {
  let alpha = 1 / safety;
  for (let i = 0; i < w.n; i++) {
    if (w.hasLower[i]) {
      if ((w.dsl[i] as number) < 0) alpha = Math.min(alpha, -(w.sl[i] as number) / (w.dsl[i] as number));
      if ((w.dzl[i] as number) < 0) alpha = Math.min(alpha, -(w.zl[i] as number) / (w.dzl[i] as number));
    }
    if (w.hasUpper[i]) {
      if ((w.dsu[i] as number) < 0) alpha = Math.min(alpha, -(w.su[i] as number) / (w.dsu[i] as number));
      if ((w.dzu[i] as number) < 0) alpha = Math.min(alpha, -(w.zu[i] as number) / (w.dzu[i] as number));
    }
  }
  for (let k = 0; k < w.s.length; k++) {
    if ((w.sides[k] as OneSided).sign === 0) continue;
    if ((w.ds[k] as number) < 0) alpha = Math.min(alpha, -(w.s[k] as number) / (w.ds[k] as number));
    if ((w.dy[k] as number) < 0) alpha = Math.min(alpha, -(w.y[k] as number) / (w.dy[k] as number));
  }
  return Math.min(1, safety * alpha);
}

export function advance(w: Workspace, alpha: number): void {
  for (let i = 0; i < w.n; i++) {
    w.x[i] = (w.x[i] as number) + alpha * (w.dx[i] as number);
    if (w.hasLower[i]) {
      w.sl[i] = (w.sl[i] as number) + alpha * (w.dsl[i] as number);
      w.zl[i] = (w.zl[i] as number) + alpha * (w.dzl[i] as number);
    }
    if (w.hasUpper[i]) {
      w.su[i] = (w.su[i] as number) + alpha * (w.dsu[i] as number);
      w.zu[i] = (w.zu[i] as number) + alpha * (w.dzu[i] as number);
    }
  }
  for (let k = 0; k < w.y.length; k++) {
    w.y[k] = (w.y[k] as number) + alpha * (w.dy[k] as number);
    if ((w.sides[k] as OneSided).sign !== 0) w.s[k] = (w.s[k] as number) + alpha * (w.ds[k] as number);
  }
}
