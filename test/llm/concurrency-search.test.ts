/** The search for the number of calls at once, against servers computed in made-up time. */
import { ConcurrencySearch, type ConcurrencyChange } from '../../src/llm/concurrency-search';
import { ModelServerInMadeUpTime, type ServerShape } from './made-up-time';

const SEEDS = Array.from({ length: 20 }, (_, index) => index + 1);
const SPREADS = [0, 0.35];
const MOST = 128;

function searchFrom(remembered: number | null = null): ConcurrencySearch {
  return new ConcurrencySearch({ most: MOST, remembered });
}

describe.each<[string, ServerShape, number]>([
  ['whose throughput peaks at 8 and falls beyond', { peaksAt: 8 }, 300],
  ['whose throughput peaks at 2 and falls beyond', { peaksAt: 2 }, 800],
  ['with 64 slots', { slots: 64 }, 300],
  ['that answers one call at a time', { slots: 1 }, 0],
])('a server %s', (_, shape, within) => {
  test.each(SPREADS)(`is asked at 95 %% of its peak rate within ${within} replies, spread %d`, (sigma) => {
    for (const seed of SEEDS) {
      const run = new ModelServerInMadeUpTime({ ...shape, sigma, seed }).run(searchFrom(), 3000);
      const reached = run.callsUntil(0.95);
      expect(reached).toBeGreaterThanOrEqual(0);
      expect(reached).toBeLessThanOrEqual(within);
      expect(run.shareOfPeakAfter(Math.max(within, 300))).toBeGreaterThan(0.95);
    }
  });
});

test.each(SPREADS)(
  'a server that refuses beyond 16 refuses less than 1 %% of the calls, spread %d',
  (sigma) => {
    for (const seed of SEEDS) {
      const server = new ModelServerInMadeUpTime({ slots: 16, refusesBeyond: 16, sigma, seed });
      const run = server.run(searchFrom(), 3000);
      expect(run.refused).toBeGreaterThan(0);
      expect(run.refused / (run.replies.length + run.refused)).toBeLessThan(0.01);
      expect(run.shareOfPeakAfter(300)).toBeGreaterThan(0.9);
    }
  },
);

test('it doubles first and tells each change with its reason', () => {
  const { changes } = new ModelServerInMadeUpTime({ peaksAt: 8 }).run(searchFrom(), 150);
  expect(changes.slice(0, 3).map(({ from, to, isSettled }) => [from, to, isSettled])).toEqual([
    [4, 8, false],
    [8, 16, false],
    [16, 8, true],
  ]);
  expect(changes.map(({ reason }) => reason).slice(0, 3)).toEqual([
    expect.stringMatching(/^\d+ tokens\/s with 4$/),
    expect.stringMatching(/^\d+ tokens\/s with 8$/),
    expect.stringMatching(/^\d+ tokens\/s with 16, \d+ % of before$/),
  ]);
});

test('what was found before is where it begins, slot by slot', () => {
  const search = searchFrom(40);
  expect(search.allowed).toBe(4);
  const run = new ModelServerInMadeUpTime({ slots: 64 }).run(search, 40);
  expect(run.changes).toEqual([]);
  expect(search.allowed).toBe(40);
});

test('it never allows more than is configured, nor than a lower bound that is set later', () => {
  const search = new ConcurrencySearch({ most: 10, remembered: null });
  const run = new ModelServerInMadeUpTime({}).run(search, 500);
  expect(Math.max(...run.replies.map(({ allowed }) => allowed))).toBe(10);
  expect(search.setMost(10)).toBeNull();
  expect(search.setMost(3)).toEqual({
    from: 10,
    to: 3,
    reason: 'at most 3 are configured',
    isSettled: true,
  });
  expect(search.allowed).toBe(3);
});

describe('a faulty call', () => {
  const after = { startedAtMs: 1_000_000, atMs: 1_000_000, retryAfterMs: null };
  let search: ConcurrencySearch;
  beforeEach(() => {
    search = searchFrom();
    new ModelServerInMadeUpTime({ peaksAt: 8 }).run(search, 150);
    expect(search.allowed).toBe(8);
  });

  test('that was refused takes one away, and a fifth when the server refuses again', () => {
    expect(search.noteOverload({ ...after, kind: 'refused', inFlight: 8 })).toMatchObject({ from: 8, to: 7 });
    const again = { ...after, startedAtMs: 1_000_001, atMs: 1_000_001 };
    expect(search.noteOverload({ ...again, kind: 'refused', inFlight: 7 })).toMatchObject({ from: 7, to: 5 });
  });

  test('that was not answered in time takes a fifth away', () => {
    const change = search.noteOverload({ ...after, kind: 'timeout', inFlight: 8 });
    expect(change).toEqual({
      from: 8,
      to: 6,
      reason: 'a call was not answered in time with 8 at once',
      isSettled: true,
    } satisfies ConcurrencyChange);
  });

  test('that began before the last change takes nothing away', () => {
    search.noteOverload({ ...after, kind: 'timeout', inFlight: 8 });
    const older = { ...after, startedAtMs: 999_999, atMs: 1_000_001 };
    expect(search.noteOverload({ ...older, kind: 'timeout', inFlight: 8 })).toBeNull();
    expect(search.allowed).toBe(6);
  });

  test('of a server in trouble takes nothing away', () => {
    expect(search.noteOverload({ ...after, kind: 'trouble', inFlight: 8 })).toBeNull();
    expect(search.allowed).toBe(8);
  });

  test('never takes the last one away', () => {
    for (let n = 1; n < 20; n += 1) {
      const at = { startedAtMs: 1_000_000 + n, atMs: 1_000_000 + n, retryAfterMs: null };
      search.noteOverload({ ...at, kind: 'refused', inFlight: search.allowed });
    }
    expect(search.allowed).toBe(1);
  });
});

test('replies that come while slots are free change nothing', () => {
  const search = searchFrom();
  for (let n = 0; n < 500; n += 1) {
    expect(search.noteReply({ tokens: 20, tookMs: 500, atMs: n * 10, isFull: false })).toBeNull();
  }
  expect(search.allowed).toBe(4);
});

test('while the server asks to wait nothing grows', () => {
  const search = searchFrom(40);
  search.noteOverload({ kind: 'trouble', retryAfterMs: 60_000, startedAtMs: 0, atMs: 0, inFlight: 4 });
  const reply = { tokens: 20, tookMs: 500, isFull: true };
  for (let n = 0; n < 100; n += 1) search.noteReply({ ...reply, atMs: n });
  expect(search.allowed).toBe(4);
  search.noteReply({ ...reply, atMs: 60_000 });
  expect(search.allowed).toBe(5);
});
