import { setTimeout as sleep } from 'node:timers/promises';
import { withDeadline } from '../../src/llm/with-deadline';

/** Keeps the whole process from doing anything else, as a stop does. */
function standStill(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

it('withDeadline gives what the work gives in time', async () => {
  expect(await withDeadline(1000, () => Promise.resolve('reply'))).toBe('reply');
});

it('withDeadline ends work that takes longer, and tells it', async () => {
  let signal: AbortSignal | null = null;
  const work = (given: AbortSignal): Promise<never> => {
    signal = given;
    return new Promise(() => {});
  };
  await expect(withDeadline(50, work)).rejects.toMatchObject({ name: 'TimeoutError' });
  expect(signal!.aborted).toBe(true);
});

it('withDeadline still takes what arrived while the process stood still beyond the deadline', async () => {
  const reading = withDeadline(100, async () => {
    await sleep(150); // due in the same turn as the deadline, but after it
    return 'reply';
  });
  standStill(1500);
  expect(await reading).toBe('reply');
});

it('withDeadline ends work for which nothing has arrived while the process stood still', async () => {
  const waiting = withDeadline(100, () => new Promise(() => {}));
  standStill(1500);
  await expect(waiting).rejects.toMatchObject({ name: 'TimeoutError' });
});
