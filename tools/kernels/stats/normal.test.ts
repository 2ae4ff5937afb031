import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { erfc, erfcx, inverseNormalCdf, normalCdf, normalPdf } from './normal.ts';

const relative = (value: number, exact: number): number =>
  value === exact ? 0 : Math.abs(value - exact) / Math.abs(exact);

// mpmath, 60 digits, rounded to 18.
const cdfTable: readonly (readonly [number, number])[] = [
  [-30, 4.906713927148187e-198],
  [-20.3, 6.429244467698346e-92],
  [-10, 7.619853024160525e-24],
  [-8.1, 2.7479593923982286e-16],
  [-5.7, 5.990371401063528e-9],
  [-5.6, 1.071759025831093e-8],
  [-3.3, 0.0004834241423837775],
  [-1.96, 0.024997895148220435],
  [-1, 0.15865525393145705],
  [-0.7, 0.24196365222307303],
  [-0.67, 0.2514288950953101],
  [-0.3, 0.3820885778110474],
  [-1e-9, 0.49999999960105773],
  [0, 0.5],
  [0.2, 0.579259709439103],
  [0.68, 0.7517477695464295],
  [1.5, 0.9331927987311419],
  [3, 0.9986501019683699],
  [5.7, 0.9999999940096286],
  [8, 0.9999999999999993],
];
const erfcTable: readonly (readonly [number, number, number])[] = [
  [-3, 1.9999779095030015, 16205.988853999586],
  [-0.5, 1.5204998778130465, 1.952360489182557],
  [-0.46, 1.4846553900016797, 1.8345196657735243],
  [0, 1, 1],
  [0.1, 0.887537083981715, 0.8964569799691267],
  [0.47, 0.5062549491139179, 0.6314005166600343],
  [0.5, 0.4795001221869535, 0.6156903441929259],
  [1, 0.15729920705028513, 0.427583576155807],
  [2.5, 0.0004069520174449589, 0.2108063640611436],
  [3.99, 1.6739211364520814e-8, 0.1373240409142297],
  [4.01, 1.4196939421371052e-8, 0.13667636742994915],
  [6, 2.1519736712498913e-17, 0.09277656780053835],
  [10, 2.088487583762545e-45, 0.05614099274382259],
  [20, 5.395865611607901e-176, 0.02817434874105132],
  [26, 5.663192408856143e-296, 0.021683584850562907],
];
const inverseTable: readonly (readonly [number, number])[] = [
  [1e-300, -37.0470962993612],
  [1e-100, -21.273453560965326],
  [1e-20, -9.262340089798407],
  [1e-11, -6.706023155495136],
  [1e-5, -4.264890793922825],
  [0.01, -2.326347874040841],
  [0.07, -1.4757910281791706],
  [0.08, -1.4050715603096327],
  [0.3, -0.5244005127080408],
  [0.5, 0],
  [0.6, 0.2533471031357997],
  [0.9, 1.2815515655446006],
  [0.999, 3.090232306167813],
];

describe('normal distribution', () => {
  it('agrees with 60-digit values to 2e-15 relative in both tails', () => {
    for (const [z, exact] of cdfTable) expect(relative(normalCdf(z), exact), `cdf ${z}`).toBeLessThan(2e-15);
    for (const [x, plain, scaled] of erfcTable) {
      expect(relative(erfc(x), plain), `erfc ${x}`).toBeLessThan(2e-15);
      expect(relative(erfcx(x), scaled), `erfcx ${x}`).toBeLessThan(2e-15);
    }
    for (const [p, exact] of inverseTable) {
      expect(relative(inverseNormalCdf(p), exact), `inverse ${p}`).toBeLessThan(1e-15);
    }
  });

  it('integrates its own density (second route: Simpson)', () => {
    for (const [a, b] of [
      [-1, 1],
      [-0.7, 0.3],
      [0.5, 6],
    ] as const) {
      const n = 2000;
      const h = (b - a) / n;
      let sum = normalPdf(a) + normalPdf(b);
      for (let i = 1; i < n; i++) sum += (i % 2 === 1 ? 4 : 2) * normalPdf(a + i * h);
      expect(normalCdf(b) - normalCdf(a)).toBeCloseTo((sum * h) / 3, 12);
    }
  });

  it('is symmetric, monotone and inverted by its inverse', () => {
    fc.assert(
      fc.property(fc.double({ min: -37, max: 37, noNaN: true }), (z) => {
        expect(normalCdf(z) + normalCdf(-z)).toBeCloseTo(1, 15);
        expect(normalCdf(z + 0.01)).toBeGreaterThanOrEqual(normalCdf(z));
        expect(relative(erfc(z / Math.SQRT2) / 2, normalCdf(-z))).toBeLessThan(1e-15 * (8 + z * z));
        if (z < 0) expect(Math.abs(inverseNormalCdf(normalCdf(z)) - z)).toBeLessThan(4e-15 * (1 + Math.abs(z)));
      }),
    );
  });

  it('handles the ends and NaN', () => {
    expect(normalCdf(Number.POSITIVE_INFINITY)).toBe(1);
    expect(normalCdf(Number.NEGATIVE_INFINITY)).toBe(0);
    expect(normalPdf(Number.POSITIVE_INFINITY)).toBe(0);
    expect(erfc(Number.NEGATIVE_INFINITY)).toBe(2);
    expect(inverseNormalCdf(0)).toBe(Number.NEGATIVE_INFINITY);
    expect(inverseNormalCdf(1)).toBe(Number.POSITIVE_INFINITY);
    for (const f of [normalCdf, normalPdf, erfc, erfcx, inverseNormalCdf]) expect(f(Number.NaN)).toBeNaN();
    expect(inverseNormalCdf(1.5)).toBeNaN();
  });
});
