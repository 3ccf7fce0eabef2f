import { getEventListeners } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { CallLimiter } from '../../src/llm/limiter';

const never = new AbortController().signal;

/** A task that ends when told to. */
function heldTask<T>(value: T) {
  let end = () => {};
  const held = new Promise<T>((resolve) => (end = () => resolve(value)));
  return { task: () => held, end: () => end() };
}

/** Fills the limiter's only slot and gives the function that frees it. */
async function occupy(limiter: CallLimiter): Promise<() => Promise<void>> {
  const { task, end } = heldTask(null);
  const running = limiter.run(0, task, never);
  await nextTurn();
  return async () => {
    end();
    await running;
  };
}

describe('CallLimiter', () => {
  it('runs no more tasks at once than allowed, and all of them', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 5 }),
        fc.array(
          fc.record({ order: fc.nat(4), turns: fc.integer({ min: 1, max: 3 }), fails: fc.boolean() }),
          { maxLength: 40 },
        ),
        async (concurrency, tasks) => {
          const limiter = new CallLimiter(concurrency);
          let running = 0;
          let most = 0;
          const work = async (turns: number, fails: boolean) => {
            most = Math.max(most, ++running);
            for (let turn = 0; turn < turns; turn += 1) await nextTurn();
            running -= 1;
            if (fails) throw new Error('failed');
          };
          const ends = await Promise.allSettled(
            tasks.map(({ order, turns, fails }) => limiter.run(order, () => work(turns, fails), never)),
          );
          expect(most).toBe(Math.min(concurrency, tasks.length));
          expect(ends.map(({ status }) => status === 'rejected')).toEqual(tasks.map(({ fails }) => fails));
          expect([limiter.inFlight, limiter.waiting]).toEqual([0, 0]);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('serves the lowest order first, and the first come within it', async () => {
    const tasks = fc.array(fc.nat(5), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(tasks, async (orders) => {
        const limiter = new CallLimiter(1);
        const release = await occupy(limiter);
        const served: { order: number; place: number }[] = [];
        const all = orders.map((order, place) =>
          limiter.run(order, () => Promise.resolve(served.push({ order, place })), never),
        );
        await release();
        await Promise.all(all);
        const expected = orders.map((order, place) => ({ order, place }));
        expect(served).toEqual(expected.sort((a, b) => a.order - b.order || a.place - b.place));
      }),
      { numRuns: 60 },
    );
  });

  it('rejects at once those who wait when stopped, lets others go on, and forgets the signal', async () => {
    const limiter = new CallLimiter(1);
    const stop = new AbortController();
    const held = heldTask('finished');
    const running = limiter.run(0, held.task, stop.signal);
    await nextTurn();
    const task = jest.fn(() => Promise.resolve());
    const stopped = Array.from({ length: 50 }, () => limiter.run(1, task, stop.signal));
    const other = limiter.run(2, () => Promise.resolve('served'), never);
    const reason = new Error('paused');
    stop.abort(reason);
    const ends = await Promise.allSettled(stopped);
    expect(ends).toEqual(Array.from({ length: 50 }, () => ({ status: 'rejected', reason })));
    expect(task).not.toHaveBeenCalled();
    expect([limiter.inFlight, limiter.waiting]).toEqual([1, 1]);
    held.end();
    await expect(running).resolves.toBe('finished');
    await expect(other).resolves.toBe('served');
    await expect(limiter.run(0, task, stop.signal)).rejects.toBe(reason);
    expect(getEventListeners(stop.signal, 'abort')).toEqual([]);
  });

  it('puts one listener on a signal, whatever number waits, and removes it when none does', async () => {
    const limiter = new CallLimiter(1);
    const { signal } = new AbortController();
    const release = await occupy(limiter);
    const all = Array.from({ length: 100 }, () => limiter.run(1, () => Promise.resolve(), signal));
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    await release();
    await Promise.all(all);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('starts more tasks when more are allowed, and waits for the end of running ones when fewer are', async () => {
    const limiter = new CallLimiter(1);
    const held = Array.from({ length: 4 }, () => heldTask(null));
    const all = held.map(({ task }) => limiter.run(0, task, never));
    expect([limiter.inFlight, limiter.waiting]).toEqual([1, 3]);
    limiter.setConcurrency(3);
    expect([limiter.inFlight, limiter.waiting]).toEqual([3, 1]);
    limiter.setConcurrency(1);
    held[0]!.end();
    await all[0];
    expect([limiter.inFlight, limiter.waiting]).toEqual([2, 1]);
    held.forEach(({ end }) => end());
    await Promise.all(all);
    expect(limiter.inFlight).toBe(0);
  });

  it('frees the slot of a task that throws before it gives a promise', async () => {
    const limiter = new CallLimiter(1);
    const bug = () => {
      throw new TypeError('bug');
    };
    await expect(limiter.run(0, bug, never)).rejects.toThrow('bug');
    await expect(limiter.run(0, () => Promise.resolve(1), never)).resolves.toBe(1);
  });

  it('serves ten thousand who wait in little time', async () => {
    const limiter = new CallLimiter(8);
    const startedMs = performance.now();
    const all = Array.from({ length: 10_000 }, (_item, place) =>
      limiter.run(10_000 - place, () => Promise.resolve(), never),
    );
    await Promise.all(all);
    expect(performance.now() - startedMs).toBeLessThan(5000);
  });
});
