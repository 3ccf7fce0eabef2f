/** A quick look over all pages of an open file. */
import { damagedFile } from './file-errors';
import type { ResultsDatabase } from './results-database';

/** Throws ResultsFileError when the pages of the file do not fit together. */
export function assertWhole(file: string, database: ResultsDatabase): void {
  if (database.pragma('quick_check(1)', { simple: true }) !== 'ok') throw damagedFile(file);
}
