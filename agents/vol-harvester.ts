import { definePersona } from './define-persona.ts';

export const volHarvester = definePersona({
  id: 'vol_harvester',
  title: 'Volatility harvester',
  titleKo: '변동성 프리미엄 전략가',
  does: 'Option prices, implied volatility, surfaces, the variance risk premium.',
  families: ['volatility', 'derivatives', 'regimes'],
  strategy: true,
  examples: ['Is SPX vol rich?', 'European put 90/100, 0.75y, 5%, vol 20'],
});
