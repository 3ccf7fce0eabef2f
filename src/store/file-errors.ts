/** Turns what SQLite and the file system say about a results file into errors that a user can act on. */
import { ResultsFileError } from '../errors';

/** Runs `open` and gives known faults of the file as ResultsFileError; others pass. */
export function withResultsFileErrors<T>(file: string, open: () => T): T {
  try {
    return open();
  } catch (error) {
    throw toResultsFileError(file, error) ?? error;
  }
}

/** The error for a file whose pages do not fit together. */
export function damagedFile(file: string, cause?: unknown): ResultsFileError {
  const remedy = 'Restore the newest backup of it, or name another file with --db.';
  return new ResultsFileError(file, 'it is damaged', remedy, { cause });
}

function toResultsFileError(file: string, error: unknown): ResultsFileError | null {
  if (error instanceof ResultsFileError) return error;
  const code = (error as { code?: string }).code ?? '';
  const because = (reason: string, remedy: string): ResultsFileError =>
    new ResultsFileError(file, reason, remedy, { cause: error });
  if (code === 'SQLITE_NOTADB')
    return because('it is not an SQLite database', 'Name another file with --db.');
  if (code.startsWith('SQLITE_CORRUPT')) return damagedFile(file, error);
  if (code.startsWith('SQLITE_BUSY')) {
    return because('another program has it locked', 'Close that program and try again.');
  }
  if (code === 'SQLITE_READONLY_ROLLBACK' || code === 'SQLITE_READONLY_RECOVERY') {
    return because(
      'a program was ended while it changed the file, and the change must be rolled back before it is read',
      'Any command that writes does so, such as: client db upgrade',
    );
  }
  if (isAccessCode(code) || error instanceof TypeError) {
    return because(
      `it cannot be opened for writing (${code || 'no such folder'})`,
      'Check the permissions of the file and its folder, or name another file with --db.',
    );
  }
  return null;
}

function isAccessCode(code: string): boolean {
  return (
    ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'EISDIR', 'ENOENT'].includes(code) ||
    /^SQLITE_(CANTOPEN|READONLY|PERM|IOERR|FULL)/.test(code)
  );
}
