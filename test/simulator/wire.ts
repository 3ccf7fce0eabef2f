import { connect } from 'node:net';
import {
  startModelServer,
  type ModelServer,
  type ModelServerOptions,
} from '../../src/simulator/model-server';
import { simulatedAnswer } from '../../src/simulator/simulated-answer';

/** What came over a connection, byte for byte. */
export interface WireReply {
  /** Everything, as latin1. */
  all: string;
  /** null = no status line came. */
  status: number | null;
  statusLine: string;
  /** Lower-case names. */
  headers: Record<string, string>;
  /** Without chunk lengths, read as UTF-8. */
  body: string;
  /** How it stood when reading stopped: open, ended in order, or reset. */
  end: 'open' | 'fin' | 'reset';
  /** Pieces in which it was read. */
  pieces: number;
}

export interface WireCall {
  text?: string;
  /** More fields of the request. */
  parameters?: Record<string, unknown>;
  /** Reading stops after this long without a byte. */
  silenceMs?: number;
  /** Reading stops after so many bytes. */
  maxBytes?: number;
}

export const TEXT = 'Her husband had threatened her. '.repeat(40);

/** Starts a server, makes one call on a connection of its own and closes the server. */
export async function askOnce(options: ModelServerOptions, call: WireCall = {}): Promise<WireReply> {
  const server = await startModelServer(options);
  try {
    return await askRaw(server, call);
  } finally {
    await server.close();
  }
}

/** One call over a fresh socket, read until it is complete, ended, or silent. */
export async function askRaw({ port }: ModelServer, call: WireCall = {}): Promise<WireReply> {
  const { text = TEXT, parameters = {}, silenceMs = 1000, maxBytes = Infinity } = call;
  const body = JSON.stringify({ model: 'm', messages: [{ role: 'user', content: text }], ...parameters });
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  const chunks: Buffer[] = [];
  let size = 0;
  const end = await new Promise<WireReply['end']>((resolve) => {
    socket.setTimeout(silenceMs, () => resolve('open'));
    socket.once('end', () => resolve('fin'));
    socket.once('error', () => resolve('reset'));
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= maxBytes || isComplete(chunk, chunks, size)) setTimeout(() => resolve('open'), 60);
    });
    socket.write(
      `POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n` +
        `accept-encoding: identity\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
  });
  socket.destroy();
  return { ...readWire(Buffer.concat(chunks)), end, pieces: chunks.length };
}

/** The good answer as the content of a message holds it. */
export function goodAnswer(text = TEXT): object {
  const { detected, confidence, indicators, rationale } = simulatedAnswer(text, { seed: 1 });
  return { detected, confidence, indicators, rationale };
}

/** Cheap for large bodies: the whole is put together only where its end may have come. */
function isComplete(last: Buffer, chunks: Buffer[], size: number): boolean {
  const first = chunks[0]?.toString('latin1') ?? '';
  const headEnd = first.indexOf('\r\n\r\n');
  if (headEnd < 0) return false;
  const length = /content-length: *(\d+)/i.exec(first.slice(0, headEnd))?.[1];
  if (length !== undefined) return size >= headEnd + 4 + Number(length);
  return /transfer-encoding: *chunked/i.test(first) && last.toString('latin1').endsWith('0\r\n\r\n');
}

function readWire(bytes: Buffer): Omit<WireReply, 'end' | 'pieces'> {
  const all = bytes.toString('latin1');
  const headEnd = all.indexOf('\r\n\r\n');
  const [statusLine = '', ...lines] = all.slice(0, Math.max(0, headEnd)).split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [
      line.slice(0, line.indexOf(':')).toLowerCase(),
      line.slice(line.indexOf(':') + 1).trim(),
    ]),
  );
  const rest = headEnd < 0 ? '' : all.slice(headEnd + 4);
  const isChunked = headers['transfer-encoding'] === 'chunked';
  return {
    all,
    status: Number(/^HTTP\/1\.[01] (\d{3})/.exec(statusLine)?.[1] ?? NaN) || null,
    statusLine,
    headers,
    body: Buffer.from(isChunked ? unchunk(rest) : rest, 'latin1').toString('utf8'),
  };
}

function unchunk(rest: string): string {
  let text = '';
  for (let at = 0; ;) {
    const lineEnd = rest.indexOf('\r\n', at);
    const length = lineEnd < 0 ? NaN : Number.parseInt(rest.slice(at, lineEnd), 16);
    if (!(length > 0)) return text;
    text += rest.slice(lineEnd + 2, lineEnd + 2 + length);
    at = lineEnd + 2 + length + 2;
  }
}
