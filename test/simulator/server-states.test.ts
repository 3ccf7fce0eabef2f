import { request } from 'undici';
import {
  startModelServer,
  type ModelServer,
  type ModelServerOptions,
} from '../../src/simulator/model-server';
import { digestOf } from '../../src/simulator/simulated-answer';

const running: ModelServer[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()));
});

async function start(options?: ModelServerOptions): Promise<ModelServer> {
  const server = await startModelServer(options);
  running.push(server);
  return server;
}

/** The status of a call's reply, or the code of its error. */
async function ask(server: ModelServer, text = 'A text.'): Promise<number | string> {
  try {
    const { statusCode, body } = await request(server.url, {
      method: 'POST',
      body: JSON.stringify({ messages: [{ role: 'user', content: text }] }),
    });
    await body.dump();
    return statusCode;
  } catch (error) {
    return (error as { code: string }).code;
  }
}

async function control(server: ModelServer, path: string, value?: unknown) {
  const { statusCode, body } = await request(`http://127.0.0.1:${server.port}/control/${path}`, {
    method: path === 'state' ? 'GET' : 'POST',
    body: typeof value === 'string' ? value : JSON.stringify(value ?? {}),
  });
  return { statusCode, json: (await body.json()) as Record<string, unknown> };
}

async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await new Promise((resolve) => setTimeout(resolve, 10));
}

function faultsLogged(server: ModelServer): [string, number][] {
  return server.calls().map(({ event, fault }) => [event, fault]);
}

describe('a server that goes away', () => {
  it('refuses connections until it comes back, on the same port', async () => {
    const server = await start();
    await server.goAway();
    expect(await ask(server)).toBe('ECONNREFUSED');
    expect(server.calls()).toEqual([]);
    await server.comeBack();
    expect(await ask(server)).toBe(200);
  });

  it('comes back by itself after the time given', async () => {
    const server = await start();
    await server.goAway({ ms: 200 });
    expect(await ask(server)).toBe('ECONNREFUSED');
    await until(async () => (await ask(server)) === 200);
  });

  it('cuts calls in flight, which the log says', async () => {
    const server = await start({ latency: { kind: 'constant', ms: 60_000 } });
    const call = ask(server);
    await until(() => server.inFlight() === 1);
    await server.goAway();
    expect(['UND_ERR_SOCKET', 'ECONNRESET']).toContain(await call);
    await until(() => server.inFlight() === 0);
    expect(faultsLogged(server)).toEqual([
      ['start', 0],
      ['aborted', 57],
    ]);
  });

  it('serves one row to every call, while the rest of it looks well (rows 50 and 53)', async () => {
    const server = await start({ dialect: 'vllm' });
    await server.goAway({ fault: 50 });
    expect(await ask(server)).toBe(500);
    expect((await request(`http://127.0.0.1:${server.port}/health`)).statusCode).toBe(200);
    await server.goAway({ fault: 53 });
    expect(await ask(server)).toBe(503);
    await server.comeBack();
    expect(await ask(server)).toBe(200);
    expect(server.callsByFault()).toEqual({ 0: 1, 50: 1, 53: 1 });
  });

  it('ends within its time away', async () => {
    const server = await start();
    await server.goAway({ ms: 60_000 });
    await server.close();
    await server.comeBack();
    expect(await ask(server)).toBe('ECONNREFUSED');
  });
});

describe('a server that dies of what it has done', () => {
  it('cuts every connection at its last call and starts a new life', async () => {
    const server = await start({ lifespan: { calls: 3, awayMs: 100 } });
    expect([await ask(server, 'One.'), await ask(server, 'Two.')]).toEqual([200, 200]);
    expect(['UND_ERR_SOCKET', 'ECONNRESET']).toContain(await ask(server, 'Three.'));
    expect(await ask(server, 'Three.')).toBe('ECONNREFUSED');
    await until(async () => (await ask(server, 'Three.')) === 200);
    expect(server.callsByFault()).toEqual({ 0: 3, 57: 1 });
  });

  it('dies of the bytes of its prompts', async () => {
    const server = await start({ lifespan: { promptBytes: 1000, awayMs: 60_000 } });
    expect(await ask(server, 'Short.')).toBe(200);
    expect(['UND_ERR_SOCKET', 'ECONNRESET']).toContain(await ask(server, 'long '.repeat(200)));
  });

  it('is brought down again and again by a text that poisons it (row 57)', async () => {
    const faults = { list: '57:kills-server' };
    const server = await start({ faults, times: { awayMs: 50 } });
    expect(['UND_ERR_SOCKET', 'ECONNRESET']).toContain(await ask(server));
    await until(async () => (await ask(server)) !== 'ECONNREFUSED');
    expect(server.callsByFault()).toEqual({ 57: 2 });
  });
});

describe('a server with limits', () => {
  it.each([
    ['429', 429],
    ['503', 503],
  ] as const)('refuses with %s beyond its slots and its queue (row 48)', async (refusal, status) => {
    const server = await start({
      capacity: { slots: 2, queue: 1 },
      refusal,
      latency: { kind: 'constant', ms: 60_000 },
    });
    const calls = ['One.', 'Two.', 'Three.'].map((text) => ask(server, text));
    await until(() => server.inFlight() === 3);
    expect(await ask(server, 'Four.')).toBe(status);
    expect(server.callsByFault()).toEqual({ 0: 3, 48: 1 });
    await server.close();
    await Promise.all(calls);
  });

  it('gives the place of a caller who left the queue to the next', async () => {
    const server = await start({ capacity: { slots: 1 }, latency: { kind: 'constant', ms: 200 } });
    const leaving = new AbortController();
    const first = ask(server, 'One.');
    await until(() => server.inFlight() === 1);
    const left = request(server.url, {
      method: 'POST',
      body: JSON.stringify({ messages: [{ role: 'user', content: 'Two.' }] }),
      signal: leaving.signal,
    }).catch(() => 'left');
    await until(() => server.inFlight() === 2);
    leaving.abort();
    expect(await left).toBe('left');
    expect(await Promise.all([first, ask(server, 'Three.')])).toEqual([200, 200]);
    const ended = server.calls().filter(({ event }) => event === 'end');
    expect(ended.map(({ digest }) => digest)).toEqual([digestOf('One.'), digestOf('Three.')]);
  });

  it('loads its model for the first call after a while (row 70)', async () => {
    const server = await start({ capacity: { unloadAfterMs: 60_000, loadMs: 50 } });
    expect([await ask(server), await ask(server)]).toEqual([200, 200]);
    expect(server.callsByFault()).toEqual({ 0: 1, 70: 1 });
  });
});

describe('the control path', () => {
  it('tells what was served', async () => {
    const server = await start({ faults: { list: '49:object' } });
    await ask(server);
    await ask(server);
    expect((await control(server, 'state')).json).toEqual({
      in_flight: 0,
      max_in_flight: 1,
      calls_by_fault: { 0: 1, 49: 1 },
      away_with_fault: null,
    });
  });

  it('sends the server away and is answered before it goes', async () => {
    const server = await start();
    expect((await control(server, 'go-away', { ms: 300 })).statusCode).toBe(200);
    await until(async () => (await ask(server)) === 'ECONNREFUSED');
    await until(async () => (await ask(server)) === 200);
  });

  it('makes every call fail and brings the server back', async () => {
    const server = await start();
    await control(server, 'go-away', { ms: 60_000, fault: 50 });
    await until(async () => (await ask(server)) === 500);
    expect((await control(server, 'state')).json.away_with_fault).toBe(50);
    await control(server, 'come-back');
    expect(await ask(server)).toBe(200);
  });

  it('changes the faults, and takes them away', async () => {
    const server = await start();
    await control(server, 'faults', { list: '33:key' });
    expect(await ask(server)).toBe(401);
    await control(server, 'faults', { list: '' });
    expect(await ask(server)).toBe(200);
  });

  it.each([
    ['faults', { list: '400' }, 400, 'There is no fault 400'],
    ['faults', { list: '17', rate: 2 }, 400, 'rate'],
    ['faults', { listt: '17' }, 400, 'listt'],
    ['go-away', {}, 400, 'ms'],
    ['go-away', { ms: 1e12 }, 400, 'ms'],
    ['go-away', { ms: 1000, fault: 400 }, 400, 'There is no fault 400'],
    ['go-away', 'no json', 400, 'The body must be JSON.'],
    ['elsewhere', {}, 404, 'Known: state'],
  ])('refuses %s with %j', async (path, value, status, message) => {
    const server = await start();
    const { statusCode, json } = await control(server, path, value);
    expect(statusCode).toBe(status);
    expect((json.error as { message: string }).message).toContain(message);
    expect(await ask(server)).toBe(200);
  });

  it('does not listen to web pages', async () => {
    const server = await start();
    const { statusCode, body } = await request(`http://127.0.0.1:${server.port}/control/go-away`, {
      method: 'POST',
      headers: { origin: 'http://page.example' },
      body: '{"ms":1000}',
    });
    await body.dump();
    expect(statusCode).toBe(403);
    expect(await ask(server)).toBe(200);
  });
});

describe('the call log', () => {
  it('names the row and the variant of every call', async () => {
    const server = await start({ faults: { list: '26:vllm' } });
    await ask(server);
    expect(server.calls()).toMatchObject([
      { event: 'start', fault: 26, variant: 'vllm' },
      { event: 'end', fault: 26, variant: 'vllm' },
    ]);
  });

  it('holds the same faults in two runs of one seed, whatever the order of the texts', async () => {
    const texts = Array.from({ length: 40 }, (_, index) => `Text ${index}.`);
    const faults = { list: '39,44,49,52', rate: 0.3 };
    const runs = [texts, [...texts].reverse()].map(async (order) => {
      const server = await start({ faults, seed: 7 });
      await Promise.all(order.map((text) => ask(server, text)));
      return server
        .calls()
        .filter(({ event }) => event === 'end')
        .map(({ digest, fault, variant }) => `${digest} ${fault} ${variant}`)
        .sort();
    });
    const [one, other] = await Promise.all(runs);
    expect(one).toEqual(other);
    expect(one?.some((line) => !line.includes(' 0 '))).toBe(true);
  });
});
