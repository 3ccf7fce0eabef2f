import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { ResultWriter } from '../../src/store/result-writer';
import type { ResultToSave } from '../../src/store/results';

const result = (position: number): ResultToSave => ({ position }) as ResultToSave;
const sqliteError = (code: string): Error => Object.assign(new Error('trouble'), { code });

/** Stands for the table: fails as told, keeps what it is given. */
class Disk {
  readonly groups: number[][] = [];
  fail: (positions: number[]) => Error | null = () => null;

  save(results: readonly ResultToSave[]): void {
    const positions = results.map(({ position }) => position);
    const error = this.fail(positions);
    if (error !== null) throw error;
    this.groups.push(positions);
  }
}

it('a writer puts what arrives together into one transaction', async () => {
  const disk = new Disk();
  const writer = new ResultWriter(disk);
  await Promise.all([1, 2, 3].map((position) => writer.save(result(position))));
  await writer.save(result(4));
  expect(disk.groups).toEqual([[1, 2, 3], [4]]);
});

it('a writer lets nothing wait that comes after a quiet time, and gathers what comes soon after', async () => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
  try {
    const disk = new Disk();
    const writer = new ResultWriter(disk);
    await writer.save(result(1));
    const soon = [writer.save(result(2))];
    await nextTurn();
    soon.push(writer.save(result(3)));
    await nextTurn();
    expect(disk.groups).toEqual([[1]]);
    jest.advanceTimersByTime(2);
    await Promise.all(soon);
    jest.advanceTimersByTime(1000);
    await writer.save(result(4));
    expect(disk.groups).toEqual([[1], [2, 3], [4]]);
  } finally {
    jest.useRealTimers();
  }
});

it('a writer lets a bad row fail alone', async () => {
  const disk = new Disk();
  disk.fail = (positions) => (positions.includes(2) ? sqliteError('SQLITE_CONSTRAINT_CHECK') : null);
  const writer = new ResultWriter(disk);
  const saves = await Promise.allSettled([1, 2, 3].map((position) => writer.save(result(position))));
  expect(saves.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(disk.groups).toEqual([[1], [3]]);
});

it.each(['SQLITE_FULL', 'SQLITE_IOERR_WRITE', 'SQLITE_BUSY', 'SQLITE_READONLY'])(
  'a writer keeps answers in memory through %s, says so once, and saves them in order when it has passed',
  async (code) => {
    const disk = new Disk();
    let isBroken = true;
    disk.fail = () => (isBroken ? sqliteError(code) : null);
    const troubles: (string | null)[] = [];
    const writer = new ResultWriter(disk, (trouble) => troubles.push(trouble));
    let isSaved = false;
    const first = writer.save(result(1)).then(() => (isSaved = true));
    await sleep(50);
    const second = writer.save(result(2));
    await sleep(1100);
    expect(isSaved).toBe(false);
    expect(troubles).toEqual([expect.stringContaining(code)]);
    isBroken = false;
    await Promise.all([first, second]);
    expect(disk.groups).toEqual([[1, 2]]);
    expect(troubles).toEqual([expect.stringContaining(code), null]);
  },
);
