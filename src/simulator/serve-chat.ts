/** One chat completion, from the request to the end of the reply or of the connection. */
import type { ServerResponse } from 'node:http';
import type { ServedFault } from './call-log';
import type { Seat } from './capacity';
import { parseChatRequest, type ChatRequest } from './chat-request';
import { createCompletion } from './completion';
import { capOf } from './dialects/dialect';
import { Exchange } from './exchange';
import { getFault } from './faults/catalogue';
import type { FaultGroup, Serve } from './faults/fault';
import { RATE_LIMITED } from './faults/limit-faults';
import { answers, replies } from './faults/serve';
import { simulatedLatencyMs } from './latency';
import { sendError } from './send';
import type { Simulation } from './simulation';
import { digestOf } from './simulated-answer';

const REFUSED_FOR_LOAD = 48;
/** The headers that say why come with every reply. */
const OVER_THE_LIMIT: Decision = { fault: 47, variant: null, serve: replies(429, RATE_LIMITED) };
const CUT_BY_DEATH: ServedFault = { fault: 57, variant: 'kills-server' };
const SWAPPED_OUT = 70;
const GOOD_ANSWER = answers((completion) => completion);
/** What is served at once, without a slot, and what without the time of an answer. */
const WITHOUT_SLOT: readonly FaultGroup[] = ['error status'];
const WITHOUT_LATENCY: readonly FaultGroup[] = ['error status', 'transport'];

/** What a call is served, decided as it arrives. */
interface Decision extends ServedFault {
  serve: Serve;
}

/** Answers the call, well or badly, and logs it; a body that is no request for a chat completion gets 400 unlogged. */
export async function serveChat(
  simulation: Simulation,
  body: string,
  response: ServerResponse,
  gone: AbortSignal,
): Promise<void> {
  const chat = parseChatRequest(body);
  if (chat === null) {
    const wanted = 'The body must be JSON with messages, one of them from the user, and no stream.';
    return sendError(response, 400, 'invalid_request_error', wanted);
  }
  const digest = digestOf(chat.userMessage);
  const decision = decide(simulation, chat, digest, Buffer.byteLength(body));
  const group = getFault(decision.fault)?.group ?? 'status 200';
  const seat = WITHOUT_SLOT.includes(group)
    ? null
    : simulation.capacity.enter(simulation.dialect.servesAlone(chat));
  const served = seat !== null && seat.loadMs > 0 ? orLoading(decision) : decision;
  const exchange = begin(simulation, { chat, digest, served }, response, gone);
  try {
    const ms = WITHOUT_LATENCY.includes(group) ? 0 : simulatedLatencyMs(digest, simulation.latency);
    if (seat !== null) await compute(exchange, seat, ms);
    if (!exchange.isGone) await decision.serve(exchange);
  } finally {
    exchange.settle(false);
    seat?.leave();
  }
}

/** The server as a whole first, then what it thinks of the request, then the faults asked for. */
function decide(simulation: Simulation, chat: ChatRequest, digest: string, promptBytes: number): Decision {
  const { outage, dialect, facts, capacity, lifespan, limits, plan, refusal } = simulation;
  const away = outage.served;
  if (away !== null) return decided(away.fault.number, away.variant.name, away.variant.serve);
  const reaction = dialect.reactTo(chat, facts);
  if (reaction !== null) return reaction;
  if (capacity.isFull) {
    const variant = getFault(REFUSED_FOR_LOAD)?.variants.find(({ name }) => name === refusal);
    return decided(REFUSED_FOR_LOAD, refusal, variant?.serve ?? null);
  }
  if (!limits.admit(() => tokensOfCall(simulation, chat))) return OVER_THE_LIMIT;
  if (lifespan.isOverWith(promptBytes)) {
    return { ...CUT_BY_DEATH, serve: ({ facts: { takeDownServer } }) => takeDownServer(lifespan.awayMs) };
  }
  const planned = plan.next(digest);
  if (planned === null) return { fault: 0, variant: null, serve: GOOD_ANSWER };
  return decided(planned.fault.number, planned.variant.name, planned.variant.serve);
}

/** Of prompt and answer together. */
function tokensOfCall({ dialect, facts, seed }: Simulation, chat: ChatRequest): number {
  const maxTokens = capOf(dialect, chat);
  const model = facts.modelName;
  return createCompletion({ chat, seed, model, call: 0, maxTokens, messageFields: {} }).usage.total_tokens;
}

/** A row that no reply can serve shows itself elsewhere: what gets through to here is answered. */
function decided(fault: number, variant: string, serve: Serve | null): Decision {
  return serve === null ? { fault: 0, variant: null, serve: GOOD_ANSWER } : { fault, variant, serve };
}

function orLoading(decision: Decision): ServedFault {
  return decision.fault === 0 ? { fault: SWAPPED_OUT, variant: null } : decision;
}

interface Begun {
  chat: ChatRequest;
  digest: string;
  served: ServedFault;
}

function begin(
  simulation: Simulation,
  { chat, digest, served }: Begun,
  response: ServerResponse,
  gone: AbortSignal,
): Exchange {
  const { log, dialect, outage, seed, times, closing, facts, limits } = simulation;
  const call = log.start(digest, served);
  const maxTokens = capOf(dialect, chat);
  const model = chat.model ?? facts.modelName;
  const { messageFields } = dialect;
  return new Exchange(
    {
      chat,
      digest,
      maxTokens,
      times,
      headers: () => limits.headers(),
      gone,
      closing,
      completion: () => createCompletion({ chat, seed, model, call, maxTokens, messageFields }),
      onSettled: (isAnswered) => {
        const cut = !isAnswered && outage.isDown ? CUT_BY_DEATH : served;
        log.finish(isAnswered ? 'end' : 'aborted', call, digest, cut);
      },
      takeDownServer: (ms) => void outage.goAway({ ms }),
    },
    response,
  );
}

/** Waits for a slot, for the model to be loaded, and for as long as the answer takes under the load there is. */
async function compute(exchange: Exchange, seat: Seat, ms: number): Promise<void> {
  const slowdown = await Promise.race([seat.slot, exchange.untilGone()]);
  if (slowdown !== undefined) await exchange.wait(seat.loadMs + ms * slowdown);
}
