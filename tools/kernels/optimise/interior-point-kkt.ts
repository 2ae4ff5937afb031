/**
 * The linear algebra of one interior-point iteration (see interior-point.ts): H = P + bounds by a tiled Cholesky, the rows
 * by a Schur complement, and the solve of [H Gᵀ; G −Ω]. Nocedal and Wright (2006), section 16.2 and 16.6.
 */
import {
  backwardSolveInPlace,
  choleskyInPlace,
  forwardSolveInPlace,
  solveCholeskyInPlace,
} from '../linalg/cholesky.ts';
import { gramOfRows } from '../linalg/multiply.ts';
import type { OneSided, Workspace } from './interior-point-workspace.ts';

/** H = P + bounds, its Cholesky, V = L⁻¹Gᵀ (transposed) and the Schur complement of the rows. False where it breaks down. */
export function factorise(w: Workspace): boolean {
  const { core, n } = w;
  let shift = 1e-14;
  for (let attempt = 0; ; attempt++) {
    assemble(w, shift);
    if (choleskyInPlace(w.H, core) < 0) break;
    if (attempt > 6) return false;
    shift *= 100;
  }
  const m = w.sides.length;
  for (let k = 0; k < m; k++) {
    const row = w.V.data.subarray(k * n, (k + 1) * n);
    row.set(w.G.data.subarray(k * n, (k + 1) * n));
    forwardSolveInPlace(w.H, core, row);
    for (let i = core; i < n; i++) row[i] = (row[i] as number) / Math.sqrt(w.extra[i - core] as number);
  }
  const schur = gramOfRows(w.V).data;
  let largest = 0;
  for (let k = 0; k < m; k++) {
    const side = w.sides[k] as OneSided;
    if (side.sign !== 0) schur[k * m + k] = (schur[k * m + k] as number) + (w.s[k] as number) / (w.y[k] as number);
    largest = Math.max(largest, schur[k * m + k] as number);
  }
  for (let jitter = 1e-15; jitter < 1e-6; jitter *= 100) {
    w.S = schur.slice();
    for (let k = 0; k < m; k++) w.S[k * m + k] = (w.S[k * m + k] as number) * (1 + jitter) + largest * jitter * 1e-3;
    if (choleskyInPlace(w.S, m) < 0) return true;
  }
  return false;
}

function assemble(w: Workspace, shift: number): void {
  const { core, n, H, program } = w;
  const f = w.factorOfObjective;
  for (let i = 0; i < core; i++) {
    for (let j = 0; j <= i; j++) H[i * core + j] = f * (program.P.data[i * core + j] as number);
    H[i * core + i] = (H[i * core + i] as number) + shift;
  }
  w.extra.fill(shift);
  const k = w.scale;
  for (let i = 0; i < n; i++) {
    const lower = w.hasLower[i] ? (w.zl[i] as number) / (w.sl[i] as number) : 0;
    const upper = w.hasUpper[i] ? (w.zu[i] as number) / (w.su[i] as number) : 0;
    if (i >= core) {
      w.extra[i - core] = (w.extra[i - core] as number) + lower + upper;
      continue;
    }
    H[i * core + i] = (H[i * core + i] as number) + lower + upper;
    if (k < 0 || i === k) continue;
    const l = w.hasLower[i] ? (program.lower[i] as number) : 0;
    const u = w.hasUpper[i] ? (program.upper[i] as number) : 0;
    const at = i < k ? k * core + i : i * core + k;
    H[at] = (H[at] as number) - l * lower - u * upper;
    H[k * core + k] = (H[k * core + k] as number) + l * l * lower + u * u * upper;
  }
}

/** Solves [H Gᵀ; G −Ω][dx; dy] = [dx; dy] in place. */
export function solveKkt(w: Workspace): void {
  const { core, n } = w;
  const m = w.sides.length;
  const { dx, dy, V } = w;
  forwardSolveInPlace(w.H, core, dx);
  for (let i = core; i < n; i++) dx[i] = (dx[i] as number) / Math.sqrt(w.extra[i - core] as number);
  for (let k = 0; k < m; k++) {
    const base = k * n;
    let sum = 0;
    for (let i = 0; i < n; i++) sum += (V.data[base + i] as number) * (dx[i] as number);
    dy[k] = sum - (dy[k] as number);
  }
  solveCholeskyInPlace(w.S, m, dy);
  for (let k = 0; k < m; k++) {
    const base = k * n;
    const dual = dy[k] as number;
    for (let i = 0; i < n; i++) dx[i] = (dx[i] as number) - (V.data[base + i] as number) * dual;
  }
  backwardSolveInPlace(w.H, core, dx);
  for (let i = core; i < n; i++) dx[i] = (dx[i] as number) / Math.sqrt(w.extra[i - core] as number);
}
