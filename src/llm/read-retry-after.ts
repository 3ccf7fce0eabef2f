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

function readNumber(header: string | string[] | undefined): number | null {
  const text = first(header)?.trim() ?? '';
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : null;
}

function first(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
