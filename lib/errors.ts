/**
 * Errors that a person or a model is meant to read.
 *
 * Every message says what was needed, what arrived and what to do next; the hint is part of `message`
 * because one message is often all that a model sees. Bugs stay plain `Error`.
 */

/** What kind of trouble it is: `input` and `data` end a command with exit code 2, `fault` with 1. */
export type ErrorKind = 'input' | 'data' | 'fault' | 'cancelled';

export type ErrorDetails = Readonly<Record<string, string | number | boolean | null | readonly (string | number)[]>>;

export interface ErrorParts {
  readonly code: string;
  readonly kind: ErrorKind;
  readonly message: string;
  /** What to do next, as an imperative sentence. */
  readonly hint?: string;
  readonly details?: ErrorDetails;
}

/** The one error class that crosses a boundary as a message instead of as a stack. */
export class TradewindError extends Error {
  readonly code: string;
  readonly kind: ErrorKind;
  readonly hint: string;
  readonly details: ErrorDetails;

  constructor(parts: ErrorParts, options?: ErrorOptions) {
    super(parts.message, options);
    this.name = 'TradewindError';
    this.code = parts.code;
    this.kind = parts.kind;
    this.hint = parts.hint ?? '';
    this.details = parts.details ?? {};
  }
}

/** A value is wrong: `needed` and `got` become one sentence. */
export function invalidInput(parts: {
  readonly what: string;
  readonly needed: string;
  readonly got: string | number | boolean | null | undefined;
  readonly hint?: string;
  readonly code?: string;
  readonly details?: ErrorDetails;
}): TradewindError {
  return new TradewindError({
    code: parts.code ?? 'INVALID_INPUT',
    kind: 'input',
    message: `${parts.what} must be ${parts.needed}, but it is ${String(parts.got)}.`,
    ...(parts.hint === undefined ? {} : { hint: parts.hint }),
    ...(parts.details === undefined ? {} : { details: parts.details }),
  });
}

/** There are too few observations for the method: says how many are needed and how many there are. */
export function notEnoughData(parts: {
  readonly what: string;
  readonly needed: number;
  readonly got: number;
  readonly hint?: string;
}): TradewindError {
  return new TradewindError({
    code: 'NOT_ENOUGH_DATA',
    kind: 'data',
    message: `${parts.what} needs at least ${parts.needed} observations, but there are ${parts.got}.`,
    hint: parts.hint ?? 'Choose a longer window or another symbol.',
    details: { needed: parts.needed, got: parts.got },
  });
}

/** Something that was asked for does not exist here (no such series, no network, no key). */
export function notAvailable(parts: {
  readonly message: string;
  readonly hint: string;
  readonly code?: string;
  readonly details?: ErrorDetails;
}): TradewindError {
  return new TradewindError({
    code: parts.code ?? 'NOT_AVAILABLE',
    kind: 'data',
    message: parts.message,
    hint: parts.hint,
    ...(parts.details === undefined ? {} : { details: parts.details }),
  });
}

/** The person or the client stopped it. */
export function cancelled(what = 'The work'): TradewindError {
  return new TradewindError({ code: 'CANCELLED', kind: 'cancelled', message: `${what} was cancelled.` });
}

/** Throws `CANCELLED` when the signal is already aborted; call it between units of work. */
export function throwIfCancelled(signal: AbortSignal | undefined, what?: string): void {
  if (signal?.aborted) throw cancelled(what);
}

export function isTradewindError(error: unknown): error is TradewindError {
  return error instanceof TradewindError;
}
