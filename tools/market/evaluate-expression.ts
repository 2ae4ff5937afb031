/**
 * A small calculator over named numbers. mathjs parses the text; this walks the tree and evaluates only what is listed
 * here, so nothing of mathjs itself (units, matrices, assignments, imports) can be reached. There are no loops: time is
 * bounded by the number of nodes.
 */
import type { MathNode } from 'mathjs';
import { TradewindError } from '../../lib/errors.ts';
import { nearest } from '../../lib/nearest.ts';
import { mean, standardDeviation, variance } from '../kernels/stats/moments.ts';

export const MAX_CHARACTERS = 500;
const MAX_NODES = 200;
const MAX_DEPTH = 30;

type Reducer = (values: readonly number[]) => number;

const constants: Readonly<Record<string, number>> = { pi: Math.PI, e: Math.E };

const oneNumber: Readonly<Record<string, (x: number) => number>> = {
  abs: Math.abs,
  sqrt: Math.sqrt,
  cbrt: Math.cbrt,
  exp: Math.exp,
  expm1: Math.expm1,
  log10: Math.log10,
  log2: Math.log2,
  log1p: Math.log1p,
  floor: Math.floor,
  ceil: Math.ceil,
  sign: Math.sign,
};

const manyNumbers: Readonly<Record<string, Reducer>> = {
  min: (values) => Math.min(...values),
  max: (values) => Math.max(...values),
  sum: (values) => values.reduce((total, value) => total + value, 0),
  mean: (values) => mean(values),
  median: (values) => median(values),
  std: (values) => (values.length < 2 ? Number.NaN : standardDeviation(values)),
  variance: (values) => (values.length < 2 ? Number.NaN : variance(values)),
};

const special: Readonly<Record<string, { readonly least: number; readonly most: number; readonly apply: Reducer }>> = {
  log: { least: 1, most: 2, apply: ([x = 0, base = Math.E]) => Math.log(x) / (base === Math.E ? 1 : Math.log(base)) },
  pow: { least: 2, most: 2, apply: ([x = 0, y = 0]) => x ** y },
  mod: { least: 2, most: 2, apply: ([x = 0, y = 0]) => x - y * Math.floor(x / y) },
  round: { least: 1, most: 2, apply: ([x = 0, digits = 0]) => roundTo(x, digits) },
};

const binary: Readonly<Record<string, (x: number, y: number) => number>> = {
  add: (x, y) => x + y,
  subtract: (x, y) => x - y,
  multiply: (x, y) => x * y,
  divide: (x, y) => x / y,
  pow: (x, y) => x ** y,
  mod: (x, y) => x - y * Math.floor(x / y),
  larger: (x, y) => Number(x > y),
  largerEq: (x, y) => Number(x >= y),
  smaller: (x, y) => Number(x < y),
  smallerEq: (x, y) => Number(x <= y),
  equal: (x, y) => Number(x === y),
  unequal: (x, y) => Number(x !== y),
  and: (x, y) => Number(x !== 0 && y !== 0),
  or: (x, y) => Number(x !== 0 || y !== 0),
};

const unary: Readonly<Record<string, (x: number) => number>> = {
  unaryMinus: (x) => -x,
  unaryPlus: (x) => x,
  not: (x) => Number(x === 0),
};

/** Everything that may be called, in the order of the alphabet. */
export const functionNames: readonly string[] = [
  ...Object.keys(oneNumber),
  ...Object.keys(manyNumbers),
  ...Object.keys(special),
].sort();

function median(values: readonly number[]): number {
  const ordered = [...values].sort((a, b) => a - b);
  const middle = ordered.length >> 1;
  const upper = ordered[middle] ?? Number.NaN;
  return ordered.length % 2 === 1 ? upper : ((ordered[middle - 1] ?? Number.NaN) + upper) / 2;
}

function roundTo(x: number, digits: number): number {
  const scale = 10 ** Math.min(12, Math.max(-12, Math.round(digits)));
  return Math.round(x * scale) / scale;
}

function refused(message: string, hint: string): TradewindError {
  return new TradewindError({ code: 'INVALID_EXPRESSION', kind: 'input', message, hint });
}

/** A name that is listed, never one that every object inherits. */
function own<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

/** The value of an expression over named numbers. Throws `INVALID_EXPRESSION`, or `NOT_A_NUMBER` where it has no finite value. */
export async function evaluateExpression(text: string, values: Readonly<Record<string, number>>): Promise<number> {
  if (text.length > MAX_CHARACTERS) {
    throw refused(`The expression has ${text.length} characters; at most ${MAX_CHARACTERS} are read.`, 'Split it.');
  }
  const tree = await parse(text);
  let nodes = 0;
  tree.traverse(() => {
    nodes++;
  });
  if (nodes > MAX_NODES)
    throw refused(`The expression has ${nodes} parts; at most ${MAX_NODES} are read.`, 'Split it.');
  const result = evaluate(tree, values, 0);
  if (Number.isFinite(result)) return result;
  throw new TradewindError({
    code: 'NOT_A_NUMBER',
    kind: 'input',
    message: `The expression ${JSON.stringify(text)} has no finite value (it gives ${result}).`,
    hint: 'Look for a division by zero, or a root or logarithm of a negative number.',
  });
}

async function parse(text: string): Promise<MathNode> {
  // Loaded when the first expression is read: nobody else waits for it.
  const math = await import('mathjs/number');
  try {
    return math.parse(text);
  } catch (error) {
    throw refused(
      `The expression ${JSON.stringify(text)} cannot be read: ${error instanceof Error ? error.message : 'syntax error'}.`,
      'Write it like (a - b) / b, with * for a product.',
    );
  }
}

type Tree = MathNode & {
  readonly value?: unknown;
  readonly name?: string;
  readonly fn?: unknown;
  readonly args?: readonly MathNode[];
  readonly items?: readonly MathNode[];
  readonly content?: MathNode;
  readonly condition?: MathNode;
  readonly trueExpr?: MathNode;
  readonly falseExpr?: MathNode;
};

function evaluate(node: MathNode | undefined, values: Readonly<Record<string, number>>, depth: number): number {
  if (depth > MAX_DEPTH) throw refused('The expression is nested too deeply.', 'Split it.');
  const tree = node as Tree | undefined;
  const inner = (child: MathNode | undefined) => evaluate(child, values, depth + 1);
  switch (tree?.type) {
    case 'ConstantNode':
      if (typeof tree.value === 'number') return tree.value;
      throw refused(`${JSON.stringify(tree.value)} is not a number.`, 'Only numbers and names of values are allowed.');
    case 'SymbolNode':
      return namedValue(tree.name ?? '', values);
    case 'ParenthesisNode':
      return inner(tree.content);
    case 'OperatorNode':
      return operate(tree, inner);
    case 'ConditionalNode':
      return inner(tree.condition) !== 0 ? inner(tree.trueExpr) : inner(tree.falseExpr);
    case 'FunctionNode':
      return call(tree, inner);
    default:
      throw refused(
        `${node === undefined ? 'An empty expression' : `\`${node.toString().slice(0, 60)}\``} is not allowed here.`,
        'Allowed are numbers, names of values, + - * / ^ %, comparisons, a ? b : c and the listed functions.',
      );
  }
}

function namedValue(name: string, values: Readonly<Record<string, number>>): number {
  const value = own(values, name) ?? own(constants, name);
  if (value !== undefined) return value;
  const known = Object.keys(values);
  const near = nearest(name, known, 1)[0];
  throw refused(
    `\`${name}\` has no value; \`values\` holds ${known.length === 0 ? 'nothing' : known.slice(0, 12).join(', ')}.`,
    near === undefined ? `Give it in \`values\`.` : `Did you mean \`${near}\`?`,
  );
}

function operate(tree: Tree, inner: (node: MathNode) => number): number {
  const name = String(tree.fn);
  const [x, y] = tree.args ?? [];
  const two = own(binary, name);
  const one = own(unary, name);
  if (x !== undefined && y !== undefined && two !== undefined) return two(inner(x), inner(y));
  if (x !== undefined && y === undefined && one !== undefined) return one(inner(x));
  throw refused(
    `The operator in \`${tree.toString().slice(0, 60)}\` is not allowed.`,
    'Use + - * / ^ % and comparisons.',
  );
}

function call(tree: Tree, inner: (node: MathNode) => number): number {
  const name = (tree.fn as Tree | undefined)?.name ?? '';
  const parts = (tree.args ?? []).flatMap((item) =>
    item.type === 'ArrayNode' ? [...((item as Tree).items ?? [])] : [item],
  );
  const single = own(oneNumber, name);
  const limits = own(special, name);
  const reduce = own(manyNumbers, name);
  const least = limits?.least ?? 1;
  const most = limits?.most ?? (single === undefined ? MAX_NODES : 1);
  const apply = single === undefined ? (limits?.apply ?? reduce) : ([x = 0]: readonly number[]) => single(x);
  if (apply === undefined) {
    const near = nearest(name, functionNames, 1)[0];
    throw refused(
      `There is no function \`${name.slice(0, 40)}\` here. There are ${functionNames.join(', ')}.`,
      near === undefined ? 'Use one of those.' : `Did you mean \`${near}\`?`,
    );
  }
  if (parts.length < least || parts.length > most) {
    throw refused(
      `\`${name}\` takes ${least === most ? least : `${least} to ${most}`} numbers, not ${parts.length}.`,
      'Check its arguments.',
    );
  }
  return apply(parts.map(inner));
}
