import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { RateLimit, type RateLimitClock, type RateLimits } from '../../src/llm/rate-limit';

const MINUTE_MS = 60_000;
/** A signal that stays as it is. */
const never = (): AbortSignal => new AbortController().signal;

/** Time that passes only when it is told to. */
class FakeClock implements RateLimitClock {
  private timeMs = 1_000_000;
  private timers: { atMs: number; callBack: () => void }[] = [];

  nowMs = (): number => this.timeMs;

  after = (ms: number, callBack: () => void): (() => void) => {
    const timer = { atMs: this.timeMs + ms, callBack };
    this.timers.push(timer);
    return () => (this.timers = this.timers.filter((each) => each !== timer));
  };

  get pendingTimers(): number {
    return this.timers.length;
  }

  /** Lets time pass, timer by timer, and what waits for each go on. */
  async pass(ms: number): Promise<void> {
    const untilMs = this.timeMs + ms;
    for (;;) {
      await settleAll();
      const next = this.timers.reduce<(typeof this.timers)[number] | null>(
        (first, each) => (first === null || each.atMs < first.atMs ? each : first),
        null,
      );
      if (next === null || next.atMs > untilMs) break;
      this.timers = this.timers.filter((each) => each !== next);
      this.timeMs = Math.max(this.timeMs, next.atMs);
      next.callBack();
    }
    this.timeMs = untilMs;
  }
}

/** Whatever can go on without time passing goes on. */
async function settleAll(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

const limitsOf = (requestsPerMinute: number | null, tokensPerMinute: number | null = null): RateLimits => ({
  requestsPerMinute,
  tokensPerMinute,
});

interface Sent {
  atMs: number;
  tokens: number;
}

/** As many lanes as asked for, each sending one call after the other; gives what was sent when. */
function sendAlways(
  rate: RateLimit,
  clock: FakeClock,
  { lanes, tokens }: { lanes: number; tokens: () => number },
): Sent[] {
  const sent: Sent[] = [];
  const lane = async (): Promise<void> => {
    for (;;) {
      const each = tokens();
      await rate.waitTurn(each, never());
      sent.push({ atMs: clock.nowMs(), tokens: each });
    }
  };
  for (let index = 0; index < lanes; index += 1) void lane();
  return sent;
}

/** The most that any minute holds. */
function mostInAMinute(sent: readonly Sent[], weigh: (call: Sent) => number): number {
  let [most, sum, first] = [0, 0, 0];
  for (const call of sent) {
    sum += weigh(call);
    while (sent[first]!.atMs <= call.atMs - MINUTE_MS) {
      sum -= weigh(sent[first]!);
      first += 1;
    }
    most = Math.max(most, sum);
  }
  return most;
}

describe('waitTurn', () => {
  it('lets no minute hold more calls than the limit, and uses 95 % of it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 900 }),
        fc.integer({ min: 1, max: 40 }),
        async (limit, lanes) => {
          const clock = new FakeClock();
          const rate = new RateLimit(limitsOf(limit), clock);
          const sent = sendAlways(rate, clock, { lanes, tokens: () => 1 });
          await clock.pass(4 * MINUTE_MS);
          expect(mostInAMinute(sent, () => 1)).toBeLessThanOrEqual(limit);
          expect(sent.length).toBeGreaterThanOrEqual(Math.floor(0.95 * limit * 4));
        },
      ),
      { numRuns: 25 },
    );
  });

  it('spreads the calls: no tenth of a minute holds much more than its share', async () => {
    const clock = new FakeClock();
    const sent = sendAlways(new RateLimit(limitsOf(600), clock), clock, { lanes: 64, tokens: () => 1 });
    await clock.pass(2 * MINUTE_MS);
    for (let from = 0; from < 20; from += 1) {
      const startMs = 1_000_000 + from * 6000;
      const n = sent.filter(({ atMs }) => atMs >= startMs && atMs < startMs + 6000).length;
      expect(n).toBeGreaterThan(50);
      expect(n).toBeLessThan(80);
    }
  });

  it('lets no minute hold more tokens than the limit and one call, and uses 95 % of it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 5000, max: 200_000 }),
        fc.array(fc.integer({ min: 1, max: 4000 }), { minLength: 1, maxLength: 20 }),
        async (limit, sizes) => {
          const clock = new FakeClock();
          const rate = new RateLimit(limitsOf(null, limit), clock);
          let next = 0;
          const tokens = (): number => Math.max(200, sizes[(next += 1) % sizes.length]!);
          const sent = sendAlways(rate, clock, { lanes: 8, tokens });
          await clock.pass(4 * MINUTE_MS);
          const sum = sent.reduce((all, call) => all + call.tokens, 0);
          expect(mostInAMinute(sent, (call) => call.tokens)).toBeLessThanOrEqual(limit + 4000);
          expect(sum).toBeGreaterThanOrEqual(0.95 * limit * 4 - 4000);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('makes nobody wait who stays under the limit', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 600 }), async (limit) => {
        const clock = new FakeClock();
        const rate = new RateLimit(limitsOf(limit, limit * 1000), clock);
        for (let call = 0; call < 100; call += 1) {
          expect(rate.delayMs(900)).toBe(0);
          await rate.waitTurn(900, never());
          await clock.pass((MINUTE_MS / limit) * 1.04);
        }
      }),
      { numRuns: 25 },
    );
  });

  it('serves who comes first first, also a large call before small ones', async () => {
    const clock = new FakeClock();
    const rate = new RateLimit(limitsOf(null, 6000), clock);
    const order: string[] = [];
    const ask = (name: string, tokens: number): void =>
      void rate.waitTurn(tokens, never()).then(() => order.push(name));
    ask('first', 100);
    ask('large', 5000);
    for (const name of ['a', 'b', 'c']) ask(name, 1);
    await clock.pass(5 * MINUTE_MS);
    expect(order).toEqual(['first', 'large', 'a', 'b', 'c']);
    expect(rate.waiting).toBe(0);
    expect(clock.pendingTimers).toBe(0);
  });

  it('lets a call that is stopped go, and those behind it move up', async () => {
    const clock = new FakeClock();
    const rate = new RateLimit(limitsOf(1), clock);
    await rate.waitTurn(1, never());
    const stop = new AbortController();
    const stopped = rate.waitTurn(1, stop.signal).catch((error: unknown) => error);
    let wentAtMs = 0;
    void rate.waitTurn(1, never()).then(() => (wentAtMs = clock.nowMs()));
    await clock.pass(30_000);
    stop.abort(new Error('enough'));
    expect(await stopped).toEqual(new Error('enough'));
    await clock.pass(MINUTE_MS);
    expect(wentAtMs).toBe(1_000_000 + MINUTE_MS);
    await expect(rate.waitTurn(1, stop.signal)).rejects.toThrow('enough');
  });

  it('waits with a real timer', async () => {
    const rate = new RateLimit(limitsOf(600));
    for (let call = 0; call < 19; call += 1) await rate.waitTurn(1, never()); // all that may go at once
    const startedMs = performance.now();
    await rate.waitTurn(1, never());
    expect(performance.now() - startedMs).toBeGreaterThan(50);
    const stop = new AbortController();
    const stopped = rate.waitTurn(1, stop.signal);
    await sleep(1);
    stop.abort();
    await expect(stopped).rejects.toThrow();
  });
});

describe('what a call really used', () => {
  it('corrects the budget: underestimated calls slow the next ones down, overestimated ones speed them up', async () => {
    const tokensSent = async (estimate: number, used: number): Promise<number> => {
      const clock = new FakeClock();
      const rate = new RateLimit(limitsOf(null, 60_000), clock);
      let sum = 0;
      void (async () => {
        for (;;) {
          await rate.waitTurn(estimate, never());
          sum += used;
          rate.settle(estimate, used);
        }
      })();
      await clock.pass(4 * MINUTE_MS);
      return sum;
    };
    for (const [estimate, used] of [
      [500, 1000],
      [1500, 1000],
    ] as const) {
      const sum = await tokensSent(estimate, used);
      expect(sum).toBeGreaterThan(0.95 * 4 * 60_000);
      expect(sum).toBeLessThanOrEqual(4 * 60_000 + 2000);
    }
  });

  it('is not known: the estimate stands', () => {
    const clock = new FakeClock();
    const rate = new RateLimit(limitsOf(null, 60_000), clock);
    rate.take(1800);
    rate.settle(1800, null);
    expect(rate.delayMs(1000)).toBeGreaterThan(0);
  });

  it('a call that is not made costs nothing', async () => {
    const clock = new FakeClock();
    const rate = new RateLimit(limitsOf(1, 600), clock);
    await rate.waitTurn(600, never());
    rate.giveBack(600);
    expect(rate.delayMs(600)).toBe(0);
  });
});

it('limits that change while calls wait hold for those too', async () => {
  const clock = new FakeClock();
  const rate = new RateLimit(limitsOf(1), clock);
  let nSent = 0;
  for (let call = 0; call < 3; call += 1) void rate.waitTurn(1, never()).then(() => (nSent += 1));
  await clock.pass(1000);
  expect(nSent).toBe(1);
  rate.setLimits(limitsOf(60));
  await clock.pass(2500);
  expect(nSent).toBe(3);
});

describe('limits that the server announces', () => {
  const openAi = (limit: number, remaining: number, reset: string): Record<string, string> => ({
    'x-ratelimit-limit-requests': String(limit),
    'x-ratelimit-remaining-requests': String(remaining),
    'x-ratelimit-reset-requests': reset,
  });

  it.each<[string, Record<string, string>, RateLimits]>([
    ['of OpenAI', openAi(500, 499, '120ms'), limitsOf(500)],
    ['of a minute that has just begun', openAi(60, 59, '59s'), limitsOf(60)],
    ['of a day', openAi(14_400, 14_370, '2m59.56s'), limitsOf(null)],
    ['of a second', openAi(10, 5, '0.5'), limitsOf(null)],
    ['of which nothing is used', openAi(10, 10, '0s'), limitsOf(null)],
    [
      'of tokens',
      {
        'x-ratelimit-limit-tokens': '30000',
        'x-ratelimit-remaining-tokens': '29000',
        'x-ratelimit-reset-tokens': '2s',
      },
      limitsOf(null, 30_000),
    ],
    [
      'named by the minute',
      { 'x-ratelimit-limit-req-minute': '120', 'x-ratelimit-limit-tokens-minute': '60000' },
      limitsOf(120, 60_000),
    ],
    [
      'of Anthropic',
      { 'anthropic-ratelimit-requests-limit': '50', 'anthropic-ratelimit-tokens-limit': '40000' },
      limitsOf(50, 40_000),
    ],
    ['without a period', { 'x-ratelimit-limit': '10', 'x-ratelimit-remaining': '9' }, limitsOf(null)],
  ])('%s are known from the headers', (_what, headers, expected) => {
    const rate = new RateLimit(limitsOf(null), new FakeClock());
    rate.noteHeaders(headers);
    expect(rate.limits).toEqual(expected);
  });

  it('are kept to where they are tighter than those configured', () => {
    const rate = new RateLimit(limitsOf(100), new FakeClock());
    rate.noteHeaders(openAi(500, 499, '120ms'));
    expect(rate.limits.requestsPerMinute).toBe(100);
    rate.noteHeaders(openAi(60, 59, '1s'));
    expect(rate.limits.requestsPerMinute).toBe(60);
  });

  it('let a call wait that finds nothing left, until some is back or the period is over', () => {
    const clock = new FakeClock();
    const rate = new RateLimit(limitsOf(null), clock);
    rate.noteHeaders(openAi(60, 0, '60s')); // one a second comes back
    expect(rate.delayMs(1)).toBeCloseTo(1000);
    const other = new RateLimit(limitsOf(null), clock);
    other.noteHeaders({ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '5' });
    expect(other.delayMs(1)).toBeCloseTo(5000);
  });

  it('that come back after more than a minute are left to the refusal of the server', () => {
    const rate = new RateLimit(limitsOf(null), new FakeClock());
    rate.noteHeaders({ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '3600' });
    expect(rate.delayMs(1)).toBe(0);
  });

  it.each([
    ['words', { 'x-ratelimit-limit-requests': 'many', 'x-ratelimit-remaining-requests': 'some' }],
    ['zero without a time', { 'x-ratelimit-remaining-requests': '0' }],
    ['other headers', { 'content-type': 'application/json' }],
  ])('as %s are none', (_what, headers) => {
    const rate = new RateLimit(limitsOf(null), new FakeClock());
    rate.noteHeaders(headers);
    expect(rate.delayMs(1_000_000)).toBe(0);
  });

  it('leave room for others who use the same key', async () => {
    const clock = new FakeClock();
    const rate = new RateLimit(limitsOf(null), clock);
    // A bucket of 60 that fills by one a second, of which another program takes half.
    let bucket = 60;
    let bucketAtMs = clock.nowMs();
    let [served, refused] = [0, 0];
    void (async () => {
      for (;;) {
        await rate.waitTurn(1, never());
        bucket = Math.min(60, bucket + (clock.nowMs() - bucketAtMs) / 1000 / 2);
        bucketAtMs = clock.nowMs();
        if (bucket >= 1) {
          bucket -= 1;
          served += 1;
        } else refused += 1;
        rate.noteHeaders(openAi(60, Math.floor(bucket), `${60 - bucket}s`));
        await new Promise<void>((resolve) => clock.after(100, resolve));
      }
    })();
    await clock.pass(10 * MINUTE_MS);
    expect(served).toBeGreaterThan(0.95 * 300);
    expect(refused).toBeLessThan(served);
  });
});
