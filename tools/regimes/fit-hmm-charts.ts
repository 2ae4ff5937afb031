/** Price with regime bands, and the filtered probabilities. */
import type { z } from 'zod';
import type { ChartSpec, ChartTone, XYChart } from '../../lib/charts/chart-spec.ts';
import type { fitHmmOutput } from './fit-hmm-schema.ts';

type Output = z.output<typeof fitHmmOutput>;

export function regimeTone(index: number, states: number): ChartTone {
  if (states > 1 && index === 0) return 'bad';
  return states > 1 && index === states - 1 ? 'good' : 'neutral';
}

export function fitHmmCharts(output: Output): readonly ChartSpec[] {
  const { history, states } = output;
  const dates = history.map((h) => h.date);
  const common = {
    synthetic: output.synthetic,
    footer: `${output.symbol}, ${output.from} to ${output.to}; filtered probabilities (data up to each day, parameters of the whole sample)`,
    kind: 'xy',
    x: { label: 'date', dates },
  } as const;
  return [
    {
      ...common,
      title: `${output.name}: price and regime`,
      y: { label: 'price', unit: 'price', scale: 'log' },
      series: [{ name: output.symbol, values: history.map((h) => h.price) }],
      bands: bandsOf(output),
    },
    {
      ...common,
      title: `${output.name}: probability of each regime`,
      y: { label: 'probability', unit: 'probability', zero: true },
      series: states.map((s, k) => ({
        name: s.label,
        values: history.map((h) => h.probabilities[k] ?? null),
        tone: regimeTone(k, states.length),
      })),
    },
  ];
}

function bandsOf({ history, states }: Output): NonNullable<XYChart['bands']> {
  const bands: { from: number; to: number; label: string; tone: ChartTone }[] = [];
  history.forEach(({ label }, i) => {
    const last = bands[bands.length - 1];
    if (last?.label === label) last.to = i;
    else {
      const index = states.findIndex((s) => s.label === label);
      bands.push({ from: i, to: i, label, tone: regimeTone(index, states.length) });
    }
  });
  return bands;
}
