/** Fits of the GARCH family on 5,030 simulated returns; peers: arch 15 ms (GARCH, normal) and 26 ms (GJR, t). */
import { createRng } from '../lib/rng.ts';
import { fitGarch } from '../tools/kernels/volatility/fit-garch.ts';
import type { GarchSpec } from '../tools/kernels/volatility/garch-likelihood.ts';
import type { Benchmark } from './benchmark.ts';

const ROWS = 5030;

function simulated(): Float64Array {
  const rng = createRng(3);
  const returns = new Float64Array(ROWS);
  let variance = 1.3;
  let e = 0;
  for (let t = 0; t < ROWS; t++) {
    variance = 0.02 + (e < 0 ? 0.15 : 0.02) * e * e + 0.9 * variance;
    e = Math.sqrt(variance) * rng.normal();
    returns[t] = 0.03 + e;
  }
  return returns;
}

function fitting(name: string, target: string, spec: GarchSpec): Benchmark {
  return {
    name: `${name} fit, ${ROWS} rows`,
    target,
    setup() {
      const returns = simulated();
      return () => {
        fitGarch(returns, spec);
      };
    },
  };
}

export const benchmarks: readonly Benchmark[] = [
  fitting('GARCH(1,1) normal', '1.5 ms (arch 15)', {
    kind: 'garch',
    asymmetric: false,
    lagged: true,
    distribution: 'normal',
  }),
  fitting('GJR t', '4 ms (arch 26)', { kind: 'garch', asymmetric: true, lagged: true, distribution: 't' }),
];
