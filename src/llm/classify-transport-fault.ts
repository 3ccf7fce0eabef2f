/** Judges errors of the transport by their code: what the HTTP library or the operating system throws. */
import { CallFault } from './call-fault';
import { RULES, type FaultRule } from './fault-rule';

/** Where in a call a transport error arose. */
export interface TransportPhase {
  /** The deadline that a TimeoutError stands for. */
  timeoutMs: number;
  /** true = the status line had arrived, so it is an HTTP server that speaks. */
  replyBegan: boolean;
  /** Since the call was made; a kept connection that had gone stale shows at once. @default 0 */
  elapsedMs?: number;
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

/** A name that no server of names knows is a mistake in the URL as long as it has never been reached. */
const NAME_UNKNOWN: FaultRule = { pauseAtPreflight: true };
const TOO_MANY_FILES: FaultRule = { concurrency: 'cut' };
/** A proxy that adds such headers adds them to every reply. */
const HEADERS_OVERFLOW: FaultRule = { thenPause: true };
/** Some servers die of parameters of a wrong type without a word. */
const CLOSED_WITHOUT_A_WORD: FaultRule = { pauseAtPreflight: true, concurrency: 'hold' };
const STALE_CONNECTION: FaultRule = { retryAtOnce: true };
/** Longer than it takes to learn that a connection is gone, shorter than any answer. */
const STALE_WITHIN_MS = 1000;

const RULE_OF: Readonly<Record<string, FaultRule>> = {
  ENOTFOUND: NAME_UNKNOWN,
  EAI_AGAIN: NAME_UNKNOWN,
  EMFILE: TOO_MANY_FILES,
  ENFILE: TOO_MANY_FILES,
  UND_ERR_HEADERS_OVERFLOW: HEADERS_OVERFLOW,
};

const TIMEOUT_CODES = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);
const TLS_CODES =
  /^(ERR_TLS_|ERR_SSL_|EPROTO$|CERT_|CRL_|SELF_SIGNED_|DEPTH_ZERO_|UNABLE_TO_|HOSTNAME_MISMATCH$|INVALID_(CA|PURPOSE)$|PATH_LENGTH_)/;
/** Our own misuse of the library, such as a call on a closed client: not a fault of the server. */
const OUR_BUGS = /^(ERR_|UND_ERR_(CLOSED|DESTROYED|INVALID|NOT_SUPPORTED|REQ_))/;

/** Judges an error thrown by the transport. null = not a fault of a call, to be thrown on as it is. */
export function classifyTransportFault(error: unknown, phase: TransportPhase): CallFault | null {
  const { name, code, syscall } = rootOf(error);
  if (name === 'TimeoutError' || TIMEOUT_CODES.has(code)) return timeout(phase);
  if (code === 'ADDRESS_NOT_ALLOWED') {
    return experimentFault('the host leads to an address that is not allowed', code);
  }
  if (name === 'HTTPParserError')
    return phase.replyBegan ? garbledReply() : experimentFault('not an HTTP server', '');
  if (code === '') return null;
  if (TLS_CODES.test(code)) return experimentFault(`TLS error ${code}`, code);
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') {
    return new CallFault('the answer is too large', { kind: 'narrative', category: 'too_large', code });
  }
  if (OUR_BUGS.test(code)) return null;
  const cannotConnect = code in CANNOT_CONNECT || syscall === 'connect' || syscall === 'getaddrinfo';
  const message = CANNOT_CONNECT[code] ?? BROKEN_CONNECTION[code] ?? `connection failed (${code})`;
  const rule = cannotConnect ? (RULE_OF[code] ?? RULES.none) : ruleOfBroken(error, code, phase);
  return new CallFault(message, { kind: 'transient', category: 'connection', code, cannotConnect, rule });
}

/** The server may still be at work on it: no reason to give it more. */
function timeout({ timeoutMs }: TransportPhase): CallFault {
  const message = `no answer within ${timeoutMs / 1000} s`;
  return new CallFault(message, { kind: 'transient', category: 'timeout', rule: RULES.serverError });
}

function ruleOfBroken(
  error: unknown,
  code: string,
  { replyBegan, elapsedMs = 0 }: TransportPhase,
): FaultRule {
  const known = RULE_OF[code];
  if (known !== undefined) return known;
  if (replyBegan) return RULES.serverError;
  if (isReused(error) && elapsedMs < STALE_WITHIN_MS) return STALE_CONNECTION;
  return code === 'UND_ERR_SOCKET' ? CLOSED_WITHOUT_A_WORD : RULES.serverError;
}

/** Whether the connection had brought an earlier reply: the library tells what it had read on it. */
function isReused(error: unknown): boolean {
  const socket = (error as { socket?: { bytesRead?: unknown } | null }).socket;
  return typeof socket?.bytesRead === 'number' && socket.bytesRead > 0;
}

function garbledReply(): CallFault {
  return new CallFault('the reply broke off or is garbled', {
    kind: 'transient',
    category: 'connection',
    rule: RULES.serverError,
  });
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
