import { accountCalls, type CallEvidence } from './account-calls';
import type { Call } from './call-history';
import { CONCURRENCY } from './stage';

/** Two calls about one text, each of 50 ms; times in milliseconds. */
function askedTwice(firstMs: number, secondMs: number, { digest = 'aaaaaaaaaa', fault = 0 } = {}): Call[] {
  const call = { digest, isAborted: false, fault };
  return [
    { ...call, startedMs: firstMs, endedMs: firstMs + 50 },
    { ...call, fault: 0, startedMs: secondMs, endedMs: secondMs + 50 },
  ];
}

function account(calls: Call[], others: Partial<CallEvidence> = {}): ReturnType<typeof accountCalls> {
  return accountCalls({ history: { calls: () => calls }, kills: [], troubles: [], ...others });
}

const client = (atMs: number): CallEvidence['kills'][number] => ({ component: 'client', atMs });

describe('accountCalls', () => {
  it('takes a call that was in flight at a kill as the cost of the kill', () => {
    const { needed, made, mostPerKill, violations } = account(askedTwice(1000, 5000), {
      kills: [client(1020)],
    });
    expect({ needed, made, mostPerKill, violations }).toEqual({
      needed: 1,
      made: 2,
      mostPerKill: 1,
      violations: [],
    });
  });

  it('needs a further call after an error', () => {
    expect(account(askedTwice(1000, 5000, { fault: 12 }))).toMatchObject({
      needed: 2,
      made: 2,
      violations: [],
    });
  });

  it.each<[string, Partial<CallEvidence>]>([
    ['nothing was killed', {}],
    ['the kill came after both calls', { kills: [client(6000)] }],
    ['the kill came before both calls', { kills: [client(-1000)] }],
    ['only a Temporal server was killed', { kills: [{ component: 'temporal', atMs: 1020 }] }],
  ])('refuses a repeated call when %s', (_when, others) => {
    expect(account(askedTwice(1000, 5000), others).violations).toEqual([
      expect.stringContaining('asked twice'),
    ]);
  });

  it('refuses the loss of an answer that had time to be stored, unless something kept it from being so', () => {
    const calls = askedTwice(1000, 9000);
    const kills = [client(4000)];
    expect(account(calls, { kills }).violations).toEqual([expect.stringContaining('was lost')]);
    const troubles: CallEvidence['troubles'] = [{ kind: 'lock', fromMs: 900, toMs: 5000 }];
    expect(account(calls, { kills, troubles }).violations).toEqual([]);
  });

  it('refuses a kill that cost more calls than were in flight', () => {
    const calls = Array.from({ length: CONCURRENCY + 1 }, (_, index) =>
      askedTwice(1000, 5000, { digest: `text ${index}` }),
    ).flat();
    expect(account(calls, { kills: [client(1020)] }).violations).toEqual([
      expect.stringContaining('cost 9 calls'),
    ]);
  });
});
