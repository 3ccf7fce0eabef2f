/** Reads single values as the predecessor stored them, and puts these readings at SQL's disposal. Pure but for the last. */
import { createHash } from 'node:crypto';
import type { ErrorCategory } from '../../experiment';
import type { ResultsDatabase } from '../results-database';

/** A value as SQLite gives it to a function. */
export type SqlValue = string | number | bigint | Buffer | null;

/** The one spelling of an id that a number may have had: `1e+05` and `100000.0` are `100000`. */
export function canonicalId(id: string): string {
  const whole = /^(\d+)\.0+$/.exec(id);
  if (whole !== null) return whole[1]!;
  const [, integer, fraction = '', exponent] = /^(\d)(?:\.(\d+))?[eE]\+?(\d{1,2})$/.exec(id) ?? [];
  if (integer === undefined || Number(exponent) < fraction.length) return id;
  return integer + fraction + '0'.repeat(Number(exponent) - fraction.length);
}

/** Yes and no in the spellings of R and of spreadsheets; null = neither. */
export function readFlag(value: SqlValue): 0 | 1 | null {
  const text = String(value).trim().toLowerCase();
  if (['1', '1.0', 'true', 't', 'yes'].includes(text)) return 1;
  return ['0', '0.0', 'false', 'f', 'no'].includes(text) ? 0 : null;
}

/** A number, also out of a text; null = none. */
export function readReal(value: SqlValue): number | null {
  if (value === null || typeof value === 'object' || String(value).trim() === '') return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}

/** A whole number, rounded where a fraction is stored; null = none. */
export function readInteger(value: SqlValue): number | null {
  const number = readReal(value);
  return number === null || !Number.isSafeInteger(Math.round(number)) ? null : Math.round(number);
}

/** Indicators as JSON: `[{}]` stood for none, texts within texts are unpacked, a bare text is a list of one. */
export function readIndicators(value: SqlValue): string | null {
  if (value === null) return null;
  const stored = String(value);
  const parsed = parseOrNull(stored);
  if (parsed === null) return stored.trim() === '' || stored === 'null' ? '[]' : JSON.stringify([stored]);
  const isNone = Array.isArray(parsed.value) && JSON.stringify(parsed.value) === '[{}]';
  if (isNone) return '[]';
  if (typeof parsed.value !== 'string') return typeof parsed.value === 'object' ? stored : `[${stored}]`;
  const inner = parseOrNull(parsed.value);
  return inner !== null && typeof inner.value === 'object'
    ? readIndicators(parsed.value)
    : JSON.stringify([parsed.value]);
}

/** Status code that an error message names; null = none. */
export function readHttpStatus(message: string | null): number | null {
  const [, status] = /\bHTTP (?:status )?([45]\d\d)\b/i.exec(message ?? '') ?? [];
  return status === undefined ? null : Number(status);
}

/** The category of an error by the predecessor's messages. */
export function categorize(message: string | null): ErrorCategory {
  const text = message ?? '';
  const status = readHttpStatus(message);
  if (status === 429) return 'rate_limit';
  if (status !== null) return status >= 500 ? 'http_5xx' : 'http_4xx';
  if (/timeout|timed out/i.test(text)) return 'timeout';
  if (/could ?n[o']t (connect|resolve)|connection|failed to connect|recv failure/i.test(text))
    return 'connection';
  if (/failed to parse json|parse/i.test(text)) return 'parse';
  if (/no content in response/i.test(text)) return 'empty_content';
  return text === NO_DECISION ? 'schema' : 'api_error';
}

/** Message of a row that has neither an error nor a decision. */
export const NO_DECISION = 'The older program stored no decision for this narrative';

/** Makes the readings callable from SQL on this connection. */
export function defineFunctions(database: ResultsDatabase): void {
  const define = (name: string, read: (value: never) => unknown): void => {
    database.function(name, { deterministic: true, directOnly: true }, read as (value: unknown) => unknown);
  };
  define('canonical_id', canonicalId);
  define('older_flag', readFlag);
  define('text_key', (text: string | null) =>
    text === null ? null : createHash('sha256').update(text).digest('hex'),
  );
  define('older_integer', readInteger);
  define('older_real', readReal);
  define('older_indicators', readIndicators);
  define('older_http_status', readHttpStatus);
  define('older_error_category', categorize);
}

function parseOrNull(text: string): { value: unknown } | null {
  try {
    const value: unknown = JSON.parse(text);
    return value === null ? null : { value };
  } catch {
    return null;
  }
}
