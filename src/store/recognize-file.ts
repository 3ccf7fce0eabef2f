/** Tells what a file is before anything is done to it. A file that is not ours is left as it was, byte for byte. */
import { existsSync, statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { ResultsFileError } from '../errors';
import { withResultsFileErrors } from './file-errors';
import { APPLICATION_ID, MIGRATIONS } from './migrations';
import { isPredecessor } from './upgrade/is-predecessor';

/** `new`: there is none, or nothing in it yet. `predecessor`: made by the program before this one. */
export type RecognizedFile = { kind: 'new' } | { kind: 'predecessor' } | { kind: 'ours'; version: number };

const BUSY_TIMEOUT_MS = 10_000;

/** Recognises a results file. Throws ResultsFileError when it is foreign, newer, damaged or no database. */
export function recognizeFile(file: string): RecognizedFile {
  return withResultsFileErrors(file, () => {
    if (!existsSync(file) || statSync(file).size === 0) return { kind: 'new' };
    const database = openToLook(file);
    try {
      return recognize(file, database);
    } finally {
      database.close();
    }
  });
}

/** Whether a writer has to upgrade the file before it can work with it. Throws as `recognizeFile` does. */
export function needsUpgrade(file: string): boolean {
  const recognized = recognizeFile(file);
  return (
    recognized.kind === 'predecessor' ||
    (recognized.kind === 'ours' && recognized.version < MIGRATIONS.length)
  );
}

/**
 * A read-only connection leaves an existing -wal as it is; without one, a writing connection is right, because only
 * that removes the -wal and -shm that it makes itself. Neither changes the file.
 */
function openToLook(file: string): Database.Database {
  const readonly = existsSync(`${file}-wal`);
  return new Database(file, { readonly, fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
}

function recognize(file: string, database: Database.Database): RecognizedFile {
  const applicationId = database.pragma('application_id', { simple: true }) as number;
  const version = database.pragma('user_version', { simple: true }) as number;
  if (applicationId === APPLICATION_ID) return { kind: 'ours', version: knownVersion(file, version) };
  if (applicationId === 0 && version === 0) {
    if (isPredecessor(database)) return { kind: 'predecessor' };
    const isEmpty = database.prepare('SELECT count(*) = 0 FROM sqlite_master').pluck().get() === 1;
    if (isEmpty) return { kind: 'new' };
  }
  throw new ResultsFileError(
    file,
    'it is an SQLite database of another program',
    'Name another file with --db; this one was left as it was.',
  );
}

function knownVersion(file: string, version: number): number {
  if (version <= MIGRATIONS.length) return version;
  throw new ResultsFileError(
    file,
    `it was written by a newer Longhaul (schema ${version}, this one knows ${MIGRATIONS.length})`,
    'Install the newer version; the file was left as it was.',
  );
}
