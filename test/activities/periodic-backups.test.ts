import { setTimeout as sleep } from 'node:timers/promises';
import { PeriodicBackups } from '../../src/activities/periodic-backups';
import type { Store } from '../../src/store/open-store';

/** Backups of a store whose experiments all have this frozen config; ends a backup when told. */
function backupsEvery(backupEveryBatches: number | null | undefined) {
  const events: string[] = [];
  const open: { resolve: (copy: string) => void; reject: (error: Error) => void }[] = [];
  let isFull = false;
  const store = {
    experiments: { get: () => ({ frozen_config: JSON.stringify({ backupEveryBatches }) }) },
    events: {
      add: (id: string, kind: string, detail: string) => {
        if (isFull) throw new Error('the disk is full');
        events.push(`${id} ${kind} ${detail}`);
      },
    },
  } as unknown as Store;
  const backups = new PeriodicBackups(
    store,
    () => new Promise((resolve, reject) => open.push({ resolve, reject })),
  );
  const finish = (count: number, id = 'a') => {
    for (let batch = 0; batch < count; batch += 1) backups.noteFinishedBatch(id);
  };
  return { backups, events, open, finish, fillDisk: () => (isFull = true) };
}

it('makes a backup whenever so many batches of an experiment are finished', async () => {
  const { backups, events, open, finish } = backupsEvery(3);
  finish(2);
  finish(2, 'b');
  expect(open).toHaveLength(0);
  finish(1);
  open[0]!.resolve('copy-1');
  await backups.settled();
  finish(1, 'b');
  open[1]!.resolve('copy-2');
  await backups.settled();
  expect(events).toEqual(['a backed_up copy-1', 'b backed_up copy-2']);
});

it('begins no second backup while one is being made, and makes the one that is due after it', async () => {
  const { backups, open, finish } = backupsEvery(2);
  finish(7);
  expect(open).toHaveLength(1);
  open[0]!.resolve('copy');
  await backups.settled();
  await sleep(0);
  finish(1);
  expect(open).toHaveLength(2);
});

it('records a backup that fails, and lets nobody feel one that cannot be recorded', async () => {
  const { backups, events, open, finish, fillDisk } = backupsEvery(1);
  finish(1);
  open[0]!.reject(new Error('no room'));
  await backups.settled();
  expect(events).toEqual(['a backup_failed no room']);
  await sleep(0);
  fillDisk();
  finish(1);
  open[1]!.reject(new Error('no room'));
  await expect(backups.settled()).resolves.toBeUndefined();
});

it.each([null, undefined])('makes none where the config says %s', (every) => {
  const { open, finish } = backupsEvery(every);
  finish(10);
  expect(open).toHaveLength(0);
});
