/** Measures how long the disk takes to make an answer durable, on a database of its own beside the results file. */
import { existsSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import Database from 'better-sqlite3';

const COMMITS = 9;

/** Median milliseconds of a durable commit in the folder of the results file. Throws what SQLite throws. */
export function measureCommitMs(resultsFile: string): number {
  const file = join(
    existingFolder(dirname(resultsFile)),
    `.${basename(resultsFile)}.commit-time-${process.pid}`,
  );
  try {
    const database = new Database(file);
    try {
      database.pragma('journal_mode = WAL');
      database.pragma('synchronous = FULL');
      database.exec('CREATE TABLE measurements (value BLOB)');
      const insert = database.prepare('INSERT INTO measurements (value) VALUES (randomblob(4096))');
      const times = Array.from({ length: COMMITS }, () => timeOf(() => insert.run()));
      return times.sort((a, b) => a - b)[(COMMITS - 1) / 2]!;
    } finally {
      database.close();
    }
  } finally {
    for (const end of ['', '-wal', '-shm', '-journal']) rmSync(`${file}${end}`, { force: true });
  }
}

function timeOf(work: () => unknown): number {
  const startedMs = performance.now();
  work();
  return performance.now() - startedMs;
}

/** The folder itself, or the nearest above it that is there: it will be made on the same disk. */
function existingFolder(folder: string): string {
  return existsSync(folder) || dirname(folder) === folder ? folder : existingFolder(dirname(folder));
}
