/**
 * A trading signal written as an expression over one instrument's bars: `close > sma(close, 200)`,
 * `sign(roc(close, 126)) * (er(close, 60) > 0.2)`. mathjs parses; this walks the tree and evaluates only what is listed, on
 * whole series at once. Every function looks back only, so a signal at a bar cannot see the next one.
 */
import type { MathNode } from 'mathjs';
import { TradewindError } from '../../lib/errors.ts';
import { exponentialAverage, kaufmanAverage, simpleAverage } from '../kernels/momentum/moving-averages.ts';
import { efficiencyRatio, rateOfChange, relativeStrength } from '../kernels/momentum/oscillators.ts';
import { rollingZScore } from '../kernels/statarb/z-score.ts';

export interface SignalBars {
  readonly close: Float64Array;
  readonly open: Float64Array | null;
  readonly high: Float64Array | null;
  readonly low: Float64Array | null;
  readonly volume: Float64Array | null;
}

const MAX_CHARACTERS = 500;
const MAX_NODES = 150;
const MAX_DEPTH = 25;
const MAX_WINDOW = 2000;

type Series = Float64Array;

function rolling(x: Series, window: number, reduce: (values: Series) => number): Series {
  return x.map((_, t) => (t < window - 1 ? Number.NaN : reduce(x.subarray(t - window + 1, t + 1))));
}

function deviation(values: Series): number {
  let mean = 0;
  for (const v of values) mean += v / values.length;
  let square = 0;
  for (const v of values) square += (v - mean) ** 2;
  return Math.sqrt(square / (values.length - 1));
}

/** Functions of a series and a window. */
const windowed: Readonly<Record<string, (x: Series, window: number) => Series>> = {
  sma: simpleAverage,
  ema: exponentialAverage,
  kama: kaufmanAverage,
  rsi: relativeStrength,
  roc: (x, n) => rateOfChange(x, n).map((v) => v / 100),
  er: efficiencyRatio,
  zscore: rollingZScore,
  std: (x, n) => rolling(x, Math.max(2, n), deviation),
  highest: (x, n) => rolling(x, n, (values) => values.reduce((a, b) => Math.max(a, b))),
  lowest: (x, n) => rolling(x, n, (values) => values.reduce((a, b) => Math.min(a, b))),
  lag: (x, n) => x.map((_, t) => (t < n ? Number.NaN : (x[t - n] as number))),
};

const pointwise: Readonly<Record<string, (x: number) => number>> = {
  abs: Math.abs,
  sign: Math.sign,
  sqrt: Math.sqrt,
  exp: Math.exp,
  log: Math.log,
};

const paired: Readonly<Record<string, (x: number, y: number) => number>> = { min: Math.min, max: Math.max };

const binary: Readonly<Record<string, (x: number, y: number) => number>> = {
  add: (x, y) => x + y,
  subtract: (x, y) => x - y,
  multiply: (x, y) => x * y,
  divide: (x, y) => x / y,
  pow: (x, y) => x ** y,
  larger: (x, y) => truth(x, y, x > y),
  largerEq: (x, y) => truth(x, y, x >= y),
  smaller: (x, y) => truth(x, y, x < y),
  smallerEq: (x, y) => truth(x, y, x <= y),
  and: (x, y) => truth(x, y, x !== 0 && y !== 0),
  or: (x, y) => truth(x, y, x !== 0 || y !== 0),
};

/** Unknown stays unknown: a comparison with a value that is not defined yet is not false. */
function truth(x: number, y: number, value: boolean): number {
  return Number.isNaN(x) || Number.isNaN(y) ? Number.NaN : Number(value);
}

export const signalFunctions: readonly string[] = [
  ...Object.keys(windowed),
  ...Object.keys(pointwise),
  ...Object.keys(paired),
].sort();

function refused(message: string): TradewindError {
  return new TradewindError({
    code: 'INVALID_EXPRESSION',
    kind: 'input',
    message,
    hint: `Use close, open, high, low, volume, numbers, + - * / ^, comparisons, and, or, not, a ? b : c, and ${signalFunctions.join(', ')}; for example close > sma(close, 200).`,
  });
}

type Tree = MathNode & {
  readonly value?: unknown;
  readonly name?: string;
  readonly fn?: unknown;
  readonly args?: readonly MathNode[];
  readonly content?: MathNode;
  readonly condition?: MathNode;
  readonly trueExpr?: MathNode;
  readonly falseExpr?: MathNode;
};

export type SignalProgram = (bars: SignalBars) => Float64Array;

/** Reads the expression once; the program can be run on any instrument. Throws `INVALID_EXPRESSION`. */
export async function compileSignal(text: string): Promise<SignalProgram> {
  if (text.length > MAX_CHARACTERS)
    throw refused(`The expression has ${text.length} characters; at most ${MAX_CHARACTERS} are read.`);
  const math = await import('mathjs/number');
  let tree: MathNode;
  try {
    tree = math.parse(text);
  } catch (error) {
    throw refused(
      `The expression ${JSON.stringify(text.slice(0, 80))} cannot be read: ${error instanceof Error ? error.message : 'syntax error'}.`,
    );
  }
  let nodes = 0;
  tree.traverse(() => {
    nodes++;
  });
  if (nodes > MAX_NODES) throw refused(`The expression has ${nodes} parts; at most ${MAX_NODES} are read.`);
  return (bars) => asSeries(evaluate(tree, bars, 0), bars.close.length);
}

type Value = number | Series;

function asSeries(value: Value, n: number): Series {
  return typeof value === 'number' ? new Float64Array(n).fill(value) : value;
}

function combine(x: Value, y: Value, f: (a: number, b: number) => number): Value {
  if (typeof x === 'number') return typeof y === 'number' ? f(x, y) : y.map((v) => f(x, v));
  return typeof y === 'number' ? x.map((v) => f(v, y)) : x.map((v, t) => f(v, y[t] as number));
}

function apply(x: Value, f: (a: number) => number): Value {
  return typeof x === 'number' ? f(x) : x.map(f);
}

function evaluate(node: MathNode | undefined, bars: SignalBars, depth: number): Value {
  if (depth > MAX_DEPTH) throw refused('The expression is nested too deeply.');
  const tree = node as Tree | undefined;
  const inner = (child: MathNode | undefined): Value => evaluate(child, bars, depth + 1);
  switch (tree?.type) {
    case 'ConstantNode':
      if (typeof tree.value === 'number' && Number.isFinite(tree.value)) return tree.value;
      throw refused(`${JSON.stringify(tree.value)} is not a number.`);
    case 'SymbolNode':
      return barsOf(tree.name ?? '', bars);
    case 'ParenthesisNode':
      return inner(tree.content);
    case 'OperatorNode':
      return operate(tree, inner);
    case 'ConditionalNode': {
      const yes = inner(tree.trueExpr);
      const no = inner(tree.falseExpr);
      const pick = (v: Value, t: number) => (typeof v === 'number' ? v : (v[t] as number));
      const condition = asSeries(inner(tree.condition), bars.close.length);
      return condition.map((c, t) => (Number.isNaN(c) ? Number.NaN : c !== 0 ? pick(yes, t) : pick(no, t)));
    }
    case 'FunctionNode':
      return call(tree, inner, bars);
    default:
      throw refused(
        `${node === undefined ? 'An empty expression' : `\`${node.toString().slice(0, 60)}\``} is not allowed here.`,
      );
  }
}

function barsOf(name: string, bars: SignalBars): Series {
  if (name === 'close') return bars.close;
  if (name === 'open' || name === 'high' || name === 'low' || name === 'volume') {
    const series = bars[name];
    if (series !== null) return series;
    throw refused(`There are no ${name} prices for every instrument here.`);
  }
  throw refused(`\`${name.slice(0, 40)}\` is not a series.`);
}

function own<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

function operate(tree: Tree, inner: (node: MathNode) => Value): Value {
  const name = String(tree.fn);
  const [x, y] = tree.args ?? [];
  const two = own(binary, name);
  if (x !== undefined && y !== undefined && two !== undefined) return combine(inner(x), inner(y), two);
  if (x !== undefined && y === undefined) {
    if (name === 'unaryMinus') return apply(inner(x), (v) => -v);
    if (name === 'unaryPlus') return inner(x);
    if (name === 'not') return apply(inner(x), (v) => (Number.isNaN(v) ? v : Number(v === 0)));
  }
  throw refused(`The operator in \`${tree.toString().slice(0, 60)}\` is not allowed.`);
}

function call(tree: Tree, inner: (node: MathNode) => Value, bars: SignalBars): Value {
  const name = (tree.fn as Tree | undefined)?.name ?? '';
  const args = (tree.args ?? []).map(inner);
  const [x, y] = args;
  const overWindow = own(windowed, name);
  const one = own(pointwise, name);
  const two = own(paired, name);
  if (overWindow !== undefined && x !== undefined && args.length === 2) {
    if (typeof y !== 'number' || !Number.isInteger(y) || y < 1 || y > MAX_WINDOW) {
      throw refused(
        `The window of \`${name}\` must be a whole number from 1 to ${MAX_WINDOW}, so that nothing looks ahead.`,
      );
    }
    return overWindow(asSeries(x, bars.close.length), Math.max(name === 'zscore' ? 2 : 1, y));
  }
  if (one !== undefined && x !== undefined && args.length === 1) return apply(x, one);
  if (two !== undefined && x !== undefined && y !== undefined && args.length === 2) return combine(x, y, two);
  if (overWindow ?? one ?? two)
    throw refused(`\`${name}\` takes ${one === undefined ? 'two arguments' : 'one argument'}, not ${args.length}.`);
  throw refused(`There is no function \`${name.slice(0, 40)}\` here.`);
}
