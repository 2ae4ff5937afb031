import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { minimiseBfgs } from './bfgs.ts';
import { findMinimum, findRoot } from './brent.ts';
import { minimiseNelderMead } from './nelder-mead.ts';
import { numericGradient, numericHessian } from './numeric-derivatives.ts';

const n = (x: Float64Array, i: number) => x[i] as number;
const rosenbrock = (x: Float64Array) => 100 * (n(x, 1) - n(x, 0) ** 2) ** 2 + (1 - n(x, 0)) ** 2;

describe('numeric derivatives', () => {
  it('match a cubic and its mixed term', () => {
    const f = (x: Float64Array) => n(x, 0) ** 3 + 2 * n(x, 0) * n(x, 1) + Math.exp(n(x, 1));
    const at = Float64Array.of(2, 0.5);
    const gradient = numericGradient(f, at);
    expect(gradient[0]).toBeCloseTo(13, 7);
    expect(gradient[1]).toBeCloseTo(4 + Math.exp(0.5), 8);
    const hessian = numericHessian(f, at);
    expect(hessian[0]).toBeCloseTo(12, 5);
    expect(hessian[1]).toBeCloseTo(2, 5);
    expect(hessian[3]).toBeCloseTo(Math.exp(0.5), 5);
    expect([...at]).toEqual([2, 0.5]);
  });
});

describe('BFGS', () => {
  it('solves Rosenbrock with and without a gradient', () => {
    const gradient = (x: Float64Array) =>
      Float64Array.of(-400 * n(x, 0) * (n(x, 1) - n(x, 0) ** 2) - 2 * (1 - n(x, 0)), 200 * (n(x, 1) - n(x, 0) ** 2));
    for (const options of [{}, { gradient }]) {
      const found = minimiseBfgs(rosenbrock, Float64Array.of(-1.2, 1), options);
      expect(found.converged).toBe(true);
      expect(found.x[0]).toBeCloseTo(1, 5);
      expect(found.x[1]).toBeCloseTo(1, 5);
    }
  });
  it('solves random convex quadratics inside a box: the projected gradient vanishes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 3, maxLength: 3 }),
        fc.double({ min: -0.9, max: 0.9, noNaN: true }),
        (centre, rho) => {
          const d = (x: Float64Array, i: number) => n(x, i) - (centre[i] as number);
          const f = (x: Float64Array) => d(x, 0) ** 2 + d(x, 1) ** 2 + 2 * rho * d(x, 0) * d(x, 1) + 3 * d(x, 2) ** 2;
          const lower = Float64Array.of(-1, -1, -1);
          const upper = Float64Array.of(1, 1, 1);
          const found = minimiseBfgs(f, Float64Array.of(0, 0, 0), { lower, upper });
          const g = numericGradient(f, found.x);
          for (let i = 0; i < 3; i++) {
            const at = n(found.x, i);
            if (at <= -1) expect(n(g, i)).toBeGreaterThan(-1e-4);
            else if (at >= 1) expect(n(g, i)).toBeLessThan(1e-4);
            else expect(Math.abs(n(g, i))).toBeLessThan(1e-3);
          }
        },
      ),
    );
  });
  it('steps back from the edge of the domain and refuses a start outside it', () => {
    const f = (x: Float64Array) => (n(x, 0) <= 0 ? Number.POSITIVE_INFINITY : n(x, 0) - Math.log(n(x, 0)));
    expect(minimiseBfgs(f, Float64Array.of(5)).x[0]).toBeCloseTo(1, 5);
    expect(() => minimiseBfgs(f, Float64Array.of(-1))).toThrow(/finite/);
  });
  it('says when it ran out of iterations', () => {
    const found = minimiseBfgs(rosenbrock, Float64Array.of(-1.2, 1), { maxIterations: 2 });
    expect(found.converged).toBe(false);
    expect(found.iterations).toBe(2);
  });
});

describe('Nelder–Mead', () => {
  it('solves Rosenbrock and a kinked function', () => {
    const found = minimiseNelderMead(rosenbrock, Float64Array.of(-1.2, 1), { maxIterations: 1000 });
    expect(found.converged).toBe(true);
    expect(found.x[0]).toBeCloseTo(1, 4);
    const kinked = minimiseNelderMead((x) => Math.abs(n(x, 0) - 1) + Math.abs(n(x, 1)), Float64Array.of(3, 2), {
      maxIterations: 2000,
    });
    expect(kinked.value).toBeLessThan(1e-5);
  });
  it('works in one dimension and treats NaN as a wall', () => {
    const found = minimiseNelderMead((x) => (n(x, 0) < 0 ? Number.NaN : (n(x, 0) - 0.25) ** 2), Float64Array.of(1));
    expect(found.x[0]).toBeCloseTo(0.25, 4);
  });
});

describe('Brent', () => {
  it('finds roots of monotone functions anywhere in the bracket', () => {
    fc.assert(
      fc.property(fc.double({ min: -5, max: 5, noNaN: true }), (root) => {
        const f = (x: number) => Math.expm1(x - root) + (x - root) ** 3;
        const found = findRoot(f, -6, 6);
        expect(found.converged).toBe(true);
        expect(Math.abs(found.x - root)).toBeLessThan(1e-11);
        expect(found.iterations).toBeLessThan(60);
      }),
    );
    expect(findRoot((x) => x, 0, 5).x).toBe(0);
    expect(() => findRoot((x) => x * x + 1, -1, 1)).toThrow(/opposite signs/);
  });
  it('finds a minimum inside and at an end', () => {
    expect(findMinimum((x) => (x - 1.3) ** 2 + 1, 0, 4).x).toBeCloseTo(1.3, 6);
    expect(findMinimum((x) => x, 0, 1).x).toBeCloseTo(0, 6);
    expect(findMinimum((x) => Math.sin(x), 3, 7).x).toBeCloseTo((3 * Math.PI) / 2, 6);
  });
});
