/** Every case of the rebalancing reference: deviations and trades, tax lots, wash sales, cash flows. Whole shares are tested beside their solver. */
import { describe, expect, it } from 'vitest';
import { type GoldenValue, hasGolden, readGolden } from '../../../lib/testing/golden.ts';
import { solveWholeShares } from '../optimise/whole-shares.ts';
import { allocateInflow } from './cash-flow.ts';
import { planClassTrades } from './class-trades.ts';
import { measureDeviation, REBALANCE_GUARD } from './deviation.ts';
import { classifyMarketRegime } from './market-regime.ts';
import { averageCostSale, type LotMethod, selectTaxLots, type TaxLot, taxPerUnit } from './tax-lots.ts';
import { findWashSale } from './wash-sale.ts';

const golden: GoldenValue = hasGolden('rebalancing') ? readGolden('rebalancing') : { input: { cases: {} }, expect: {} };

type Check = (input: GoldenValue, want: GoldenValue) => void | Promise<void>;

function checkAllocation(input: GoldenValue, want: GoldenValue): void {
  const deviation = measureDeviation(input.current, input.target);
  expect(Math.abs(deviation.maxDeviation - want.maxDeviation)).toBeLessThan(REBALANCE_GUARD);
  expect(deviation.needsRebalancing).toBe(want.needsRebalancing);
  expect(deviation.urgency).toBe(want.urgency);
  // The reference lets an amount of exactly the minimum trade ("trades below 1000 hold").
  const trades = planClassTrades({ ...input, atMinimum: 'trade' });
  expect(trades.length).toBe(want.trades.length);
  for (const [i, trade] of trades.entries()) {
    const w = want.trades[i];
    expect({ asset: trade.assetClass, action: trade.action }).toEqual({ asset: w.asset, action: w.action });
    expect(Math.abs(trade.deviation - w.deviation)).toBeLessThan(REBALANCE_GUARD);
    expect(Math.abs(trade.amount - w.amount)).toBeLessThan(0.005);
  }
}

function checkRegime(input: GoldenValue, want: GoldenValue): void {
  const nothing = { yieldCurveSlope: null, fedStance: null, gdpGrowth: null, unemployment: null, inflation: null };
  expect(
    input.vix.map((vix: number) => {
      const result = classifyMarketRegime({ vix, ...nothing });
      return { vix, regime: result.regime, target: result.targetAllocation };
    }),
  ).toEqual(want);
}

async function checkWholeShares(input: GoldenValue, want: GoldenValue): Promise<void> {
  const cashPenalty = /leftover cash/.test(input.objective) ? 1 : 0;
  const plan = await solveWholeShares({ ...input, cashPenalty });
  expect(Math.abs(plan.objective - want.objective)).toBeLessThan(1e-6);
  expect(plan.leftoverCash).toBeGreaterThanOrEqual(-1e-9);
}

const methods: Readonly<Record<string, LotMethod>> = { fifo: 'fifo', lifo: 'lifo', hifo: 'hifo', minTax: 'min-tax' };

function checkTaxLots(input: GoldenValue, want: GoldenValue): void {
  const lots: TaxLot[] = input.lots.map((lot: GoldenValue) => ({
    id: lot.id,
    quantity: lot.qty,
    costPerUnit: lot.basis,
    acquired: lot.acquired,
  }));
  const common = { ...input, lots, quantity: input.sellShares };
  for (const [key, w] of Object.entries<GoldenValue>(want)) {
    const method = methods[key];
    if (method === undefined) continue;
    const sale = selectTaxLots({ ...common, method });
    expect(sale.lots.map((lot) => ({ lot: lot.id, qty: lot.quantity }))).toEqual(w.lots);
    for (const [got, wanted] of [
      [sale.gainShortTerm, w.gainShortTerm],
      [sale.gainLongTerm, w.gainLongTerm],
      [sale.taxLotByLot, w.taxLotByLot],
      [sale.taxNetted, w.taxNettedNoCarry],
    ]) {
      expect(Math.abs(got - wanted), key).toBeLessThan(1e-9);
    }
  }
  for (const [i, lot] of lots.entries()) {
    expect(Math.abs(taxPerUnit(lot, input.price, input.saleDate, input) - want.lots[i].taxPerShare)).toBeLessThan(1e-9);
    expect(input.price - lot.costPerUnit).toBe(want.lots[i].gainPerShare);
  }
  const average = averageCostSale(lots, input.sellShares, input.price);
  expect(average.basis).toBeCloseTo(want.averageCost.basis, 9);
  expect(average.gain).toBeCloseTo(want.averageCost.gain, 9);
  expect(() => selectTaxLots({ ...common, quantity: want.notEnoughShares.sellShares, method: 'fifo' })).toThrow(
    /shares held/,
  );
}

function checkWashSale(input: GoldenValue, want: GoldenValue): void {
  const wash = findWashSale({
    sale: { ...input.sale, quantity: input.sale.qty, costPerUnit: input.sale.basis },
    purchases: input.purchases.map((p: GoldenValue) => ({ date: p.date, quantity: p.qty })),
  });
  expect(wash).toEqual({
    replacementShares: want.replacementShares,
    disallowedLoss: want.disallowedLoss,
    allowedLoss: want.allowedLoss,
  });
}

function checkCashFlow(input: GoldenValue, want: GoldenValue): void {
  const plan = allocateInflow(input.holdings, input.target, input.inflow);
  for (const [i, buy] of plan.amounts.entries()) expect(Math.abs(buy - want.buys[i])).toBeLessThan(0.005);
  for (const [i, w] of plan.weightsAfter.entries()) expect(Math.abs(w - want.weightsAfter[i])).toBeLessThan(1e-9);
}

/** A case is known by its shape, not by its name. */
function checkFor(input: GoldenValue): Check | undefined {
  if (input.current !== undefined) return checkAllocation;
  if (input.vix !== undefined) return checkRegime;
  if (input.prices !== undefined) return checkWholeShares;
  if (input.lots !== undefined) return checkTaxLots;
  if (input.purchases !== undefined) return checkWashSale;
  return input.inflow === undefined ? undefined : checkCashFlow;
}

describe.skipIf(!hasGolden('rebalancing'))('golden rebalancing', () => {
  it.each(Object.keys(golden.input.cases))('%s', async (name) => {
    const check = checkFor(golden.input.cases[name]);
    expect(check, `no check for the shape of ${name}`).toBeDefined();
    await check?.(golden.input.cases[name], golden.expect[name]);
  });
});
