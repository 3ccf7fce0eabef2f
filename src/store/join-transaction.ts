import type { ResultsDatabase } from './results-database';

/**
 * Does the work in the transaction that is open, or in one of its own. Not in a savepoint, after which SQLite keeps every
 * page that changes in memory: who joins a transaction and throws ends all of it.
 */
export function joinTransaction<T>(database: ResultsDatabase, work: () => T): T {
  return database.inTransaction ? work() : database.transaction(work).immediate();
}
