import { join } from 'node:path';
import Database from 'better-sqlite3';
import { writePatiently } from '../../src/commands/write-patiently';
import { inFolder } from '../helpers/client-process';

/** A file that another connection has locked, and a write to it. */
async function withLocked(
  work: (write: () => void, letGo: () => void, count: () => number) => Promise<void>,
): Promise<void> {
  await inFolder(async (folder) => {
    const [ours, theirs] = [1, 2].map(() => new Database(join(folder, 'study.db'), { timeout: 0 })) as [
      Database.Database,
      Database.Database,
    ];
    ours.exec('CREATE TABLE notes (note TEXT)');
    theirs.exec('BEGIN IMMEDIATE');
    try {
      await work(
        () => void ours.prepare("INSERT INTO notes VALUES ('begun')").run(),
        () => theirs.exec('ROLLBACK'),
        () => theirs.prepare('SELECT count(*) FROM notes').pluck().get() as number,
      );
    } finally {
      ours.close();
      theirs.close();
    }
  });
}

describe('writePatiently', () => {
  it('writes when the lock is given up, and tells once why it waited', async () => {
    await withLocked(async (write, letGo, count) => {
      const told: string[] = [];
      const stopping = new AbortController().signal;
      const written = writePatiently(write, { stopping, onTrouble: (trouble) => told.push(trouble) });
      letGo();
      expect(await written).toBe(true);
      expect([count(), told]).toEqual([1, [expect.stringContaining('another program has locked')]]);
    });
  });

  it('gives up without a write when it is told to stop', async () => {
    await withLocked(async (write, letGo, count) => {
      const stop = new AbortController();
      const written = writePatiently(write, { stopping: stop.signal, onTrouble: () => stop.abort() });
      expect(await written).toBe(false);
      letGo();
      expect(count()).toBe(0);
    });
  });

  it('throws what is no trouble with the disk', async () => {
    const stopping = new AbortController().signal;
    const write = (): never => {
      throw new TypeError('a mistake of ours');
    };
    await expect(writePatiently(write, { stopping, onTrouble: () => {} })).rejects.toThrow(TypeError);
  });
});
