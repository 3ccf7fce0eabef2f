/** Brings a file of ours from an older schema to the current one. */
import { climb } from '../migrations/climb';
import { upgradeInTransaction, type UpgradeReport } from './upgrade-in-transaction';

/** Upgrades a file of ours; the caller owns its lock. Throws ResultsFileError. */
export function upgradeOwnFile(file: string, now = new Date()): UpgradeReport {
  return upgradeInTransaction(file, now, (database) => {
    climb(database);
    return [];
  });
}
