import { RecentPace } from '../../src/metrics/recent-pace';

const NOW = Date.parse('2026-11-25T07:00:30.000Z');
const MINUTE_MS = 60_000;

/** `perMinute[i]` results in the i-th minute before this one. */
function paceOf(perMinute: readonly number[]): RecentPace {
  const pace = new RecentPace();
  perMinute.forEach((count, index) => {
    const atMs = NOW - (index + 1) * MINUTE_MS;
    for (let i = 0; i < count; i += 1) pace.add(atMs);
  });
  return pace;
}

it('counts the last hour and forgets what is older', () => {
  const pace = paceOf(Array.from({ length: 90 }, () => 10));
  expect(pace.lastHour(NOW)).toEqual({ nResults: 600, minutes: 60 });
});

it('tells of a shorter time where there is no more', () => {
  expect(paceOf([10, 10, 10]).lastHour(NOW)).toEqual({ nResults: 30, minutes: 3.5 });
  expect(new RecentPace().lastHour(NOW)).toBeNull();
  expect(paceOf([10]).lastHour(NOW)).toBeNull();
});

it.each<[string, number[], { slow: number; fast: number } | null]>([
  ['an even pace', Array.from({ length: 60 }, () => 10), { slow: 10, fast: 10 }],
  [
    'a pace with a stop in it',
    [
      ...Array.from({ length: 20 }, () => 10),
      ...Array.from({ length: 20 }, () => 0),
      ...Array.from({ length: 20 }, () => 10),
    ],
    { slow: 10, fast: 10 },
  ],
  ['three minutes', [10, 10, 10], null],
  ['a handful of results', [1, 0, 0, 1, 0, 0, 1, 0, 0, 1], null],
])('%s varies by %j', (_, perMinute, expected) => {
  expect(paceOf(perMinute).range(NOW)).toEqual(expected);
});

it('a pace that halves lies between the half and the whole', () => {
  const range = paceOf([
    ...Array.from({ length: 30 }, () => 10),
    ...Array.from({ length: 30 }, () => 20),
  ]).range(NOW)!;
  expect(range.slow).toBeCloseTo(10, 0);
  expect(range.fast).toBeCloseTo(20, 0);
});
