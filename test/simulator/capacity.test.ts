import { Capacity, type CapacityOptions } from '../../src/simulator/capacity';
import { slowdownOf, type LoadCurve } from '../../src/simulator/load-curve';

const ALONE_MS = 100;

/** Keeps so many calls in flight for so long on a clock of its own, and counts those that were answered. */
async function answeredWithin(options: CapacityOptions, callers: number, spanMs: number): Promise<number> {
  const capacity = new Capacity(options, () => nowMs);
  const due: { atMs: number; finish: () => void }[] = [];
  let nowMs = 0;
  let answered = 0;
  const call = () => {
    const seat = capacity.enter();
    void seat.slot.then((slowdown) => {
      const finish = () => {
        answered += 1;
        seat.leave();
        call();
      };
      due.push({ atMs: nowMs + seat.loadMs + ALONE_MS * slowdown, finish });
    });
  };
  for (let caller = 0; caller < callers; caller += 1) call();
  for (;;) {
    await Promise.resolve();
    await Promise.resolve();
    due.sort((a, b) => a.atMs - b.atMs);
    const next = due.shift();
    if (next === undefined || next.atMs > spanMs) return answered;
    nowMs = next.atMs;
    next.finish();
  }
}

describe('Capacity', () => {
  it('answers most at the peak of its curve, and less beyond', async () => {
    const load: LoadCurve = { kind: 'peaks', at: 8 };
    const counts = await Promise.all(
      [2, 4, 8, 16, 32].map((callers) => answeredWithin({ load }, callers, 60_000)),
    );
    const [two, four, eight, sixteen, thirtyTwo] = counts as [number, number, number, number, number];
    expect(two).toBeLessThan(four);
    expect(four).toBeLessThan(eight);
    expect(eight).toBeGreaterThan(1.7 * sixteen);
    expect(sixteen).toBeGreaterThan(1.7 * thirtyTwo);
    expect(eight).toBe(8 * 600);
  });

  it('answers no more with more calls than its curve saturates at', async () => {
    const load: LoadCurve = { kind: 'saturates', at: 8 };
    const [four, eight, sixteen] = await Promise.all(
      [4, 8, 16].map((callers) => answeredWithin({ load }, callers, 60_000)),
    );
    expect(four).toBe(4 * 600);
    expect(eight).toBe(8 * 600);
    expect(Math.abs((sixteen ?? 0) - 8 * 600)).toBeLessThan(50);
  });

  it('answers no more with more calls than it has slots', async () => {
    const [four, sixteen] = await Promise.all(
      [4, 16].map((callers) => answeredWithin({ slots: 4 }, callers, 60_000)),
    );
    expect(four).toBe(4 * 600);
    expect(sixteen).toBe(4 * 600);
  });

  it.each<[LoadCurve, number, number]>([
    [{ kind: 'none' }, 50, 1],
    [{ kind: 'linear', perCall: 0.1 }, 1, 1],
    [{ kind: 'linear', perCall: 0.1 }, 11, 2],
    [{ kind: 'saturates', at: 4 }, 4, 1],
    [{ kind: 'saturates', at: 4 }, 8, 2],
    [{ kind: 'peaks', at: 4 }, 3, 1],
    [{ kind: 'peaks', at: 4 }, 8, 4],
  ])('slows down by %j with %i calls by %d', (curve, atOnce, slowdown) => {
    expect(slowdownOf(curve, atOnce)).toBeCloseTo(slowdown);
  });

  it('is full when its slots and its queue are, and serves the queue in order', async () => {
    const capacity = new Capacity({ slots: 1, queue: 2 });
    const begun: string[] = [];
    const enter = (name: string) => {
      const seat = capacity.enter();
      void seat.slot.then(() => begun.push(name));
      return seat;
    };
    const first = enter('first');
    const second = enter('second');
    expect(capacity.isFull).toBe(false);
    const third = enter('third');
    expect(capacity.isFull).toBe(true);
    second.leave();
    expect(capacity.isFull).toBe(false);
    first.leave();
    first.leave();
    await third.slot;
    expect(begun).toEqual(['first', 'third']);
  });

  it('computes one that must be alone with no other beside it, before or behind', async () => {
    const capacity = new Capacity({ slots: 4 });
    const begun: string[] = [];
    const enter = (name: string, isAlone: boolean) => {
      const seat = capacity.enter(isAlone);
      void seat.slot.then(() => begun.push(name));
      return seat;
    };
    const first = enter('first', false);
    const alone = enter('alone', true);
    const last = enter('last', false);
    await first.slot;
    expect(begun).toEqual(['first']);
    first.leave();
    await alone.slot;
    expect(begun).toEqual(['first', 'alone']);
    alone.leave();
    await last.slot;
    expect(begun).toEqual(['first', 'alone', 'last']);
  });

  it('loads the model for the first call, and again after it was idle', () => {
    let nowMs = 0;
    const capacity = new Capacity({ unloadAfterMs: 1000, loadMs: 300 }, () => nowMs);
    const first = capacity.enter();
    nowMs = 100;
    const second = capacity.enter();
    expect([first.loadMs, second.loadMs]).toEqual([300, 200]);
    nowMs = 5000;
    first.leave();
    second.leave();
    nowMs = 5999;
    const third = capacity.enter();
    expect(third.loadMs).toBe(0);
    third.leave();
    nowMs = 7000;
    expect(capacity.enter().loadMs).toBe(300);
  });
});
