import { describe, expect, it } from 'vitest';
import { createRng } from '../../../lib/rng.ts';
import { type GoldenValue, hasGolden, readGolden, readGoldenTable } from '../../../lib/testing/golden.ts';
import { createMatrix, matrixFromRows } from '../linalg/matrix.ts';
import { quadraticForm } from '../linalg/multiply.ts';
import { covariance } from '../stats/moments.ts';
import { simpleReturns } from '../timeseries/returns.ts';
import { growthOptimalDiscrete, growthOptimalMeanVariance } from './growth-optimal.ts';
import { hedgeFromCorrelation, minimumVarianceHedge } from './hedge-ratio.ts';
import { DEFAULT_POSITION_CAP, kellyBinary, kellyContinuous } from './kelly.ts';

const golden: GoldenValue = hasGolden('kelly_hedge') ? readGolden('kelly_hedge') : undefined;
const cases: GoldenValue = golden?.input.cases ?? {};
const want: GoldenValue = golden?.expect ?? {};

function closeAll(got: ArrayLike<number>, wanted: readonly number[], tolerance: number): void {
  expect(got.length).toBe(wanted.length);
  for (const [i, value] of wanted.entries()) {
    expect(Math.abs((got[i] as number) - value)).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(value)));
  }
}

function readReturns(data: GoldenValue, names: readonly string[]): readonly Float64Array[] {
  const file = /[\w.-]+\.csv(?:\.gz)?/.exec(data.sameNumbersIn)?.[0] ?? data.file;
  const table = readGoldenTable(file);
  const dates = table.text('date');
  return names.map((name) =>
    simpleReturns(
      table.numbers(name).filter((_, i) => (dates[i] as string) >= data.first && (dates[i] as string) <= data.last),
    ),
  );
}

describe.skipIf(golden === undefined)('golden kelly_hedge', () => {
  it('binary bets', () => {
    expect(cases.binary.length).toBe(want.binary.length);
    for (const [i, bet] of cases.binary.entries()) {
      const w = want.binary[i];
      const k = kellyBinary({ winProbability: bet.p, averageWin: bet.avgWin, averageLoss: bet.avgLoss });
      closeAll(
        [k.fractionAtRisk, k.cappedFractionAtRisk, k.fractionToInvest, k.halfKelly],
        [w.seedRaw, w.seedCapped, w.fullKellyFractionOfCapitalInvested, w.halfKelly],
        golden.tolerance.abs,
      );
      if (w.growthAtFullKelly === null) expect(k.growthAtFullKelly).toBeNull();
      else closeAll([k.growthAtFullKelly as number], [w.growthAtFullKelly], golden.tolerance.abs);
    }
  });

  it('continuous, unconstrained and with limits', () => {
    const { mu, cov, riskFree } = cases.continuous;
    const means = Float64Array.from(mu);
    const sigma = matrixFromRows(cov);
    const w = want.continuous;
    const full = kellyContinuous(means, sigma, riskFree);
    closeAll(full.weights, w.fullKelly, 1e-8);
    closeAll(full.half, w.halfKelly, 1e-8);
    closeAll([full.growth], [w.growth], golden.tolerance.abs);
    const excess = means.map((m) => m - riskFree);
    let seen = 0;
    for (const key of Object.keys(w)) {
      const match = /^longOnly(?:NoLeverage|Leverage(\d+))(?:MaxWeight(\d+))?$/.exec(key);
      if (match === null) continue;
      seen++;
      const best = growthOptimalMeanVariance({
        excess,
        covariance: sigma,
        leverage: Number(match[1] ?? 1),
        maxWeight: Number(match[2] ?? 100 * Number(match[1] ?? 1)) / 100,
      });
      closeAll(best.weights, w[key], golden.tolerance.weights_abs);
      const growthKey = match[1] ? '' : match[2] ? `longOnlyMaxWeight${match[2]}Growth` : 'longOnlyGrowth';
      if (w[growthKey] !== undefined) closeAll([riskFree + best.growth], [w[growthKey]], golden.tolerance.abs);
    }
    expect(seen).toBeGreaterThan(0);
  });

  it('discrete outcomes', () => {
    const { outcomes, probabilities } = cases.discreteTwoAssets;
    const best = growthOptimalDiscrete({
      outcomes: matrixFromRows(outcomes),
      probabilities: Float64Array.from(probabilities),
    });
    expect(best.converged).toBe(true);
    closeAll(best.weights, want.discreteTwoAssets.fractions, golden.tolerance.weights_abs);
    closeAll([best.growth], [want.discreteTwoAssets.growth], golden.tolerance.abs);
  });

  it('log-optimal portfolio of history', () => {
    const columns = readReturns(cases.logOptimal.data, cases.logOptimal.data.names);
    const rows = columns[0]?.length ?? 0;
    const outcomes = createMatrix(rows, columns.length);
    columns.forEach((column, j) => {
      column.forEach((r, t) => {
        outcomes.data[t * columns.length + j] = r;
      });
    });
    const best = growthOptimalDiscrete({ outcomes, fullyInvested: true, minWeight: 0 });
    closeAll(best.weights, want.logOptimal.weights, golden.tolerance.weights_abs);
    closeAll([best.growth], [want.logOptimal.meanLogGrowthDaily], golden.tolerance.abs);
  });

  it('minimum-variance hedges', () => {
    const { position, hedges, covDaily, positionValue, contractValue, data } = cases.minimumVarianceHedge;
    const w = want.minimumVarianceHedge;
    const columns = readReturns(data, [position, ...hedges]);
    for (const [i, row] of covDaily.entries()) {
      for (const [j, value] of row.entries()) {
        const got = covariance(columns[i] as Float64Array, columns[j] as Float64Array);
        expect(Math.abs(got / value - 1)).toBeLessThan(1e-9);
      }
    }
    const pair = matrixFromRows([covDaily[0].slice(0, 2), covDaily[1].slice(0, 2)]);
    const single = minimumVarianceHedge({ covariance: pair, positionValue, contractValues: contractValue.slice(0, 1) });
    closeAll(
      [single.ratios[0] as number, single.effectiveness, single.contracts[0] as number, single.residualVolatility],
      [w.singleRatio, w.singleEffectiveness, w.contractsSingle, w.residualVolDaily],
      golden.tolerance.abs,
    );
    const multi = minimumVarianceHedge({
      covariance: matrixFromRows(covDaily),
      positionValue,
      contractValues: contractValue,
    });
    closeAll(multi.ratios, w.multiRatios, golden.tolerance.abs);
    closeAll(multi.contracts, w.contractsMulti, golden.tolerance.abs);
    closeAll([multi.effectiveness], [w.multiEffectiveness], golden.tolerance.abs);
  });

  it('textbook hedge', () => {
    const { sigmaS, sigmaF, rho, units, contractSize } = cases.textbookHedge;
    const hedge = hedgeFromCorrelation({
      spotVolatility: sigmaS,
      futuresVolatility: sigmaF,
      correlation: rho,
      units,
      contractSize,
    });
    closeAll([hedge.ratio, hedge.contracts], [want.textbookHedge.ratio, want.textbookHedge.contracts], 1e-9);
  });

  it('knows every case of the file', () => {
    const known = ['binary', 'continuous', 'discreteTwoAssets', 'logOptimal', 'minimumVarianceHedge', 'textbookHedge'];
    expect(Object.keys(cases).filter((name) => !known.includes(name))).toEqual([]);
  });
});

describe('kelly', () => {
  it('maximises growth: a step either way grows slower', () => {
    const bet = { winProbability: 0.55, averageWin: 1.2, averageLoss: 1 };
    const k = kellyBinary(bet);
    const growth = (f: number): number => 0.55 * Math.log1p(1.2 * f) + 0.45 * Math.log1p(-f);
    expect(k.growthAtFullKelly).toBeCloseTo(growth(k.fractionToInvest), 14);
    expect(growth(k.fractionToInvest + 1e-3)).toBeLessThan(growth(k.fractionToInvest));
    expect(growth(k.fractionToInvest - 1e-3)).toBeLessThan(growth(k.fractionToInvest));
    expect(k.fractionAtRisk).toBeCloseTo(0.175, 12);
    expect(k.cappedFractionAtRisk).toBe(DEFAULT_POSITION_CAP);
  });

  it('bets nothing without an edge and refuses nonsense', () => {
    expect(kellyBinary({ winProbability: 0.4, averageWin: 1, averageLoss: 1 }).cappedFractionAtRisk).toBe(0);
    expect(() => kellyBinary({ winProbability: 55, averageWin: 1, averageLoss: 1 })).toThrow(/between 0 and 1/);
    expect(() => kellyBinary({ winProbability: 0.5, averageWin: 1, averageLoss: -1 })).toThrow(/positive/);
  });

  it('hedged variance is what the hedge says it is', () => {
    const rng = createRng(4);
    for (let trial = 0; trial < 20; trial++) {
      const a = createMatrix(
        3,
        3,
        Float64Array.from({ length: 9 }, () => rng.normal()),
      );
      const sigma = createMatrix(3, 3);
      for (let i = 0; i < 3; i++)
        for (let j = 0; j < 3; j++)
          for (let k = 0; k < 3; k++)
            sigma.data[i * 3 + j] =
              (sigma.data[i * 3 + j] as number) + (a.data[i * 3 + k] as number) * (a.data[j * 3 + k] as number);
      const hedge = minimumVarianceHedge({ covariance: sigma, positionValue: 1, contractValues: [1, 1] });
      const book = Float64Array.of(1, -(hedge.ratios[0] as number), -(hedge.ratios[1] as number));
      expect(Math.sqrt(quadraticForm(sigma, book))).toBeCloseTo(hedge.residualVolatility, 9);
    }
  });
});
