/** Rows 56 to 68: what happens to the connection rather than in the reply. */
import type { Exchange } from '../exchange';
import type { Fault } from './fault';
import { alone, everyTime, givenUpLater, stopping, transient, stoppingWhenGeneral } from './variant';

/** Time for the bytes before a reset to be read: a reset throws away what the caller has not taken yet. */
const BEFORE_RESET_MS = 50;
const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n';
const LONG_HEADER_CHARACTERS = 100 * 1024;

/** Rows about connections. */
export const TRANSPORT_FAULTS: readonly Fault[] = [
  row(56, 'connection refused: the server is away', [alone(transient('connection', goesAway))], 'server'),
  row(57, 'closed before any byte', [
    stoppingWhenGeneral(transient('connection', (exchange) => exchange.end(), 'closed')),
    alone(everyTime(givenUpLater('connection', goesAway, 'kills-server'))),
  ]),
  row(58, 'reset before or in the body', [
    transient('connection', (exchange) => exchange.reset(), 'before'),
    transient('connection', resetsInBody, 'in-body'),
  ]),
  row(59, 'ended within the body', [
    transient('connection', endsInBody, 'content-length'),
    transient('connection', endsInChunk, 'chunk'),
  ]),
  row(60, 'kept connection closed as the call arrives', [
    transient('connection', (exchange) => exchange.drop()),
  ]),
  row(61, 'no headers', [transient('timeout', hangs)]),
  row(62, 'an answer slower than 300 s', [alone(transient('timeout', answersSlowly))]),
  row(63, 'headers, then silence', [transient('timeout', fallsSilent)]),
  row(64, 'one byte at a time', [transient('timeout', drips)]),
  row(65, 'host name not found', [alone(stoppingWhenGeneral(transient('connection', null)))], 'caller'),
  row(66, 'TLS: a certificate nobody signed', [stopping('connection', null)], 'server'),
  row(67, 'not HTTP', [stopping('connection', speaksSsh)]),
  row(68, 'a header of 100 KB', [transient('connection', longHeader)]),
];

function row(
  number: number,
  name: string,
  variants: Fault['variants'],
  servedBy: Fault['servedBy'] = 'reply',
): Fault {
  return { number, name, group: 'transport', servedBy, variants };
}

function goesAway(exchange: Exchange): void {
  exchange.settle(true);
  exchange.facts.takeDownServer(exchange.facts.times.awayMs);
}

async function resetsInBody(exchange: Exchange): Promise<void> {
  const body = bodyOf(exchange);
  await exchange.raw(`${HEAD}content-length: ${body.length}\r\n\r\n`);
  await exchange.raw(halfOf(body));
  await exchange.wait(BEFORE_RESET_MS);
  exchange.reset();
}

async function endsInBody(exchange: Exchange): Promise<void> {
  const body = bodyOf(exchange);
  await exchange.raw(`${HEAD}content-length: ${body.length}\r\n\r\n`);
  await exchange.raw(halfOf(body));
  exchange.end();
}

async function endsInChunk(exchange: Exchange): Promise<void> {
  const body = bodyOf(exchange);
  await exchange.raw(`${HEAD}transfer-encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n`);
  await exchange.raw(halfOf(body));
  exchange.end();
}

async function hangs(exchange: Exchange): Promise<void> {
  await exchange.untilGone();
  exchange.settle(false);
}

async function answersSlowly(exchange: Exchange): Promise<void> {
  await exchange.wait(exchange.facts.times.slowAnswerMs);
  exchange.json(200, exchange.completion);
}

async function fallsSilent(exchange: Exchange): Promise<void> {
  await exchange.raw(`${HEAD}content-length: ${bodyOf(exchange).length}\r\n\r\n`);
  await hangs(exchange);
}

async function drips(exchange: Exchange): Promise<void> {
  const body = bodyOf(exchange);
  await exchange.raw(`${HEAD}content-length: ${body.length}\r\nconnection: close\r\n\r\n`);
  for (const byte of body) {
    await exchange.wait(exchange.facts.times.dripMs);
    if (exchange.isGone) return exchange.settle(false);
    await exchange.raw(Buffer.of(byte));
  }
  exchange.end();
}

async function speaksSsh(exchange: Exchange): Promise<void> {
  await exchange.raw('SSH-2.0-OpenSSH_9.6\r\n');
  exchange.end();
}

async function longHeader(exchange: Exchange): Promise<void> {
  const body = bodyOf(exchange);
  const header = `x-trace: ${'a'.repeat(LONG_HEADER_CHARACTERS)}`;
  await exchange.raw(`${HEAD}${header}\r\ncontent-length: ${body.length}\r\n\r\n`);
  await exchange.raw(body);
  exchange.end();
}

function bodyOf(exchange: Exchange): Buffer {
  return Buffer.from(JSON.stringify(exchange.completion));
}

function halfOf(body: Buffer): Buffer {
  return body.subarray(0, Math.floor(body.length / 2));
}
