import { definePersona } from './define-persona.ts';

export const riskBudgeter = definePersona({
  id: 'risk_budgeter',
  title: 'Risk budgeter',
  titleKo: '리스크 예산가',
  does: 'Portfolio optimisation, risk budgets, VaR, stress, leverage.',
  families: ['portfolio', 'risk'],
  strategy: false,
  examples: ['1 day 95 VaR, 1mm book, daily vol 2%'],
});
