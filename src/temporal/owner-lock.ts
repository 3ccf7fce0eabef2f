/**
 * One live process owns a results file. It holds an exclusive SQLite transaction on a small file beside it for as long
 * as it lives; the kernel drops the lock at its death, however it dies, so there is nothing stale to clean up.
 */
import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { ResultsFileError } from '../errors';

/** Long enough to outlast another process's short look at the lock. */
const PROBE_PATIENCE_MS = 250;

/** Held until released; keep a reference, because a collected handle would drop the lock. */
export class OwnerLock {
  constructor(private readonly database: Database.Database) {}

  /** Gives the results file free. */
  release(): void {
    if (!this.database.open) return;
    if (this.database.inTransaction) this.database.exec('ROLLBACK');
    this.database.close();
  }
}

/** Takes the lock; null = another live process holds it. Throws ResultsFileError where the folder is not writable. */
export function acquireOwnerLock(resultsFile: string): OwnerLock | null {
  let database: Database.Database | null = null;
  try {
    mkdirSync(dirname(resultsFile), { recursive: true, mode: 0o700 });
    database = new Database(lockFileOf(resultsFile), { timeout: PROBE_PATIENCE_MS });
    database.exec('BEGIN EXCLUSIVE');
    return new OwnerLock(database);
  } catch (error) {
    database?.close();
    if (isBusy(error)) return null;
    throw new ResultsFileError(
      resultsFile,
      `its lock file ${lockFileOf(resultsFile)} cannot be made (${(error as { code?: string }).code ?? 'unknown'})`,
      'Check the permissions of the folder, or name another file with --db.',
      { cause: error },
    );
  }
}

/** Whether a live process holds the lock. Only for processes that do not hold it themselves. */
export function isOwned(resultsFile: string): boolean {
  const file = lockFileOf(resultsFile);
  if (!existsSync(file)) return false;
  let database: Database.Database | null = null;
  try {
    database = new Database(file, { readonly: true, fileMustExist: true, timeout: 0 });
    database.prepare('SELECT count(*) FROM sqlite_master').get();
    return false;
  } catch (error) {
    return isBusy(error);
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
