/**
 * Seeded random numbers: xoshiro128++ (Blackman & Vigna, 2021, ACM TOMS 47:4) for bits, a 256-layer ziggurat
 * (Marsaglia & Tsang, 2000, J. Stat. Softw. 5:8, with 53-bit uniforms) for normals. Same seed, same stream, on every machine.
 */

export interface Rng {
  /** Uniform on [0, 1) with 53 random bits. */
  uniform(): number;
  /** Uniform on (0, 1): never zero, safe for a logarithm. */
  openUniform(): number;
  /** Standard normal. */
  normal(): number;
  /** Uniform integer in [0, n). */
  integer(n: number): number;
  /** 32 random bits, unsigned. */
  bits(): number;
  /** Fills an array with standard normals: the same law as `normal`, faster, and a stream of its own (two words a draw). */
  fillNormal(out: Float64Array): void;
  /** An independent stream that depends only on this stream's seed and the label. Does not advance this stream. */
  fork(label: string | number): Rng;
}

const LAYERS = 256;
const TAIL_START = 3.6541528853610088;
const LAYER_AREA = 0.00492867323399;
const ziggurat = buildZiggurat();

function buildZiggurat(): { readonly x: Float64Array; readonly f: Float64Array } {
  const x = new Float64Array(LAYERS + 1);
  const f = new Float64Array(LAYERS + 1);
  x[0] = LAYER_AREA / Math.exp(-0.5 * TAIL_START * TAIL_START);
  x[1] = TAIL_START;
  for (let i = 2; i < LAYERS; i++) {
    const previous = x[i - 1] as number;
    x[i] = Math.sqrt(-2 * Math.log(LAYER_AREA / previous + Math.exp(-0.5 * previous * previous)));
  }
  x[LAYERS] = 0;
  for (let i = 0; i <= LAYERS; i++) f[i] = Math.exp(-0.5 * (x[i] as number) ** 2);
  return { x, f };
}

class Xoshiro128 implements Rng {
  private readonly state: Uint32Array;

  constructor(private readonly seed: number) {
    // SplitMix32 spreads a small seed over the 128-bit state, as the authors of xoshiro advise.
    this.state = new Uint32Array(4);
    let z = seed >>> 0;
    for (let i = 0; i < 4; i++) {
      z = (z + 0x9e3779b9) >>> 0;
      let t = z ^ (z >>> 16);
      t = Math.imul(t, 0x21f0aaad);
      t ^= t >>> 15;
      t = Math.imul(t, 0x735a2d97);
      this.state[i] = (t ^ (t >>> 15)) >>> 0;
    }
  }

  bits(): number {
    const s = this.state;
    const s0 = s[0] as number;
    const s1 = s[1] as number;
    const s3 = s[3] as number;
    const sum = (s0 + s3) | 0;
    const result = (((sum << 7) | (sum >>> 25)) + s0) >>> 0;
    const s2 = (s[2] as number) ^ s0;
    const t3 = s3 ^ s1;
    s[1] = s1 ^ s2;
    s[0] = s0 ^ t3;
    s[2] = s2 ^ (s1 << 9);
    s[3] = (t3 << 11) | (t3 >>> 21);
    return result;
  }

  uniform(): number {
    const high = this.bits() >>> 5;
    const low = this.bits() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  }

  openUniform(): number {
    let u = this.uniform();
    while (u === 0) u = this.uniform();
    return u;
  }

  integer(n: number): number {
    // Rejection keeps the distribution exact for every n below 2^32 (Lemire, 2019, without the multiply trick).
    const limit = 4294967296 - (4294967296 % n);
    let b = this.bits();
    while (b >= limit) b = this.bits();
    return b % n;
  }

  normal(): number {
    const { x, f } = ziggurat;
    for (;;) {
      const b = this.bits();
      const layer = b & 255;
      const sign = (b & 256) === 0 ? 1 : -1;
      const value = this.uniform() * (x[layer] as number);
      if (value < (x[layer + 1] as number)) return sign * value;
      if (layer === 0) return sign * this.tail();
      const below = f[layer] as number;
      const above = f[layer + 1] as number;
      if (below + this.uniform() * (above - below) < Math.exp(-0.5 * value * value)) return sign * value;
    }
  }

  fillNormal(out: Float64Array): void {
    const { x, f } = ziggurat;
    const s = this.state; // `| 0`: signed words stay integers in the compiled loop
    let s0 = (s[0] as number) | 0;
    let s1 = (s[1] as number) | 0;
    let s2 = (s[2] as number) | 0;
    let s3 = (s[3] as number) | 0;
    for (let i = 0; i < out.length; i++) {
      // Two steps of xoshiro128++ in local variables: 9 bits choose layer and sign, 52 the value.
      const sumA = (s0 + s3) | 0;
      const high = (((sumA << 7) | (sumA >>> 25)) + s0) >>> 0;
      let shifted = s1 << 9;
      s2 ^= s0;
      s3 ^= s1;
      s1 ^= s2;
      s0 ^= s3;
      s2 ^= shifted;
      s3 = (s3 << 11) | (s3 >>> 21);
      const sumB = (s0 + s3) | 0;
      const low = (((sumB << 7) | (sumB >>> 25)) + s0) >>> 0;
      shifted = s1 << 9;
      s2 ^= s0;
      s3 ^= s1;
      s1 ^= s2;
      s0 ^= s3;
      s2 ^= shifted;
      s3 = (s3 << 11) | (s3 >>> 21);
      const layer = high & 255;
      const value = ((high >>> 9) * 536870912 + (low >>> 3)) * 2.220446049250313e-16 * (x[layer] as number);
      const signed = (high & 256) === 0 ? value : -value;
      if (value < (x[layer + 1] as number)) {
        out[i] = signed;
        continue;
      }
      // About one draw in a hundred leaves the fast path: hand the state back, finish there, take it again.
      this.setState(s0, s1, s2, s3);
      if (layer === 0) out[i] = signed < 0 ? -this.tail() : this.tail();
      else {
        const below = f[layer] as number;
        const above = f[layer + 1] as number;
        const accepted = below + this.uniform() * (above - below) < Math.exp(-0.5 * value * value);
        out[i] = accepted ? signed : this.normal();
      }
      s0 = (s[0] as number) | 0;
      s1 = (s[1] as number) | 0;
      s2 = (s[2] as number) | 0;
      s3 = (s[3] as number) | 0;
    }
    this.setState(s0, s1, s2, s3);
  }

  private setState(s0: number, s1: number, s2: number, s3: number): void {
    const s = this.state;
    s[0] = s0;
    s[1] = s1;
    s[2] = s2;
    s[3] = s3;
  }

  private tail(): number {
    for (;;) {
      const a = -Math.log(this.openUniform()) / TAIL_START;
      const b = -Math.log(this.openUniform());
      if (b + b > a * a) return TAIL_START + a;
    }
  }

  fork(label: string | number): Rng {
    let hash = (this.seed ^ 0x811c9dc5) >>> 0;
    for (const char of String(label)) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0;
    return new Xoshiro128(Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 0);
  }
}

/** A random stream from an integer seed. */
export function createRng(seed: number): Rng {
  return new Xoshiro128(seed);
}
