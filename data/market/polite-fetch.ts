/** A fetch with manners: waits when a server asks for it, gives up in words, and says clearly when there is no network. */
import { notAvailable, throwIfCancelled } from '../../lib/errors.ts';

export interface PoliteFetchOptions {
  readonly fetch: typeof fetch;
  /** `Yahoo Finance`, for messages. */
  readonly source: string;
  /** Milliseconds to wait; replaced in tests. */
  readonly sleep: (ms: number) => Promise<void>;
  readonly signal?: AbortSignal | undefined;
}

const TRIES = 4;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;
const TIMEOUT_MS = 20_000;

export function createPoliteFetch(options: PoliteFetchOptions): typeof fetch {
  const { source, sleep, signal } = options;
  return async (input, init) => {
    for (let attempt = 1; ; attempt++) {
      throwIfCancelled(signal, `Fetching from ${source}`);
      const response = await once(options, input, init);
      if (response.status === 404) {
        throw notAvailable({
          code: 'UNKNOWN_SYMBOL',
          message: `${source} does not know what was asked for (404).`,
          hint: 'Check the symbol; shares outside the United States carry a suffix, such as 005930.KS.',
        });
      }
      if (response.status !== 429 && response.status < 500) return response;
      const wait = waitFor(response, attempt);
      if (attempt === TRIES || wait > LONGEST_WAIT_MS) throw refused(source, response.status, wait);
      await sleep(wait);
    }
  };
}

async function once(
  { fetch: send, source, signal }: PoliteFetchOptions,
  input: Parameters<typeof fetch>[0],
  init: RequestInit | undefined,
): Promise<Response> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  try {
    return await send(input, { ...init, signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]) });
  } catch (error) {
    throwIfCancelled(signal, `Fetching from ${source}`);
    throw notAvailable({
      code: 'OFFLINE',
      message: timeout.aborted
        ? `${source} did not answer within ${TIMEOUT_MS / 1000} seconds.`
        : `${source} cannot be reached: ${reason(error)}. Nothing was changed.`,
      hint: 'Check the network and try again. What is bundled, imported or fetched before keeps working offline.',
    });
  }
}

/** The cause names the host and the trouble, never the whole address, which may carry a key. */
function reason(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = (cause as { readonly code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : 'no connection';
}

/** `Retry-After` in seconds or as a date, else twice as long each time. */
function waitFor(response: Response, attempt: number): number {
  const asked = response.headers.get('retry-after');
  if (asked !== null && /^\d+$/.test(asked)) return Number(asked) * 1000;
  const until = asked === null ? Number.NaN : Date.parse(asked) - Date.parse(response.headers.get('date') ?? '');
  return Number.isFinite(until) ? Math.max(0, until) : FIRST_WAIT_MS * 2 ** (attempt - 1);
}

function refused(source: string, status: number, wait: number) {
  const limited = status === 429;
  return notAvailable({
    code: limited ? 'RATE_LIMITED' : 'SOURCE_FAILED',
    message: limited
      ? `${source} limits how often it may be asked${wait > LONGEST_WAIT_MS ? ` and wants a pause of ${Math.ceil(wait / 1000)} seconds` : ''}.`
      : `${source} answered with an error (${status}).`,
    hint: 'Wait a little and try again. What was fetched before is still there.',
    details: { status, waitSeconds: Math.ceil(wait / 1000) },
  });
}
