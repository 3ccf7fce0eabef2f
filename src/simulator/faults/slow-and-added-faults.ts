/** Rows 69 and 70, which delay an answer, and rows from 71 on, which the catalogue of servers does not number. */
import { gzipSync } from 'node:zlib';
import type { Exchange } from '../exchange';
import type { Fault, FaultVariant } from './fault';
import { alone, ONLY, valid } from './variant';

const PIECES = 12;

/** Slow but whole answers, and additions. */
export const SLOW_AND_ADDED_FAULTS: readonly Fault[] = [
  row(69, 'computed on after the caller left', [alone(neutral(answersLate))], 'transport'),
  row(70, 'model swapped out: loads first', [alone(neutral(loadsFirst))], 'transport'),
  row(71, 'gzip although identity was asked for', [valid(zips)]),
  row(72, 'the answer in small pieces', [valid(slices)]),
  row(73, 'the connection closed after the answer', [valid(closes)]),
];

function row(
  number: number,
  name: string,
  variants: Fault['variants'],
  group: Fault['group'] = 'addition',
): Fault {
  return { number, name, group, servedBy: 'reply', variants };
}

function neutral(serve: FaultVariant['serve']): FaultVariant {
  return {
    name: ONLY,
    faultClass: null,
    becomes: null,
    whenGeneral: null,
    category: null,
    persists: false,
    mixes: true,
    serve,
  };
}

async function answersLate(exchange: Exchange): Promise<void> {
  await exchange.computeOn(exchange.facts.times.lateAnswerMs);
  exchange.json(200, exchange.completion);
}

async function loadsFirst(exchange: Exchange): Promise<void> {
  await exchange.wait(exchange.facts.times.modelLoadMs);
  exchange.json(200, exchange.completion);
}

function zips(exchange: Exchange): void {
  exchange.reply(200, gzipSync(JSON.stringify(exchange.completion)), {
    'content-type': 'application/json',
    'content-encoding': 'gzip',
  });
}

async function slices(exchange: Exchange): Promise<void> {
  const body = Buffer.from(JSON.stringify(exchange.completion));
  const size = Math.ceil(body.length / PIECES);
  const pieces = Array.from({ length: PIECES }, (_, index) =>
    body.subarray(index * size, (index + 1) * size),
  );
  const headers = { 'content-type': 'application/json', 'content-length': String(body.length) };
  await exchange.stream(pieces, headers, exchange.facts.times.dripMs);
}

function closes(exchange: Exchange): void {
  exchange.json(200, exchange.completion, { connection: 'close' });
}
