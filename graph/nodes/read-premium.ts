/** Expected return and volatility of a strategy, read from what its agent computed. */
import { valueAt } from '../../tools/binding/paths.ts';
import type { SuccessEnvelope } from '../../tools/envelope.ts';

export interface Premium {
  readonly strategy: string;
  readonly handle: string;
  /** Where the volatility stands, when another result holds it. */
  readonly volatilityHandle: string;
  readonly expectedReturn: number;
  readonly volatility: number;
  readonly returnPath: string;
  readonly volatilityPath: string;
  /** How many signals stand behind it, in words. */
  readonly signals: string;
}

/** Where the tools keep an annual return and its volatility, most specific first. */
const places: readonly (readonly [string, string])[] = [
  ['backtest.performance.annualReturn', 'backtest.performance.annualVolatility'],
  ['strategy.performance.annualReturn', 'strategy.performance.annualVolatility'],
  ['performance.annualReturn', 'performance.annualVolatility'],
  ['strategy.annualReturn', 'strategy.annualVolatility'],
  ['strategy.annualReturn', 'strategy.volatility'],
  ['annualReturn', 'annualVolatility'],
  ['annualReturn', 'volatility'],
  ['expectedReturn', 'volatility'],
];

function readPremium(strategy: string, handle: string, envelope: SuccessEnvelope): Premium | null {
  for (const [returnPath, volatilityPath] of places) {
    const expectedReturn = valueAt(envelope.output, returnPath)?.value;
    const volatility = valueAt(envelope.output, volatilityPath)?.value;
    if (typeof expectedReturn !== 'number' || typeof volatility !== 'number' || volatility <= 0) continue;
    return {
      strategy,
      handle,
      volatilityHandle: handle,
      expectedReturn,
      volatility,
      returnPath,
      volatilityPath,
      signals: envelope.tool,
    };
  }
  return null;
}

export interface NamedResult {
  readonly handle: string;
  readonly envelope: SuccessEnvelope;
}

/** All that one strategy agent brought: its own backtest, or the carry of its best pair against that pair's volatility. */
export function premiumOf(strategy: string, results: readonly NamedResult[]): Premium | null {
  const carry = results.find(({ envelope }) => envelope.tool === 'analyze_fx_carry');
  const history = results.find(({ envelope }) => envelope.tool === 'measure_performance');
  if (carry !== undefined && history !== undefined) {
    const expectedReturn = valueAt(carry.envelope.output, 'opportunities[0].carry')?.value;
    const volatility = valueAt(history.envelope.output, 'volatility')?.value;
    if (typeof expectedReturn === 'number' && typeof volatility === 'number' && volatility > 0) {
      const places = { returnPath: 'opportunities[0].carry', volatilityPath: 'volatility' };
      return {
        strategy,
        handle: carry.handle,
        volatilityHandle: history.handle,
        expectedReturn,
        volatility,
        ...places,
        signals: 'analyze_fx_carry',
      };
    }
  }
  for (const { handle, envelope } of [...results].reverse()) {
    const premium = readPremium(strategy, handle, envelope);
    if (premium !== null) return premium;
  }
  return null;
}
