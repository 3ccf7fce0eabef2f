/** Rows 44 to 48 and 54: the server has too much to do, or the account is used up. */
import type { Exchange } from '../exchange';
import type { Fault } from './fault';
import { replies, repliesError } from './serve';
import { alone, stopping, transient } from './variant';

/** The body of a refusal for which a limit is to blame. */
export const RATE_LIMITED = {
  error: {
    message: 'Rate limit reached. Please try again later.',
    type: 'requests',
    param: null,
    code: 'rate_limit_exceeded',
  },
};

/** Rows about limits. */
export const LIMIT_FAULTS: readonly Fault[] = [
  row(44, '429 with retry-after in seconds', [
    transient(
      'rate_limit',
      limited(({ retryAfterSeconds }) => ({ 'retry-after': String(retryAfterSeconds) })),
    ),
  ]),
  row(45, '429 with retry-after-ms, a date, or a day', [
    transient('rate_limit', replies(429, RATE_LIMITED, { 'retry-after-ms': '250' }), 'ms'),
    transient(
      'rate_limit',
      limited(({ retryAfterSeconds }) => ({
        'retry-after': new Date(Date.now() + retryAfterSeconds * 1000).toUTCString(),
      })),
      'date',
    ),
    alone(transient('rate_limit', replies(429, RATE_LIMITED, { 'retry-after': '86400' }), 'day')),
  ]),
  row(46, '429 quota, credit or spend limit', [
    stopping(
      'rate_limit',
      repliesError(429, {
        message: 'You exceeded your current quota, please check your plan and billing details.',
        type: 'insufficient_quota',
        code: 'insufficient_quota',
      }),
      'quota',
    ),
    stopping(
      'rate_limit',
      repliesError(429, {
        message: 'The credit balance is used up.',
        type: 'billing_error',
        code: 'credit_balance_exhausted',
      }),
      'credit',
    ),
    stopping(
      'rate_limit',
      repliesError(429, {
        message: 'The monthly spend limit of this project is reached.',
        type: 'billing_error',
        code: 'monthly_spend_limit_exceeded',
      }),
      'spend-limit',
    ),
  ]),
  row(47, '429 with x-ratelimit headers only', [
    transient(
      'rate_limit',
      replies(429, RATE_LIMITED, {
        'x-ratelimit-limit-requests': '60',
        'x-ratelimit-remaining-requests': '0',
        'x-ratelimit-reset-requests': '1s',
      }),
    ),
  ]),
  row(48, 'overloaded: 429 of TGI, 503 of Ollama', [
    transient('rate_limit', replies(429, { error: 'Model is overloaded', error_type: 'overloaded' }), '429'),
    transient(
      'http_5xx',
      repliesError(503, {
        message: 'server busy, please try again.  maximum pending requests exceeded',
        type: 'api_error',
      }),
      '503',
    ),
  ]),
  row(54, '529 overloaded', [
    transient(
      'http_5xx',
      replies(529, { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }),
    ),
  ]),
];

function row(number: number, name: string, variants: Fault['variants']): Fault {
  return { number, name, group: 'error status', servedBy: 'reply', variants };
}

function limited(headersOf: (times: Exchange['facts']['times']) => Record<string, string>) {
  return (exchange: Exchange) => exchange.json(429, RATE_LIMITED, headersOf(exchange.facts.times));
}
