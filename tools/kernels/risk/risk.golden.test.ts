/** Risk numbers of independent implementations; every number of the two files is read from there. */
import { describe, expect, it } from 'vitest';
import { createRng } from '../../../lib/rng.ts';
import { type GoldenValue, hasGolden, readGolden, readGoldenTable } from '../../../lib/testing/golden.ts';
import { createMatrix, type Matrix, matrixFromRows } from '../linalg/matrix.ts';
import { symmetricEigen } from '../linalg/symmetric-eigen.ts';
import { drawdownEpisodes, drawdownPath, equityCurve, maxDrawdown, ulcerIndex } from '../performance/drawdown.ts';
import { performanceSummary } from '../performance/performance-summary.ts';
import { relativePerformance } from '../performance/relative-performance.ts';
import { expectedMaximumSharpe, perPeriodRate, probabilisticSharpe, sharpeEvidence } from '../performance/sharpe.ts';
import { covariance, mean, moments, standardDeviation, variance } from '../stats/moments.ts';
import { quantile } from '../stats/quantile.ts';
import { simpleReturns } from '../timeseries/returns.ts';
import { simulatePortfolio } from './monte-carlo.ts';
import { riskContributions } from './risk-contributions.ts';
import { normalSimulationErrors } from './tail-intervals.ts';
import {
  cornishFisherValueAtRisk,
  historicalExpectedShortfall,
  historicalValueAtRisk,
  normalExpectedShortfall,
  normalValueAtRisk,
  studentExpectedShortfall,
  studentValueAtRisk,
} from './value-at-risk.ts';
import { backtestHistoricalVar } from './var-backtest.ts';

const DAYS = 252;

function close(got: number | null, want: number | null, relative = 1e-9, what = ''): void {
  if (want === null || got === null) {
    expect(got, what).toBe(want);
    return;
  }
  expect(Math.abs(got - want), `${what}: ${got} against ${want}`).toBeLessThanOrEqual(
    relative * Math.max(Math.abs(want), 1e-3) + 1e-15,
  );
}

function closeAll(got: ArrayLike<number>, want: readonly number[], relative = 1e-9, what = ''): void {
  expect(got.length, what).toBe(want.length);
  for (const [i, w] of want.entries()) close(got[i] as number, w, relative, `${what}[${i}]`);
}

describe.skipIf(!hasGolden('risk_small'))('golden risk_small', () => {
  const { input, expect: want, tolerance } = hasGolden('risk_small') ? readGolden('risk_small') : ({} as GoldenValue);
  const near = (got: number, wanted: number): void =>
    expect(Math.abs(got - wanted)).toBeLessThanOrEqual(Math.max(tolerance.abs, 1e-15));
  const nearAll = (got: Float64Array, wanted: readonly number[]): void => {
    expect(got.length).toBe(wanted.length);
    for (const [i, value] of wanted.entries()) near(got[i] as number, value);
  };

  it('equity, drawdown and moments', () => {
    const returns = Float64Array.from(input.returns);
    nearAll(equityCurve(returns), want.equity);
    nearAll(drawdownPath(returns), want.drawdown);
    near(maxDrawdown(returns), want.maxDrawdown);
    near(mean(returns), want.mean);
    near(standardDeviation(returns), want.stdSample);
    near(standardDeviation(returns, 0), want.stdPopulation);
  });

  it('every VaR and CVaR that it names', () => {
    let seen = 0;
    for (const key of Object.keys(want)) {
      const match = /^(var|cvar)(\d+)(?:_(linear|fractional))?$/.exec(key);
      if (match === null) continue;
      seen++;
      const confidence = Number(match[2]) / 100;
      const convention = match[3] === 'fractional' ? 'fractional' : 'below-quantile';
      near(
        match[1] === 'var'
          ? historicalValueAtRisk(input.returns, confidence)
          : historicalExpectedShortfall(input.returns, confidence, convention),
        want[key],
      );
    }
    expect(seen).toBeGreaterThan(0);
  });

  it('two assets', () => {
    const c = riskContributions(Float64Array.from(input.twoAsset.weights), matrixFromRows(input.twoAsset.cov));
    near(c.volatility, want.twoAsset.vol);
    nearAll(c.marginal, want.twoAsset.marginal);
    nearAll(c.component, want.twoAsset.component);
    nearAll(c.percent, want.twoAsset.percent);
  });
});

interface Setup {
  readonly weights: Float64Array;
  readonly panel: Matrix;
  readonly covariance: Matrix;
  readonly portfolio: Float64Array;
  readonly dates: readonly string[];
  readonly market: Float64Array;
}

function csvIn(text: string): string {
  return /[\w.-]+\.csv(?:\.gz)?/.exec(text)?.[0] ?? text;
}

/** Returns of the named window; the assets are columns of the file, the benchmark has a file of its own. */
function readSetup(input: GoldenValue, want: GoldenValue): Setup {
  const table = readGoldenTable(csvIn(input.data.sameNumbersIn));
  const all = table.text('date');
  const keep = all
    .map((date, i) => (date >= input.data.first && date <= input.data.last ? i : -1))
    .filter((i) => i >= 0);
  const pick = (values: Float64Array): Float64Array => Float64Array.from(keep, (i) => values[i] as number);
  const columns = input.names.map((name: string) => simpleReturns(pick(table.numbers(name)))) as Float64Array[];
  const benchmark = readGoldenTable(csvIn(want.benchmark.sameNumbersIn));
  const closeOf = new Map(benchmark.text('date').map((date, i) => [date, i]));
  const marketClose = benchmark.numbers('close');
  const market = simpleReturns(
    Float64Array.from(keep, (i) => marketClose[closeOf.get(all[i] as string) ?? -1] as number),
  );
  const n = columns.length;
  const rows = columns[0]?.length ?? 0;
  const panel = createMatrix(rows, n);
  const cov = createMatrix(n, n);
  for (let j = 0; j < n; j++) {
    for (let t = 0; t < rows; t++) panel.data[t * n + j] = columns[j]?.[t] as number;
    for (let k = 0; k < n; k++)
      cov.data[j * n + k] = covariance(columns[j] as Float64Array, columns[k] as Float64Array);
  }
  const weights = Float64Array.from(input.weights);
  const portfolio = Float64Array.from({ length: rows }, (_, t) =>
    weights.reduce((sum, w, j) => sum + w * (panel.data[t * n + j] as number), 0),
  );
  return { weights, panel, covariance: cov, portfolio, dates: keep.map((i) => all[i] as string), market };
}

describe.skipIf(!hasGolden('risk'))('golden risk', () => {
  const file = hasGolden('risk') ? readGolden('risk') : ({} as GoldenValue);
  const { input, expect: want } = file;
  const s = hasGolden('risk') ? readSetup(input, want) : ({} as Setup);

  it('returns, means and covariance', () => {
    const n = s.weights.length;
    input.returnsHead.forEach((row: number[], t: number) => {
      closeAll(s.panel.data.subarray(t * n, (t + 1) * n), row, 1e-9, 'returns');
    });
    closeAll(s.covariance.data, input.covDaily.flat(), 1e-9, 'covariance');
    for (let j = 0; j < n; j++) {
      const column = Float64Array.from({ length: s.panel.rows }, (_, t) => s.panel.data[t * n + j] as number);
      close(mean(column), input.meanDaily[j], 1e-9, 'mean');
    }
  });

  it('risk contributions', () => {
    const c = riskContributions(s.weights, s.covariance, DAYS);
    close(c.volatility, want.annualisedVol);
    closeAll(c.marginal, want.marginalContribution);
    closeAll(c.component, want.componentContribution);
    closeAll(c.percent, want.percentContribution);
    close(c.diversificationRatio, want.diversificationRatio);
    close(c.effectiveBets, want.effectiveBets);
    close(c.effectiveNames, want.effectiveNames);
    const n = s.weights.length;
    want.correlation.forEach((row: number[], i: number) => {
      row.forEach((value, j) => {
        const at = (a: number, b: number): number => s.covariance.data[a * n + b] as number;
        close(at(i, j) / Math.sqrt(at(i, i) * at(j, j)), value);
      });
    });
  });

  const levels: readonly string[] = Object.keys(want?.var ?? {});
  it.each(levels)('VaR and CVaR at %s', (level) => {
    const c = Number(level);
    const w = want.var[level];
    const m = moments(s.portfolio);
    const sd = m.standardDeviation;
    close(m.mean, want.dailyMean);
    close(sd, want.dailyVol);
    close(normalValueAtRisk(m.mean, sd, c), w.parametricVaR);
    close(normalValueAtRisk(0, sd, c), w.parametricVaRZeroMean);
    close(normalExpectedShortfall(m.mean, sd, c), w.parametricCVaR);
    close(normalExpectedShortfall(0, sd, c), w.parametricCVaRZeroMean);
    close(m.skewness, w.skew);
    close(m.kurtosis - 3, w.excessKurtosis);
    const cf = cornishFisherValueAtRisk({
      location: m.mean,
      scale: sd,
      skewness: m.skewness,
      excessKurtosis: m.kurtosis - 3,
      confidence: c,
    });
    close(cf.valueAtRisk, w.cornishFisherVaR);
    for (const convention of ['linear', 'lower', 'higher'] as const) {
      close(historicalValueAtRisk(s.portfolio, c, convention), w[`historicalVaR_${convention}`], 1e-9, convention);
    }
    close(historicalExpectedShortfall(s.portfolio, c, 'fractional'), w.historicalCVaR_fractional);
    close(historicalExpectedShortfall(s.portfolio, c, 'below-quantile'), w.historicalCVaR_meanBelowLinearVaR);
    close(historicalExpectedShortfall(s.portfolio, c, 'worst'), w.historicalCVaR_worstCeil);
    expect(Math.floor((1 - c) * s.portfolio.length + 1e-9)).toBe(w.worstCountFloor);
    close(Math.sqrt(10) * normalValueAtRisk(0, sd, c), w.tenDayParametricVaRZeroMean);
    close(input.portfolioValue * normalValueAtRisk(0, sd, c), w.dollarParametricVaRZeroMean);
    close(studentValueAtRisk(0, sd, c, 5), w.studentT5VaRZeroMean);
    close(studentExpectedShortfall(0, sd, c, 5), w.studentT5CVaRZeroMean);
    const risk = riskContributions(s.weights, s.covariance);
    closeAll(
      risk.component.map((x) => normalValueAtRisk(0, x, c)),
      w.componentVaRZeroMean,
    );
    closeAll(risk.percent, w.componentVaRPercent);
    s.weights.forEach((_, drop) => {
      const without = riskContributions(
        s.weights.map((x, i) => (i === drop ? 0 : x)),
        s.covariance,
      ).volatility;
      const incremental = normalValueAtRisk(0, risk.volatility, c) - normalValueAtRisk(0, without, c);
      close(incremental, w.incrementalVaRZeroMean_dropAsset[drop], 1e-8);
    });
  });

  it.each(levels)('Monte Carlo at %s', (level) => {
    const c = Number(level);
    const w = want.var[level].monteCarloGaussian;
    const paths = 100_000;
    const m = moments(s.portfolio);
    close(normalValueAtRisk(m.mean, m.standardDeviation, c), w.exactVaR);
    close(normalExpectedShortfall(m.mean, m.standardDeviation, c), w.exactCVaR);
    const errors = normalSimulationErrors(m.standardDeviation, c, paths);
    close(errors.valueAtRisk, w.stdErrorVaR_1e5paths, 1e-6);
    // The reference simulated this error: it has one of its own.
    close(errors.expectedShortfall, w.stdErrorCVaR_1e5paths, 0.02, 'ES error');
    const { terminalReturn } = simulatePortfolio(
      {
        weights: s.weights,
        mean: Float64Array.from(input.meanDaily),
        covariance: s.covariance.data,
        days: 1,
        paths,
        rebalance: 'none',
      },
      createRng(42),
    );
    expect(Math.abs(historicalValueAtRisk(terminalReturn, c) - w.exactVaR)).toBeLessThan(4 * w.stdErrorVaR_1e5paths);
    expect(Math.abs(historicalExpectedShortfall(terminalReturn, c) - w.exactCVaR)).toBeLessThan(
      4 * w.stdErrorCVaR_1e5paths,
    );
  });

  it('drawdown', () => {
    const worst = drawdownEpisodes(s.portfolio, 1)[0];
    close(worst?.depth ?? 0, want.maxDrawdown.value);
    expect(s.dates[worst?.peak ?? -1]).toBe(want.maxDrawdown.peakDate);
    expect(s.dates[worst?.trough ?? -1]).toBe(want.maxDrawdown.troughDate);
    expect(worst?.recovery == null ? null : s.dates[worst.recovery]).toBe(want.maxDrawdown.recoveryDate);
  });

  it('performance', () => {
    const w = want.performance;
    const daily = w.riskFree / DAYS;
    const p = performanceSummary(s.portfolio, { periodsPerYear: DAYS, riskFreePerPeriod: daily });
    close(p.totalReturn, w.totalReturn);
    close(p.compoundAnnualReturn, w.cagr);
    close(p.annualMean, w.annualisedArithmetic);
    close(p.annualVolatility, w.annualisedVol);
    close(p.sharpe, w.sharpe);
    close(p.sortino, w.sortino, 1e-9, 'sortino');
    close(p.downsideDeviationPerPeriod * Math.sqrt(DAYS), w.downsideDeviationAnnual);
    close(p.calmar, w.calmar);
    close(ulcerIndex(s.portfolio), w.ulcerIndex);
    close(p.moments.skewness, w.skew);
    close(p.moments.kurtosis - 3, w.excessKurtosis);
    close(p.moments.skewnessUnbiased, w.skewUnbiased);
    close(p.moments.excessKurtosisUnbiased, w.excessKurtosisUnbiased);
    close(p.hitRatio, w.hitRate);
    close(p.omega, w.omegaAtZero);
    close(p.omega, w.profitFactor);
    close(p.best, w.best);
    close(p.worst, w.worst);
    const path = drawdownPath(s.portfolio);
    close(-mean(path), w.averageDrawdown);
    close(historicalExpectedShortfall(path, 0.95, 'fractional'), w.cdar95, 1e-9, 'cdar');
    const sr = (p.sharpePerPeriod as number) ** 2 / 2;
    close(Math.sqrt(((1 + sr) / s.portfolio.length) * DAYS), w.sharpeStdErrorLo, 1e-6, 'lo');
  });

  it('probabilistic and deflated Sharpe', () => {
    const w = want.probabilisticSharpe;
    const daily = want.performance.riskFree / DAYS;
    const evidence = sharpeEvidence(s.portfolio.map((r) => r - daily));
    if (evidence === null) throw new Error('no evidence');
    close(evidence.sharpe, w.dailySharpe);
    close(probabilisticSharpe(evidence), w.psrVsZero);
    const star = expectedMaximumSharpe(w.deflated.trials, Math.sqrt(w.deflated.varianceOfTrialSharpesDaily));
    close(star, w.deflated.expectedMaxSharpeDaily);
    close(probabilisticSharpe(evidence, star), w.deflated.dsr);
  });

  it('benchmark', () => {
    const w = want.benchmark;
    const rf = want.performance.riskFree / DAYS;
    const r = relativePerformance(s.portfolio, s.market, { periodsPerYear: DAYS, riskFreePerPeriod: rf });
    close(r.beta, w.beta);
    close(r.alphaPerPeriod, w.alphaDailyJensen);
    close(r.alphaPerPeriod * DAYS, w.alphaAnnual);
    close(r.rSquared, w.r2);
    close(r.trackingErrorAnnual, w.trackingError);
    close(r.informationRatio, w.informationRatio);
    close(r.upCapture, w.upCapture, 1e-9, 'up capture');
    close(r.downCapture, w.downCapture, 1e-9, 'down capture');
    const beta = (keep: (b: number) => boolean): number => {
      const index = [...s.market.keys()].filter((i) => keep(s.market[i] as number));
      const x = index.map((i) => s.market[i] as number);
      return (
        covariance(
          index.map((i) => s.portfolio[i] as number),
          x,
        ) / variance(x)
      );
    };
    close(
      beta((b) => b > 0),
      w.upBeta,
      1e-9,
      'up beta',
    );
    close(
      beta((b) => b < 0),
      w.downBeta,
      1e-9,
      'down beta',
    );
    const betas = input.names.map((_: string, j: number) => {
      const column = Float64Array.from(
        { length: s.panel.rows },
        (__, t) => s.panel.data[t * s.panel.cols + j] as number,
      );
      return covariance(column, s.market) / variance(s.market);
    });
    closeAll(betas, w.betas, 1e-9, 'betas');
    const { stress } = want;
    close(input.portfolioValue * r.beta * stress.marketShock, stress.betaLoss);
    closeAll(
      betas.map((b: number, i: number) => input.portfolioValue * (s.weights[i] as number) * b * stress.marketShock),
      stress.perAsset,
    );
  });

  it('VaR back-test', () => {
    const w = want.varBacktest;
    const got = backtestHistoricalVar(s.portfolio, { window: w.window, confidence: w.level, convention: w.quantile });
    expect(got.days).toBe(w.days);
    expect(got.exceedances).toBe(w.exceedances);
    close(got.expected, w.expected);
    expect(got.transitions).toEqual(w.transitions);
    close(got.kupiec.statistic, w.kupiecLR);
    close(got.kupiec.p, w.kupiecP);
    close(got.independence.statistic, w.christoffersenIndependenceLR);
    close(got.independence.p, w.christoffersenP);
  });

  it('principal components of the annual covariance', () => {
    const annual = createMatrix(
      s.covariance.rows,
      s.covariance.cols,
      s.covariance.data.map((v) => v * DAYS),
    );
    const values = symmetricEigen(annual).values.toReversed();
    closeAll(values, want.pca.eigenvalues);
    const total = values.reduce((sum, v) => sum + v, 0);
    closeAll(
      values.map((v) => v / total),
      want.pca.explained,
    );
    expect(quantile(values, 1)).toBe(values[0]);
    expect(perPeriodRate(0, DAYS)).toBe(0);
  });
});
