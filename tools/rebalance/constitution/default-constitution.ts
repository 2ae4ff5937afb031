/** The built-in limits. `data/bundled/constitution.yaml` is the same for people to read and copy; a test keeps the two equal. */
import type { Constitution } from './constitution-schema.ts';

export const defaultConstitution: Constitution = {
  version: 1,
  articles: {
    approval: { personApproves: true },
    leverage: { maximumGrossExposure: 1 },
    cash: { floor: 0 },
    concentration: {
      singlePosition: 0.15,
      sectors: { Technology: 0.4, Finance: 0.3, Healthcare: 0.25 },
      otherSector: 0.2,
    },
    trading: { band: 0.05, urgentBand: 0.1, minimumTrade: 1000, maximumTurnover: 0.5, maximumCost: 0.005 },
    drawdown: { brake: 0.2 },
  },
};
