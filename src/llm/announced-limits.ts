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

/** The headers that tell of one limit, in one dialect. */
interface LimitHeaders {
  limit: string;
  remaining: string;
  reset: string;
  isPerMinute: boolean;
}

/** The first that is there counts. */
const REQUESTS: readonly LimitHeaders[] = [
  perMinute('x-ratelimit-*-requests-minute'),
  perMinute('x-ratelimit-*-req-minute'),
  perMinute('anthropic-ratelimit-requests-*'),
  named('x-ratelimit-*-requests'),
  named('x-ratelimit-*'),
  named('ratelimit-*'),
];
const TOKENS: readonly LimitHeaders[] = [
  perMinute('x-ratelimit-*-tokens-minute'),
  perMinute('anthropic-ratelimit-tokens-*'),
  perMinute('anthropic-ratelimit-input-tokens-*'),
  named('x-ratelimit-*-tokens'),
];

/** `*` stands for limit, remaining and reset. */
function named(pattern: string): LimitHeaders {
  const [limit, remaining, reset] = ['limit', 'remaining', 'reset'].map((what) => pattern.replace('*', what));
  return { limit: limit!, remaining: remaining!, reset: reset!, isPerMinute: false };
}

function perMinute(pattern: string): LimitHeaders {
  return { ...named(pattern), isPerMinute: true };
}

/** Reads the headers of a reply, whatever its status; points in time are counted from `nowMs` (Unix). */
export function readAnnouncedLimits(headers: ReplyHeaders, nowMs: number): AnnouncedLimits {
  return { requests: readFirst(REQUESTS, headers, nowMs), tokens: readFirst(TOKENS, headers, nowMs) };
}

function readFirst(
  dialects: readonly LimitHeaders[],
  headers: ReplyHeaders,
  nowMs: number,
): AnnouncedLimit | null {
  for (const names of dialects) {
    const limit = readNumber(headers[names.limit]);
    const remaining = readNumber(headers[names.remaining]);
    if (limit === null && remaining === null) continue;
    return {
      limit,
      remaining,
      resetMs: readReset(headers[names.reset], nowMs),
      isPerMinute: names.isPerMinute,
    };
  }
  return null;
}
