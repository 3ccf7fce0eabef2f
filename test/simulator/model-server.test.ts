import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { request } from 'undici';
import {
  SimulatorStartError,
  startModelServer,
  type ModelServer,
  type ModelServerOptions,
} from '../../src/simulator/model-server';
import { digestOf, simulatedAnswer } from '../../src/simulator/simulated-answer';

interface Completion {
  id: string;
  model: string;
  choices: { message: { content: string }; finish_reason: string }[];
  usage: { prompt_tokens: number; completion_tokens: number; total_tokens: number };
}

const running: ModelServer[] = [];
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'longhaul-'));
});

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()));
  rmSync(folder, { recursive: true });
});

async function start(options?: ModelServerOptions): Promise<ModelServer> {
  const server = await startModelServer(options);
  running.push(server);
  return server;
}

function chatBody(text: string) {
  const messages = [
    { role: 'system', content: 'Answer with JSON.' },
    { role: 'user', content: text },
  ];
  return { model: 'asked-for', messages, temperature: 0, stream: false };
}

async function post(url: string, body: unknown, signal?: AbortSignal) {
  const {
    statusCode,
    headers,
    body: reply,
  } = await request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    signal,
  });
  return { statusCode, headers, json: await reply.json() };
}

async function ask(server: ModelServer, text: string): Promise<Completion> {
  return (await post(server.url, chatBody(text))).json as Completion;
}

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await sleep(5);
}

describe('startModelServer', () => {
  it('answers a chat completion in the shape of OpenAI', async () => {
    const server = await start({ seed: 3 });
    const { statusCode, headers, json } = await post(server.url, chatBody('A text.'));
    const { detected, confidence, indicators, rationale } = simulatedAnswer('A text.', { seed: 3 });
    expect(server.url).toBe(`http://127.0.0.1:${server.port}/v1/chat/completions`);
    expect(statusCode).toBe(200);
    expect(headers['content-type']).toBe('application/json');
    const { choices, usage, ...rest } = json as Completion;
    expect(rest).toMatchObject({ model: 'asked-for', object: 'chat.completion' });
    expect(choices).toHaveLength(1);
    expect(choices[0]?.finish_reason).toBe('stop');
    expect(JSON.parse(choices[0]?.message.content ?? '')).toEqual({
      detected,
      confidence,
      indicators,
      rationale,
    });
    expect(usage.prompt_tokens).toBe(6);
    expect(usage.total_tokens).toBe(usage.prompt_tokens + usage.completion_tokens);
  });

  it('answers the last user message, also one in parts, and names itself where no model is asked for', async () => {
    const server = await start({ modelName: 'own-name' });
    const { json } = await post(server.url, {
      messages: [
        { role: 'user', content: 'First.' },
        { role: 'assistant', content: null },
        { role: 'user', content: [{ type: 'text', text: 'Second' }, { type: 'image_url' }, { text: '.' }] },
      ],
    });
    const { model, choices } = json as Completion;
    expect(model).toBe('own-name');
    expect(choices[0]?.message.content).toContain(digestOf('Second.').slice(0, 12));
  });

  it('gives each of many calls at once its own answer', async () => {
    const server = await start({ latency: { kind: 'lognormal', meanMs: 20, sigma: 0.8 } });
    const texts = Array.from({ length: 60 }, (_, index) => `Text ${index}.`);
    const replies = await Promise.all(texts.map((text) => ask(server, text)));
    replies.forEach(({ choices }, index) => {
      expect(choices[0]?.message.content).toContain(digestOf(`Text ${index}.`).slice(0, 12));
    });
    expect(new Set(replies.map(({ id }) => id)).size).toBe(60);
    expect(server.maxInFlight()).toBeGreaterThan(1);
    expect(server.inFlight()).toBe(0);
  });

  it('takes as long as the text’s latency says', async () => {
    const server = await start({ latency: { kind: 'constant', ms: 120 } });
    const startedMs = performance.now();
    await ask(server, 'Slow.');
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(115);
  });

  it('lists its model', async () => {
    const server = await start({ modelName: 'own-name' });
    const { statusCode, body } = await request(`http://127.0.0.1:${server.port}/v1/models?limit=5`);
    expect(statusCode).toBe(200);
    expect(await body.json()).toMatchObject({ object: 'list', data: [{ id: 'own-name', object: 'model' }] });
  });

  it.each([
    ['POST', '/v1/completions'],
    ['GET', '/v1/chat/completions'],
    ['GET', '/'],
  ] as const)('answers %s %s with 404 and JSON', async (method, route) => {
    const server = await start();
    const { statusCode, body } = await request(`http://127.0.0.1:${server.port}${route}`, { method });
    expect(statusCode).toBe(404);
    expect(await body.json()).toMatchObject({ error: { type: 'not_found' } });
  });

  it.each<[string, unknown]>([
    ['is empty', ''],
    ['is not JSON', '{"messages": [a secret text'],
    ['is no object', '[1]'],
    ['has no messages', { model: 'm' }],
    ['has an empty list of messages', { messages: [] }],
    ['has no user message', { messages: [{ role: 'system', content: 'a secret text' }] }],
    ['has a number as content', { messages: [{ role: 'user', content: 5 }] }],
    ['asks for a stream', { ...chatBody('a secret text'), stream: true }],
  ])('answers 400 and logs nothing when the body %s', async (_, body) => {
    const server = await start();
    const { statusCode, json } = await post(server.url, body);
    expect(statusCode).toBe(400);
    expect(json).toMatchObject({ error: { type: 'invalid_request_error' } });
    expect(JSON.stringify(json)).not.toContain('secret');
    expect(server.calls()).toEqual([]);
  });

  it('refuses a port in use with a message that names it', async () => {
    const { port } = await start();
    const refused = startModelServer({ port });
    await expect(refused).rejects.toThrow(SimulatorStartError);
    await expect(refused).rejects.toThrow(`Port ${port} on 127.0.0.1 is in use`);
  });

  it('listens on loopback only', async () => {
    const { port } = await start();
    const outside = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter(({ internal, family }) => !internal && family === 'IPv4')
      .map(({ address }) => address);
    // 127.0.0.2 is loopback too where it exists, yet another address: bound to all, the server would be there.
    for (const host of ['127.0.0.2', '::1', ...outside]) expect(await canConnect(host, port)).toBe(false);
    expect(await canConnect('127.0.0.1', port)).toBe(true);
  });
});

describe('the call log', () => {
  it('is on disk what it is in memory, and holds digests but no text', async () => {
    const callLogFile = path.join(folder, 'calls.jsonl');
    const server = await start({ callLogFile });
    await ask(server, 'A very private text.');
    await ask(server, 'Another one.');
    const onDisk = readFileSync(callLogFile, 'utf8');
    expect(onDisk).not.toContain('private');
    const lines = onDisk.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(server.calls());
    expect(server.calls().map(({ event, call, digest }) => [event, call, digest])).toEqual([
      ['start', 1, digestOf('A very private text.')],
      ['end', 1, digestOf('A very private text.')],
      ['start', 2, digestOf('Another one.')],
      ['end', 2, digestOf('Another one.')],
    ]);
    expect(server.calls()[0]?.at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  it('is appended to by the next server', async () => {
    const callLogFile = path.join(folder, 'calls.jsonl');
    for (const text of ['One.', 'Two.']) {
      const server = await start({ callLogFile });
      await ask(server, text);
      await server.close();
    }
    expect(readFileSync(callLogFile, 'utf8').trimEnd().split('\n')).toHaveLength(4);
  });

  it('notes a caller that goes away as aborted', async () => {
    const server = await start({ latency: { kind: 'constant', ms: 60_000 } });
    const caller = new AbortController();
    const call = post(server.url, chatBody('Never mind.'), caller.signal);
    await until(() => server.inFlight() === 1);
    caller.abort();
    await expect(call).rejects.toThrow();
    await until(() => server.inFlight() === 0);
    expect(server.calls().map(({ event }) => event)).toEqual(['start', 'aborted']);
  });

  it('has calls in flight as aborted when the server closes', async () => {
    const callLogFile = path.join(folder, 'calls.jsonl');
    const server = await start({ callLogFile, latency: { kind: 'constant', ms: 60_000 } });
    const call = expect(ask(server, 'Too late.')).rejects.toThrow();
    await until(() => server.inFlight() === 1);
    await Promise.all([server.close(), server.close()]);
    await call;
    expect(readFileSync(callLogFile, 'utf8')).toContain('"event":"aborted"');
    expect(await canConnect('127.0.0.1', server.port)).toBe(false);
  });

  it('refuses a file that cannot be opened', async () => {
    const callLogFile = path.join(folder, 'nowhere', 'calls.jsonl');
    await expect(startModelServer({ callLogFile })).rejects.toThrow('cannot be opened (ENOENT)');
  });
});

function canConnect(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const settle = (connected: boolean) => {
      socket.destroy();
      resolve(connected);
    };
    socket.setTimeout(1000, () => settle(false));
    socket.once('connect', () => settle(true)).once('error', () => settle(false));
  });
}
