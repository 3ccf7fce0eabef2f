import { gunzipSync } from 'node:zlib';
import { connect as connectTls } from 'node:tls';
import { Agent, request } from 'undici';
import { FAULTS, getFault } from '../../../src/simulator/faults/catalogue';
import {
  startModelServer,
  type ModelServer,
  type ModelServerOptions,
} from '../../../src/simulator/model-server';
import { askOnce, askRaw, goodAnswer, type WireReply } from '../wire';
import { specsOf } from './specs';

const running: ModelServer[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()));
});

async function start(options: ModelServerOptions): Promise<ModelServer> {
  const server = await startModelServer(options);
  running.push(server);
  return server;
}

/** One call by undici; gives the code of its error, or the answer's body. */
async function askUndici(server: ModelServer, agent: Agent, text = 'A text.'): Promise<string> {
  try {
    const { body } = await request(server.url, {
      method: 'POST',
      dispatcher: agent,
      body: JSON.stringify({ messages: [{ role: 'user', content: text }] }),
    });
    return await body.text();
  } catch (error) {
    const { code, name } = error as { code?: string; name: string };
    return code ?? name;
  }
}

async function codeOf(options: ModelServerOptions, agentOptions: Agent.Options = {}): Promise<string> {
  const server = await start(options);
  const agent = new Agent(agentOptions);
  try {
    return await askUndici(server, agent);
  } finally {
    await agent.destroy();
  }
}

function expectAnswer(body: string): void {
  const { choices } = JSON.parse(body) as { choices: { message: { content: string } }[] };
  expect(JSON.parse(choices[0]?.message.content ?? '')).toEqual(goodAnswer());
}

const TIMES = { awayMs: 200, slowAnswerMs: 200, dripMs: 2, lateAnswerMs: 200, modelLoadMs: 200 };

/** What must be on the wire, by row and variant. */
const CHECKS: Record<string, (reply: WireReply) => void> = {
  '56': ({ all, end }) => {
    expect(all).toBe('');
    expect(end).not.toBe('open');
  },
  '57:closed': ({ all, end }) => {
    expect(all).toBe('');
    expect(end).toBe('fin');
  },
  '57:kills-server': ({ all, end }) => {
    expect(all).toBe('');
    expect(end).not.toBe('open');
  },
  '58:before': ({ all, end }) => {
    expect(all).toBe('');
    expect(end).toBe('reset');
  },
  '58:in-body': (reply) => {
    expectHalf(reply);
    expect(reply.end).toBe('reset');
  },
  '59:content-length': (reply) => {
    expectHalf(reply);
    expect(reply.end).toBe('fin');
  },
  '59:chunk': ({ all, end }) => {
    const [head = '', rest = ''] = all.split('\r\n\r\n');
    const [length = '', half = ''] = rest.split('\r\n');
    expect(head).toContain('transfer-encoding: chunked');
    expect(half.length).toBe(Math.floor(Number.parseInt(length, 16) / 2));
    expect(end).toBe('fin');
  },
  '60': ({ all, end }) => {
    expect(all).toBe('');
    expect(end).not.toBe('open');
  },
  '61': ({ all, end }) => {
    expect(all).toBe('');
    expect(end).toBe('open');
  },
  '62': ({ body }) => expectAnswer(body),
  '63': ({ status, headers, body, end }) => {
    expect(status).toBe(200);
    expect(Number(headers['content-length'])).toBeGreaterThan(0);
    expect(body).toBe('');
    expect(end).toBe('open');
  },
  '64': ({ body, pieces }) => {
    expectAnswer(body);
    expect(pieces).toBeGreaterThan(50);
  },
  '67': ({ all, status, end }) => {
    expect(all).toMatch(/^SSH-2\.0-/);
    expect(status).toBeNull();
    expect(end).toBe('fin');
  },
  '68': ({ headers, body }) => {
    expect(headers['x-trace']?.length).toBe(100 * 1024);
    expectAnswer(body);
  },
  '69': ({ body }) => expectAnswer(body),
  '70': ({ body }) => expectAnswer(body),
  '71': ({ headers, all }) => {
    expect(headers['content-encoding']).toBe('gzip');
    const zipped = Buffer.from(all.slice(all.indexOf('\r\n\r\n') + 4), 'latin1');
    expectAnswer(gunzipSync(zipped).toString());
  },
  '72': ({ body, pieces }) => {
    expectAnswer(body);
    expect(pieces).toBeGreaterThan(3);
  },
  '73': ({ body, headers }) => {
    expectAnswer(body);
    expect(headers.connection).toBe('close');
  },
};

describe('a fault of the transport', () => {
  it.each(Object.entries(CHECKS))('is on the wire what row %s says', async (list, check) => {
    check(await askOnce({ faults: { list }, times: TIMES }, { silenceMs: 700 }));
  });

  it('is checked for every row and variant', () => {
    const specs = FAULTS.filter(({ group }) => group === 'transport' || group === 'addition');
    expect(Object.keys(CHECKS).sort()).toEqual(specs.flatMap(specsOf).sort());
  });

  it.each([
    ['56', /^UND_ERR_SOCKET|^ECONNRESET/],
    ['57:closed', /^UND_ERR_SOCKET$/],
    ['58:before', /^ECONNRESET$/],
    ['58:in-body', /^ECONNRESET$/],
    ['59:content-length', /^UND_ERR_SOCKET$/],
    ['59:chunk', /^UND_ERR_SOCKET$|^HPE_/],
    ['60', /^UND_ERR_SOCKET$|^ECONNRESET$|^EPIPE$/],
    ['67', /^HPE_|^HTTPParserError$/],
    ['68', /^UND_ERR_HEADERS_OVERFLOW$/],
    ['20', /^\{"id"/],
    ['21', /^\{"id"/],
  ])('is to undici of row %s: %s', async (list, expected) => {
    expect(await codeOf({ faults: { list }, times: TIMES })).toMatch(expected);
  });

  it('trips the limits of undici for silence, but not for drops (rows 61 to 64)', async () => {
    const limits = { headersTimeout: 1000, bodyTimeout: 1500 };
    const faults = (list: string) => ({ faults: { list }, times: { dripMs: 5, slowAnswerMs: 60_000 } });
    await expect(codeOf(faults('61'), limits)).resolves.toBe('UND_ERR_HEADERS_TIMEOUT');
    await expect(codeOf(faults('62'), limits)).resolves.toBe('UND_ERR_HEADERS_TIMEOUT');
    await expect(codeOf(faults('63'), limits)).resolves.toBe('UND_ERR_BODY_TIMEOUT');
    await expect(codeOf(faults('64'), limits)).resolves.toMatch(/^\{"id"/);
  });

  it('exceeds a limit of undici for the size of a reply (row 25)', async () => {
    const code = await codeOf({ faults: { list: '25' } }, { maxResponseSize: 4 * 1024 * 1024 });
    expect(code).toBe('UND_ERR_RES_EXCEEDED_MAX_SIZE');
  });

  it('closes a kept connection as the next call arrives (row 60)', async () => {
    const server = await start({});
    const agent = new Agent({ connections: 1 });
    expect(await askUndici(server, agent, 'One.')).toMatch(/^\{"id"/);
    server.setFaults({ list: '60' });
    expect(await askUndici(server, agent, 'Two.')).toMatch(/^UND_ERR_SOCKET$|^ECONNRESET$|^EPIPE$/);
    expect(await askUndici(server, agent, 'Two.')).toMatch(/^\{"id"/);
    expect(server.callsByFault()).toEqual({ 0: 2, 60: 1 });
    await agent.destroy();
  });

  it('refuses connections for a while and is there again (row 56)', async () => {
    const server = await start({ faults: { list: '56' }, times: { awayMs: 400 } });
    const agent = new Agent();
    await askUndici(server, agent);
    expect(await askUndici(server, agent)).toBe('ECONNREFUSED');
    let body = '';
    while (!body.startsWith('{')) body = await askUndici(server, agent);
    expect(server.callsByFault()).toEqual({ 0: 1, 56: 1 });
    await agent.destroy();
  });

  it('leaves row 65 to the caller: no server has part in a name that is not found', async () => {
    expect(getFault(65)).toMatchObject({ servedBy: 'caller', variants: [{ serve: null }] });
    const agent = new Agent();
    const url = 'http://no-such-host.invalid/v1/chat/completions';
    await expect(askUndici({ url } as ModelServer, agent)).resolves.toMatch(/^ENOTFOUND$|^EAI_AGAIN$/);
    await agent.destroy();
  });

  it('speaks TLS with a certificate that nobody signed, and plain HTTP to the control path (row 66)', async () => {
    const server = await start({ faults: { list: '66' } });
    expect(server.url).toMatch(/^https:/);
    const agent = new Agent();
    expect(await askUndici(server, agent)).toBe('DEPTH_ZERO_SELF_SIGNED_CERT');
    expect(server.calls()).toEqual([]);
    const trusting = new Agent({ connect: { rejectUnauthorized: false } });
    expect(await askUndici(server, trusting)).toMatch(/^\{"id"/);
    const state = await request(`http://127.0.0.1:${server.port}/control/state`);
    expect(await state.body.json()).toMatchObject({ calls_by_fault: { 0: 1 } });
    await Promise.all([agent.destroy(), trusting.destroy()]);
  });

  it('has a certificate for its own address that is valid now', async () => {
    const { port } = await start({ faults: { list: '66' } });
    const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false });
    await new Promise((resolve) => socket.once('secureConnect', resolve));
    const { subject, issuer, valid_from, valid_to } = socket.getPeerCertificate();
    socket.destroy();
    expect([subject.CN, issuer.CN]).toEqual(['127.0.0.1', '127.0.0.1']);
    expect(Date.parse(valid_from)).toBeLessThan(Date.now());
    expect(Date.parse(valid_to)).toBeGreaterThan(Date.now());
  });

  it('fails a TLS caller at a plain port (row 66, the other way round)', async () => {
    const server = await start({});
    const agent = new Agent();
    const url = server.url.replace('http:', 'https:');
    expect(await askUndici({ ...server, url }, agent)).toMatch(/^ERR_SSL_|^EPROTO$|^ECONNRESET$/);
    await agent.destroy();
  });

  it('goes on computing when its caller has left (row 69)', async () => {
    const server = await start({ faults: { list: '69' }, times: { lateAnswerMs: 1500 } });
    await askRaw(server, { silenceMs: 200 });
    expect(server.inFlight()).toBe(1);
    while (server.inFlight() > 0) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(server.calls().map(({ event, fault }) => [event, fault])).toEqual([
      ['start', 69],
      ['aborted', 69],
    ]);
  });
});

function expectHalf({ headers, body }: WireReply): void {
  expect(body.length).toBe(Math.floor(Number(headers['content-length']) / 2));
}
