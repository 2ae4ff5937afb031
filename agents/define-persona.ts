/** A persona is data: who it is, which families of tools it may call, and which prompt it reads. */
import { type ToolFamily, toolFamilies } from '../tools/define-tool.ts';

export const personaIds = [
  'ml_quant',
  'vol_harvester',
  'carry_strategist',
  'mean_reversion',
  'momentum',
  'risk_budgeter',
  'portfolio_manager',
] as const;
export type PersonaId = (typeof personaIds)[number];

export interface Persona {
  readonly id: PersonaId;
  readonly title: string;
  readonly titleKo: string;
  /** One sentence for the router and for help. */
  readonly does: string;
  readonly families: readonly ToolFamily[];
  /** One of the four whose signals form the collective's book. */
  readonly strategy: boolean;
  readonly examples: readonly string[];
}

/** Every persona may also look up data, compute, and read recorded runs. */
export const commonFamilies: readonly ToolFamily[] = ['market', 'docs'];

export function definePersona(persona: Persona): Persona {
  for (const family of persona.families) {
    if (!toolFamilies.includes(family)) throw new Error(`Persona ${persona.id} names the unknown family ${family}.`);
  }
  return Object.freeze(persona);
}
