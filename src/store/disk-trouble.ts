/** Errors of SQLite that pass when somebody makes room, mends the disk or lets go of the file; no answer is at fault. */

const PASSING = /^SQLITE_(BUSY|FULL|IOERR|READONLY|CANTOPEN|LOCKED)/;

/** SQLite's code of a trouble that may pass; null = the error is something else. */
export function diskTroubleOf(error: unknown): string | null {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && PASSING.test(code) ? code : null;
}

/** What a person can do about it, in one sentence. */
export function describeDiskTrouble(code: string): string {
  if (code.startsWith('SQLITE_FULL') || code === 'SQLITE_IOERR_WRITE')
    return `the disk is full (${code}): free some space`;
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED'))
    return `another program has locked the results file (${code}): close it`;
  if (code.startsWith('SQLITE_READONLY'))
    return `the results file has become read-only (${code}): check its permissions and the disk`;
  return `the results file cannot be written (${code}): check the disk`;
}
