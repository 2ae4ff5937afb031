import { definePersona } from './define-persona.ts';

export const carryStrategist = definePersona({
  id: 'carry_strategist',
  title: 'Carry strategist',
  titleKo: '캐리 전략가',
  does: 'Carry in currencies, curves and futures, and the risk of its crash.',
  families: ['carry', 'regimes'],
  strategy: true,
  examples: ['Best carry right now and what could blow it up?'],
});
