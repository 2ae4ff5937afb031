import { definePersona } from './define-persona.ts';

export const portfolioManager = definePersona({
  id: 'portfolio_manager',
  title: 'Portfolio manager',
  titleKo: '포트폴리오 매니저',
  does: 'Allocation by regime, rebalancing, the constitution, partial positions, execution.',
  families: ['portfolio', 'rebalance', 'risk', 'regimes', 'execution'],
  strategy: false,
  examples: ['Rebalance me: 76% stocks, 18% bonds, rest cash', 'Buy AAPL $15,000'],
});
