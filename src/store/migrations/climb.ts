/** Brings a database up the ladder of migrations, in one transaction of the caller's or of its own. */
import { randomBytes } from 'node:crypto';
import type { ResultsDatabase } from '../results-database';
import { APPLICATION_ID, MIGRATIONS } from './index';

/** Makes the tables of the current schema in an empty database. */
export function createSchema(database: ResultsDatabase): void {
  database
    .transaction(() => {
      createFirstSchema(database);
      climb(database);
    })
    .immediate();
}

/** Makes the tables of schema 1 and marks the file as ours; call it in a transaction. */
export function createFirstSchema(database: ResultsDatabase): void {
  database.exec(MIGRATIONS[0]!);
  database.pragma(`application_id = ${APPLICATION_ID}`);
  database.pragma('user_version = 1');
  database
    .prepare('INSERT INTO results_file (id, created_at) VALUES (?, ?)')
    .run(randomBytes(4).toString('hex'), new Date().toISOString());
}

/** Applies the migrations that a file of ours lacks; call it in a transaction. */
export function climb(database: ResultsDatabase): void {
  const version = database.pragma('user_version', { simple: true }) as number;
  for (const migration of MIGRATIONS.slice(version)) database.exec(migration);
  database.pragma(`user_version = ${MIGRATIONS.length}`);
}
