/**
 * The one place that judges error replies: by status, by what the error body says, and by both together, because the
 * status alone misleads. Messages are fixed text; only `serverMessage` holds what a server said.
 */
import { CallFault } from './call-fault';
import { judgeStatus, type Verdict } from './judge-status';
import { isWrongPath, judgeWording } from './judge-wording';
import { readErrorBody, type ErrorBody } from './read-error-body';
import { readRateLimitResetMs, readRetryAfterMs, type ReplyHeaders } from './read-retry-after';
import { rejectedParameter } from './rejected-parameter';

export { classifyTransportFault, type TransportPhase } from './classify-transport-fault';

/** An HTTP reply whose status is not 2xx. */
export interface HttpFailure {
  status: number;
  headers: ReplyHeaders;
  body: string;
  /** Unix time, from which a `retry-after` date is counted. */
  nowMs: number;
}

/** Judges a reply with an error status. */
export function classifyHttpFault({ status, headers, body, nowMs }: HttpFailure): CallFault {
  const said = readErrorBody(body);
  const isRedirect = status >= 300 && status < 400;
  const asked = readRetryAfterMs(headers, nowMs);
  const retryAfterMs = asked ?? (status === 429 ? readRateLimitResetMs(headers, nowMs) : null);
  const verdict = judge(status, said, retryAfterMs !== null);
  return new CallFault(isRedirect ? `HTTP ${status}, a redirect that is not followed` : `HTTP ${status}`, {
    ...verdict,
    httpStatus: status,
    code: codeOf(said),
    serverMessage: said.message,
    retryAfterMs,
    parameter: verdict.kind === 'experiment' ? rejectedParameter(status, said) : null,
  });
}

/** Judges an error that came with status 200, by the status that its code names; transient without one. */
export function classifyErrorReply(said: ErrorBody): CallFault {
  const status = /^[345]\d\d$/.test(said.code ?? '') ? Number(said.code) : null;
  const verdict = status === null ? judgeWithoutStatus(said) : judge(status, said, false);
  return new CallFault('the server answered with an error', {
    ...verdict,
    category: verdict.category.startsWith('http_') ? 'api_error' : verdict.category,
    httpStatus: 200,
    code: codeOf(said) ?? (status === null ? null : String(status)),
    serverMessage: said.message,
    parameter: verdict.kind === 'experiment' && status !== null ? rejectedParameter(status, said) : null,
  });
}

function judgeWithoutStatus(said: ErrorBody): Verdict {
  if (isWrongPath(said)) return { kind: 'experiment', category: 'api_error' };
  return judgeWording(said) ?? { kind: 'transient', category: 'api_error' };
}

/** A rate limit may speak of tokens like an overflow does, so there the words do not count. */
function judge(status: number, said: ErrorBody, saysWhen: boolean): Verdict {
  const byWording = status >= 400 && status !== 429 ? judgeWording(said) : null;
  return byWording ?? judgeStatus(status, said, saysWhen);
}

/** The server's own name of the error; numbers repeat the status, and anything but a plain name might quote. */
function codeOf({ code, type }: ErrorBody): string | null {
  return [code, type].find((name) => name !== null && /^(?!\d+$)[\w.-]{1,64}$/.test(name)) ?? null;
}
