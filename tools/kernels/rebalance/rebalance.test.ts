import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocateInflow, allocateOutflow } from './cash-flow.ts';
import { planClassTrades } from './class-trades.ts';
import { classCovariance, weighRebalancing } from './cost-benefit.ts';
import { measureDeviation, readBands } from './deviation.ts';
import { sizePartialPosition } from './partial-position.ts';
import { scheduleTrades } from './schedule.ts';
import { canonicalSector, DEFAULT_SECTOR_LIMITS, planSectorTrades, sectorLimit } from './sector-trades.ts';
import { isLongTerm, netTax, selectTaxLots } from './tax-lots.ts';
import { findWashSale } from './wash-sale.ts';

const riskOn = { stocks: 0.7, bonds: 0.2, cash: 0.1 };

describe('deviation', () => {
  it('does not trigger at exactly 5 or 10 points, and does just above', () => {
    const at = (stocks: number): string =>
      measureDeviation({ stocks, bonds: 0.9 - stocks, cash: 0.1 }, { stocks: 0.55, bonds: 0.35, cash: 0.1 }).urgency;
    expect(at(0.6)).toBe('none');
    expect(at(0.5)).toBe('none');
    expect(at(0.600001)).toBe('rebalance');
    expect(at(0.65)).toBe('rebalance');
    expect(at(0.450001)).toBe('rebalance');
    expect(at(0.650001)).toBe('urgent');
  });

  it('shows both readings of an ambiguous band', () => {
    const readings = readBands({ VTI: 71200 / 110000, BND: 38800 / 110000 }, { VTI: 0.6, BND: 0.4 });
    expect(readings.absolute.needsRebalancing).toBe(false);
    expect(readings.relative.needsRebalancing).toBe(true);
    expect(readings.differ).toBe(true);
  });

  it('counts a class without a target', () => {
    expect(measureDeviation({ stocks: 0.6, crypto: 0.4 }, { stocks: 1 }).byClass).toEqual({
      stocks: -0.4,
      crypto: 0.4,
    });
  });

  it('refuses bands that cross', () => {
    expect(() => measureDeviation(riskOn, riskOn, { band: 0.2, urgentBand: 0.1 })).toThrow(/bands/);
  });
});

describe('class trades', () => {
  it('holds at a trade of exactly the minimum unless asked otherwise', () => {
    const parts = { current: { stocks: 0.71, cash: 0.29 }, target: { stocks: 0.7, cash: 0.3 }, total: 100_000 };
    expect(planClassTrades(parts).map((t) => t.action)).toEqual(['HOLD', 'HOLD']);
    expect(planClassTrades({ ...parts, atMinimum: 'trade' }).map((t) => t.action)).toEqual(['SELL', 'INCREASE']);
    expect(planClassTrades({ ...parts, total: 100_000.2 }).map((t) => t.action)).toEqual(['SELL', 'INCREASE']);
  });

  it('buys as much as it sells', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), (a, b) => {
        const trades = planClassTrades({
          current: { stocks: a, bonds: 1 - a },
          target: { stocks: b, bonds: 1 - b },
          total: 1e5,
          minimumTrade: 0,
        });
        const net = trades.reduce(
          (sum, t) => sum + (t.action === 'BUY' ? 1 : t.action === 'SELL' ? -1 : 0) * t.amount,
          0,
        );
        expect(Math.abs(net)).toBeLessThan(0.011);
      }),
    );
  });
});

describe('sector trades', () => {
  it('gives 3,000 and 2,000 in the worked example', () => {
    const plan = planSectorTrades({
      weights: { Technology: 0.45, Finance: 0.15, Healthcare: 0.1, Other: 0.3 },
      total: 100_000,
    });
    expect(plan.trades.map((t) => [t.action, t.sector, t.amount])).toEqual([
      ['SELL', 'Technology', 5000],
      ['BUY', 'Healthcare', 3000],
      ['BUY', 'Finance', 2000],
    ]);
    expect(plan.toCash).toBe(0);
  });

  it('never fills a receiver above its limit and keeps the rest in cash', () => {
    const plan = planSectorTrades({ weights: { Technology: 0.6, Energy: 0.19, Healthcare: 0.21 }, total: 1000 });
    expect(plan.trades.find((t) => t.sector === 'Energy')).toMatchObject({ action: 'BUY', amount: 10 });
    expect(plan.trades.find((t) => t.sector === 'Healthcare')).toMatchObject({ action: 'BUY', amount: 40 });
    expect(plan.toCash).toBe(150);
  });

  it('is quiet at exactly the limit', () => {
    expect(planSectorTrades({ weights: { Technology: 0.4 + 1e-12, Finance: 0.1 }, total: 1e6 }).trades).toEqual([]);
  });

  it('knows other spellings', () => {
    expect(['Tech', 'Information Technology', 'Health Care', 'Financials', 'Energy'].map(canonicalSector)).toEqual([
      'Technology',
      'Technology',
      'Healthcare',
      'Finance',
      'Energy',
    ]);
    expect(sectorLimit('Financials')).toBe(0.3);
    expect(sectorLimit('Utilities')).toBe(0.2);
  });
});

describe('tax lots', () => {
  it('is long term only after the anniversary', () => {
    expect(isLongTerm('2023-01-15', '2024-01-15')).toBe(false);
    expect(isLongTerm('2023-01-15', '2024-01-16')).toBe(true);
    expect(isLongTerm('2024-02-29', '2025-02-28')).toBe(false);
    expect(isLongTerm('2024-02-29', '2025-03-01')).toBe(true);
  });

  it('min-tax is never dearer than any order of whole lots', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            q: fc.integer({ min: 1, max: 50 }),
            c: fc.integer({ min: 1, max: 200 }),
            y: fc.integer({ min: 2018, max: 2023 }),
          }),
          {
            minLength: 2,
            maxLength: 6,
          },
        ),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (raw, share) => {
          const lots = raw.map((r, i) => ({ id: `L${i}`, quantity: r.q, costPerUnit: r.c, acquired: `${r.y}-06-15` }));
          const quantity = Math.floor(share * raw.reduce((sum, r) => sum + r.q, 0));
          const common = { lots, quantity, price: 100, saleDate: '2024-01-15', shortTermRate: 0.37, longTermRate: 0.2 };
          const best = selectTaxLots({ ...common, method: 'min-tax' });
          for (const method of ['fifo', 'lifo', 'hifo'] as const) {
            const other = selectTaxLots({ ...common, method });
            expect(best.taxLotByLot).toBeLessThanOrEqual(other.taxLotByLot + 1e-9);
            expect(other.lots.reduce((sum, l) => sum + l.quantity, 0)).toBeCloseTo(quantity, 9);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('nets short against long results', () => {
    const rates = { shortTermRate: 0.4, longTermRate: 0.2 };
    expect(netTax(100, 100, rates)).toBeCloseTo(60, 12);
    expect(netTax(-40, 100, rates)).toBeCloseTo(12, 12);
    expect(netTax(100, -40, rates)).toBeCloseTo(24, 12);
    expect(netTax(-100, 40, rates)).toBe(0);
  });

  it('a gain has no wash sale; day 30 counts and day 31 does not', () => {
    const sale = { date: '2024-03-20', quantity: 100, price: 40, costPerUnit: 50 };
    const on = (date: string) => findWashSale({ sale, purchases: [{ date, quantity: 10 }] }).replacementShares;
    expect([on('2024-04-19'), on('2024-04-20'), on('2024-02-19'), on('2024-02-18')]).toEqual([10, 0, 10, 0]);
    expect(
      findWashSale({ sale: { ...sale, costPerUnit: 30 }, purchases: [{ date: '2024-03-21', quantity: 10 }] }),
    ).toEqual({ replacementShares: 0, disallowedLoss: 0, allowedLoss: 0 });
  });
});

describe('cash flow, schedule, cost against benefit', () => {
  it('spends exactly the flow and never trades the other way', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 1, max: 1000, noNaN: true }), { minLength: 3, maxLength: 3 }),
        fc.double({ min: 1, max: 500, noNaN: true }),
        (holdings, flow) => {
          const target = [0.5, 0.3, 0.2];
          const inflow = allocateInflow(holdings, target, flow);
          expect(inflow.amounts.reduce((a, b) => a + b, 0)).toBeCloseTo(flow, 6);
          expect(inflow.weightsAfter.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
          const total = holdings.reduce((a, b) => a + b, 0);
          const outflow = allocateOutflow(holdings, target, Math.min(flow, total));
          outflow.amounts.forEach((sold, i) => {
            expect(sold).toBeLessThanOrEqual((holdings[i] as number) + 1e-9);
          });
        },
      ),
    );
  });

  it('splits to the cent over as few dates as the step allows', () => {
    const steps = scheduleTrades({
      amounts: [30_000, 20_000.01],
      total: 100_000,
      maxStep: 0.1,
      start: '2025-01-02',
      everyDays: 7,
    });
    expect(steps.map((s) => s.date)).toEqual(['2025-01-02', '2025-01-09', '2025-01-16']);
    expect(steps.reduce((sum, s) => sum + Math.round((s.amounts[1] ?? 0) * 100), 0)).toBe(2_000_001);
    expect(scheduleTrades({ amounts: [0], total: 1, maxStep: 0.1, start: '2025-01-02', everyDays: 7 })).toEqual([]);
  });

  it('finds a 15 point deviation worth 30 dollars and a tax of 5,000 not worth it', () => {
    const covariance = classCovariance(['stocks', 'bonds', 'cash']);
    const parts = { before: [0.15, -0.1, -0.05], after: [0, 0, 0], covariance, riskAversion: 3, years: 1, value: 1e5 };
    const cheap = weighRebalancing({ ...parts, cost: 30 });
    expect(cheap.worthIt).toBe(true);
    // δ'Σδ = 0.0225·0.0256 + 0.01·0.0036 + 0.0025·0.000025 − 2·0.015·0.1·0.16·0.06 + 2·0.005·0.1·0.06·0.005
    expect(cheap.benefit).toBeCloseTo(0.5 * 3 * 1e5 * (0.000576 + 0.000036 + 6.25e-8 - 0.0000288 + 3e-7), 6);
    expect(weighRebalancing({ ...parts, cost: 5000 }).worthIt).toBe(false);
  });
});

describe('partial position', () => {
  const limits = { position: 0.15, sectors: DEFAULT_SECTOR_LIMITS, cashFloor: 0 };
  const tech = (symbol: string, value: number) => ({ symbol, value, sector: 'Technology', singleName: true });
  const positions = [
    tech('MSFT', 70_000),
    tech('NVDA', 60_000),
    tech('GOOG', 60_000),
    { symbol: 'VTI', value: 200_000, sector: null, singleName: false },
  ];
  const wish = {
    positions,
    cash: 110_000,
    symbol: 'AAPL',
    sector: 'Technology',
    singleName: true,
    amount: 15_000,
    limits,
  };

  it('buys 10,000 of 15,000 when Technology stands at 38%', () => {
    const advice = sizePartialPosition(wish);
    expect(advice).toMatchObject({ amount: 10_000, binding: 'sector', totalValue: 500_000 });
    expect(advice.rooms.find((r) => r.limit === 'sector')?.after).toBeCloseTo(0.4, 12);
    expect(advice.sellFirst).toEqual([{ symbol: 'MSFT', amount: 5000, because: 'sector' }]);
  });

  it('names the position limit, which sales cannot widen', () => {
    const advice = sizePartialPosition({ ...wish, positions: [tech('AAPL', 70_000)], cash: 430_000, amount: 20_000 });
    expect(advice).toMatchObject({ amount: 5000, binding: 'position', sellFirst: [] });
  });

  it('raises cash from what is furthest above its limit', () => {
    const advice = sizePartialPosition({
      ...wish,
      positions: [tech('MSFT', 10_000), { symbol: 'XOM', value: 85_000, sector: 'Energy', singleName: true }],
      cash: 5000,
      amount: 9000,
    });
    expect(advice).toMatchObject({ amount: 5000, binding: 'cash' });
    expect(advice.sellFirst).toEqual([{ symbol: 'XOM', amount: 4000, because: 'cash' }]);
  });

  it('after the sales it names, the whole wish fits', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1000, max: 40_000, noNaN: true }),
        fc.double({ min: 0, max: 30_000, noNaN: true }),
        (amount, cash) => {
          const start = { ...wish, amount, cash };
          const advice = sizePartialPosition(start);
          if (advice.binding === 'none' || advice.sellFirst.length === 0) return;
          const sold = new Map(advice.sellFirst.map((s) => [s.symbol, s.amount]));
          const after = sizePartialPosition({
            ...start,
            positions: positions.map((p) => ({ ...p, value: p.value - (sold.get(p.symbol) ?? 0) })),
            cash: cash + advice.sellFirst.reduce((sum, s) => sum + s.amount, 0),
          });
          expect(after.binding).toBe('none');
        },
      ),
    );
  });

  it('with new money the total grows too', () => {
    const advice = sizePartialPosition({ ...wish, funding: 'new-money', amount: 50_000 });
    expect(190_000 + advice.amount).toBeCloseTo(0.4 * (500_000 + advice.amount), 0);
  });
});
