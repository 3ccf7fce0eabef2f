/** Judges an error reply by its status, where what it says about the narrative has been looked at already. */
import type { ErrorCategory } from '../experiment';
import type { FaultKind } from './call-fault';
import { RULES, type FaultRule } from './fault-rule';
import { rejectedParameter } from './rejected-parameter';
import type { ErrorBody } from './read-error-body';

/** What a fault means, and how it wants to be treated. */
export interface Verdict {
  kind: FaultKind;
  category: ErrorCategory;
  rule?: FaultRule;
}

/** 4xx that say nothing about the narrative or the experiment. */
const TRANSIENT_4XX = new Set([408, 409, 424, 425, 499]);
/** Rate limits that no waiting lifts: the account has used up what it paid for. */
const QUOTA = /insufficient_quota|credit_balance|spend_limit|billing_(?:hard_limit|not_active)/i;
const MODERATION = /moderation|\bflagged\b|content_filter|content_policy/i;
const LOADING =
  /\bunhealthy\b|failed to load model|loading (?:the )?model|model is (?:still |currently )?(?:being )?load/i;
const OVERLOADED = /overloaded|server busy|too many requests|pending requests/i;
/** How a server that answers any failure with 404 says that the model is really not there. */
const MISSING = /not found|\brepo|no such|does not exist|unknown model/i;
const NAMES_LENGTH = /too long|\blength\b|\btokens\b|at most \d+ characters/i;
const WANTS_THE_WORD_JSON = /must contain the word .{0,2}json/i;
/** A busy server of this status needs longer than others to recover. */
const OVERLOADED_529: FaultRule = { concurrency: 'cut', baseMs: 5000 };

/** Judges by the status and what goes with it; `saysWhen` = the server says when to come again. */
export function judgeStatus(status: number, said: ErrorBody, saysWhen: boolean): Verdict {
  const text = `${said.code ?? ''} ${said.type ?? ''} ${said.message ?? ''}`;
  if (status >= 500) return judgeServerError(status, text);
  if (status === 429) return judgeRateLimit(said);
  if (TRANSIENT_4XX.has(status)) return { kind: 'transient', category: 'http_4xx' };
  switch (status) {
    case 400:
      return judgeBadRequest(said, text);
    case 402:
      return saysWhen ? { ...transientLimit(), category: 'http_4xx' } : blocked();
    case 403:
      return MODERATION.test(text) ? { kind: 'narrative', category: 'content_filter' } : blocked();
    case 404:
      return judgeNotFound(said);
    case 422:
      return NAMES_LENGTH.test(text) ? { kind: 'narrative', category: 'context_overflow' } : blocked();
    case 413:
      return { kind: 'narrative', category: 'http_4xx' };
    default:
      return { kind: 'experiment', category: status < 400 ? 'api_error' : 'http_4xx' };
  }
}

function judgeServerError(status: number, text: string): Verdict {
  if (status === 529) return { kind: 'transient', category: 'http_5xx', rule: OVERLOADED_529 };
  if (status === 503 && LOADING.test(text)) {
    return { kind: 'transient', category: 'http_5xx', rule: RULES.loading };
  }
  const isBusy = status === 503 && OVERLOADED.test(text);
  return { kind: 'transient', category: 'http_5xx', rule: isBusy ? RULES.overloaded : RULES.serverError };
}

function judgeRateLimit({ code, type }: ErrorBody): Verdict {
  const isUsedUp = QUOTA.test(`${code ?? ''} ${type ?? ''}`);
  return isUsedUp ? { kind: 'experiment', category: 'rate_limit' } : transientLimit();
}

/**
 * A server may call its own fault a bad request, so one that says nothing known is tried once more. One without a word
 * is how a provider says that a prompt is too long.
 */
function judgeBadRequest(said: ErrorBody, text: string): Verdict {
  if (said.shape === 'nothing') return { kind: 'narrative', category: 'context_overflow' };
  if (LOADING.test(text)) return { kind: 'transient', category: 'http_4xx', rule: RULES.loading };
  if (rejectedParameter(400, said) !== null || WANTS_THE_WORD_JSON.test(text)) return blocked();
  return { kind: 'transient', category: 'http_4xx', rule: RULES.unknownRequestError };
}

/** Some servers answer 404 to any failure, with nothing but a sentence as their error. */
function judgeNotFound({ shape, message }: ErrorBody): Verdict {
  const isAnyFailure = shape === 'string' && !MISSING.test(message ?? '');
  return isAnyFailure ? { kind: 'transient', category: 'http_4xx', rule: RULES.serverError } : blocked();
}

function transientLimit(): Verdict {
  return { kind: 'transient', category: 'rate_limit', rule: RULES.overloaded };
}

function blocked(): Verdict {
  return { kind: 'experiment', category: 'http_4xx' };
}
