/**
 * An OpenAI-compatible server without a model behind it, for the demo, the tests and measurements. It listens on
 * 127.0.0.1 only, answers by a hash of the text (simulated-answer.ts) and writes down who asked what and when.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { LonghaulError } from '../errors';
import { CallLog, type LoggedCall } from './call-log';
import { parseChatRequest, type ChatRequest } from './chat-request';
import { digestOf, simulatedAnswer, simulatedLatencyMs, type LatencyDistribution } from './simulated-answer';

const LOOPBACK = '127.0.0.1';
const CHAT_PATH = '/v1/chat/completions';
const MODELS_PATH = '/v1/models';
const CHARACTERS_PER_TOKEN = 4;

/** How a simulated model server is set up. */
export interface ModelServerOptions {
  /** 0 = any free port. @default 0 */
  port?: number;
  /** Changes which texts are detected. @default 1 */
  seed?: number;
  /** @default 0 ms, constant */
  latency?: LatencyDistribution;
  /** JSON lines are appended here. @default none */
  callLogFile?: string;
  /** Listed at /v1/models, and replied where a request names no model. @default simulated-model */
  modelName?: string;
}

/** A running simulated model server. */
export interface ModelServer {
  /** Where to post chat completions. */
  url: string;
  port: number;
  /** All events of all calls, oldest first. */
  calls(): readonly LoggedCall[];
  inFlight(): number;
  maxInFlight(): number;
  /** Cuts calls in flight (logged as aborted), frees the port and closes the log. */
  close(): Promise<void>;
}

/** Thrown when the port is taken or forbidden, or the call log cannot be written. */
export class SimulatorStartError extends LonghaulError {}

interface Simulation {
  seed: number;
  latency: LatencyDistribution;
  modelName: string;
  log: CallLog;
}

/** Starts a server and resolves once it listens; throws SimulatorStartError. */
export async function startModelServer(options: ModelServerOptions = {}): Promise<ModelServer> {
  const log = openLog(options.callLogFile);
  const simulation: Simulation = {
    seed: options.seed ?? 1,
    latency: options.latency ?? { kind: 'constant', ms: 0 },
    modelName: options.modelName ?? 'simulated-model',
    log,
  };
  const serving = new Set<Promise<void>>();
  const server = createServer((request, response) => {
    const served = serve(simulation, request, response).finally(() => serving.delete(served));
    serving.add(served);
  });
  const port = await listen(server, options.port ?? 0).catch((error: unknown) => {
    log.close();
    throw error;
  });
  let closed: Promise<void> | null = null;
  return {
    url: `http://${LOOPBACK}:${port}${CHAT_PATH}`,
    port,
    calls: () => log.list(),
    inFlight: () => log.inFlight(),
    maxInFlight: () => log.maxInFlight(),
    close: () => (closed ??= close(server, serving, log)),
  };
}

function openLog(file: string | undefined): CallLog {
  try {
    return new CallLog(file);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw new SimulatorStartError(
      `The call log ${file} cannot be opened (${code}). Name a file in a folder that exists and can be written.`,
    );
  }
}

/** Resolves with the port. */
async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, LOOPBACK);
  try {
    await once(server, 'listening');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason = code === 'EADDRINUSE' ? 'is in use' : `cannot be used (${code})`;
    throw new SimulatorStartError(
      `Port ${port} on ${LOOPBACK} ${reason}. Choose another one; 0 finds a free one.`,
    );
  }
  return (server.address() as AddressInfo).port;
}

async function close(server: Server, serving: ReadonlySet<Promise<void>>, log: CallLog): Promise<void> {
  const freed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await freed;
  await Promise.all(serving);
  log.close();
}

/** Never rejects: what goes wrong is answered with 500 if anybody is still there. */
async function serve(
  simulation: Simulation,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const path = request.url?.split('?')[0];
  try {
    if (request.method === 'GET' && path === MODELS_PATH)
      sendJson(response, 200, modelList(simulation.modelName));
    else if (request.method === 'POST' && path === CHAT_PATH) {
      await answerChat(simulation, await readText(request), response, gone.signal);
    } else sendError(response, 404, 'not_found', 'The simulated model server knows no such path.');
  } catch {
    if (response.headersSent) response.destroy();
    else if (!gone.signal.aborted)
      sendError(response, 500, 'server_error', 'The simulated model server failed.');
  }
}

async function answerChat(
  { seed, latency, modelName, log }: Simulation,
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
  const call = log.start(digest);
  await waitFor(simulatedLatencyMs(digest, latency), gone);
  if (gone.aborted) return log.finish('aborted', call, digest);
  // Logged before it is sent: whoever has the answer finds its end in the log.
  log.finish('end', call, digest);
  sendJson(response, 200, completion(chat, seed, chat.model ?? modelName, call));
}

/** Resolves early when the caller is gone. */
async function waitFor(ms: number, gone: AbortSignal): Promise<void> {
  if (ms > 0) await sleep(ms, undefined, { signal: gone }).catch(() => undefined);
}

function completion(chat: ChatRequest, seed: number, model: string, call: number) {
  const { detected, confidence, indicators, rationale } = simulatedAnswer(chat.userMessage, { seed });
  const content = JSON.stringify({ detected, confidence, indicators, rationale });
  const promptTokens = tokensOf(chat.promptCharacters);
  const completionTokens = tokensOf(content.length);
  return {
    id: `chatcmpl-simulated-${call}`,
    object: 'chat.completion',
    created: Math.floor(Date.now() / 1000),
    model,
    choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
    usage: {
      prompt_tokens: promptTokens,
      completion_tokens: completionTokens,
      total_tokens: promptTokens + completionTokens,
    },
  };
}

function tokensOf(characters: number): number {
  return Math.ceil(characters / CHARACTERS_PER_TOKEN);
}

function modelList(modelName: string) {
  return { object: 'list', data: [{ id: modelName, object: 'model', created: 0, owned_by: 'simulator' }] };
}

function sendError(response: ServerResponse, status: number, type: string, message: string): void {
  sendJson(response, status, { error: { message, type, param: null, code: null } });
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  const body = JSON.stringify(value);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}
