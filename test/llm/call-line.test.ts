import { getEventListeners } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { CallLine } from '../../src/llm/call-line';
import { CallSlots, type SlotGate } from '../../src/llm/call-slots';

interface Place {
  name: string;
  slots: CallSlots;
}

const never = new AbortController().signal;
const OPEN: SlotGate = { isShut: false, tryEnter: () => true };

function placeWith(concurrency: number, { name = 'only', gate = OPEN } = {}): Place {
  return { name, slots: new CallSlots(concurrency, gate) };
}

function lineAt(...places: Place[]): CallLine<Place> {
  const line = new CallLine<Place>();
  for (const place of places) line.open(place);
  return line;
}

/** A task that ends when told to, and tells where it runs. */
function heldTask() {
  let end = () => {};
  const held = new Promise<void>((resolve) => (end = resolve));
  const ran: string[] = [];
  const task = async ({ name }: Place) => {
    ran.push(name);
    await held;
    return name;
  };
  return { task, end: () => end(), ran };
}

/** Fills the only slot and gives the function that frees it. */
async function occupy(line: CallLine<Place>): Promise<() => Promise<void>> {
  const { task, end } = heldTask();
  const running = line.run({ key: 'first', order: 0, stop: never }, task);
  await nextTurn();
  return async () => {
    end();
    await running;
  };
}

const turn = (order: number, stop = never, key = 'k') => ({ key, order, stop });

describe('a line at one place', () => {
  it('runs no more tasks at once than allowed, and all of them', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 5 }),
        fc.array(
          fc.record({ order: fc.nat(4), turns: fc.integer({ min: 1, max: 3 }), fails: fc.boolean() }),
          { maxLength: 40 },
        ),
        async (concurrency, tasks) => {
          const place = placeWith(concurrency);
          const line = lineAt(place);
          let running = 0;
          let most = 0;
          const work = async (turns: number, fails: boolean) => {
            most = Math.max(most, ++running);
            for (let turn = 0; turn < turns; turn += 1) await nextTurn();
            running -= 1;
            if (fails) throw new Error('failed');
          };
          const ends = await Promise.allSettled(
            tasks.map(({ order, turns, fails }) => line.run(turn(order), () => work(turns, fails))),
          );
          expect(most).toBe(Math.min(concurrency, tasks.length));
          expect(ends.map(({ status }) => status === 'rejected')).toEqual(tasks.map(({ fails }) => fails));
          expect([place.slots.inFlight, line.waiting]).toEqual([0, 0]);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('serves the lowest order first, and the first come within it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(5), { maxLength: 60 }), async (orders) => {
        const line = lineAt(placeWith(1));
        const release = await occupy(line);
        const served: { order: number; place: number }[] = [];
        const all = orders.map((order, place) =>
          line.run(turn(order), () => Promise.resolve(served.push({ order, place }))),
        );
        await release();
        await Promise.all(all);
        const expected = orders.map((order, place) => ({ order, place }));
        expect(served).toEqual(expected.sort((a, b) => a.order - b.order || a.place - b.place));
      }),
      { numRuns: 60 },
    );
  });

  it('serves who is put in line by a turn before those of a higher order, however many slots are free', async () => {
    const place = placeWith(1);
    const line = lineAt(place);
    const release = await occupy(line);
    const served: string[] = [];
    const batch = (order: number, index = 0): void => {
      if (index === 5) return;
      const onTurn = () => batch(order, index + 1);
      const task = async () => {
        served.push(`${order}.${index}`);
        await nextTurn();
      };
      void line.run({ ...turn(order), onTurn }, task);
    };
    batch(1);
    batch(2);
    place.slots.setAllowed(7);
    await release();
    while (served.length < 10) await nextTurn();
    expect(served).toEqual(['1.0', '1.1', '1.2', '1.3', '1.4', '2.0', '2.1', '2.2', '2.3', '2.4']);
  });

  it('rejects at once those who wait when stopped, lets others go on, and forgets the signal', async () => {
    const place = placeWith(1);
    const line = lineAt(place);
    const stop = new AbortController();
    const held = heldTask();
    const running = line.run(turn(0, stop.signal), held.task);
    await nextTurn();
    const task = jest.fn(() => Promise.resolve());
    const stopped = Array.from({ length: 50 }, () => line.run(turn(1, stop.signal), task));
    const other = line.run(turn(2), () => Promise.resolve('served'));
    const reason = new Error('paused');
    stop.abort(reason);
    const ends = await Promise.allSettled(stopped);
    expect(ends).toEqual(Array.from({ length: 50 }, () => ({ status: 'rejected', reason })));
    expect(task).not.toHaveBeenCalled();
    expect([place.slots.inFlight, line.waiting]).toEqual([1, 1]);
    held.end();
    await expect(running).resolves.toBe('only');
    await expect(other).resolves.toBe('served');
    await expect(line.run(turn(0, stop.signal), task)).rejects.toBe(reason);
    expect(getEventListeners(stop.signal, 'abort')).toEqual([]);
  });

  it('puts one listener on a signal, whatever number waits, and removes it when none does', async () => {
    const line = lineAt(placeWith(1));
    const { signal } = new AbortController();
    const release = await occupy(line);
    const all = Array.from({ length: 100 }, () => line.run(turn(1, signal), () => Promise.resolve()));
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    await release();
    await Promise.all(all);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('starts more tasks when more are allowed, and waits for the end of running ones when fewer are', async () => {
    const place = placeWith(1);
    const line = lineAt(place);
    const held = Array.from({ length: 4 }, heldTask);
    const all = held.map(({ task }) => line.run(turn(0), task));
    expect([place.slots.inFlight, line.waiting]).toEqual([1, 3]);
    place.slots.setAllowed(3);
    expect([place.slots.inFlight, line.waiting]).toEqual([3, 1]);
    place.slots.setAllowed(1);
    held[0]!.end();
    await all[0];
    expect([place.slots.inFlight, line.waiting]).toEqual([2, 1]);
    held.forEach(({ end }) => end());
    await Promise.all(all);
    expect(place.slots.inFlight).toBe(0);
  });

  it('frees the slot of a task that throws before it gives a promise', async () => {
    const line = lineAt(placeWith(1));
    const bug = () => {
      throw new TypeError('bug');
    };
    await expect(line.run(turn(0), bug)).rejects.toThrow('bug');
    await expect(line.run(turn(0), () => Promise.resolve(1))).resolves.toBe(1);
  });

  it('lets through whom the gate lets through, in order, and the others once it wakes', async () => {
    const gate = {
      isShut: false,
      refuses: new Set(['a', 'b']),
      tryEnter: (key: string) => !gate.refuses.has(key),
    };
    const place = placeWith(1, { gate });
    const line = lineAt(place);
    const served: string[] = [];
    const ask = (key: string) => line.run(turn(0, never, key), () => Promise.resolve(served.push(key)));
    const all = ['a', 'b', 'c', 'd'].map(ask);
    await nextTurn();
    expect(served).toEqual(['c', 'd']);
    gate.refuses.clear();
    place.slots.fill();
    await Promise.all(all);
    expect(served).toEqual(['c', 'd', 'a', 'b']);
  });

  it('has no more calls in flight there than the line itself allows', async () => {
    const place = placeWith(8);
    const line = lineAt(place);
    line.setMostAtOnePlace(2);
    const held = Array.from({ length: 5 }, heldTask);
    const all = held.map(({ task }) => line.run(turn(0), task));
    expect(place.slots.inFlight).toBe(2);
    line.setMostAtOnePlace(4);
    expect(place.slots.inFlight).toBe(4);
    held.forEach(({ end }) => end());
    await Promise.all(all);
  });
});

describe('two lines at one place', () => {
  it('are served in turn, however long one of them is', async () => {
    const place = placeWith(1);
    const [long, short] = [lineAt(place), lineAt(place)];
    const release = await occupy(long);
    const served: string[] = [];
    const all = [
      ...Array.from({ length: 20 }, () => long.run(turn(0), () => Promise.resolve(served.push('long')))),
      ...Array.from({ length: 5 }, () => short.run(turn(9), () => Promise.resolve(served.push('short')))),
    ];
    await release();
    await Promise.all(all);
    const firstTen = served.slice(0, 10);
    expect(firstTen.filter((name) => name === 'short')).toHaveLength(5);
    expect(served).toHaveLength(25);
  });
});

describe('a line at two places', () => {
  it('asks the less busy one, and each as soon as it has a slot', async () => {
    const wide = placeWith(4, { name: 'wide' });
    const narrow = placeWith(2, { name: 'narrow' });
    const line = lineAt(wide, narrow);
    const held = Array.from({ length: 8 }, heldTask);
    const all = held.map(({ task }) => line.run(turn(0), task));
    await nextTurn();
    expect([wide.slots.inFlight, narrow.slots.inFlight, line.waiting]).toEqual([4, 2, 2]);
    const onNarrow = held.find(({ ran }) => ran[0] === 'narrow')!;
    onNarrow.end();
    await nextTurn();
    expect([wide.slots.inFlight, narrow.slots.inFlight, line.waiting]).toEqual([4, 2, 1]);
    held.forEach(({ end }) => end());
    await Promise.all(all);
  });

  it('goes on with the other when one is shut or its gate is, and comes back to it', async () => {
    const gate = { isShut: true, tryEnter: () => true };
    const gone = placeWith(4, { name: 'gone', gate });
    const here = placeWith(1, { name: 'here' });
    const line = lineAt(gone, here);
    const ask = () => line.run(turn(0), ({ name }) => Promise.resolve(name));
    await expect(Promise.all([ask(), ask(), ask()])).resolves.toEqual(['here', 'here', 'here']);
    line.shut(here);
    const waits = ask();
    await nextTurn();
    expect(line.waiting).toBe(1);
    gate.isShut = false;
    gone.slots.fill();
    await expect(waits).resolves.toBe('gone');
    line.open(here);
    gone.slots.setAllowed(1);
    line.shut(gone);
    await expect(ask()).resolves.toBe('here');
  });
});
