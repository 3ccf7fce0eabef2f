/** Whether so many open batches keep all slots in use, in made-up time: a batch is open until its slowest text is done. */
import { randomLogNormal } from 'd3-random';
import { openBatchWindow } from '../../src/experiment';
import { Random } from '../answer/random';
import { listScheduleMs } from './list-schedule';

const BATCH = 100;

/** Milliseconds until all are done with so many slots and so many batches open at once, the oldest served first. */
function windowedMs(
  timesMs: readonly number[],
  { slots, window }: { slots: number; window: number },
): number {
  const left = Array.from({ length: Math.ceil(timesMs.length / BATCH) }, (_, batch) =>
    Math.min(BATCH, timesMs.length - batch * BATCH),
  );
  let opened = Math.min(window, left.length);
  let next = 0;
  let nowMs = 0;
  let running: { endsAtMs: number; batch: number }[] = [];
  for (;;) {
    while (running.length < slots && next < Math.min(opened * BATCH, timesMs.length)) {
      running.push({ endsAtMs: nowMs + timesMs[next]!, batch: Math.floor(next / BATCH) });
      next += 1;
    }
    if (running.length === 0) return nowMs;
    const first = running.reduce((a, b) => (b.endsAtMs < a.endsAtMs ? b : a));
    running = running.filter((call) => call !== first);
    nowMs = first.endsAtMs;
    left[first.batch]! -= 1;
    if (left[first.batch] === 0 && opened < left.length) opened += 1;
  }
}

function lognormal(n: number, sigma: number, seed: number): number[] {
  const random = new Random(seed);
  const draw = randomLogNormal.source(() => random.fraction())(Math.log(500) - sigma ** 2 / 2, sigma);
  return Array.from({ length: n }, draw);
}

test.each([8, 32, 64, 128])(
  '%d slots are in use to 98.5 %% of the ideal with spread-out latencies',
  (slots) => {
    for (const seed of [1, 2, 3]) {
      const timesMs = lognormal(5000, 0.8, seed);
      const window = openBatchWindow(slots, BATCH);
      expect(listScheduleMs(timesMs, slots) / windowedMs(timesMs, { slots, window })).toBeGreaterThan(0.985);
    }
  },
);

test('three batches beyond those that the slots fill would leave a good part of 64 slots empty', () => {
  const timesMs = lognormal(5000, 0.8, 1);
  expect(listScheduleMs(timesMs, 64) / windowedMs(timesMs, { slots: 64, window: 4 })).toBeLessThan(0.9);
});

test('the window stays within what a worker has room for, and holds all slots of a large number', () => {
  expect(openBatchWindow(1024, BATCH)).toBe(60);
  expect(openBatchWindow(1024, 10)).toBe(107);
  expect(openBatchWindow(1, BATCH)).toBe(5);
});
