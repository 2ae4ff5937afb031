/** What each strategy agent computes for the collective: on the synthetic demo market, which is all that every premium has data for offline. */
import type { PlannedCall } from './intent.ts';

const perPersona: Readonly<Record<string, readonly PlannedCall[]>> = {
  vol_harvester: [{ tool: 'analyze_variance_premium', input: { symbol: 'DEMO:MKT' } }],
  carry_strategist: [{ tool: 'analyze_fx_carry', input: { panel: 'DEMO:FX:FORWARDS', ratesPanel: 'DEMO:RATES:3M' } }],
  mean_reversion: [{ tool: 'scan_pairs', input: { synthetic: true, top: 5 } }],
  momentum: [{ tool: 'backtest_momentum', input: { symbols: ['DEMO:MKT', 'DEMO:GOV10', 'DEMO:GOLD', 'DEMO:OIL'] } }],
};

export function collectiveCalls(persona: string, installed: ReadonlySet<string>): readonly PlannedCall[] {
  return (perPersona[persona] ?? []).filter((call) => installed.has(call.tool));
}

/** The best pair of the scan is backtested, so that there is a return to allocate on. */
export function collectiveSecondCalls(
  persona: string,
  first: Readonly<Record<string, unknown>> | null,
  installed: ReadonlySet<string>,
): readonly PlannedCall[] {
  if (persona === 'carry_strategist' && first !== null) return carryHistory(first, installed);
  if (persona !== 'mean_reversion' || first === null || !installed.has('backtest_pair')) return [];
  const table = first['table'];
  const best: unknown = Array.isArray(table) ? table[0] : undefined;
  if (typeof best !== 'object' || best === null || !('y' in best) || !('x' in best)) return [];
  return [{ tool: 'backtest_pair', input: { y: String(best.y), x: String(best.x) } }];
}

/** The volatility of the best pair, to set against its carry. */
function carryHistory(
  first: Readonly<Record<string, unknown>>,
  installed: ReadonlySet<string>,
): readonly PlannedCall[] {
  const list = first['opportunities'];
  const best: unknown = Array.isArray(list) ? list[0] : undefined;
  if (typeof best !== 'object' || best === null || !('pair' in best) || !installed.has('measure_performance'))
    return [];
  return [{ tool: 'measure_performance', input: { symbol: `DEMO:${String(best.pair)}` } }];
}
