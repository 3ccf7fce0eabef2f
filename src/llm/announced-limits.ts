/**
 * What a server says of its rate limits with every reply, in the dialects of its headers: `x-ratelimit-*-requests`
 * (OpenAI, Azure, Groq), the same with the period (Cerebras, Mistral), `anthropic-ratelimit-*`, and the plain ones.
 */
import { readReset, readNumber, type ReplyHeaders } from './read-retry-after';

/** One limit as it was announced; nulls = it does not say. */
export interface AnnouncedLimit {
  /** Units in a period. */
  limit: number | null;
  /** Units left at the time of the reply. */
  remaining: number | null;
  /** Until all of the limit is there again. */
  resetMs: number | null;
  /** Whether the period is a minute by its name; the others have to show it. */
  isPerMinute: boolean;
}

/** The limits of requests and tokens; null = nothing is said. */
export interface AnnouncedLimits {
  requests: AnnouncedLimit | null;
  tokens: AnnouncedLimit | null;
}

/** Names of one limit: `*` stands for limit, remaining and reset. */
interface Dialect {
  pattern: string;
  isPerMinute?: true;
}

/** The first that is there counts. */
const REQUESTS: readonly Dialect[] = [
  { pattern: 'x-ratelimit-*-requests-minute', isPerMinute: true },
  { pattern: 'x-ratelimit-*-req-minute', isPerMinute: true },
  { pattern: 'anthropic-ratelimit-requests-*', isPerMinute: true },
  { pattern: 'x-ratelimit-*-requests' },
  { pattern: 'x-ratelimit-*' },
  { pattern: 'ratelimit-*' },
];
const TOKENS: readonly Dialect[] = [
  { pattern: 'x-ratelimit-*-tokens-minute', isPerMinute: true },
  { pattern: 'anthropic-ratelimit-tokens-*', isPerMinute: true },
  { pattern: 'anthropic-ratelimit-input-tokens-*', isPerMinute: true },
  { pattern: 'x-ratelimit-*-tokens' },
];

/** Reads the headers of a reply, whatever its status; points in time are counted from `nowMs` (Unix). */
export function readAnnouncedLimits(headers: ReplyHeaders, nowMs: number): AnnouncedLimits {
  return { requests: readFirst(REQUESTS, headers, nowMs), tokens: readFirst(TOKENS, headers, nowMs) };
}

function readFirst(
  dialects: readonly Dialect[],
  headers: ReplyHeaders,
  nowMs: number,
): AnnouncedLimit | null {
  for (const { pattern, isPerMinute = false } of dialects) {
    const header = (what: string) => headers[pattern.replace('*', what)];
    const limit = readNumber(header('limit'));
    const remaining = readNumber(header('remaining'));
    if (limit === null && remaining === null) continue;
    return { limit, remaining, resetMs: readReset(header('reset'), nowMs), isPerMinute };
  }
  return null;
}
