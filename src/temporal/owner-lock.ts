/**
 * One live process owns a results file. It holds an exclusive SQLite transaction on a small file beside it for as long
 * as it lives; the kernel drops the lock at its death, however it dies, so there is nothing stale to clean up. The lock
 * file is opened by SQLite only: closing it by other means would drop the lock of this process.
 */
import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { ResultsFileError } from '../errors';

/** Long enough to outlast another process's short look at the lock. */
const PROBE_PATIENCE_MS = 250;

/** Held until released or until the process ends; keep a reference, because a collected handle would drop the lock. */
export class OwnerLock {
  constructor(private readonly database: Database.Database) {}

  /** Gives the results file free; a second call does nothing. */
  release(): void {
    this.database.close();
  }
}

/** Takes the lock; null = another live process holds it. Throws ResultsFileError where the folder is not writable. */
export function acquireOwnerLock(resultsFile: string): OwnerLock | null {
  const file = lockFileOf(resultsFile);
  const umask = process.umask(0o077);
  let database: Database.Database | null = null;
  try {
    mkdirSync(dirname(file), { recursive: true });
    database = new Database(file, { timeout: PROBE_PATIENCE_MS });
    database.pragma('journal_mode = DELETE'); // in WAL mode readers would not notice the lock
    database.exec('BEGIN EXCLUSIVE');
    return new OwnerLock(database);
  } catch (error) {
    database?.close();
    if (isBusy(error)) return null;
    throw unusable(resultsFile, error);
  } finally {
    process.umask(umask);
  }
}

/** Whether a live process holds the lock; a look that changes nothing. Throws ResultsFileError where it cannot tell. */
export function isOwned(resultsFile: string): boolean {
  const file = lockFileOf(resultsFile);
  if (!existsSync(file)) return false;
  let database: Database.Database | null = null;
  try {
    database = new Database(file, { readonly: true, fileMustExist: true, timeout: 0 });
    database.prepare('SELECT count(*) FROM sqlite_master').get();
    return false;
  } catch (error) {
    if (isBusy(error)) return true;
    throw unusable(resultsFile, error);
  } finally {
    database?.close();
  }
}

function lockFileOf(resultsFile: string): string {
  return `${resultsFile}.lock`;
}

function isBusy(error: unknown): boolean {
  return String((error as { code?: unknown }).code).startsWith('SQLITE_BUSY');
}

function unusable(resultsFile: string, error: unknown): ResultsFileError {
  const { code, message } = error as { code?: string; message: string };
  return new ResultsFileError(
    resultsFile,
    `its lock file ${lockFileOf(resultsFile)} cannot be used (${code ?? message})`,
    'Check the permissions of the folder and of the lock file, or name another results file with --db.',
    { cause: error },
  );
}
