/** Every numbered fault of the catalogue as a real server shows it, and how it is judged. */
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FaultKind } from '../../src/llm/call-fault';
import type { FaultRule } from '../../src/llm/fault-rule';
import type { ErrorCategory } from '../../src/experiment';

/** How a fault is served: by an HTTP reply, by bytes on a socket, or by an address where nothing is. */
export type Serve =
  | { by: 'http'; answer: (response: ServerResponse, call: number) => void }
  | { by: 'socket'; answer: (socket: Socket) => void }
  | { by: 'address'; origin: (httpOrigin: string) => string };

export interface CatalogueRow {
  /** Number in the catalogue. */
  row: number;
  /** What tells this case from others of the same row. */
  what: string;
  serve: Serve;
  /** Judgement of the first call; `valid` = an answer, or a reply that the parser reads as it is. */
  kind: FaultKind | 'valid';
  /** null = an answer. */
  category: ErrorCategory | null;
  rule?: FaultRule;
  /** Calls for one narrative when the fault stays. @default 1 */
  calls?: number;
  /** What becomes of the narrative when the fault stays. */
  ending: 'answer' | 'row' | 'pause' | 'wait';
  /** Another narrative is answered meanwhile. */
  othersAreAnswered?: true;
  /** Deadline of each call. @default 5000 */
  timeoutMs?: number;
}

const ANSWER = '{"detected": true, "confidence": 0.9, "indicators": ["x"], "rationale": "y"}';

interface ReplyFacts {
  content?: unknown;
  finish?: string;
  message?: object;
  usage?: object | null;
  model?: string;
}

/** A chat completion. */
export function completion({
  content = ANSWER,
  finish = 'stop',
  message,
  usage,
  model = 'm',
}: ReplyFacts = {}): string {
  return JSON.stringify({
    id: 'r',
    model,
    choices: [{ index: 0, message: { role: 'assistant', content, ...message }, finish_reason: finish }],
    ...(usage === undefined
      ? { usage: { prompt_tokens: 900, completion_tokens: 40, total_tokens: 940 } }
      : { usage }),
  });
}

function body(text: string | Buffer, status = 200, headers: Record<string, string> = {}): Serve {
  return { by: 'http', answer: (response) => void response.writeHead(status, headers).end(text) };
}

function error(status: number, error: unknown, headers: Record<string, string> = {}): Serve {
  return body(JSON.stringify({ error }), status, { 'content-type': 'application/json', ...headers });
}

function raw(...lines: string[]): Serve {
  return { by: 'socket', answer: (socket) => void socket.end(lines.join('\r\n')) };
}

function stream(...pieces: string[]): string {
  return pieces.map((piece) => `data: ${piece}\n\n`).join('');
}

const delta = (delta: object, finish: string | null = null): string =>
  JSON.stringify({ id: 'r', model: 'm', choices: [{ index: 0, delta, finish_reason: finish }] });
const STREAM = stream(
  delta({ role: 'assistant', reasoning: 'Hm. ' }),
  delta({ content: ANSWER.slice(0, 20) }),
  delta({ content: ANSWER.slice(20) }),
  delta({}, 'stop'),
  '{"id":"r","choices":[],"usage":{"prompt_tokens":900,"completion_tokens":40}}',
  '[DONE]',
);

const valid = { kind: 'valid', category: null, ending: 'answer' } as const;
const transient = (category: ErrorCategory) =>
  ({ kind: 'transient', category, calls: 6, ending: 'wait' }) as const;
const permanent = (category: ErrorCategory) => ({ kind: 'narrative', category, ending: 'row' }) as const;
const blocking = (category: ErrorCategory) => ({ kind: 'experiment', category, ending: 'pause' }) as const;
const page = { pauseAfter: { inARow: 3, of: 'tries' }, pauseAtPreflight: true } as const;
const HTML = '<!doctype html><html><body>Bad gateway</body></html>';
const OK_HEAD = 'HTTP/1.1 200 OK';

const STATUS_200: CatalogueRow[] = [
  { row: 1, what: 'a clean answer', serve: body(completion()), ...valid },
  {
    row: 2,
    what: 'fenced',
    serve: body(completion({ content: `Well:\n\`\`\`json\n${ANSWER}\n\`\`\`` })),
    ...valid,
  },
  {
    row: 2,
    what: 'after <think>',
    serve: body(completion({ content: `<think>Hm.</think>\n${ANSWER}` })),
    ...valid,
  },
  {
    row: 2,
    what: 'in harmony channels',
    serve: body(
      completion({
        content: `<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>final<|message|>${ANSWER}`,
      }),
    ),
    ...valid,
  },
  {
    row: 3,
    what: 'null content, thinking, finish length',
    serve: body(completion({ content: null, finish: 'length', message: { reasoning: 'Hm, hm' } })),
    ...permanent('truncated'),
  },
  {
    row: 4,
    what: 'null content, finish stop',
    serve: body(completion({ content: null })),
    kind: 'transient',
    category: 'empty_content',
    rule: { maxRetries: 2 },
    calls: 3,
    ending: 'row',
  },
  {
    row: 5,
    what: 'the answer in the reasoning',
    serve: body(completion({ content: null, message: { reasoning: ANSWER } })),
    ...valid,
  },
  {
    row: 6,
    what: 'empty content, tokens used',
    serve: body(completion({ content: '' })),
    kind: 'transient',
    category: 'context_overflow',
    rule: { maxRetries: 1 },
    calls: 2,
    ending: 'row',
  },
  {
    row: 7,
    what: 'half an object',
    serve: body(completion({ content: ANSWER.slice(0, 40), finish: 'length' })),
    ...permanent('truncated'),
  },
  {
    row: 8,
    what: 'far fewer tokens than the prompt',
    serve: body(completion({ usage: { prompt_tokens: 100, completion_tokens: 40 } })),
    ...permanent('context_overflow'),
  },
  {
    row: 9,
    what: 'an error body of code 502',
    serve: error(200, { message: 'x', code: 502 }),
    ...transient('api_error'),
  },
  {
    row: 9,
    what: 'an error body of code 401',
    serve: error(200, { message: 'x', code: 401 }),
    ...blocking('api_error'),
  },
  {
    row: 9,
    what: 'an error body that names an overflow',
    serve: error(200, { message: 'Context size has been exceeded.', code: 500 }),
    ...permanent('context_overflow'),
  },
  ...['{"id":"r","choices":[]}', '{"id":"r"}'].map((text): CatalogueRow => ({
    row: 10,
    what: text,
    serve: body(text),
    kind: 'transient',
    category: 'api_error',
    rule: { maxRetries: 2 },
    calls: 3,
    ending: 'row',
  })),
  {
    row: 11,
    what: 'an error in the choice',
    serve: body('{"choices":[{"error":{"code":502},"message":{"content":"ha"}}]}'),
    ...transient('api_error'),
  },
  { row: 11, what: 'finish error', serve: body(completion({ finish: 'error' })), ...transient('api_error') },
  {
    row: 12,
    what: 'filtered, no content',
    serve: body(completion({ content: null, finish: 'content_filter' })),
    ...permanent('content_filter'),
  },
  ...[
    { content: "I'm sorry, but I can't help with that." },
    { content: null, message: { refusal: 'No.' } },
  ].map((reply): CatalogueRow => ({
    row: 13,
    what: reply.content === null ? 'message.refusal' : 'prose',
    serve: body(completion(reply)),
    kind: 'transient',
    category: 'refusal',
    rule: { maxRetries: 1, onlyIfTemperature: true },
    calls: 2,
    ending: 'row',
  })),
  { row: 14, what: 'a stream', serve: body(STREAM, 200, { 'content-type': 'text/event-stream' }), ...valid },
  {
    row: 14,
    what: 'a stream called JSON',
    serve: body(STREAM, 200, { 'content-type': 'application/json' }),
    ...valid,
  },
  {
    row: 15,
    what: 'an end mark behind the JSON',
    serve: body(`${completion()}\n\ndata: [DONE]\n\n`),
    ...valid,
  },
  { row: 16, what: 'blanks before the JSON', serve: body(`\n  \n\r\n   ${completion()}`), ...valid },
  {
    row: 17,
    what: 'comment lines',
    serve: body(`: PROCESSING\n\n: PROCESSING\n\n${completion()}`),
    ...valid,
  },
  {
    row: 17,
    what: 'comment lines in a stream',
    serve: body(`: PROCESSING\n\n${STREAM.replace('\n\n', '\n\n: PROCESSING\n\n')}`),
    ...valid,
  },
  {
    row: 18,
    what: 'a page',
    serve: body(HTML, 200, { 'content-type': 'text/html' }),
    ...transient('api_error'),
    rule: page,
    calls: 3,
    ending: 'pause',
  },
  { row: 19, what: 'an empty body', serve: raw(OK_HEAD, '', ''), ...transient('api_error') },
  {
    row: 20,
    what: 'cut, HTTP/1.0',
    serve: raw('HTTP/1.0 200 OK', '', completion().slice(0, 20)),
    ...transient('api_error'),
  },
  {
    row: 21,
    what: 'a length too short',
    serve: raw(OK_HEAD, 'content-length: 20', '', completion()),
    ...transient('api_error'),
  },
  {
    row: 22,
    what: 'another model',
    serve: { by: 'http', answer: (response, call) => void response.end(completion({ model: `m${call}` })) },
    ...valid,
  },
  { row: 23, what: 'no usage', serve: body(completion({ usage: null })), ...valid },
  {
    row: 24,
    what: 'blanks to the end',
    serve: body(completion({ content: `{"detected": ${' \n'.repeat(4000)}`, finish: 'length' })),
    ...permanent('truncated'),
  },
  {
    row: 25,
    what: 'ten megabytes',
    serve: body(completion({ content: 'x'.repeat(10 * 1024 * 1024) })),
    ...permanent('too_large'),
  },
];

const filter = {
  code: 'content_filter',
  innererror: {
    code: 'ResponsibleAIPolicyViolation',
    content_filter_result: { self_harm: { filtered: true } },
  },
};
const cut = { concurrency: 'cut' } as const;
const hold = { concurrency: 'hold' } as const;
const loading = {
  kind: 'transient',
  rule: { waitUncountedMs: 900_000, baseMs: 5000, concurrency: 'hold' },
  calls: 181,
  ending: 'wait',
} as const;
const rateLimit = { ...transient('rate_limit'), rule: cut };
const serverError = { ...transient('http_5xx'), rule: hold };

const STATUS_300_TO_500: CatalogueRow[] = [
  {
    row: 26,
    what: 'by code',
    serve: error(400, { code: 'context_length_exceeded' }),
    ...permanent('context_overflow'),
  },
  {
    row: 26,
    what: 'by words, flat',
    serve: body('{"object":"error","message":"maximum context length is 4096","code":400}', 400),
    ...permanent('context_overflow'),
  },
  { row: 26, what: 'by nothing but its status', serve: body('', 400), ...permanent('context_overflow') },
  {
    row: 27,
    what: 'within a 500',
    serve: error(500, { code: 400, message: 'Context size has been exceeded.' }),
    ...permanent('context_overflow'),
  },
  {
    row: 28,
    what: 'max_tokens',
    serve: error(400, { code: 'unsupported_parameter', param: 'max_tokens' }),
    ...blocking('http_4xx'),
  },
  {
    row: 28,
    what: 'temperature',
    serve: error(400, { message: "Unsupported value: 'temperature' does not support 0.2" }),
    ...blocking('http_4xx'),
  },
  {
    row: 29,
    what: 'a filter',
    serve: error(400, filter),
    ...permanent('content_filter'),
    rule: { pauseAboveShare: 0.05 },
  },
  {
    row: 30,
    what: 'an unknown 400',
    serve: error(400, { message: 'odd', type: 'BadRequestError', code: 400 }),
    kind: 'transient',
    category: 'http_4xx',
    rule: { maxRetries: 1, pauseAfter: { inARow: 3, of: 'narratives' } },
    calls: 2,
    ending: 'row',
  },
  {
    row: 31,
    what: 'a model that does not load yet',
    serve: error(400, 'Failed to load model "m". Error: Operation canceled.'),
    ...loading,
    category: 'http_4xx',
  },
  {
    row: 32,
    what: 'the word json',
    serve: error(400, { message: "'messages' must contain the word 'json' in some form" }),
    ...blocking('http_4xx'),
  },
  ...[401, 403].map((status): CatalogueRow => ({
    row: 33,
    what: String(status),
    serve: error(status, { message: 'no' }),
    ...blocking('http_4xx'),
  })),
  { row: 34, what: 'no credit', serve: error(402, { message: 'credits' }), ...blocking('http_4xx') },
  {
    row: 34,
    what: 'too much in flight',
    serve: error(402, { message: 'credits' }, { 'retry-after': '3' }),
    ...rateLimit,
    category: 'http_4xx',
  },
  {
    row: 35,
    what: 'moderation',
    serve: error(403, { code: 403, message: 'Your input was flagged' }),
    ...permanent('content_filter'),
  },
  {
    row: 36,
    what: 'no such model',
    serve: error(404, { message: 'The model `m` does not exist.', type: 'NotFoundError' }),
    ...blocking('http_4xx'),
  },
  {
    row: 37,
    what: 'any failure as 404',
    serve: error(404, 'Out of memory'),
    ...transient('http_4xx'),
    rule: hold,
  },
  {
    row: 37,
    what: 'a repository that is not there',
    serve: error(404, 'Repository Not Found for url'),
    ...blocking('http_4xx'),
  },
  { row: 38, what: 'a wrong path', serve: body('Not Found', 404), ...blocking('http_4xx') },
  ...[408, 409, 499].map((status): CatalogueRow => ({
    row: 39,
    what: String(status),
    serve: error(status, { message: 'x' }),
    ...transient('http_4xx'),
  })),
  {
    row: 40,
    what: 'a length is required',
    serve: error(411, 'Content-Length required'),
    ...blocking('http_4xx'),
  },
  { row: 41, what: 'too large', serve: body('', 413), ...permanent('http_4xx') },
  {
    row: 42,
    what: 'the length',
    serve: body(
      '{"error":"`inputs` must have less than 4095 tokens. Given: 5000","error_type":"validation"}',
      422,
    ),
    ...permanent('context_overflow'),
  },
  {
    row: 42,
    what: 'anything else',
    serve: body('{"detail":[{"loc":["body","model"],"msg":"Field required"}]}', 422),
    ...blocking('http_4xx'),
  },
  {
    row: 43,
    what: 'generation failed',
    serve: body('{"error":"Request failed during generation","error_type":"generation"}', 424),
    ...transient('http_4xx'),
  },
  {
    row: 44,
    what: 'retry-after',
    serve: error(429, { message: 'slow' }, { 'retry-after': '7' }),
    ...rateLimit,
  },
  {
    row: 45,
    what: 'retry-after-ms',
    serve: error(429, { message: 'slow' }, { 'retry-after-ms': '70' }),
    ...rateLimit,
  },
  {
    row: 45,
    what: 'a date',
    serve: error(429, { message: 'slow' }, { 'retry-after': new Date(Date.now() + 30_000).toUTCString() }),
    ...rateLimit,
  },
  {
    row: 45,
    what: 'a day',
    serve: error(429, { message: 'slow' }, { 'retry-after': '86400' }),
    ...rateLimit,
    calls: 1,
  },
  ...['insufficient_quota', 'credit_balance_exhausted', 'monthly_spend_limit_exceeded'].map(
    (code): CatalogueRow => ({
      row: 46,
      what: code,
      serve: error(429, { code, message: 'You exceeded your current quota' }),
      ...blocking('rate_limit'),
    }),
  ),
  {
    row: 47,
    what: 'reset headers',
    serve: error(
      429,
      { message: 'slow' },
      { 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '1s' },
    ),
    ...rateLimit,
  },
  {
    row: 48,
    what: '429 overloaded',
    serve: body('{"error":"Model is overloaded","error_type":"overloaded"}', 429),
    ...rateLimit,
  },
  {
    row: 48,
    what: '503 busy',
    serve: error(503, 'server busy, please try again. maximum pending requests exceeded'),
    ...transient('http_5xx'),
    rule: cut,
  },
  {
    row: 49,
    what: '500 once',
    serve: {
      by: 'http',
      answer: (response, call) => void response.writeHead(call === 1 ? 500 : 200).end(completion()),
    },
    kind: 'transient',
    category: 'http_5xx',
    rule: hold,
    calls: 2,
    ending: 'answer',
  },
  {
    row: 50,
    what: '500 for ever',
    serve: error(500, { message: 'EngineCore encountered an issue', type: 'InternalServerError' }),
    ...serverError,
  },
  {
    row: 51,
    what: '500 on one narrative',
    serve: error(500, { message: 'x' }),
    ...serverError,
    ending: 'row',
    othersAreAnswered: true,
  },
  ...[502, 504, 524].map((status): CatalogueRow => ({
    row: 52,
    what: `page of status ${status}`,
    serve: body(HTML, status),
    ...serverError,
  })),
  {
    row: 53,
    what: 'loading',
    serve: error(503, { message: 'Loading model', type: 'unavailable_error', code: 503 }),
    ...loading,
    category: 'http_5xx',
  },
  {
    row: 54,
    what: '529',
    serve: error(529, { type: 'overloaded_error' }),
    ...transient('http_5xx'),
    rule: { concurrency: 'cut', baseMs: 5000 },
  },
  ...[307, 308].map((status): CatalogueRow => ({
    row: 55,
    what: String(status),
    serve: body('', status, { location: 'http://127.0.0.1:9/' }),
    ...blocking('api_error'),
  })),
];

/** Answers the first call on a connection and closes it without a word at the next. */
function staleAfterFirst(socket: Socket): void {
  const text = completion();
  socket.write([OK_HEAD, `content-length: ${text.length}`, '', text].join('\r\n'));
  socket.on('data', () => socket.end());
}

function drip(socket: Socket): void {
  socket.write(`${OK_HEAD}\r\n\r\n`);
  const timer = setInterval(() => socket.write(' '), 30);
  socket.on('close', () => clearInterval(timer));
}

function reset(sent: string): Serve {
  return {
    by: 'socket',
    answer: (socket) => {
      socket.write(sent);
      setTimeout(() => socket.resetAndDestroy(), 20);
    },
  };
}

const broken = { ...transient('connection'), rule: hold };
const late = { ...transient('timeout'), rule: hold, timeoutMs: 100 };
const silent = (sent: string): Serve => ({ by: 'socket', answer: (socket) => void socket.write(sent) });

const TRANSPORT: CatalogueRow[] = [
  {
    row: 56,
    what: 'refused',
    serve: { by: 'address', origin: () => 'http://127.0.0.1:9' },
    ...transient('connection'),
  },
  {
    row: 57,
    what: 'closed before a byte',
    serve: raw(''),
    ...transient('connection'),
    rule: { pauseAtPreflight: true, concurrency: 'hold' },
  },
  { row: 58, what: 'reset before the reply', serve: reset(''), ...broken },
  {
    row: 58,
    what: 'reset within the reply',
    serve: reset(`${OK_HEAD}\r\ncontent-length: 500\r\n\r\nabc`),
    ...broken,
  },
  {
    row: 59,
    what: 'closed within a known length',
    serve: raw(OK_HEAD, 'content-length: 5000', '', completion()),
    ...broken,
  },
  {
    row: 59,
    what: 'closed within a chunk',
    serve: raw(OK_HEAD, 'transfer-encoding: chunked', '', 'fff', completion()),
    ...broken,
  },
  {
    row: 60,
    what: 'a stale connection',
    serve: { by: 'socket', answer: staleAfterFirst },
    kind: 'transient',
    category: 'connection',
    rule: { retryAtOnce: true },
    calls: 2,
    ending: 'answer',
  },
  { row: 61, what: 'no headers', serve: silent(''), ...late },
  {
    row: 62,
    what: 'a slow answer',
    serve: { by: 'http', answer: (response) => void setTimeout(() => response.end(completion()), 400) },
    ...valid,
  },
  {
    row: 63,
    what: 'silence after the headers',
    serve: silent(`${OK_HEAD}\r\ncontent-length: 500\r\n\r\n`),
    ...late,
  },
  { row: 64, what: 'one byte at a time', serve: { by: 'socket', answer: drip }, ...late },
  {
    row: 65,
    what: 'an unknown name',
    serve: { by: 'address', origin: () => 'http://nowhere.invalid' },
    ...transient('connection'),
    rule: { pauseAtPreflight: true },
  },
  {
    row: 66,
    what: 'TLS with a server that has none',
    serve: { by: 'address', origin: (http) => http.replace('http:', 'https:') },
    ...blocking('connection'),
  },
  { row: 67, what: 'another protocol', serve: raw('SSH-2.0-OpenSSH_9', ''), ...blocking('connection') },
  {
    row: 68,
    what: 'headers of 100 KB',
    serve: raw(OK_HEAD, `x: ${'x'.repeat(100_000)}`, '', completion()),
    ...transient('connection'),
    rule: { thenPause: true },
    ending: 'pause',
  },
  {
    row: 69,
    what: 'a reply after the deadline',
    serve: { by: 'http', answer: (response) => void setTimeout(() => response.end(completion()), 200) },
    ...late,
  },
  {
    row: 70,
    what: 'an answer once the model is loaded',
    serve: { by: 'http', answer: (response) => void setTimeout(() => response.end(completion()), 300) },
    ...valid,
  },
];

/** All rows, in order; some have several cases. */
export const CATALOGUE: readonly CatalogueRow[] = [...STATUS_200, ...STATUS_300_TO_500, ...TRANSPORT];
