/**
 * Sends one chat completion at a time over kept connections to one URL, under one total deadline. It never repeats a
 * call, follows a redirect or goes through a proxy: retries stand above it, and texts go nowhere but to this URL.
 */
import { Pool, type Dispatcher } from 'undici';
import { CallFault } from './call-fault';
import { chatBody, type ChatRequest } from './chat-body';
import { classifyHttpFault, classifyTransportFault } from './classify-fault';
import { connectToAllowed, isAddressAllowed, isLoopbackUrl } from './connect-to-allowed';
import type { Dialect } from './dialect';
import { probeConnection } from './probe-connection';
import { readBodyText } from './read-body';
import { readReply, type ChatReply } from './read-reply';
import type { ReplyHeaders } from './read-retry-after';
import { withDeadline } from './with-deadline';

export type { ChatRequest } from './chat-body';
export type { ChatReply } from './read-reply';

/** Enough for any answer; keeps a server that talks for ever from filling the memory. */
const MAX_RESPONSE_BYTES = 4 * 1024 * 1024;
/** Shorter than the 5 s after which common servers close idle connections. */
const KEEP_ALIVE_MS = 4000;

export interface ChatClientOptions {
  /** The whole URL of the chat completions. */
  apiUrl: string;
  /** null = no key is sent. */
  apiKey: string | null;
  /** The header that carries the key. @default authorization */
  keyHeader?: Dialect['keyHeader'];
  /** Most connections at a time. @default as many as there are calls at once */
  connections?: number;
  /** From the call to the last byte of its answer. */
  timeoutMs: number;
  /** Origins beyond this machine that texts may go to. */
  allowedOrigins: readonly string[];
  /** Told the headers of every reply to a call, whatever its status: rate limits stand in them. */
  onHeaders?: (headers: ReplyHeaders) => void;
}

/** What another path of the same server replied, whatever its status. */
export interface QueryReply {
  status: number;
  headers: ReplyHeaders;
  body: string;
}

export interface ChatClient {
  /** Makes one call; throws CallFault when it brings no reply worth reading. `timeoutMs` = another deadline for it. */
  send(request: ChatRequest, options?: { timeoutMs?: number }): Promise<ChatReply>;
  /** Asks another path of the same server, with GET or with a JSON body; throws CallFault when no reply comes. */
  query(path: string, options: { body?: object; timeoutMs: number }): Promise<QueryReply>;
  /** Opens a connection and closes it unused; throws CallFault when none comes about, and the signal's reason. */
  checkReachable(signal?: AbortSignal): Promise<void>;
  /** Waits for the calls in flight, then closes all connections; calls made after it throw the library's error. */
  close(): Promise<void>;
}

/** Makes the client; nothing is connected before the first call. */
export function createChatClient(options: ChatClientOptions): ChatClient {
  const url = new URL(options.apiUrl);
  const loopbackOnly = isLoopbackUrl(url);
  const connect = connectToAllowed((address) => isAddressAllowed(address, loopbackOnly));
  const pool = new Pool(url.origin, {
    connect,
    connections: options.connections ?? null,
    pipelining: 1,
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: KEEP_ALIVE_MS,
    maxResponseSize: MAX_RESPONSE_BYTES,
  });
  const headers = headersFor(options);
  const refusal = refusalOf(options, url);
  const assertUsable = (): void => {
    if (refusal !== null) throw new CallFault(refusal.message, { kind: 'experiment', ...refusal });
  };
  const exchange = async (path: string, body: object | undefined, timeoutMs: number): Promise<QueryReply> => {
    assertUsable();
    const [method, text] =
      body === undefined ? (['GET', null] as const) : (['POST', JSON.stringify(body)] as const);
    return await callUnderDeadline(timeoutMs, (signal) =>
      pool.request({ method, path, headers, body: text, signal }),
    );
  };
  let closed: Promise<void> | undefined;
  return {
    async send(request, { timeoutMs = options.timeoutMs } = {}) {
      const reply = await exchange(`${url.pathname}${url.search}`, chatBody(request), timeoutMs);
      options.onHeaders?.(reply.headers);
      if (reply.status >= 200 && reply.status < 300) return readReply(reply.body);
      throw classifyHttpFault({ ...reply, nowMs: Date.now() });
    },
    query: (path, { body, timeoutMs }) => exchange(path, body, timeoutMs),
    async checkReachable(signal) {
      assertUsable();
      try {
        await probeConnection(connect, url, signal);
      } catch (error) {
        throw classifyTransportFault(error, { timeoutMs: options.timeoutMs, replyBegan: false }) ?? error;
      }
    },
    close: () => (closed ??= pool.close()),
  };
}

function headersFor({ apiKey, keyHeader = 'authorization' }: ChatClientOptions): Record<string, string> {
  const key = keyHeader === 'api-key' ? (apiKey ?? '') : `Bearer ${apiKey}`;
  return {
    'content-type': 'application/json',
    accept: 'application/json',
    'accept-encoding': 'identity',
    ...(apiKey ? { [keyHeader]: key } : {}),
  };
}

/** Makes a request and reads its body to the end. An error status without a readable body is still that status. */
async function callUnderDeadline(
  timeoutMs: number,
  request: (signal: AbortSignal) => Promise<Dispatcher.ResponseData>,
): Promise<QueryReply> {
  const startedMs = performance.now();
  let replyBegan = false;
  try {
    return await withDeadline(timeoutMs, async (signal) => {
      const { statusCode: status, headers, body } = await request(signal);
      replyBegan = true;
      const bytes =
        status < 300 ? await body.arrayBuffer() : await body.arrayBuffer().catch(() => new ArrayBuffer(0));
      const encoding = String(headers['content-encoding'] ?? '');
      return { status, headers, body: readBodyText(Buffer.from(bytes), encoding, MAX_RESPONSE_BYTES) };
    });
  } catch (error) {
    if (error instanceof CallFault) throw error;
    const elapsedMs = performance.now() - startedMs;
    throw classifyTransportFault(error, { timeoutMs, replyBegan, elapsedMs }) ?? error;
  }
}

/** Why nothing may be sent at all, which holds for every narrative alike; null = it may. */
function refusalOf(
  { apiKey, allowedOrigins }: ChatClientOptions,
  url: URL,
): (Pick<CallFault, 'category'> & { message: string; code: string }) | null {
  if (!isLoopbackUrl(url) && !allowedOrigins.some((allowed) => originOf(allowed) === url.origin)) {
    const message = 'it is neither on this machine nor in model.allowed_hosts';
    return { message, category: 'connection', code: 'HOST_NOT_ALLOWED' };
  }
  if (apiKey !== null && /[^\x20-\x7e]/.test(apiKey)) {
    const message = 'the key holds a line break or another character that no header may hold';
    return { message, category: 'http_4xx', code: 'INVALID_KEY' };
  }
  return null;
}

function originOf(allowed: string): string | null {
  return URL.canParse(allowed) ? new URL(allowed).origin : null;
}
