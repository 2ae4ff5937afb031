/** The seven personas, one line each. */
import type { Persona } from './define-persona.ts';
import { carryStrategist } from './carry-strategist.ts';
import { meanReversion } from './mean-reversion.ts';
import { mlQuant } from './ml-quant.ts';
import { momentumPersona } from './momentum.ts';
import { portfolioManager } from './portfolio-manager.ts';
import { riskBudgeter } from './risk-budgeter.ts';
import { volHarvester } from './vol-harvester.ts';

export const personas: readonly Persona[] = [
  mlQuant,
  volHarvester,
  carryStrategist,
  meanReversion,
  momentumPersona,
  riskBudgeter,
  portfolioManager,
];
