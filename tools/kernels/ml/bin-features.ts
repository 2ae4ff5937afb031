/** Columns as bin numbers of at most 256 levels: what histogram trees are grown on. */

export interface BinnedFeatures {
  readonly rows: number;
  readonly cols: number;
  /** Column-major codes, `codes[feature * rows + row]`. */
  readonly codes: Uint8Array;
  /** The same codes, four columns in one integer: `quads[group * rows + row]`, the first column in the lowest byte. */
  readonly quads: Int32Array;
  /** Per feature the upper edges: code ≤ b exactly where value ≤ edges[b]. One fewer than its bins. */
  readonly edges: readonly Float64Array[];
}

/**
 * At most `maxBins` bins a column with about equal counts; where a column has fewer distinct values each gets its own bin,
 * so that nothing is lost (Ke et al., 2017, LightGBM, §2.1; edges are midpoints of neighbouring values). Finite values only.
 * Beyond `edgeRows` rows the edges come from every n-th row. O(cols · rows log rows).
 *
 * @example binFeatures(Float64Array.of(1, 2, 2, 5), 4, 1).codes // Uint8Array [0, 1, 1, 2]
 */
export function binFeatures(
  table: Float64Array,
  rows: number,
  cols: number,
  maxBins = 255,
  edgeRows = 20_000,
): BinnedFeatures {
  const codes = new Uint8Array(rows * cols);
  const edges: Float64Array[] = [];
  const column = new Float64Array(rows);
  const stride = Math.max(1, Math.ceil(rows / edgeRows));
  for (let f = 0; f < cols; f++) {
    for (let i = 0; i < rows; i++) column[i] = table[i * cols + f] as number;
    const cuts = binEdges(stride === 1 ? column : everyNth(column, stride), Math.min(maxBins, 256));
    edges.push(cuts);
    encode(column, cuts, codes.subarray(f * rows, (f + 1) * rows));
  }
  return { rows, cols, codes, quads: packQuads(codes, rows, cols), edges };
}

function everyNth(column: Float64Array, stride: number): Float64Array {
  return Float64Array.from({ length: Math.floor(column.length / stride) }, (_, i) => column[i * stride] as number);
}

function packQuads(codes: Uint8Array, rows: number, cols: number): Int32Array {
  const quads = new Int32Array(Math.ceil(cols / 4) * rows);
  for (let f = 0; f < cols; f++) {
    const base = (f >>> 2) * rows;
    const shift = (f & 3) * 8;
    for (let i = 0; i < rows; i++) {
      quads[base + i] = (quads[base + i] as number) | ((codes[f * rows + i] as number) << shift);
    }
  }
  return quads;
}

function binEdges(column: Float64Array, maxBins: number): Float64Array {
  const sorted = Float64Array.from(column).sort();
  const distinct: number[] = [];
  for (let i = 0; i < sorted.length && distinct.length <= maxBins; i++) {
    if (i === 0 || sorted[i] !== sorted[i - 1]) distinct.push(sorted[i] as number);
  }
  const cuts: number[] = [];
  if (distinct.length <= maxBins) {
    for (let i = 1; i < distinct.length; i++) cuts.push(between(distinct[i - 1] as number, distinct[i] as number));
    return Float64Array.from(cuts);
  }
  for (let b = 1; b < maxBins; b++) {
    let at = Math.round((b * sorted.length) / maxBins);
    while (at < sorted.length && sorted[at] === sorted[at - 1]) at++;
    if (at >= sorted.length) break;
    const cut = between(sorted[at - 1] as number, sorted[at] as number);
    if (cuts.length === 0 || cut > (cuts[cuts.length - 1] as number)) cuts.push(cut);
  }
  return Float64Array.from(cuts);
}

function between(below: number, above: number): number {
  const half = below / 2 + above / 2;
  return half < above ? half : below;
}

function encode(column: Float64Array, cuts: Float64Array, codes: Uint8Array): void {
  for (let i = 0; i < column.length; i++) {
    const value = column[i] as number;
    let low = 0;
    let high = cuts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((cuts[middle] as number) < value) low = middle + 1;
      else high = middle;
    }
    codes[i] = low;
  }
}
