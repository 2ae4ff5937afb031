/** How volatile an instrument is now, how that compares with its past, and what a model expects next. */
import type { z } from 'zod';
import type { ChartSpec } from '../../lib/charts/chart-spec.ts';
import { defineTool } from '../define-tool.ts';
import { loadPriceData, type PriceData } from '../regimes/price-data.ts';
import { estimateVolatilityInput, estimateVolatilityOutput } from './estimate-volatility-schema.ts';
import { runEstimateVolatility } from './run-estimate-volatility.ts';

type Output = z.output<typeof estimateVolatilityOutput>;

export const estimateVolatility = defineTool({
  name: 'estimate_volatility',
  title: 'Estimate and forecast volatility',
  family: 'volatility',
  version: 1,
  description:
    'Estimates the volatility of one instrument from its prices: close-to-close, Parkinson, Garman–Klass, Rogers–Satchell, Yang–Zhang, EWMA, HAR and the GARCH family (arch, garch, gjr, egarch with normal, t or skewed t errors), with parameters, standard errors, persistence, forecast term structure, news impact and a volatility cone. Use it for how volatile something is, whether that is high against its past, how fast a shock fades, or what volatility to expect over the next days. Use analyze_vol_term_structure for implied volatility from options, analyze_variance_premium for implied against realised, fit_hmm for regimes.',
  input: estimateVolatilityInput,
  output: estimateVolatilityOutput,
  load: loadPriceData,
  run: (input, data: PriceData, context) => runEstimateVolatility(input, data, context),
  summarise: (output, cite) => [
    `${output.name} (${output.symbol}${output.synthetic ? ', synthetic' : ''}), ${output.from} to ${output.to}, ${cite('rows')} returns.`,
    `Volatility by ${output.model}: ${cite('volatilityAnnual')} a year, ${cite('volatilityDaily')} a day; whole sample ${cite('sampleVolatilityAnnual')}.`,
    `Other estimates: ${output.estimates
      .flatMap((e, i) =>
        e.volatilityAnnual === null ? [] : [`${e.model} ${cite(`estimates[${i}].volatilityAnnual`)}`],
      )
      .join(', ')}.`,
    ...describeFit(output, cite),
    `Forecast (${output.forecastNote}): ${output.forecast
      .slice(0, 6)
      .map((f, i) => `${f.days} days ${cite(`forecast[${i}].averageVolatilityAnnual`)}`)
      .join(', ')} on average until then.`,
    ...output.cone
      .slice(0, 2)
      .map(
        (c, i) =>
          `Cone ${c.window} days: now ${cite(`cone[${i}].now`)}, median ${cite(`cone[${i}].median`)}, 10% to 90% ${cite(`cone[${i}].quantile10`)} to ${cite(`cone[${i}].quantile90`)}.`,
      ),
  ],
  chart: (output) => charts(output),
  examples: [
    {
      ask: 'How volatile is the S&P 500, and how fast does a shock fade?',
      input: { symbol: 'SPX', model: 'gjr' },
      fixture: 'bundled',
      expect: { values: { model: 'gjr', 'fit.converged': true } },
    },
    {
      ask: 'Yang–Zhang volatility of Apple over the last month',
      input: { symbol: 'AAPL', model: 'yangZhang', window: 21 },
      fixture: 'bundled',
      expect: { values: { model: 'yangZhang' } },
    },
    {
      ask: 'GARCH on two weeks of data',
      input: { symbol: 'SPX', start: '2020-04-06', model: 'garch' },
      fixture: 'bundled',
      expect: { error: 'NOT_ENOUGH_DATA' },
    },
  ],
  assumptions: [
    'Log returns with a constant mean; parameters are constant over the window.',
    'Range estimators assume continuous trading within the day; Parkinson, Garman–Klass and Rogers–Satchell leave out nights.',
    'Parameters of GARCH models belong to returns in percent.',
  ],
  references: [
    'Bollerslev (1986), J. Econometrics 31:307–327',
    'Glosten, Jagannathan & Runkle (1993), J. Finance 48:1779–1801; Nelson (1991), Econometrica 59:347–370',
    'Yang & Zhang (2000), J. Business 73:477–491; Corsi (2009), J. Financial Econometrics 7:174–196',
  ],
  cost: 'seconds',
});

function describeFit({ fit }: Output, cite: (path: string) => string): readonly string[] {
  if (fit === null) return [];
  const half = fit.halfLifeDays === null ? 'no half-life' : `half-life ${cite('fit.halfLifeDays')}`;
  const long =
    fit.unconditionalVolatilityAnnual === null ? '' : `, long-run level ${cite('fit.unconditionalVolatilityAnnual')}`;
  const parameters = fit.parameters.map((p, i) => {
    const error = p.robustStandardError === null ? 'no error' : cite(`fit.parameters[${i}].robustStandardError`);
    return `${p.name} ${cite(`fit.parameters[${i}].value`)} (${error})`;
  });
  return [
    `Fit ${fit.status}: persistence ${cite('fit.persistence')}, ${half}${long}; log-likelihood ${cite('fit.logLikelihood')}, BIC ${cite('fit.bic')}.`,
    `Parameters (robust errors): ${parameters.join(', ')}${fit.atBound.length > 0 ? `; on a bound: ${fit.atBound.join(', ')}` : ''}.`,
  ];
}

function charts(output: Output): readonly ChartSpec[] {
  const common = {
    kind: 'xy',
    synthetic: output.synthetic,
    footer: `${output.symbol}, ${output.from} to ${output.to}`,
  } as const;
  const y = { label: 'volatility a year', unit: 'annualVol', zero: true } as const;
  const out: ChartSpec[] = [
    {
      ...common,
      title: `${output.name}: volatility by ${output.model}`,
      x: { label: 'date', dates: output.history.map((h) => h.date) },
      y,
      series: [
        { name: output.model, values: output.history.map((h) => h.volatilityAnnual), tone: 'accent' },
        {
          name: 'rolling close-to-close',
          values: output.history.map((h) => h.realisedVolatilityAnnual),
          style: 'dashed',
          tone: 'muted',
        },
      ],
    },
    {
      ...common,
      title: `${output.name}: forecast by horizon`,
      x: { label: 'days ahead', numbers: output.forecast.map((f) => f.days), unit: 'days' },
      y,
      series: [
        { name: 'single day', values: output.forecast.map((f) => f.volatilityAnnual) },
        { name: 'average until then', values: output.forecast.map((f) => f.averageVolatilityAnnual), style: 'dashed' },
      ],
    },
  ];
  if (output.cone.length > 1) {
    const of = (key: 'minimum' | 'quantile10' | 'median' | 'quantile90' | 'maximum' | 'now') =>
      output.cone.map((c) => c[key]);
    out.push({
      ...common,
      title: `${output.name}: volatility cone`,
      x: { label: 'window in days', numbers: output.cone.map((c) => c.window), unit: 'days' },
      y,
      series: [
        { name: 'maximum', values: of('maximum'), tone: 'muted', style: 'dashed' },
        { name: '90%', values: of('quantile90'), tone: 'muted' },
        { name: 'median', values: of('median') },
        { name: '10%', values: of('quantile10'), tone: 'muted' },
        { name: 'minimum', values: of('minimum'), tone: 'muted', style: 'dashed' },
        { name: 'now', values: of('now'), tone: 'accent' },
      ],
    });
  }
  if (output.newsImpact.length > 0) {
    out.push({
      ...common,
      title: `${output.name}: news impact`,
      x: { label: 'shock in standard deviations', numbers: output.newsImpact.map((n) => n.shock), unit: 'ratio' },
      y,
      series: [{ name: 'volatility of the next day', values: output.newsImpact.map((n) => n.volatilityAnnual) }],
    });
  }
  return out;
}
