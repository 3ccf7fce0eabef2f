import { setMaxListeners } from 'node:events';
import { createChatClient } from '../../src/llm/chat-client';
import { RateLimit } from '../../src/llm/rate-limit';
import { MinuteLimits } from '../../src/simulator/minute-limits';
import { startModelServer, type ModelServer } from '../../src/simulator/model-server';
import { parameters } from '../llm/parameters';

it('refuses what is beyond the burst, and admits again as the bucket fills', () => {
  let nowMs = 0;
  const limits = new MinuteLimits({ requestsPerMinute: 60, burstSeconds: 2 }, () => nowMs);
  expect([1, 2, 3].map(() => limits.admit(() => 1))).toEqual([true, true, false]);
  expect(limits.headers()).toEqual({
    'x-ratelimit-limit-requests': '60',
    'x-ratelimit-remaining-requests': '0',
    'x-ratelimit-reset-requests': '2.000s',
  });
  nowMs = 1000;
  expect([1, 2].map(() => limits.admit(() => 1))).toEqual([true, false]);
});

it('refuses a call for its tokens, which then costs no request', () => {
  const limits = new MinuteLimits({ requestsPerMinute: 2, tokensPerMinute: 100 }, () => 0);
  expect([90, 20, 10].map((tokens) => limits.admit(() => tokens))).toEqual([true, false, true]);
  expect(limits.headers()).toMatchObject({
    'x-ratelimit-remaining-requests': '0',
    'x-ratelimit-remaining-tokens': '0',
  });
});

it('without limits admits everything and says nothing', () => {
  const limits = new MinuteLimits({});
  expect(limits.admit(() => 1e9)).toBe(true);
  expect(limits.headers()).toEqual({});
});

describe('a client that asks such a server', () => {
  let server: ModelServer;
  beforeEach(async () => {
    server = await startModelServer({ limits: { requestsPerMinute: 1200, burstSeconds: 2 } });
  });
  afterEach(() => server.close());

  /** Asks about 150 texts, 32 at a time; gives how many calls were refused, and the limits that were found. */
  async function ask(rate: RateLimit, isPaced: boolean): Promise<number> {
    const client = createChatClient({
      apiUrl: server.url,
      apiKey: null,
      connections: 32,
      timeoutMs: 10_000,
      allowedOrigins: [],
      onHeaders: (headers) => rate.noteHeaders(headers),
    });
    const stop = new AbortController().signal;
    setMaxListeners(64, stop);
    let [next, refused] = [0, 0];
    const lane = async (): Promise<void> => {
      while (next < 150) {
        const user = `Text ${(next += 1)}`;
        if (isPaced) await rate.waitTurn(1, stop);
        await client
          .send({ model: 'm', system: '', user, parameters: parameters() })
          .catch(() => (refused += 1));
      }
    };
    await Promise.all(Array.from({ length: 32 }, lane));
    await client.close();
    return refused;
  }

  it('is refused when it does not mind the limit, and learns the limit from any reply', async () => {
    const rate = new RateLimit({ requestsPerMinute: null, tokensPerMinute: null });
    expect(await ask(rate, false)).toBeGreaterThan(20);
    expect(server.callsByFault()[47]).toBeGreaterThan(20);
  });

  it('is not refused when its calls wait their turn under the limit that is configured', async () => {
    const rate = new RateLimit({ requestsPerMinute: 1200, tokensPerMinute: null });
    expect(await ask(rate, true)).toBe(0);
    expect(server.callsByFault()).toEqual({ 0: 150 });
  });
});
