import { describe, expect, it } from 'vitest';
import { createRng } from './rng.ts';

function moments(draw: () => number, n: number) {
  let m1 = 0;
  let m2 = 0;
  let m4 = 0;
  for (let i = 0; i < n; i++) {
    const v = draw();
    m1 += v;
    m2 += v * v;
    m4 += v ** 4;
  }
  return { mean: m1 / n, variance: m2 / n, fourth: m4 / n };
}

describe('createRng', () => {
  it('repeats a stream for the same seed and differs for another', () => {
    const draw = (seed: number) => Array.from({ length: 5 }, createRng(seed).uniform.bind(createRng(seed)));
    expect(draw(42)).toEqual(draw(42));
    expect(draw(42)).not.toEqual(draw(43));
  });

  it('draws uniforms with the right moments inside [0, 1)', () => {
    const rng = createRng(1);
    let low = 1;
    let high = 0;
    const { mean, variance } = moments(() => {
      const u = rng.uniform();
      low = Math.min(low, u);
      high = Math.max(high, u);
      return u - 0.5;
    }, 200_000);
    expect(low).toBeGreaterThanOrEqual(0);
    expect(high).toBeLessThan(1);
    expect(Math.abs(mean)).toBeLessThan(0.003);
    expect(Math.abs(variance - 1 / 12)).toBeLessThan(0.001);
  });

  it('draws normals with the right moments and tail', () => {
    const rng = createRng(7);
    let beyond = 0;
    const n = 400_000;
    const { mean, variance, fourth } = moments(() => {
      const z = rng.normal();
      if (Math.abs(z) > 3.7) beyond++;
      return z;
    }, n);
    expect(Math.abs(mean)).toBeLessThan(0.008);
    expect(Math.abs(variance - 1)).toBeLessThan(0.012);
    expect(Math.abs(fourth - 3)).toBeLessThan(0.1);
    // P(|Z| > 3.7) = 2.156e-4
    expect(beyond / n).toBeGreaterThan(1.3e-4);
    expect(beyond / n).toBeLessThan(3.1e-4);
  });

  it('fills arrays with the same law, and the same stream for the same seed', () => {
    const block = new Float64Array(400_000);
    createRng(7).fillNormal(block);
    let index = 0;
    const { mean, variance, fourth } = moments(() => block[index++] as number, block.length);
    expect(Math.abs(mean)).toBeLessThan(0.008);
    expect(Math.abs(variance - 1)).toBeLessThan(0.012);
    expect(Math.abs(fourth - 3)).toBeLessThan(0.1);
    const beyond = block.filter((z) => Math.abs(z) > 3.7).length / block.length;
    expect(beyond).toBeGreaterThan(1.3e-4);
    expect(beyond).toBeLessThan(3.1e-4);
    const parts = createRng(7);
    const first = new Float64Array(1000);
    const second = new Float64Array(1000);
    parts.fillNormal(first);
    parts.fillNormal(second);
    expect([...first, ...second]).toEqual([...block.subarray(0, 2000)]);
  });

  it('draws unbiased integers', () => {
    const rng = createRng(3);
    const counts = new Array<number>(7).fill(0);
    for (let i = 0; i < 70_000; i++) counts[rng.integer(7)] = (counts[rng.integer(7)] ?? 0) + 1;
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(1200);
  });

  it('forks independent streams without advancing the parent', () => {
    const a = createRng(5);
    const b = createRng(5);
    const fork = a.fork('worker-1');
    fork.uniform();
    expect(a.uniform()).toBe(b.uniform());
    expect(createRng(5).fork('x').uniform()).toBe(createRng(5).fork('x').uniform());
    expect(createRng(5).fork('x').uniform()).not.toBe(createRng(5).fork('y').uniform());
  });
});
