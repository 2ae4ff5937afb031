import { definePersona } from './define-persona.ts';

export const meanReversion = definePersona({
  id: 'mean_reversion',
  title: 'Mean reversion',
  titleKo: '평균회귀 전략가',
  does: 'Cointegration, spreads, half-lives, pair and basket scans.',
  families: ['statarb'],
  strategy: true,
  examples: ['KO/PEP still cointegrated?'],
});
