import { CallFault, type CallFaultFacts } from '../../src/llm/call-fault';
import { RULES } from '../../src/llm/fault-rule';
import { judgeRetry, type RetryBounds, type TriesSoFar } from '../../src/llm/judge-retry';

function judge(
  facts: Partial<CallFaultFacts>,
  tries: Partial<TriesSoFar> = {},
  bounds: Partial<RetryBounds> = {},
) {
  const fault = new CallFault('a fault', { kind: 'transient', category: 'http_5xx', ...facts });
  return judgeRetry(
    fault,
    { counted: 1, stale: 0, loadingMs: 0, elapsedMs: 0, ...tries },
    { maxAttempts: 6, ...bounds },
  );
}

const RETRY = { next: 'retry', isCounted: true };
const end = (ending: string) => ({ next: 'end', ending });

describe('judgeRetry', () => {
  it('ends at once what is about the narrative or the experiment', () => {
    expect(judge({ kind: 'narrative' })).toMatchObject(end('row'));
    expect(judge({ kind: 'experiment' })).toMatchObject(end('pause'));
  });

  it('tries six times, ten minutes at most', () => {
    expect(judge({}, { counted: 5 })).toMatchObject(RETRY);
    expect(judge({}, { counted: 6 })).toMatchObject(end('wait'));
    expect(judge({}, { counted: 2, elapsedMs: 10 * 60_000 })).toMatchObject(end('wait'));
  });

  it('gives a rule with retries of its own an error row at their end', () => {
    expect(judge({ rule: { maxRetries: 1 } }, { counted: 1 })).toMatchObject(RETRY);
    expect(judge({ rule: { maxRetries: 1 } }, { counted: 2 })).toMatchObject(end('row'));
    expect(judge({ rule: { maxRetries: 9 } }, { counted: 6 })).toMatchObject(end('row'));
  });

  it('makes no try without sampling where only that could help', () => {
    const rule = { maxRetries: 2, onlyIfTemperature: true } as const;
    expect(judge({ rule }, {}, { temperature: 0 })).toMatchObject(end('row'));
    expect(judge({ rule }, {}, { temperature: 0.1 })).toMatchObject(RETRY);
    expect(judge({ rule }, {}, { temperature: null })).toMatchObject(RETRY);
  });

  it('does not count a stale connection, three times at most', () => {
    const rule = { retryAtOnce: true } as const;
    expect(judge({ rule }, { stale: 2 })).toMatchObject({ next: 'retry', isCounted: false, wait: 'none' });
    expect(judge({ rule }, { stale: 3 })).toMatchObject({ next: 'retry', isCounted: true, wait: 'backoff' });
  });

  it('does not count waits for a model that is loaded, for a quarter of an hour', () => {
    const rule = RULES.loading;
    expect(judge({ rule }, { counted: 6 })).toMatchObject({
      next: 'retry',
      isCounted: false,
      isLoading: true,
    });
    expect(judge({ rule }, { loadingMs: 15 * 60_000 })).toMatchObject(end('wait'));
  });

  it('sits out a wait of a minute and no longer', () => {
    expect(judge({ retryAfterMs: 60_000 })).toMatchObject(RETRY);
    expect(judge({ retryAfterMs: 60_001 })).toMatchObject(end('wait'));
    expect(judge({ retryAfterMs: 60_001 }, {}, { maxWaitMs: 120_000 })).toMatchObject(RETRY);
  });

  it('pauses at the end of tries where no row would be the fault of its narrative', () => {
    expect(judge({ rule: { thenPause: true } }, { counted: 6 })).toMatchObject({
      ...end('pause'),
      pauseReason: 'every try ended with: a fault',
    });
  });
});
