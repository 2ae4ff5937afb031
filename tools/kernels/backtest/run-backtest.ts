/**
 * What would a strategy have earned? An event-driven simulation that holds units, not weights.
 *
 * Order of events on bar t: (1) interest and fees since bar t−1 accrue; (2) orders decided `delay` bars ago fill at this
 * bar's price and pay costs; (3) the book is marked at the close; (4) the strategy looks at bar t and decides, sized by
 * this bar's equity and prices, to be filled later. Nothing is interpolated: a gap marks at the last price and lapses
 * orders, an asset that is not listed yet cannot be bought, a price that has vanished for `staleLimit` bars is sold at
 * its last value. All of it is counted. O(rows × cols).
 *
 * Source: accounting identities (equity = cash + Σ units × price); pitfalls after López de Prado (2018), Advances in
 * Financial Machine Learning, ch. 11, and Harvey & Liu (2015). Example: one asset, always weight 1, no costs: equity follows
 * the price from the second bar on.
 */
import { invalidInput, notEnoughData } from '../../../lib/errors.ts';
import type { BacktestMarket, BacktestResult, BacktestSettings, Decide, Fill, RoundTrip } from './backtest-types.ts';

interface Book {
  cash: number;
  equity: number;
  readonly units: Float64Array;
  readonly prices: Float64Array;
  /** Bars since the asset last had a price. */
  readonly stale: Int32Array;
  /** Trip in progress: row of entry (−1 when flat) and money put in. */
  readonly entryRow: Int32Array;
  readonly paid: Float64Array;
}

interface Ledger {
  traded: number;
  commission: number;
  spread: number;
  slippage: number;
  borrow: number;
  financing: number;
  interest: number;
  fillCount: number;
  unfilledNoPrice: number;
  missedLimit: number;
  partialFills: number;
  notListed: number;
  scaledToGross: number;
  closedStale: number;
  readonly fills: Fill[];
  readonly trips: RoundTrip[];
}

/** The units that one decision wants to hold, waiting for their bar; NaN keeps what is held then. */
interface Orders {
  readonly due: number;
  readonly wanted: Float64Array;
  readonly reference: Float64Array;
}

interface Run {
  readonly market: BacktestMarket;
  readonly settings: BacktestSettings;
  readonly book: Book;
  readonly ledger: Ledger;
}

export function runBacktest(market: BacktestMarket, settings: BacktestSettings, decide: Decide): BacktestResult {
  checkInput(market, settings);
  const { rows, cols } = market;
  const run: Run = { market, settings, book: emptyBook(cols, settings.capital), ledger: emptyLedger() };
  const { book, ledger } = run;
  const delay = settings.delay ?? 1;
  const equity = new Float64Array(rows);
  const gross = new Float64Array(rows);
  const net = new Float64Array(rows);
  const turnover = new Float64Array(rows);
  const target = new Float64Array(cols);
  let queue: Orders[] = [];
  let status: BacktestResult['status'] = 'complete';
  for (let row = 0; row < rows; row++) {
    ledger.traded = 0;
    if (row > 0) accrue(run);
    if (status === 'complete') {
      const due = queue.filter((orders) => orders.due === row);
      for (const orders of due) fillOrders(run, row, orders);
      queue = queue.filter((orders) => orders.due > row);
      mark(run, row);
      const orders = place(run, row, row + delay, decide, target);
      if (orders !== null && delay === 0) {
        fillOrders(run, row, orders);
        markEquity(run);
      } else if (orders !== null) queue.push(orders);
      if (book.equity <= 0) status = 'ruined';
      if (book.equity <= 0) liquidate(run, row);
    }
    equity[row] = book.equity;
    writeExposure(run, row, gross, net);
    turnover[row] = book.equity > 0 ? ledger.traded / book.equity : 0;
  }
  closeTrips(run);
  return toResult(run, status, { equity, gross, net, turnover });
}

function checkInput(market: BacktestMarket, settings: BacktestSettings): void {
  const { rows, cols, close } = market;
  if (rows < 2) throw notEnoughData({ what: 'A backtest', needed: 2, got: rows });
  for (const [name, matrix] of Object.entries({ close, fill: market.fill, high: market.high, low: market.low })) {
    if (matrix !== undefined && matrix.length !== rows * cols) {
      throw invalidInput({ what: `The ${name} matrix`, needed: `${rows} × ${cols}`, got: `${matrix.length} numbers` });
    }
  }
  if (!(settings.capital > 0)) throw invalidInput({ what: 'The capital', needed: 'positive', got: settings.capital });
  if (settings.limitOffset !== undefined && (market.high === undefined || market.low === undefined)) {
    throw invalidInput({ what: 'Limit orders', needed: 'given with high and low prices', got: 'without them' });
  }
}

function emptyBook(cols: number, capital: number): Book {
  return {
    cash: capital,
    equity: capital,
    units: new Float64Array(cols),
    prices: new Float64Array(cols).fill(Number.NaN),
    stale: new Int32Array(cols),
    entryRow: new Int32Array(cols).fill(-1),
    paid: new Float64Array(cols),
  };
}

function emptyLedger(): Ledger {
  return {
    traded: 0,
    commission: 0,
    spread: 0,
    slippage: 0,
    borrow: 0,
    financing: 0,
    interest: 0,
    fillCount: 0,
    unfilledNoPrice: 0,
    missedLimit: 0,
    partialFills: 0,
    notListed: 0,
    scaledToGross: 0,
    closedStale: 0,
    fills: [],
    trips: [],
  };
}

/** Interest, financing and borrow for one bar, on the book as it stood at the end of the bar before. */
function accrue({ book, ledger, settings }: Run): void {
  const { cashRate = 0, financingSpread = 0, borrowRate = 0 } = settings.costs ?? {};
  if (cashRate === 0 && financingSpread === 0 && borrowRate === 0) return;
  let long = 0;
  let short = 0;
  for (let j = 0; j < book.units.length; j++) {
    const value = (book.units[j] as number) * (book.prices[j] as number);
    if (value > 0) long += value;
    else if (value < 0) short -= value;
  }
  const idle = book.equity - long;
  const year = settings.periodsPerYear;
  const interest = idle > 0 ? (idle * cashRate) / year : 0;
  const financing = idle < 0 ? (-idle * (cashRate + financingSpread)) / year : 0;
  const borrow = (short * borrowRate) / year;
  book.cash += interest - financing - borrow;
  ledger.interest += interest;
  ledger.financing += financing;
  ledger.borrow += borrow;
}

function fillOrders(run: Run, row: number, orders: Orders): void {
  const { market, settings, ledger } = run;
  const base = row * market.cols;
  const fill = settings.delay === 0 ? market.close : (market.fill ?? market.close);
  for (let j = 0; j < market.cols; j++) {
    const wanted = (orders.wanted[j] as number) - (run.book.units[j] as number);
    if (wanted === 0 || Number.isNaN(wanted)) continue;
    const price = fill[base + j] as number;
    if (!(price > 0)) {
      ledger.unfilledNoPrice++;
      continue;
    }
    const limit = limitPrice(run, base + j, wanted, orders.reference[j] as number);
    if (limit === null) {
      ledger.missedLimit++;
      continue;
    }
    const units = withinVolume(run, base + j, wanted);
    if (units !== 0) execute(run, row, j, units, limit ?? price, limit !== undefined);
  }
}

/** Undefined: a market order. Null: the market did not trade through the limit. */
function limitPrice(
  { market, settings }: Run,
  at: number,
  units: number,
  reference: number,
): number | null | undefined {
  if (settings.limitOffset === undefined) return undefined;
  const limit = reference * (1 - Math.sign(units) * settings.limitOffset);
  const reached = units > 0 ? (market.low?.[at] as number) < limit : (market.high?.[at] as number) > limit;
  return reached ? limit : null;
}

function withinVolume({ market, settings, ledger }: Run, at: number, units: number): number {
  if (settings.participation === undefined || market.volume === undefined) return units;
  const volume = market.volume[at] as number;
  const most = volume > 0 ? volume * settings.participation : 0;
  if (Math.abs(units) <= most) return units;
  ledger.partialFills++;
  return Math.sign(units) * most;
}

function execute(run: Run, row: number, j: number, units: number, price: number, maker: boolean): void {
  const { book, ledger, settings } = run;
  const { commissionRate = 0, commissionPerUnit = 0, halfSpread = 0, slippage = 0 } = settings.costs ?? {};
  const rate = maker ? (settings.costs?.makerRate ?? commissionRate) : commissionRate;
  const value = Math.abs(units) * price;
  const commission = value * rate + Math.abs(units) * commissionPerUnit;
  const spread = maker ? 0 : value * halfSpread;
  const slip = maker ? 0 : value * slippage;
  const cost = commission + spread + slip;
  book.cash -= units * price + cost;
  ledger.commission += commission;
  ledger.spread += spread;
  ledger.slippage += slip;
  ledger.traded += value;
  ledger.fillCount++;
  if (ledger.fills.length < (settings.fillLimit ?? 20_000)) ledger.fills.push({ row, asset: j, units, price, cost });
  bookTrip(run, row, j, units, price, cost);
}

/** Updates units and the open round trip; a fill through zero closes one trip and opens the next. */
function bookTrip({ book, ledger }: Run, row: number, j: number, units: number, price: number, cost: number): void {
  const before = book.units[j] as number;
  let after = before + units;
  if (Math.abs(after) < 1e-12 * Math.max(Math.abs(before), Math.abs(units))) after = 0;
  book.units[j] = after;
  const closes = before !== 0 && (after === 0 || Math.sign(after) !== Math.sign(before));
  if (closes) {
    const closing = units === 0 ? 0 : Math.min(1, Math.abs(before / units));
    const profit = before * price - (book.paid[j] as number) - cost * closing;
    ledger.trips.push({
      asset: j,
      entryRow: book.entryRow[j] as number,
      exitRow: row,
      side: before > 0 ? 1 : -1,
      profit,
    });
    book.paid[j] = after * price + cost * (1 - closing);
    book.entryRow[j] = after === 0 ? -1 : row;
    return;
  }
  book.paid[j] = (book.paid[j] as number) + units * price + cost;
  if (before === 0 && after !== 0) book.entryRow[j] = row;
}

/** Takes the bar's closes, closes positions whose price has vanished, and marks the equity. */
function mark(run: Run, row: number): void {
  const { market, settings, book, ledger } = run;
  const base = row * market.cols;
  const staleLimit = settings.staleLimit ?? 10;
  for (let j = 0; j < market.cols; j++) {
    const price = market.close[base + j] as number;
    if (price > 0) {
      book.prices[j] = price;
      book.stale[j] = 0;
      continue;
    }
    const bars = (book.stale[j] as number) + 1;
    book.stale[j] = bars;
    if (bars >= staleLimit && book.units[j] !== 0) {
      ledger.closedStale++;
      execute(run, row, j, -(book.units[j] as number), book.prices[j] as number, false);
    }
  }
  markEquity(run);
}

function markEquity({ book }: Run): void {
  let value = book.cash;
  for (let j = 0; j < book.units.length; j++) {
    const units = book.units[j] as number;
    if (units !== 0) value += units * (book.prices[j] as number);
  }
  book.equity = value;
}

/** Asks the strategy and turns its target into orders; null where nothing is to be done. */
function place(run: Run, row: number, due: number, decide: Decide, target: Float64Array): Orders | null {
  const { book, market, settings, ledger } = run;
  target.fill(0);
  const answer = decide({ row, equity: book.equity, units: book.units, prices: book.prices }, target);
  if (answer === 'hold' || book.equity <= 0 || due >= market.rows) return null;
  if (answer === 'weights') {
    for (let j = 0; j < target.length; j++) {
      const weight = target[j] as number;
      const price = book.prices[j] as number;
      if (weight === 0 || Number.isNaN(weight)) continue;
      target[j] = price > 0 ? (weight * book.equity) / price : notListed(ledger);
    }
  }
  scaleToGross(run, target, settings.maxGross);
  const wanted = Float64Array.from(target);
  for (let j = 0; j < wanted.length; j++) {
    const units = wanted[j] as number;
    const listed = (book.prices[j] as number) > 0 && (book.stale[j] as number) === 0;
    if (listed || Number.isNaN(units) || units === (book.units[j] as number)) continue;
    notListed(ledger);
    wanted[j] = Number.NaN;
  }
  return { due, wanted, reference: settings.limitOffset === undefined ? book.prices : book.prices.slice() };
}

function notListed(ledger: Ledger): number {
  ledger.notListed++;
  return 0;
}

function scaleToGross({ book, ledger }: Run, target: Float64Array, maxGross: number | undefined): void {
  if (maxGross === undefined) return;
  let value = 0;
  for (let j = 0; j < target.length; j++) {
    const price = book.prices[j] as number;
    const wanted = Number.isNaN(target[j]) ? (book.units[j] as number) : (target[j] as number);
    if (price > 0) value += Math.abs(wanted) * price;
  }
  const allowed = maxGross * book.equity;
  if (value <= allowed * (1 + 1e-12)) return;
  ledger.scaledToGross++;
  for (let j = 0; j < target.length; j++) target[j] = (target[j] as number) * (allowed / value);
}

/** Ruin: everything is sold at the marks and the account stays at what is left (never above zero by luck). */
function liquidate(run: Run, row: number): void {
  const { book } = run;
  for (let j = 0; j < book.units.length; j++) {
    const units = book.units[j] as number;
    if (units !== 0) execute(run, row, j, -units, book.prices[j] as number, false);
  }
  markEquity(run);
}

function writeExposure({ book }: Run, row: number, gross: Float64Array, net: Float64Array): void {
  if (!(book.equity > 0)) return;
  let absolute = 0;
  let signed = 0;
  for (let j = 0; j < book.units.length; j++) {
    const units = book.units[j] as number;
    if (units === 0) continue;
    const value = units * (book.prices[j] as number);
    absolute += Math.abs(value);
    signed += value;
  }
  gross[row] = absolute / book.equity;
  net[row] = signed / book.equity;
}

function closeTrips({ book, ledger }: Run): void {
  for (let j = 0; j < book.units.length; j++) {
    const units = book.units[j] as number;
    if (units === 0) continue;
    ledger.trips.push({
      asset: j,
      entryRow: book.entryRow[j] as number,
      exitRow: null,
      side: units > 0 ? 1 : -1,
      profit: units * (book.prices[j] as number) - (book.paid[j] as number),
    });
  }
}

function toResult(
  { ledger, settings }: Run,
  status: BacktestResult['status'],
  paths: Pick<BacktestResult, 'equity' | 'gross' | 'net' | 'turnover'>,
): BacktestResult {
  const { equity } = paths;
  const returns = equity.map((value, t) => {
    const before = t === 0 ? settings.capital : (equity[t - 1] as number);
    return before > 0 ? value / before - 1 : 0;
  });
  const { commission, spread, slippage, borrow, financing, interest } = ledger;
  const { unfilledNoPrice, missedLimit, partialFills, notListed, scaledToGross, closedStale } = ledger;
  return {
    status,
    ...paths,
    returns,
    costs: { commission, spread, slippage, borrow, financing, interest },
    fills: ledger.fills,
    fillCount: ledger.fillCount,
    roundTrips: ledger.trips,
    counts: { unfilledNoPrice, missedLimit, partialFills, notListed, scaledToGross, closedStale },
  };
}
