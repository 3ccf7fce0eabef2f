/**
 * Finds the JSON of a chat completion in what servers and proxies make of it: blanks and comment lines to keep the
 * connection alive, an end mark behind it, or a stream although none was asked for.
 */
import { assembleStream } from './assemble-stream';
import { CallFault } from './call-fault';
import { RULES, type FaultRule } from './fault-rule';

export type Json = Record<string, unknown>;

/** A line of a stream that says nothing: comments begin with a colon. */
const IDLE_LINE = /^\s*(?::.*)?$/;
const END_MARK = /^data:\s*\[DONE\]\s*$/;
const STREAM_LINE = /^(?:data|event|id|retry):/;

/** The envelope of a reply. Throws CallFault, transient, when it is empty, a page, or not whole. */
export function unwrapEnvelope(body: string): Json {
  return parseWhole(body) ?? findEnvelope(body);
}

/** What most servers send: one object and nothing else. */
function parseWhole(body: string): Json | null {
  if (!body.startsWith('{')) return null;
  try {
    return JSON.parse(body) as Json;
  } catch {
    return null;
  }
}

function findEnvelope(body: string): Json {
  const lines = body.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  const start = lines.findIndex((line) => !IDLE_LINE.test(line));
  if (start < 0) throw unusable('the reply is empty');
  const first = lines[start]!.trimStart();
  if (first.startsWith('<')) throw unusable('the reply is a web page', RULES.page);
  if (STREAM_LINE.test(first)) {
    const assembled = assembleStream(lines.slice(start));
    if (assembled === null) throw unusable('the reply is a stream that breaks off');
    return assembled;
  }
  let end = lines.length;
  while (IDLE_LINE.test(lines[end - 1]!) || END_MARK.test(lines[end - 1]!)) end -= 1;
  return parseObject(lines.slice(start, end).join('\n'));
}

/** A fault of a reply of status 200 that cannot be read; another try may bring a better one. */
export function unusable(message: string, rule: FaultRule = RULES.none): CallFault {
  return new CallFault(message, { kind: 'transient', category: 'api_error', httpStatus: 200, rule });
}

/** A cut body ends here, so a failure is the transport's and never the model's. */
function parseObject(text: string): Json {
  let envelope: unknown;
  try {
    envelope = JSON.parse(text);
  } catch {
    throw unusable('the reply is not whole JSON');
  }
  if (!isObject(envelope)) throw unusable('the reply is not a chat completion');
  return envelope;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
