import fc from 'fast-check';
import { RateWindow } from '../../src/store/rate-window';

const MINUTE = 60_000;

function windowOf(samples: readonly [activeMs: number, count: number][]): RateWindow {
  const window = new RateWindow();
  for (const [activeMs, count] of samples) window.add(activeMs, count);
  return window;
}

it.each<[string, [number, number][], number | null]>([
  ['nothing', [], null],
  ['one sample', [[0, 0]], null],
  [
    'too few results',
    [
      [0, 0],
      [MINUTE, 4],
    ],
    null,
  ],
  [
    'too short a time',
    [
      [0, 0],
      [999, 400],
    ],
    null,
  ],
  [
    'enough',
    [
      [0, 0],
      [MINUTE, 5],
    ],
    5,
  ],
  [
    'what was counted before the window began',
    [
      [0, 1000],
      [MINUTE, 1030],
    ],
    30,
  ],
])('%s gives %j a minute', (_what, samples, expected) => {
  expect(windowOf(samples).perMinute()).toBe(expected);
});

it('follows a change of speed within the window', () => {
  const window = new RateWindow();
  for (let minute = 0; minute <= 60; minute++) window.add(minute * MINUTE, minute * 100);
  for (let minute = 61; minute <= 80; minute++) window.add(minute * MINUTE, 6000 + (minute - 60) * 10);
  expect(window.perMinute()).toBeCloseTo(10, 5);
});

it('looks further back where results are few', () => {
  const window = new RateWindow();
  for (let result = 0; result <= 30; result++) window.add(result * 5 * MINUTE, result);
  expect(window.perMinute()).toBeCloseTo(0.2, 5);
});

it('is never negative and never endless, whatever comes', () => {
  const step = fc.record({ ms: fc.nat(600_000), results: fc.nat(50) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const window = new RateWindow();
      let [activeMs, count] = [0, 0];
      for (const { ms, results } of steps) {
        window.add((activeMs += ms), (count += results));
        const rate = window.perMinute();
        if (rate !== null && !(rate > 0 && Number.isFinite(rate))) return false;
      }
      return true;
    }),
  );
});
