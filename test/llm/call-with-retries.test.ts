import { CallFault, type CallFaultFacts } from '../../src/llm/call-fault';
import { callWithRetries, type RetryOptions } from '../../src/llm/call-with-retries';

function fault(facts: Partial<CallFaultFacts> = {}): CallFault {
  return new CallFault('HTTP 500', { kind: 'transient', category: 'http_5xx', ...facts });
}

/** Throws the given errors one after the other, then gives 'done'. */
function failing(...errors: Error[]): jest.Mock<Promise<string>> {
  return jest.fn(async () => {
    await Promise.resolve();
    const error = errors.shift();
    if (error !== undefined) throw error;
    return 'done';
  });
}

function setUp(overrides: Partial<RetryOptions> = {}) {
  const waits: number[] = [];
  const options: RetryOptions = {
    maxAttempts: 4,
    baseMs: 1000,
    capMs: 3000,
    random: () => 0.5,
    sleep: (ms) => Promise.resolve(waits.push(ms)),
    signal: new AbortController().signal,
    ...overrides,
  };
  return { options, waits };
}

describe('callWithRetries', () => {
  it('gives the value and the number of calls it took', async () => {
    const { options, waits } = setUp();
    await expect(callWithRetries(failing(), options)).resolves.toEqual({ value: 'done', calls: 1 });
    await expect(callWithRetries(failing(fault(), fault()), options)).resolves.toEqual({
      value: 'done',
      calls: 3,
    });
    expect(waits).toEqual([500, 1000]);
  });

  it('throws the last fault with the number of calls after so many attempts', async () => {
    const { options, waits } = setUp();
    const last = fault({ category: 'timeout' });
    const attempt = failing(fault(), fault(), fault(), last);
    await expect(callWithRetries(attempt, options)).rejects.toBe(last);
    expect(last.calls).toBe(4);
    expect(attempt).toHaveBeenCalledTimes(4);
    expect(waits).toEqual([500, 1000, 1500]);
  });

  it.each(['narrative', 'experiment'] as const)('does not repeat after a fault of the %s', async (kind) => {
    const { options } = setUp();
    const attempt = failing(fault({ kind }));
    await expect(callWithRetries(attempt, options)).rejects.toMatchObject({ kind, calls: 1 });
    expect(attempt).toHaveBeenCalledTimes(1);
  });

  it('throws on what is no fault of a call', async () => {
    const { options } = setUp();
    const attempt = failing(new TypeError('bug'));
    await expect(callWithRetries(attempt, options)).rejects.toThrow('bug');
    expect(attempt).toHaveBeenCalledTimes(1);
  });

  it('waits at least as long as the server asks', async () => {
    const { options, waits } = setUp();
    await callWithRetries(failing(fault({ retryAfterMs: 7000 }), fault({ retryAfterMs: 60_000 })), options);
    expect(waits).toEqual([7500, 61_000]);
  });

  it('gives up when the server asks for more than a minute', async () => {
    const { options, waits } = setUp();
    const attempt = failing(fault({ retryAfterMs: 60_001 }));
    await expect(callWithRetries(attempt, options)).rejects.toMatchObject({ calls: 1 });
    expect(waits).toEqual([]);
  });

  it('tells of each retry before it waits', async () => {
    const onRetry = jest.fn();
    const { options } = setUp({ onRetry });
    const first = fault();
    await callWithRetries(failing(first), options);
    expect(onRetry.mock.calls).toEqual([[first, 500]]);
  });

  it('makes no call when it is stopped before the first', async () => {
    const reason = new Error('stopped');
    const { options } = setUp({ signal: AbortSignal.abort(reason) });
    const attempt = failing();
    await expect(callWithRetries(attempt, options)).rejects.toBe(reason);
    expect(attempt).not.toHaveBeenCalled();
  });

  it('throws the reason when it is stopped while it waits', async () => {
    const reason = new Error('stopped');
    const stop = new AbortController();
    const sleep = () => {
      stop.abort(reason);
      return Promise.reject(new Error('the sleep was ended'));
    };
    const { options } = setUp({ signal: stop.signal, sleep });
    const attempt = failing(fault());
    await expect(callWithRetries(attempt, options)).rejects.toBe(reason);
    expect(attempt).toHaveBeenCalledTimes(1);
  });

  it('gives an answer that arrives after the stop', async () => {
    const stop = new AbortController();
    const { options } = setUp({ signal: stop.signal });
    const attempt = () => {
      stop.abort();
      return Promise.resolve('late');
    };
    await expect(callWithRetries(attempt, options)).resolves.toEqual({ value: 'late', calls: 1 });
  });
});
