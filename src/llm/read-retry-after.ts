/** Reply headers as undici gives them: lower-case names. */
export type ReplyHeaders = Readonly<Record<string, string | string[] | undefined>>;

/**
 * Milliseconds that the server asks to wait, from `retry-after-ms`, or `retry-after` in seconds or as a date counted
 * from `nowMs`; null = it does not ask, or not readably.
 */
export function readRetryAfterMs(headers: ReplyHeaders, nowMs: number): number | null {
  const ms = readNumber(headers['retry-after-ms']);
  if (ms !== null) return ms;
  const seconds = readNumber(headers['retry-after']);
  if (seconds !== null) return seconds * 1000;
  const date = Date.parse(first(headers['retry-after']) ?? '');
  return Number.isNaN(date) ? null : Math.max(0, date - nowMs);
}

/**
 * Milliseconds until a rate limit is lifted, from the `x-ratelimit-reset` headers: of the limits that are used up the
 * last to be lifted, or of all the first where none is said to be. null = the server does not tell.
 */
export function readRateLimitResetMs(headers: ReplyHeaders, nowMs: number): number | null {
  const limits = ['', '-requests', '-tokens'].map((of) => ({
    isUsedUp: readNumber(headers[`x-ratelimit-remaining${of}`]) === 0,
    resetMs: readReset(headers[`x-ratelimit-reset${of}`], nowMs),
  }));
  const known = limits.flatMap(({ isUsedUp, resetMs }) => (resetMs === null ? [] : [{ isUsedUp, resetMs }]));
  const usedUp = known.filter(({ isUsedUp }) => isUsedUp).map(({ resetMs }) => resetMs);
  if (usedUp.length > 0) return Math.max(...usedUp);
  return known.length === 0 ? null : Math.min(...known.map(({ resetMs }) => resetMs));
}

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
/** Larger numbers are points in time rather than spans: Unix seconds, or milliseconds. */
const LEAST_UNIX_SECONDS = 1e9;
const LEAST_UNIX_MS = 1e12;

/** Milliseconds until a time that stands as `6m0s`, `20ms`, seconds, a Unix time or a date; null = not readable. */
export function readReset(header: string | string[] | undefined, nowMs: number): number | null {
  const text = first(header)?.trim() ?? '';
  const number = readNumber(text);
  if (number !== null) {
    if (number >= LEAST_UNIX_MS) return Math.max(0, number - nowMs);
    return number >= LEAST_UNIX_SECONDS ? Math.max(0, number * 1000 - nowMs) : number * 1000;
  }
  if (/^(?:\d+(?:\.\d+)?(?:ms|[smhd]))+$/.test(text)) {
    const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|[smhd])/g)];
    return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * UNIT_MS[unit!]!, 0);
  }
  const date = Date.parse(text);
  return Number.isNaN(date) ? null : Math.max(0, date - nowMs);
}

/** A number that is not negative; null = there is none. */
export function readNumber(header: string | string[] | undefined): number | null {
  const text = first(header)?.trim() ?? '';
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : null;
}

function first(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
