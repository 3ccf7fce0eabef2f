/**
 * Sends one chat completion at a time over kept connections to one URL, under one total deadline. It never repeats a
 * call, follows a redirect or goes through a proxy: retries stand above it, and texts go nowhere but to this URL.
 */
import { Pool } from 'undici';
import { CallFault } from './call-fault';
import { classifyHttpFault, classifyTransportFault, type TransportPhase } from './classify-fault';
import { connectToAllowed, isAddressAllowed, isLoopbackUrl } from './connect-to-allowed';
import { probeConnection } from './probe-connection';
import { readReply, type ChatReply } from './read-reply';

export type { ChatReply } from './read-reply';

/** Enough for any answer; keeps a server that talks for ever from filling the memory. */
const MAX_RESPONSE_BYTES = 4 * 1024 * 1024;
/** Shorter than the 5 s after which common servers close idle connections. */
const KEEP_ALIVE_MS = 4000;
const MAX_TIMER_MS = 2 ** 31 - 1;

export interface ChatClientOptions {
  /** The whole URL of the chat completions. */
  apiUrl: string;
  /** null = no authorization header. */
  apiKey: string | null;
  /** Most connections at a time. */
  connections: number;
  /** From the call to the last byte of its answer. */
  timeoutMs: number;
  /** Origins beyond this machine that texts may go to. */
  allowedOrigins: readonly string[];
}

export interface ChatRequest {
  model: string;
  /** Empty = no system message. */
  system: string;
  user: string;
  temperature: number;
  maxTokens: number;
}

export interface ChatClient {
  /** Makes one call; throws CallFault when it brings no reply worth reading. */
  send(request: ChatRequest): Promise<ChatReply>;
  /** Opens a connection and closes it unused; throws CallFault when none comes about, and the signal's reason. */
  checkReachable(signal?: AbortSignal): Promise<void>;
  /** Waits for the calls in flight, then closes all connections; calls made after it throw the library's error. */
  close(): Promise<void>;
}

/** Makes the client; nothing is connected before the first call. */
export function createChatClient(options: ChatClientOptions): ChatClient {
  const url = new URL(options.apiUrl);
  const timeoutMs = Math.min(options.timeoutMs, MAX_TIMER_MS);
  const loopbackOnly = isLoopbackUrl(url);
  const connect = connectToAllowed((address) => isAddressAllowed(address, loopbackOnly));
  const headers = headersFor(options.apiKey);
  const pool = new Pool(url.origin, {
    connect,
    connections: options.connections,
    pipelining: 1,
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: KEEP_ALIVE_MS,
    maxResponseSize: MAX_RESPONSE_BYTES,
  });
  const path = `${url.pathname}${url.search}`;
  let closed: Promise<void> | undefined;
  const post = async (request: ChatRequest, signal: AbortSignal): Promise<ChatReply> => {
    const body = JSON.stringify(bodyOf(request));
    const reply = await pool.request({ method: 'POST', path, headers, body, signal });
    const { statusCode: status } = reply;
    if (status >= 200 && status < 300) {
      const read = () => reply.body.text();
      return readReply(await asCallFault({ timeoutMs, replyBegan: true }, read));
    }
    const said = await reply.body.text().catch(() => '');
    throw classifyHttpFault({ status, headers: reply.headers, body: said, nowMs: Date.now() });
  };
  return {
    async send(request) {
      assertUsable(options, url);
      const call = () => withDeadline(timeoutMs, (signal) => post(request, signal));
      return await asCallFault({ timeoutMs, replyBegan: false }, call);
    },
    async checkReachable(signal) {
      assertUsable(options, url);
      const probe = () => probeConnection(connect, url, signal);
      await asCallFault({ timeoutMs, replyBegan: false }, probe);
    },
    close: () => (closed ??= pool.close()),
  };
}

function headersFor(apiKey: string | null): Record<string, string> {
  return {
    'content-type': 'application/json',
    accept: 'application/json',
    'accept-encoding': 'identity',
    ...(apiKey ? { authorization: `Bearer ${apiKey}` } : {}),
  };
}

function bodyOf({ model, system, user, temperature, maxTokens }: ChatRequest): object {
  const messages = [
    ...(system === '' ? [] : [{ role: 'system', content: system }]),
    { role: 'user', content: user },
  ];
  return { model, messages, temperature, stream: false, max_tokens: maxTokens };
}

/** What would fail for every narrative alike, found before anything is sent. */
function assertUsable({ apiKey, allowedOrigins }: ChatClientOptions, url: URL): void {
  if (!isLoopbackUrl(url) && !allowedOrigins.some((allowed) => originOf(allowed) === url.origin)) {
    const message = 'it is neither on this machine nor in model.allowed_hosts';
    throw new CallFault(message, { kind: 'experiment', category: 'connection', code: 'HOST_NOT_ALLOWED' });
  }
  if (apiKey !== null && /[^\x20-\x7e]/.test(apiKey)) {
    const message = 'the key holds a line break or another character that no header may hold';
    throw new CallFault(message, { kind: 'experiment', category: 'http_4xx', code: 'INVALID_KEY' });
  }
}

function originOf(allowed: string): string | null {
  return URL.canParse(allowed) ? new URL(allowed).origin : null;
}

async function asCallFault<T>(phase: TransportPhase, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof CallFault) throw error;
    throw classifyTransportFault(error, phase) ?? error;
  }
}

/** The race ends also a call that still waits for a connection, which does not hear its signal. */
async function withDeadline<T>(timeoutMs: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const deadline = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const reason = new DOMException('deadline', 'TimeoutError');
      deadline.abort(reason);
      reject(reason);
    }, timeoutMs);
  });
  try {
    return await Promise.race([work(deadline.signal), expired]);
  } finally {
    clearTimeout(timer);
  }
}
