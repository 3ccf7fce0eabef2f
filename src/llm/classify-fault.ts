/**
 * The one place that judges what went wrong with a call: by status, then by what the error body says, or by the code
 * of the transport error. Messages are fixed text; only `serverMessage` holds what a server said.
 */
import type { ErrorCategory } from '../experiment';
import { CallFault, type FaultKind } from './call-fault';
import { isContextOverflow } from './context-overflow';
import { readErrorBody, type ErrorBody } from './read-error-body';
import { readRetryAfterMs, type ReplyHeaders } from './read-retry-after';

/** An HTTP reply whose status is not 2xx. */
export interface HttpFailure {
  status: number;
  headers: ReplyHeaders;
  body: string;
  /** Unix time, from which a `retry-after` date is counted. */
  nowMs: number;
}

interface Verdict {
  kind: FaultKind;
  category: ErrorCategory;
}

/** 4xx that say nothing about the narrative or the experiment. */
const TRANSIENT_4XX = new Set([408, 409, 424, 425, 429, 499]);
/** 4xx about what was asked, which differs from narrative to narrative. */
const ABOUT_THE_REQUEST = new Set([400, 413, 422]);

const CONTENT_FILTER_CODES = /content_filter|content_policy_violation|ResponsibleAIPolicyViolation/i;
const MODERATION = /moderation|\bflagged\b/i;

/** Judges a reply with an error status. */
export function classifyHttpFault({ status, headers, body, nowMs }: HttpFailure): CallFault {
  const said = readErrorBody(body);
  const isRedirect = status >= 300 && status < 400;
  return new CallFault(isRedirect ? `HTTP ${status}, a redirect that is not followed` : `HTTP ${status}`, {
    ...judge(status, said),
    httpStatus: status,
    code: codeOf(said),
    serverMessage: said.message,
    retryAfterMs: readRetryAfterMs(headers, nowMs),
  });
}

/** Judges an error that came with status 200, by the status that its code names; transient without one. */
export function classifyErrorReply(said: ErrorBody): CallFault {
  const status = /^[345]\d\d$/.test(said.code ?? '') ? Number(said.code) : null;
  const verdict: Verdict =
    status === null
      ? (judgeRequest(said) ?? { kind: 'transient', category: 'api_error' })
      : judge(status, said);
  return new CallFault('the server answered with an error', {
    kind: verdict.kind,
    category: verdict.category.startsWith('http_') ? 'api_error' : verdict.category,
    httpStatus: 200,
    code: codeOf(said) ?? (status === null ? null : String(status)),
    serverMessage: said.message,
  });
}

function judge(status: number, said: ErrorBody): Verdict {
  if (status >= 500) return { kind: 'transient', category: 'http_5xx' };
  if (status === 429) return { kind: 'transient', category: 'rate_limit' };
  if (TRANSIENT_4XX.has(status)) return { kind: 'transient', category: 'http_4xx' };
  if (ABOUT_THE_REQUEST.has(status)) return judgeRequest(said) ?? { kind: 'narrative', category: 'http_4xx' };
  if (status === 403 && isModeration(said)) return { kind: 'narrative', category: 'content_filter' };
  return { kind: 'experiment', category: status < 400 ? 'api_error' : 'http_4xx' };
}

/** null = the server does not say what it minds about this narrative. */
function judgeRequest(said: ErrorBody): Verdict | null {
  if (isContextOverflow(said)) return { kind: 'narrative', category: 'context_overflow' };
  if (isContentFilter(said)) return { kind: 'narrative', category: 'content_filter' };
  return null;
}

function isContentFilter({ code, type }: ErrorBody): boolean {
  return CONTENT_FILTER_CODES.test(`${code ?? ''} ${type ?? ''}`);
}

function isModeration(said: ErrorBody): boolean {
  return (
    isContentFilter(said) || MODERATION.test(`${said.code ?? ''} ${said.type ?? ''} ${said.message ?? ''}`)
  );
}

/** The server's own name of the error; numbers repeat the status, and anything but a plain name might quote. */
function codeOf({ code, type }: ErrorBody): string | null {
  return [code, type].find((name) => name !== null && /^(?!\d+$)[\w.-]{1,64}$/.test(name)) ?? null;
}

const CANNOT_CONNECT: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ENOTFOUND: 'host not found',
  EAI_AGAIN: 'host not found for the moment',
  EHOSTUNREACH: 'host unreachable',
  EHOSTDOWN: 'host down',
  ENETUNREACH: 'network unreachable',
  ENETDOWN: 'network down',
  EADDRNOTAVAIL: 'no local port free',
  EMFILE: 'too many open files',
  ENFILE: 'too many open files',
  UND_ERR_CONNECT_TIMEOUT: 'no connection in time',
};

const BROKEN_CONNECTION: Readonly<Record<string, string>> = {
  ECONNRESET: 'connection reset',
  ECONNABORTED: 'connection aborted',
  EPIPE: 'connection closed',
  UND_ERR_SOCKET: 'connection closed',
  UND_ERR_ABORTED: 'connection closed',
  UND_ERR_HEADERS_OVERFLOW: 'headers of the reply too large',
};

const TIMEOUT_CODES = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);
const TLS_CODES =
  /^(ERR_TLS_|ERR_SSL_|EPROTO$|CERT_|CRL_|SELF_SIGNED_|DEPTH_ZERO_|UNABLE_TO_|HOSTNAME_MISMATCH$|INVALID_(CA|PURPOSE)$|PATH_LENGTH_)/;
/** Our own misuse of the library, such as a call on a closed client: not a fault of the server. */
const OUR_BUGS = /^(ERR_|UND_ERR_(CLOSED|DESTROYED|INVALID|NOT_SUPPORTED|REQ_))/;

/** Where in a call a transport error arose. */
export interface TransportPhase {
  /** The deadline that a TimeoutError stands for. */
  timeoutMs: number;
  /** true = the status line had arrived, so it is an HTTP server that speaks. */
  replyBegan: boolean;
}

/** Judges an error thrown by the transport. null = not a fault of a call, to be thrown on as it is. */
export function classifyTransportFault(
  error: unknown,
  { timeoutMs, replyBegan }: TransportPhase,
): CallFault | null {
  const { name, code, syscall } = rootOf(error);
  if (name === 'TimeoutError' || TIMEOUT_CODES.has(code)) {
    const message = `no answer within ${timeoutMs / 1000} s`;
    return new CallFault(message, { kind: 'transient', category: 'timeout' });
  }
  if (code === 'ADDRESS_NOT_ALLOWED') {
    return experimentFault('the host leads to an address that is not allowed', code);
  }
  if (name === 'HTTPParserError')
    return replyBegan ? garbledReply() : experimentFault('not an HTTP server', '');
  if (code === '') return null;
  if (TLS_CODES.test(code)) return experimentFault(`TLS error ${code}`, code);
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') {
    return new CallFault('the answer is too large', { kind: 'narrative', category: 'too_large', code });
  }
  if (OUR_BUGS.test(code)) return null;
  const cannotConnect = code in CANNOT_CONNECT || syscall === 'connect' || syscall === 'getaddrinfo';
  const message = CANNOT_CONNECT[code] ?? BROKEN_CONNECTION[code] ?? `connection failed (${code})`;
  return new CallFault(message, { kind: 'transient', category: 'connection', code, cannotConnect });
}

function garbledReply(): CallFault {
  return new CallFault('the reply broke off or is garbled', { kind: 'transient', category: 'connection' });
}

function experimentFault(message: string, code: string): CallFault {
  return new CallFault(message, {
    kind: 'experiment',
    category: 'connection',
    code: code === '' ? null : code,
  });
}

/** The error itself, or the first of several tries at several addresses. */
function rootOf(error: unknown): { name: string; code: string; syscall: string } {
  const root: unknown = error instanceof AggregateError && error.errors.length > 0 ? error.errors[0] : error;
  const { name, code, syscall } = (root ?? {}) as { name?: unknown; code?: unknown; syscall?: unknown };
  return {
    name: typeof name === 'string' ? name : '',
    code: typeof code === 'string' ? code : '',
    syscall: typeof syscall === 'string' ? syscall : '',
  };
}
