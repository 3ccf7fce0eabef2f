/** The one way by which an older results file becomes a current one. */
import Database from 'better-sqlite3';
import { recognizeFile } from '../recognize-file';
import { MIGRATIONS } from '../migrations';
import type { UpgradeDependencies } from './dependencies';
import { upgradeInTransaction, type UpgradeReport } from './upgrade-in-transaction';
import { upgradeOwnFile } from './upgrade-own-file';
import { upgradePredecessor } from './upgrade-predecessor';

/** Above it the pages that the older tables leave free are not given back: that would take as much memory. */
const LARGEST_TO_COMPACT_BYTES = 1_000_000_000;

/** Upgrades a file, after a backup; null = it was current. The caller owns its lock. Throws ResultsFileError. */
export function upgradeResultsFile(file: string, dependencies: UpgradeDependencies): UpgradeReport | null {
  const recognized = recognizeFile(file);
  if (recognized.kind === 'new') return null;
  if (recognized.kind === 'ours') {
    return recognized.version < MIGRATIONS.length ? upgradeOwnFile(file, dependencies.now) : null;
  }
  const report = upgradeInTransaction(file, dependencies.now, (database) =>
    upgradePredecessor(database, dependencies),
  );
  settleDown(file);
  return report;
}

/**
 * Puts the file into WAL mode and gives back the pages of the older tables, which still hold texts. It is upgraded
 * already: where this fails, the next writer sets the mode, and the pages are used again.
 */
function settleDown(file: string): void {
  const database = new Database(file, { fileMustExist: true });
  try {
    database.pragma('temp_store = MEMORY'); // no text in temporary files
    const pages = database.pragma('page_count', { simple: true }) as number;
    const pageBytes = database.pragma('page_size', { simple: true }) as number;
    if (pages * pageBytes <= LARGEST_TO_COMPACT_BYTES) database.exec('VACUUM');
    database.pragma('journal_mode = WAL');
  } catch {
    return;
  } finally {
    database.close();
  }
}
