/**
 * A fixed-coupon bond of face 100 on a discount curve: price, yield, duration, convexity, key rates, and what it earns when
 * the curve stays where it is. Tuckman and Serrat (2011), Fixed Income Securities, 3rd ed., chapters 3 to 5; carry and
 * roll-down as in Koijen, Moskowitz, Pedersen and Vrugt (2018), J. Financ. Econ. 127, section 2.
 */
import { findRoot } from '../optimise-smooth/brent.ts';
import { couponTimes, type DiscountCurve, discountAt } from './discount-curve.ts';

export interface Bond {
  /** Annual coupon rate, decimal. */
  readonly coupon: number;
  readonly maturity: number;
  /** Coupons a year. */
  readonly frequency: number;
}

export interface BondMeasures {
  /** Dirty price per 100. */
  readonly price: number;
  /** Compounded `frequency` times a year. */
  readonly yieldToMaturity: number;
  readonly macaulayDuration: number;
  readonly modifiedDuration: number;
  readonly convexity: number;
  /** Price change per basis point of yield. */
  readonly dv01: number;
}

interface CashFlow {
  readonly time: number;
  readonly amount: number;
}

function cashFlows(bond: Bond): CashFlow[] {
  return couponTimes(bond.maturity, bond.frequency).map((time) => ({
    time,
    amount: (100 * bond.coupon) / bond.frequency + (Math.abs(time - bond.maturity) < 1e-9 ? 100 : 0),
  }));
}

export function bondPrice(curve: DiscountCurve, bond: Bond): number {
  return cashFlows(bond).reduce((sum, flow) => sum + flow.amount * discountAt(curve, flow.time), 0);
}

function priceAtYield(flows: readonly CashFlow[], rate: number, frequency: number, elapsed = 0): number {
  return flows.reduce(
    (sum, flow) => sum + flow.amount * (1 + rate / frequency) ** (-frequency * (flow.time - elapsed)),
    0,
  );
}

export function yieldFromPrice(bond: Bond, price: number): number {
  const flows = cashFlows(bond);
  const lowest = -0.9 * bond.frequency * 0.5;
  return findRoot((rate) => priceAtYield(flows, rate, bond.frequency) - price, lowest, 5, { tolerance: 1e-15 }).x;
}

export function measureBond(curve: DiscountCurve, bond: Bond): BondMeasures {
  const flows = cashFlows(bond);
  const price = bondPrice(curve, bond);
  const rate = yieldFromPrice(bond, price);
  const step = 1 + rate / bond.frequency;
  let first = 0;
  let second = 0;
  for (const { time, amount } of flows) {
    const value = amount * step ** (-bond.frequency * time);
    first += time * value;
    second += time * (time + 1 / bond.frequency) * value;
  }
  const macaulayDuration = first / price;
  const modifiedDuration = macaulayDuration / step;
  return {
    price,
    yieldToMaturity: rate,
    macaulayDuration,
    modifiedDuration,
    convexity: second / price / (step * step),
    dv01: (modifiedDuration * price) / 1e4,
  };
}

/** −dP/P per unit of each node's continuous zero rate, by symmetric bumps of one basis point. */
export function keyRateDurations(curve: DiscountCurve, bond: Bond): Float64Array {
  const price = bondPrice(curve, bond);
  const bump = 1e-4;
  return curve.times.map((time, k) => {
    const moved = (size: number): number => {
      const logDiscounts = curve.logDiscounts.slice();
      logDiscounts[k] = (logDiscounts[k] as number) - size * time;
      return bondPrice({ times: curve.times, logDiscounts }, bond);
    };
    return -(moved(bump) - moved(-bump)) / (2 * bump * price);
  });
}

export interface BondCarry {
  readonly price: number;
  readonly yieldToMaturity: number;
  /** Value at the horizon if the curve, as a function of time to payment, has not moved. */
  readonly dirtyPriceUnchangedCurve: number;
  readonly dirtyPriceUnchangedYield: number;
  readonly couponsReceived: number;
  /** Price gained by sliding down the curve: unchanged curve minus unchanged yield. */
  readonly rollDown: number;
  /** Coupons and pull to par at the present yield. */
  readonly yieldIncome: number;
  readonly totalReturnUnchangedCurve: number;
  /** Interest on the price at the curve's own rate to the horizon. */
  readonly financing: number;
  /** Yield income plus roll-down minus financing. */
  readonly carryAndRoll: number;
  readonly forwardDirtyPrice: number;
}

/** Coupons on or before the horizon are counted and not reinvested. `horizon` in years, at most the maturity. */
export function bondCarry(curve: DiscountCurve, bond: Bond, horizon: number): BondCarry {
  const flows = cashFlows(bond);
  const price = bondPrice(curve, bond);
  const rate = yieldFromPrice(bond, price);
  const paid = flows.filter((flow) => flow.time <= horizon + 1e-9);
  const left = flows.filter((flow) => flow.time > horizon + 1e-9);
  const couponsReceived = paid.reduce((sum, flow) => sum + flow.amount, 0);
  const paidValue = paid.reduce((sum, flow) => sum + flow.amount * discountAt(curve, flow.time), 0);
  const unchangedCurve = left.reduce((sum, flow) => sum + flow.amount * discountAt(curve, flow.time - horizon), 0);
  const unchangedYield = priceAtYield(left, rate, bond.frequency, horizon);
  const toHorizon = discountAt(curve, horizon);
  const financing = price * (1 / toHorizon - 1);
  return {
    price,
    yieldToMaturity: rate,
    dirtyPriceUnchangedCurve: unchangedCurve,
    dirtyPriceUnchangedYield: unchangedYield,
    couponsReceived,
    rollDown: unchangedCurve - unchangedYield,
    yieldIncome: unchangedYield + couponsReceived - price,
    totalReturnUnchangedCurve: (unchangedCurve + couponsReceived - price) / price,
    financing,
    carryAndRoll: unchangedCurve + couponsReceived - price - financing,
    forwardDirtyPrice: (price - paidValue) / toHorizon,
  };
}
