/** Rows 9 to 11, 14 to 21 and 25: status 200, and the envelope itself is odd, cut or missing. */
import type { Exchange } from '../exchange';
import { eventStreamOf } from './event-stream';
import type { Fault } from './fault';
import { answers, answersText, contentOf, replies, repliesText, withMessage } from './serve';
import { givenUpLater, permanent, stopping, transient, valid, stoppingWhenGeneral } from './variant';

const JSON_TYPE = { 'content-type': 'application/json' };
const SIGNS_OF_LIFE = 3;
const TEN_MEGABYTES = 10 * 1024 * 1024;
const PIECE_BYTES = 64 * 1024;

/** Rows whose envelope is not that of a chat completion. */
export const ENVELOPE_FAULTS: readonly Fault[] = [
  row(9, 'status 200 with an error in the body', [
    transient('rate_limit', inBodyError({ code: 429, message: 'Rate limit exceeded upstream.' }), '429'),
    transient('api_error', inBodyError({ code: 502, message: 'Provider returned error' }), '502'),
    stopping('api_error', inBodyError({ code: 402, message: 'Insufficient credits.' }), '402'),
    permanent(
      'context_overflow',
      inBodyError({
        code: 400,
        message: 'request (14429 tokens) exceeds the available context size (8192 tokens), try increasing it',
        type: 'exceed_context_size_error',
        n_prompt_tokens: 14_429,
        n_ctx: 8192,
      }),
      'context',
    ),
    transient('api_error', inBodyError({ message: 'Something went wrong.' }), 'no-code'),
  ]),
  row(10, 'choices empty or missing', [
    givenUpLater(
      'api_error',
      answers((completion) => ({ ...completion, choices: [] })),
      'empty',
    ),
    givenUpLater(
      'api_error',
      answers((completion) => ({ ...completion, choices: undefined })),
      'missing',
    ),
  ]),
  row(11, 'an error inside the choice', [
    transient(
      'api_error',
      answers((completion) =>
        withMessage(completion, { content: '' }, { error: { code: 502, message: 'Upstream error' } }),
      ),
      'object',
    ),
    transient(
      'api_error',
      answers((completion) => withMessage(completion, { content: '' }, { finish_reason: 'error' })),
      'finish',
    ),
  ]),
  row(14, 'an event stream although stream is false', [
    valid(streamsEvents('text/event-stream'), 'event-stream'),
    valid(streamsEvents('application/json'), 'called-json'),
  ]),
  row(15, 'whole JSON and a trailing data: [DONE]', [
    valid(answersText((body) => `${body}\n\ndata: [DONE]\n\n`)),
  ]),
  row(16, 'blanks as a sign of life, the body later', [valid(keepsAlive(' \n'))]),
  row(17, 'comment lines before the body', [valid(keepsAlive(': OPENROUTER PROCESSING\n\n'))]),
  row(18, 'an HTML page', [
    stoppingWhenGeneral(
      transient('api_error', repliesText(200, 'text/html', portalPage()), 'captive-portal'),
    ),
    stoppingWhenGeneral(
      transient('api_error', repliesText(200, 'text/html; charset=utf-8', appPage()), 'app-fallback'),
    ),
  ]),
  row(19, 'empty body, no content-length', [
    transient(
      'api_error',
      beneathHttp('HTTP/1.1 200 OK', ['connection: close'], () => ''),
    ),
  ]),
  row(20, 'body cut, HTTP/1.0 without a length', [
    transient('api_error', beneathHttp('HTTP/1.0 200 OK', ['Server: BaseHTTP/0.6 Python/3.12.4'], half)),
  ]),
  row(21, 'content-length shorter than the body', [transient('api_error', shortLength)]),
  row(25, 'ten megabytes, or no end', [
    permanent('too_large', answers(tenMegabytes), 'ten-megabytes'),
    permanent('too_large', endless, 'endless'),
  ]),
];

function row(number: number, name: string, variants: Fault['variants']): Fault {
  return { number, name, group: 'status 200', servedBy: 'reply', variants };
}

function inBodyError(error: object) {
  return replies(200, { error });
}

function streamsEvents(type: string) {
  return (exchange: Exchange) =>
    exchange.stream(eventStreamOf(exchange.completion), { 'content-type': type }, 0);
}

function keepsAlive(sign: string) {
  return async (exchange: Exchange) => {
    const signs = Array.from({ length: SIGNS_OF_LIFE }, () => sign);
    const body = JSON.stringify(exchange.completion);
    await exchange.stream([...signs, body], JSON_TYPE, exchange.facts.times.keepAliveMs);
  };
}

/** Writes head and body by itself and closes the connection. */
function beneathHttp(statusLine: string, headers: string[], bodyOf: (whole: string) => string) {
  return async (exchange: Exchange) => {
    const body = bodyOf(JSON.stringify(exchange.completion));
    const head = [statusLine, 'Content-type: application/json', ...headers].join('\r\n');
    await exchange.raw(`${head}\r\n\r\n${body}`);
    exchange.end();
  };
}

function half(whole: string): string {
  return whole.slice(0, whole.length / 2);
}

async function shortLength(exchange: Exchange): Promise<void> {
  const length = `content-length: ${Math.floor(JSON.stringify(exchange.completion).length / 2)}`;
  await beneathHttp('HTTP/1.1 200 OK', [length], (whole) => whole)(exchange);
}

function tenMegabytes(completion: Exchange['completion']): object {
  const answer = JSON.parse(contentOf(completion)) as object;
  return withMessage(completion, {
    content: JSON.stringify({ ...answer, rationale: 'So it is. '.repeat(TEN_MEGABYTES / 10) }),
  });
}

/** A whole head, then text without end, as fast as the caller takes it. */
async function endless(exchange: Exchange): Promise<void> {
  const length = PIECE_BYTES.toString(16);
  const piece = `${length}\r\n${'so it is'.repeat(PIECE_BYTES / 8)}\r\n`;
  await exchange.raw(
    'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n',
  );
  while (!exchange.isGone) {
    await exchange.raw(piece);
    await exchange.wait(1);
  }
  exchange.settle(false);
}

function portalPage(): string {
  return '<!DOCTYPE html><html><head><title>Sign in to the network</title></head><body><form action="/login"></form></body></html>';
}

function appPage(): string {
  return '<!doctype html>\n<html lang="en"><head><script type="module" src="/assets/index.js"></script></head><body><div id="root"></div></body></html>\n';
}
