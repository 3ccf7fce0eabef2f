/**
 * Opens the results file: checks that it is ours and whole, sets the pragmas on which durability rests, and brings
 * a new file to the current schema. Nothing else in the program opens it.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { ResultsFileError } from '../errors';
import { APPLICATION_ID, MIGRATIONS } from './migrations';

export type ResultsDatabase = Database.Database;

/** Before it, concurrent checkpoints could corrupt a database in WAL mode. */
const OLDEST_SAFE_SQLITE = [3, 51, 3] as const;
const BUSY_TIMEOUT_MS = 10_000;

/** Opens for writing and migrates; the caller owns the file's lock. Throws ResultsFileError. */
export function openForWriting(file: string): ResultsDatabase {
  assertSafeSqlite(file);
  return withResultsFileErrors(file, () => {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const isNew = !existsSync(file) || statSync(file).size === 0;
    const database = new Database(file, { timeout: BUSY_TIMEOUT_MS });
    try {
      if (!isNew) {
        assertOurs(file, database);
        assertWhole(file, database);
      }
      setPragmas(file, database);
      migrate(database);
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  });
}

/**
 * Opens for writing a file that another live process owns, such as a service that is handed an experiment. Never makes
 * or migrates it. Throws ResultsFileError.
 */
export function openForGuestWriting(file: string): ResultsDatabase {
  assertSafeSqlite(file);
  return withResultsFileErrors(file, () => {
    const database = new Database(file, { timeout: BUSY_TIMEOUT_MS, fileMustExist: true });
    try {
      assertOurs(file, database);
      const version = schemaVersion(database);
      if (version < MIGRATIONS.length) {
        const reason = `the process that holds it is an older Longhaul (schema ${version})`;
        throw new ResultsFileError(file, reason, 'Stop that process and start it again with this version.');
      }
      setPragmas(file, database);
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  });
}

/** Opens for reading only; null = there is no file. Never migrates. Throws ResultsFileError. */
export function openForReading(file: string): ResultsDatabase | null {
  assertSafeSqlite(file);
  if (!existsSync(file)) return null;
  return withResultsFileErrors(file, () => {
    if (statSync(file).size === 0) return null;
    const database = new Database(file, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
    try {
      assertOurs(file, database);
      const version = schemaVersion(database);
      if (version < MIGRATIONS.length) {
        throw new ResultsFileError(
          file,
          `it has the older schema ${version}`,
          'A start or resume upgrades it.',
        );
      }
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  });
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

function assertOurs(file: string, database: ResultsDatabase): void {
  const applicationId = database.pragma('application_id', { simple: true }) as number;
  if (applicationId !== APPLICATION_ID) {
    throw new ResultsFileError(
      file,
      'it is an SQLite database of another program',
      'Name another file with --db; this one was left as it was.',
    );
  }
  const version = schemaVersion(database);
  if (version > MIGRATIONS.length) {
    throw new ResultsFileError(
      file,
      `it was written by a newer Longhaul (schema ${version}, this one knows ${MIGRATIONS.length})`,
      'Install the newer version; the file was left as it was.',
    );
  }
}

function assertWhole(file: string, database: ResultsDatabase): void {
  if (database.pragma('quick_check(1)', { simple: true }) !== 'ok') throw damaged(file);
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

function migrate(database: ResultsDatabase): void {
  for (let version = schemaVersion(database); version < MIGRATIONS.length; version++) {
    database
      .transaction(() => {
        database.exec(MIGRATIONS[version]!);
        if (version === 0) {
          database.pragma(`application_id = ${APPLICATION_ID}`);
          database
            .prepare('INSERT INTO results_file (id, created_at) VALUES (?, ?)')
            .run(randomBytes(4).toString('hex'), new Date().toISOString());
        }
        database.pragma(`user_version = ${version + 1}`);
      })
      .immediate();
  }
}

function schemaVersion(database: ResultsDatabase): number {
  return database.pragma('user_version', { simple: true }) as number;
}

function damaged(file: string, cause?: unknown): ResultsFileError {
  return new ResultsFileError(
    file,
    'it is damaged',
    'Restore the newest backup of it, or name another file with --db.',
    {
      cause,
    },
  );
}

function withResultsFileErrors<T>(file: string, open: () => T): T {
  try {
    return open();
  } catch (error) {
    if (error instanceof ResultsFileError) throw error;
    const code = (error as { code?: string }).code ?? '';
    if (code === 'SQLITE_NOTADB') {
      throw new ResultsFileError(file, 'it is not an SQLite database', 'Name another file with --db.', {
        cause: error,
      });
    }
    if (code.startsWith('SQLITE_CORRUPT')) throw damaged(file, error);
    if (code.startsWith('SQLITE_BUSY')) {
      throw new ResultsFileError(file, 'another program has it locked', 'Close that program and try again.', {
        cause: error,
      });
    }
    if (isAccessCode(code) || error instanceof TypeError) {
      throw new ResultsFileError(
        file,
        `it cannot be opened for writing (${code || 'no such folder'})`,
        'Check the permissions of the file and its folder, or name another file with --db.',
        { cause: error },
      );
    }
    throw error;
  }
}

function isAccessCode(code: string): boolean {
  return (
    ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'EISDIR', 'ENOENT'].includes(code) ||
    /^SQLITE_(CANTOPEN|READONLY|PERM|IOERR|FULL)/.test(code)
  );
}
