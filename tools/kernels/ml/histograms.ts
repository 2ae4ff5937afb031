/**
 * Sums of gradients, Hessians and counts by feature and bin.
 *
 * Where the Hessian is one, gradient and count share a double: each row adds `unit + q` with q its gradient as an integer
 * small enough that all sums are exact, so a sibling's histogram by subtraction is exact too.
 */
import type { BinnedFeatures } from './bin-features.ts';

export interface Histogram {
  /** Packed sums (`unit` · count + gradient), or plain gradient sums where the loss has a Hessian. */
  readonly gradients: Float64Array;
  readonly hessians: Float64Array;
  readonly counts: Int32Array;
}

/** How gradients and counts share a double in one tree. */
export interface Packing {
  readonly unit: number;
  /** Integer gradient = round(gradient · scale). */
  readonly scale: number;
}

/** Histograms are large (features × 256); a pool keeps one fit from allocating one a leaf. */
export class HistogramPool {
  private readonly free: Histogram[] = [];
  private readonly size: number;

  constructor(
    cols: number,
    private readonly most: number,
    private readonly withHessian: boolean,
  ) {
    this.size = Math.ceil(cols / 4) * 4 * 256;
  }

  take(): Histogram {
    const extra = this.withHessian ? this.size : 0;
    return (
      this.free.pop() ?? {
        gradients: new Float64Array(this.size),
        hessians: new Float64Array(extra),
        counts: new Int32Array(extra),
      }
    );
  }

  release(histogram: Histogram): void {
    if (this.free.length < this.most) this.free.push(histogram);
  }
}

/** The finest integer grid on which `rows` gradients and their count fit into 53 bits exactly. */
export function choosePacking(gradient: Float64Array, rows: Int32Array): Packing {
  let largest = 0;
  for (let k = 0; k < rows.length; k++) {
    const size = Math.abs(gradient[rows[k] as number] as number);
    if (size > largest) largest = size;
  }
  const bits = Math.ceil(Math.log2(rows.length + 1));
  const unit = 2 ** (52 - bits);
  return { unit, scale: largest > 0 ? 2 ** (50 - 2 * bits) / largest : 1 };
}

interface Buffers {
  readonly gathered: Float64Array;
  readonly gatheredHessian: Float64Array;
}

export interface HistogramRequest {
  readonly data: BinnedFeatures;
  readonly gradient: Float64Array;
  readonly hessian: Float64Array | null;
  readonly packing: Packing;
  readonly rows: Int32Array;
  readonly buffers: Buffers;
}

/** Fills the histograms of the chosen features (null: all) from `rows[start, end)`. O(rows · features). */
export function buildHistograms(
  request: HistogramRequest,
  span: { readonly start: number; readonly end: number },
  features: Int32Array | null,
  out: Histogram,
): void {
  const { data, gradient, hessian, rows, packing } = request;
  const { start, end } = span;
  const { gathered, gatheredHessian } = request.buffers;
  if (hessian) {
    for (let k = start; k < end; k++) gathered[k] = gradient[rows[k] as number] as number;
    for (let k = start; k < end; k++) gatheredHessian[k] = hessian[rows[k] as number] as number;
    const chosen = features ?? Int32Array.from({ length: data.cols }, (_, f) => f);
    out.gradients.fill(0);
    out.hessians.fill(0);
    out.counts.fill(0);
    for (const f of chosen) {
      addWithHessian(data.codes, f * data.rows, rows, start, end, gathered, gatheredHessian, f * 256, out);
    }
    return;
  }
  gatherPacked(gradient, rows, start, end, packing.scale, packing.unit, gathered);
  if (features === null) {
    out.gradients.fill(0);
    const groups = Math.ceil(data.cols / 4);
    for (let g = 0; g < groups; g++)
      addFour(data.quads, g * data.rows, rows, start, end, gathered, g * 1024, out.gradients);
    return;
  }
  for (let i = 0; i < features.length; i++) {
    const f = features[i] as number;
    out.gradients.fill(0, f * 256, f * 256 + (data.edges[f] as Float64Array).length + 1);
    addOne(data.codes, f * data.rows, rows, start, end, gathered, f * 256, out.gradients);
  }
}

function gatherPacked(
  gradient: Float64Array,
  rows: Int32Array,
  start: number,
  end: number,
  scale: number,
  unit: number,
  gathered: Float64Array,
): void {
  for (let k = start; k < end; k++) {
    gathered[k] = unit + Math.round((gradient[rows[k] as number] as number) * scale);
  }
}

/** Four columns a pass: one load of codes serves four sums. */
function addFour(
  quads: Int32Array,
  base: number,
  rows: Int32Array,
  start: number,
  end: number,
  gathered: Float64Array,
  from: number,
  sums: Float64Array,
): void {
  for (let k = start; k < end; k++) {
    const quad = quads[base + (rows[k] as number)] as number;
    const value = gathered[k] as number;
    const a = from + (quad & 255);
    const b = from + 256 + ((quad >>> 8) & 255);
    const c = from + 512 + ((quad >>> 16) & 255);
    const d = from + 768 + (quad >>> 24);
    sums[a] = (sums[a] as number) + value;
    sums[b] = (sums[b] as number) + value;
    sums[c] = (sums[c] as number) + value;
    sums[d] = (sums[d] as number) + value;
  }
}

function addOne(
  codes: Uint8Array,
  base: number,
  rows: Int32Array,
  start: number,
  end: number,
  gathered: Float64Array,
  from: number,
  sums: Float64Array,
): void {
  for (let k = start; k < end; k++) {
    const at = from + (codes[base + (rows[k] as number)] as number);
    sums[at] = (sums[at] as number) + (gathered[k] as number);
  }
}

function addWithHessian(
  codes: Uint8Array,
  codeBase: number,
  rows: Int32Array,
  start: number,
  end: number,
  gathered: Float64Array,
  gatheredHessian: Float64Array,
  from: number,
  out: Histogram,
): void {
  const { gradients, hessians, counts } = out;
  for (let k = start; k < end; k++) {
    const at = from + (codes[codeBase + (rows[k] as number)] as number);
    gradients[at] = (gradients[at] as number) + (gathered[k] as number);
    hessians[at] = (hessians[at] as number) + (gatheredHessian[k] as number);
    counts[at] = (counts[at] as number) + 1;
  }
}

/** `parent` becomes parent minus child: the other child's histogram. */
export function subtractHistogram(parent: Histogram, child: Histogram): void {
  const { gradients, hessians, counts } = parent;
  for (let i = 0; i < gradients.length; i++) {
    gradients[i] = (gradients[i] as number) - (child.gradients[i] as number);
  }
  for (let i = 0; i < counts.length; i++) {
    hessians[i] = (hessians[i] as number) - (child.hessians[i] as number);
    counts[i] = (counts[i] as number) - (child.counts[i] as number);
  }
}
