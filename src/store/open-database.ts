/**
 * Opens the results file: checks that it is ours and whole, sets the pragmas on which durability rests, and brings
 * a new file to the current schema. Nothing else in the program opens it for its work.
 */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { ResultsFileError } from '../errors';
import { assertWhole } from './assert-whole';
import { withResultsFileErrors } from './file-errors';
import { MIGRATIONS } from './migrations';
import { createSchema } from './migrations/climb';
import { recognizeFile, type RecognizedFile } from './recognize-file';
import type { ResultsDatabase } from './results-database';
import { upgradeOwnFile } from './upgrade/upgrade-own-file';

/** Before it, concurrent checkpoints could corrupt a database in WAL mode. */
const OLDEST_SAFE_SQLITE = [3, 51, 3] as const;
const BUSY_TIMEOUT_MS = 10_000;

/**
 * Opens for writing and brings an older schema of ours up to date, after a backup; the caller owns the file's lock.
 * Throws ResultsFileError, also for the predecessor's files, which `upgradeResultsFile` takes over.
 */
export function openForWriting(file: string): ResultsDatabase {
  assertSafeSqlite(file);
  return withResultsFileErrors(file, () => {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const recognized = recognizeFile(file);
    if (recognized.kind === 'predecessor') throw olderFile(file, recognized);
    if (recognized.kind === 'ours' && recognized.version < MIGRATIONS.length) upgradeOwnFile(file);
    const database = new Database(file, { timeout: BUSY_TIMEOUT_MS });
    try {
      if (recognized.kind === 'ours') assertWhole(file, database);
      setPragmas(file, database);
      if (recognized.kind === 'new') createSchema(database);
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  });
}

/**
 * Opens for writing a file that another live process owns, such as a service that is handed an experiment. Never makes
 * or upgrades it. Throws ResultsFileError.
 */
export function openForGuestWriting(file: string): ResultsDatabase {
  assertSafeSqlite(file);
  return withResultsFileErrors(file, () => {
    const recognized = recognizeFile(file);
    if (recognized.kind !== 'ours' || recognized.version < MIGRATIONS.length) {
      const reason = 'the process that holds it is an older Longhaul';
      throw new ResultsFileError(file, reason, 'Stop that process and start it again with this version.');
    }
    const database = new Database(file, { timeout: BUSY_TIMEOUT_MS, fileMustExist: true });
    try {
      setPragmas(file, database);
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  });
}

/** Opens for reading only; null = there is no file. Never upgrades. Throws ResultsFileError. */
export function openForReading(file: string): ResultsDatabase | null {
  assertSafeSqlite(file);
  return withResultsFileErrors(file, () => {
    const recognized = recognizeFile(file);
    if (recognized.kind === 'new') return null;
    if (recognized.kind === 'predecessor' || recognized.version < MIGRATIONS.length) {
      throw olderFile(file, recognized);
    }
    const database = new Database(file, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
    database.pragma('temp_store = MEMORY'); // what is sorted may be texts: none in temporary files
    return database;
  });
}

function olderFile(file: string, recognized: RecognizedFile): ResultsFileError {
  const what =
    recognized.kind === 'ours'
      ? `it has the older schema ${recognized.version}`
      : 'it was made by the older program';
  return new ResultsFileError(
    file,
    what,
    `To bring it up to date, after a backup: client db upgrade --db ${file}`,
  );
}

function assertSafeSqlite(file: string): void {
  const memory = new Database(':memory:');
  const version = memory.prepare('SELECT sqlite_version()').pluck().get() as string;
  memory.close();
  const parts = version.split('.').map(Number);
  for (const [index, oldest] of OLDEST_SAFE_SQLITE.entries()) {
    const part = parts[index] ?? 0;
    if (part > oldest) return;
    if (part < oldest) {
      throw new ResultsFileError(
        file,
        `SQLite ${version} can corrupt it`,
        'Install better-sqlite3 12.11 or later.',
      );
    }
  }
}

function setPragmas(file: string, database: ResultsDatabase): void {
  const mode = database.pragma('journal_mode = WAL', { simple: true });
  if (mode !== 'wal') {
    throw new ResultsFileError(
      file,
      `its journal mode is ${String(mode)}, not WAL`,
      'Close other programs that read it and start again.',
    );
  }
  database.pragma('synchronous = FULL'); // an answer survives a power cut, too
  database.pragma('foreign_keys = ON');
  database.pragma('trusted_schema = OFF'); // the file may come from elsewhere
  database.pragma('temp_store = MEMORY'); // no text in temporary files
  database.pragma('mmap_size = 0');
  database.pragma('wal_autocheckpoint = 1000');
  database.pragma('journal_size_limit = 67108864');
}
