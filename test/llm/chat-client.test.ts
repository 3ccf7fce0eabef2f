import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import undici from 'undici';
import { CallFault } from '../../src/llm/call-fault';
import { createChatClient, type ChatClient, type ChatClientOptions } from '../../src/llm/chat-client';
import { parameters } from './parameters';
import { startHttpServer, startRawServer, type LocalServer, type ReceivedCall } from './local-server';

const REQUEST = { model: 'm', system: 'Be exact.', user: 'A text.', parameters: parameters() };
const REPLY = JSON.stringify({
  id: 'r1',
  model: 'm',
  choices: [{ message: { content: 'yes' }, finish_reason: 'stop' }],
});

const opened: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close();
});

function open<T extends { close(): Promise<void> }>(one: T): T {
  opened.push(one);
  return one;
}

function clientOf({ origin }: { origin: string }, options: Partial<ChatClientOptions> = {}): ChatClient {
  const apiUrl = `${origin}/v1/chat/completions?version=1`;
  const defaults = { apiUrl, apiKey: null, connections: 4, timeoutMs: 5000, allowedOrigins: [] };
  return open(createChatClient({ ...defaults, ...options }));
}

async function httpServer(answer: (response: ServerResponse, call: ReceivedCall) => void) {
  const calls: ReceivedCall[] = [];
  const server = await startHttpServer((call, response) => {
    calls.push(call);
    answer(response, call);
  });
  return { ...open(server), calls };
}

async function rawServer(...pieces: string[]): Promise<LocalServer> {
  return open(await startRawServer((socket) => socket.end(pieces.join('\r\n'))));
}

async function faultOf(call: Promise<unknown>): Promise<CallFault> {
  const error: unknown = await call.then(
    () => new Error('no fault'),
    (reason: unknown) => reason,
  );
  if (error instanceof CallFault) return error;
  throw error;
}

describe('ChatClient.send', () => {
  it('posts exactly what was asked and gives the reply', async () => {
    const server = await httpServer((response) => response.end(REPLY));
    const reply = await clientOf(server, { apiKey: 'secret-key' }).send(REQUEST);
    expect(reply).toMatchObject({
      content: 'yes',
      finishReason: 'stop',
      responseId: 'r1',
      promptTokens: null,
    });
    expect(server.calls).toHaveLength(1);
    const { method, path, headers, body } = server.calls[0]!;
    expect([method, path]).toEqual(['POST', '/v1/chat/completions?version=1']);
    expect(JSON.parse(body)).toEqual({
      model: 'm',
      messages: [
        { role: 'system', content: 'Be exact.' },
        { role: 'user', content: 'A text.' },
      ],
      temperature: 0.1,
      stream: false,
      max_tokens: 8192,
    });
    expect(headers).toEqual({
      host: server.origin.replace('http://', ''),
      connection: 'keep-alive',
      'content-type': 'application/json',
      accept: 'application/json',
      'accept-encoding': 'identity',
      authorization: 'Bearer secret-key',
      'content-length': String(Buffer.byteLength(body)),
    });
  });

  it('sends no system message for an empty prompt and no authorization without a key', async () => {
    const server = await httpServer((response) => response.end(REPLY));
    await clientOf(server).send({ ...REQUEST, system: '', user: 'Zoë said “no” \u{1F600}' });
    const { headers, body } = server.calls[0]!;
    expect((JSON.parse(body) as { messages: unknown }).messages).toEqual([
      { role: 'user', content: 'Zoë said “no” \u{1F600}' },
    ]);
    expect(headers).not.toHaveProperty('authorization');
  });

  it('keeps its connections and opens no more than allowed', async () => {
    const ports = new Set<number | undefined>();
    const server = await httpServer((response) => {
      ports.add(response.socket?.remotePort);
      setTimeout(() => response.end(REPLY), 5);
    });
    const client = clientOf(server, { connections: 2 });
    await Promise.all(Array.from({ length: 10 }, () => client.send(REQUEST)));
    expect(ports.size).toBe(2);
  });

  it('gives a fault with what the server said and how long it asks to wait', async () => {
    const server = await httpServer((response) => {
      response.writeHead(429, { 'retry-after': '7' }).end('{"error":{"message":"slow down","code":"busy"}}');
    });
    expect(await faultOf(clientOf(server).send(REQUEST))).toMatchObject({
      message: 'HTTP 429',
      kind: 'transient',
      category: 'rate_limit',
      httpStatus: 429,
      code: 'busy',
      serverMessage: 'slow down',
      retryAfterMs: 7000,
    });
  });

  it.each([301, 302, 307, 308])('never follows a redirect (%i)', async (status) => {
    const elsewhere = await httpServer((response) => response.end(REPLY));
    const server = await httpServer((response) => {
      response.writeHead(status, { location: `${elsewhere.origin}/v1` }).end();
    });
    const fault = await faultOf(clientOf(server).send(REQUEST));
    expect(fault).toMatchObject({ kind: 'experiment', httpStatus: status });
    expect(elsewhere.calls).toEqual([]);
  });

  it('goes through no proxy', async () => {
    const proxy = await httpServer((response) => response.end(REPLY));
    const server = await httpServer((response) => response.end(REPLY));
    const before = { ...process.env };
    Object.assign(process.env, {
      HTTP_PROXY: proxy.origin,
      http_proxy: proxy.origin,
      NODE_USE_ENV_PROXY: '1',
    });
    try {
      await clientOf(server).send(REQUEST);
    } finally {
      process.env = before;
    }
    expect([proxy.calls.length, server.calls.length]).toEqual([0, 1]);
  });

  it.each([
    ['is not JSON', '<html>log in</html>'],
    ['is empty', ''],
    ['is compressed and damaged', gzipSync(REPLY).subarray(0, 40)],
  ])('gives a transient api_error when the reply %s', async (_case, body) => {
    const server = await httpServer((response) => response.end(body));
    expect(await faultOf(clientOf(server).send(REQUEST))).toMatchObject({
      kind: 'transient',
      category: 'api_error',
    });
  });

  it('reads a reply that is compressed unasked', async () => {
    const server = await httpServer((response) => response.end(gzipSync(REPLY)));
    expect((await clientOf(server).send(REQUEST)).content).toBe('yes');
  });

  it('sends the key in the header of the dialect', async () => {
    const server = await httpServer((response) => response.end(REPLY));
    await clientOf(server, { apiKey: 'secret-key', keyHeader: 'api-key' }).send(REQUEST);
    expect(server.calls[0]!.headers).toMatchObject({ 'api-key': 'secret-key' });
    expect(server.calls[0]!.headers).not.toHaveProperty('authorization');
  });

  it('gives one call another deadline', async () => {
    const server = await httpServer(() => undefined);
    const call = clientOf(server, { timeoutMs: 60_000 }).send(REQUEST, { timeoutMs: 50 });
    expect(await faultOf(call)).toMatchObject({ category: 'timeout', message: 'no answer within 0.05 s' });
  });

  it("turns off the library's own limits of five minutes, so that only the deadline ends a call", async () => {
    const { Pool } = undici;
    const made = jest.spyOn(undici, 'Pool').mockImplementation((...all) => new Pool(...all));
    const server = await httpServer((response) => response.end(REPLY));
    await clientOf(server).send(REQUEST);
    expect(made.mock.calls[0]![1]).toMatchObject({ headersTimeout: 0, bodyTimeout: 0, pipelining: 1 });
    made.mockRestore();
  });

  it('asks other paths of the same server with the same key', async () => {
    const server = await httpServer((response) => response.writeHead(404).end('{"error":"no"}'));
    const reply = await clientOf(server, { apiKey: 'k' }).query('/props', { timeoutMs: 5000 });
    expect(reply).toMatchObject({ status: 404, body: '{"error":"no"}' });
    expect(server.calls[0]).toMatchObject({ method: 'GET', path: '/props', body: '' });
    expect(server.calls[0]!.headers.authorization).toBe('Bearer k');
  });

  it('gives a fault of the narrative when the answer has no end', async () => {
    const server = open(
      await startRawServer((socket) => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        const more = () =>
          void socket.write(Buffer.alloc(512 * 1024, 'x'), (error) => (error ? null : more()));
        more();
      }),
    );
    const fault = await faultOf(clientOf(server).send(REQUEST));
    expect(fault).toMatchObject({ kind: 'narrative', category: 'too_large' });
  });
});

describe('ChatClient.send with onHeaders', () => {
  it.each([200, 429])(
    'tells the headers of a reply with status %i, and not those of a query',
    async (status) => {
      const server = await httpServer((response, { path }) => {
        response.writeHead(path.startsWith('/v1/chat') ? status : 200, {
          'x-ratelimit-limit-requests': '60',
        });
        response.end(REPLY);
      });
      const told: unknown[] = [];
      const client = clientOf(server, {
        onHeaders: (headers) => told.push(headers['x-ratelimit-limit-requests']),
      });
      await client.query('/v1/models', { timeoutMs: 5000 });
      await client.send(REQUEST).catch(() => undefined);
      expect(told).toEqual(['60']);
    },
  );
});

describe('ChatClient.send on a broken connection', () => {
  const OK = 'HTTP/1.1 200 OK';
  const transient = { kind: 'transient', category: 'connection', cannotConnect: false };

  it.each([
    ['closed before a byte', [''], transient],
    ['closed within a body of known length', [OK, 'content-length: 500', '', REPLY], transient],
    ['closed within a chunk', [OK, 'transfer-encoding: chunked', '', 'ff', REPLY], transient],
    ['garbled between chunks', [OK, 'transfer-encoding: chunked', '', 'zz', REPLY], transient],
    ['flooded with headers', [OK, `x: ${'x'.repeat(100_000)}`, '', REPLY], transient],
    ['closed within a body without length', ['HTTP/1.0 200 OK', '', '{"choi'], { category: 'api_error' }],
    ['not HTTP', ['SSH-2.0-OpenSSH_9', ''], { kind: 'experiment', message: 'not an HTTP server' }],
  ])('judges one that is %s', async (_case, pieces, expected) => {
    const server = await rawServer(...pieces);
    expect(await faultOf(clientOf(server).send(REQUEST))).toMatchObject(expected);
  });

  it.each([
    ['before the reply', ''],
    ['within the reply', `${OK}\r\ncontent-length: 500\r\n\r\nabc`],
  ])('judges one that is reset %s', async (_case, sent) => {
    const server = open(
      await startRawServer((socket) => {
        socket.write(sent);
        setTimeout(() => socket.resetAndDestroy(), 20);
      }),
    );
    expect(await faultOf(clientOf(server).send(REQUEST))).toMatchObject({ ...transient, code: 'ECONNRESET' });
  });

  it('judges a refused connection and an unknown host as ones that cannot connect', async () => {
    const gone = await startRawServer(() => undefined);
    await gone.close();
    const refused = { kind: 'transient', category: 'connection', code: 'ECONNREFUSED', cannotConnect: true };
    expect(await faultOf(clientOf(gone).send(REQUEST))).toMatchObject(refused);
    const unknown = { origin: 'http://nowhere.invalid' };
    const client = clientOf(unknown, { allowedOrigins: [unknown.origin] });
    expect(await faultOf(client.send(REQUEST))).toMatchObject({
      category: 'connection',
      cannotConnect: true,
    });
  });

  it('judges TLS with a server that has none as a fault of the experiment', async () => {
    const server = await httpServer((response) => response.end(REPLY));
    const client = clientOf({ origin: server.origin.replace('http:', 'https:') });
    expect(await faultOf(client.send(REQUEST))).toMatchObject({ kind: 'experiment', category: 'connection' });
  });

  it.each([
    ['sends nothing', ''],
    ['stops after its headers', `${OK}\r\ncontent-length: 500\r\n\r\n`],
    ['drips', `${OK}\r\n\r\n`, 20],
  ])('ends a call at its deadline when the server %s', async (_case, sent, dripEveryMs = 0) => {
    const server = open(
      await startRawServer((socket) => {
        socket.write(sent);
        if (dripEveryMs === 0) return;
        const drip = setInterval(() => socket.write(' '), dripEveryMs);
        socket.on('close', () => clearInterval(drip));
      }),
    );
    const startedMs = performance.now();
    const fault = await faultOf(clientOf(server, { timeoutMs: 300 }).send(REQUEST));
    expect(fault).toMatchObject({
      kind: 'transient',
      category: 'timeout',
      message: 'no answer within 0.3 s',
    });
    expect(performance.now() - startedMs).toBeLessThan(2000);
  });

  it('ends at its deadline a call that still waits for a connection', async () => {
    const server = open(await startRawServer((socket) => void setTimeout(() => socket.destroy(), 700)));
    const client = clientOf(server, { connections: 1, timeoutMs: 300 });
    const startedMs = performance.now();
    const faults = await Promise.all([faultOf(client.send(REQUEST)), faultOf(client.send(REQUEST))]);
    expect(faults.map(({ category }) => category)).toEqual(['timeout', 'timeout']);
    expect(performance.now() - startedMs).toBeLessThan(600);
  });
});

describe('ChatClient before it sends', () => {
  it('refuses a host that is neither this machine nor allowed, and compares origins', async () => {
    const remote = { origin: 'http://model.invalid:8000' };
    const refusal = { kind: 'experiment', code: 'HOST_NOT_ALLOWED' };
    for (const allowedOrigins of [[], ['http://model.invalid'], ['model.invalid:8000']]) {
      const client = clientOf(remote, { allowedOrigins });
      expect(await faultOf(client.send(REQUEST))).toMatchObject(refusal);
      expect(await faultOf(client.checkReachable())).toMatchObject(refusal);
    }
    const allowed = clientOf(remote, { allowedOrigins: ['http://MODEL.invalid:8000/v1'] });
    expect((await faultOf(allowed.send(REQUEST))).code).not.toBe('HOST_NOT_ALLOWED');
  });

  it('refuses a key that would break the header, without quoting it', async () => {
    const server = await httpServer((response) => response.end(REPLY));
    const fault = await faultOf(clientOf(server, { apiKey: 'abc\r\nx-y: z' }).send(REQUEST));
    expect(fault).toMatchObject({ kind: 'experiment', code: 'INVALID_KEY' });
    expect(fault.message).not.toContain('abc');
    expect(server.calls).toEqual([]);
  });
});

describe('ChatClient.checkReachable', () => {
  it('passes when a connection comes about, and sends nothing', async () => {
    const server = await httpServer((response) => response.end(REPLY));
    await clientOf(server).checkReachable();
    expect(server.calls).toEqual([]);
  });

  it('throws the fault of a connection that does not', async () => {
    const gone = await startRawServer(() => undefined);
    await gone.close();
    const fault = await faultOf(clientOf(gone).checkReachable());
    expect(fault).toMatchObject({ cannotConnect: true, message: 'connection refused' });
  });

  it('throws the reason of its signal', async () => {
    const server = await httpServer((response) => response.end(REPLY));
    const reason = new Error('enough');
    await expect(clientOf(server).checkReachable(AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});

describe('ChatClient.close', () => {
  it('lets the call in flight finish, and a later one is no fault of the server', async () => {
    const server = await httpServer((response) => void setTimeout(() => response.end(REPLY), 100));
    const client = clientOf(server);
    const call = client.send(REQUEST);
    await sleep(30);
    await client.close();
    await expect(call).resolves.toMatchObject({ content: 'yes' });
    await expect(client.send(REQUEST)).rejects.toThrow('destroyed');
    await expect(client.send(REQUEST)).rejects.not.toBeInstanceOf(CallFault);
  });
});
