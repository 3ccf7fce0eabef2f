/** Copies a results file that may be in use. */
import Database from 'better-sqlite3';
import { existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { ResultsFileError } from '../errors';
import { withResultsFileErrors } from './file-errors';
import { backupName, thinOutBackups, writeBackup } from './write-backup';

const BUSY_TIMEOUT_MS = 10_000;

/** What a backup did. */
export interface BackupReport {
  backupFile: string;
  bytes: number;
  /** Earlier backups that gave way to it. */
  removed: string[];
}

/** Copies `file` to `target`, or beside itself where null, keeping the newest `keep` of those. Throws ResultsFileError. */
export function backUpFile(
  file: string,
  { target, keep, now }: { target: string | null; keep: number; now: Date },
): BackupReport {
  return withResultsFileErrors(file, () => {
    const backupFile = target ?? backupName(file, 'backup', now);
    assertFree(file, backupFile);
    const database = new Database(file, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
    try {
      writeBackup(database, backupFile);
    } finally {
      database.close();
    }
    const removed = target === null ? thinOutBackups(file, keep) : [];
    return { backupFile, bytes: statSync(backupFile).size, removed };
  });
}

function assertFree(file: string, target: string): void {
  const refuse = (reason: string, remedy: string): never => {
    throw new ResultsFileError(file, `it is not copied to ${target}: ${reason}`, remedy);
  };
  if (resolve(file) === resolve(target)) refuse('that is the file itself', 'Name another file with --out.');
  if (existsSync(target)) refuse('there is a file of that name', 'Name another file with --out.');
  if (!existsSync(dirname(target)))
    refuse('there is no such folder', 'Make the folder, or name another file.');
}
