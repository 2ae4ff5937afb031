import { definePersona } from './define-persona.ts';

export const mlQuant = definePersona({
  id: 'ml_quant',
  title: 'ML quant',
  titleKo: '머신러닝 퀀트',
  does: 'Regimes by hidden Markov models, return prediction with honest validation, model documents.',
  families: ['regimes', 'ml', 'backtest', 'docs'],
  strategy: false,
  examples: ['What regime is the S&P 500 in?', 'Can anything predict tomorrow’s AAPL return?'],
});
