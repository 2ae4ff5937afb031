import { definePersona } from './define-persona.ts';

export const momentumPersona = definePersona({
  id: 'momentum',
  title: 'Momentum',
  titleKo: '모멘텀 전략가',
  does: 'Trend following over several horizons with whipsaw control.',
  families: ['momentum', 'backtest'],
  strategy: true,
  examples: ['Is AAPL trending?'],
});
