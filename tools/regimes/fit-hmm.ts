/** Hidden Markov regimes of one instrument: which one now, what each looks like, how long each lasts. */
import { defineTool } from '../define-tool.ts';
import { fitHmmCharts } from './fit-hmm-charts.ts';
import { fitHmmInput, fitHmmOutput } from './fit-hmm-schema.ts';
import { loadPriceData } from './price-data.ts';
import { type FitHmmData, runFitHmm } from './run-fit-hmm.ts';

export const fitHmm = defineTool({
  name: 'fit_hmm',
  title: 'Fit a hidden Markov model of regimes',
  family: 'regimes',
  version: 1,
  description:
    'Fits a Gaussian hidden Markov model to the returns (and other features) of one instrument and gives the regime now by filtered probability, the mean, volatility and expected duration of each regime, the transition matrix, forecasts and a long/short/flat signal. Use it for any question about the regime, bear or bull market of an instrument, how long it lasts, or how many states to take (selection auto shows the BIC curve). Use detect_market_regime for the VIX rule and the target allocation, backtest_hmm for what trading the signal would have earned, fit_markov_regression for a switching mean with standard errors, detect_breaks for dated breaks.',
  input: fitHmmInput,
  output: fitHmmOutput,
  async load(input, ports) {
    const main = await loadPriceData(input, ports);
    const others = await Promise.all(input.otherSymbols.map((symbol) => loadPriceData({ ...input, symbol }, ports)));
    const all = [main, ...others];
    return {
      value: { main: main.value, others: others.map((o) => o.value) },
      provenance: all.flatMap((l) => l.provenance),
      warnings: all.flatMap((l) => l.warnings ?? []),
    };
  },
  run: (input, data: FitHmmData, context) => runFitHmm(input, data, context),
  summarise: (output, cite) => [
    `${output.name} (${output.symbol}${output.synthetic ? ', synthetic' : ''}), ${output.from} to ${output.to}, ${cite('rows')} observations of ${output.features.join(', ')}.`,
    `On ${output.current.date} the likeliest regime is ${output.current.label}, filtered probability ${cite('current.probability')}, since ${output.current.since} (${cite('current.days')} periods).`,
    ...output.states
      .slice(0, 5)
      .map(
        (s, k) =>
          `${s.label}: now ${cite(`states[${k}].filteredProbability`)}, mean ${cite(`states[${k}].mean`)} a day (${s.meanAnnual === null ? 'not a return' : `${cite(`states[${k}].meanAnnual`)} a year`}), volatility ${cite(`states[${k}].volatilityAnnual`)}, stays ${s.expectedDurationDays === null ? 'for ever in this sample' : cite(`states[${k}].expectedDurationDays`)}, long-run share ${cite(`states[${k}].stationaryProbability`)}.`,
      ),
    `Next period: mean ${cite('next.mean')}, probability of loss ${cite('next.probabilityOfLoss')}. Signal ${output.signal.action} (${output.signal.reason}).`,
    `Log-likelihood ${cite('logLikelihood')}, BIC ${cite('bic')}, AIC ${cite('aic')}, ${output.converged ? 'converged' : 'NOT converged'} in ${cite('iterations')} iterations; best of ${cite('starts.tried')} starts.`,
    output.selection.length > 1
      ? `BIC by states: ${output.selection.map((s, i) => `${s.states}: ${cite(`selection[${i}].bic`)}${s.degenerate ? ' (degenerate)' : ''}`).join(', ')}.`
      : `Labels: ${output.stability.note}.`,
    'Filtered probabilities use data up to each day only; smoothed ones and the Viterbi path use the future.',
  ],
  chart: fitHmmCharts,
  examples: [
    {
      ask: 'What regime is the S&P 500 in?',
      input: { symbol: 'SPX' },
      fixture: 'bundled',
      expect: { values: { converged: true, to: '2020-04-17', 'states[0].label': 'bear' } },
    },
    {
      ask: 'How many regimes do the last two years of Apple support?',
      input: { symbol: 'AAPL', start: '2016-05-01', states: 4, selection: 'auto', restarts: 5 },
      fixture: 'bundled',
      expect: { values: { symbol: 'AAPL' } },
    },
    {
      ask: 'Fit five regimes on thirty bars',
      input: { symbol: 'SPX', start: '2020-03-06', states: 5 },
      fixture: 'bundled',
      expect: { error: 'NOT_ENOUGH_DATA' },
    },
  ],
  assumptions: [
    'Returns are Gaussian within a regime and independent given the regime; the regime is a first-order Markov chain with constant transition probabilities.',
    'Parameters are estimated on the whole window, so filtered probabilities of past days still use parameters that later data shaped; backtest_hmm refits on the past only.',
    'Names follow the order of the mean of the first feature.',
  ],
  references: [
    'Rabiner (1989), Proc. IEEE 77(2):257–286, eqs 19–54',
    'Hamilton (1989), Econometrica 57(2):357–384',
    'Rydén, Teräsvirta & Åsbrink (1998), J. Applied Econometrics 13:217–244',
  ],
  cost: 'seconds',
});
