/**
 * The frame of every upgrade: a backup first, then all changes in one transaction that checks the foreign keys before
 * it commits. An upgrade that fails or is killed leaves the file as it was.
 */
import { basename } from 'node:path';
import Database from 'better-sqlite3';
import { ResultsFileError } from '../../errors';
import { assertWhole } from '../assert-whole';
import { withResultsFileErrors } from '../file-errors';
import { MIGRATIONS } from '../migrations';
import type { ResultsDatabase } from '../results-database';
import { backupName, removeUnfinished, writeBackup } from '../write-backup';

/** What an upgrade did. */
export interface UpgradeReport {
  file: string;
  /** 0 = made by the older program. */
  fromSchema: number;
  toSchema: number;
  /** Path of the copy that was made before. */
  backupFile: string;
  /** Sentences about what was changed; no text, prompt or reply is in them. */
  lines: string[];
}

const BUSY_TIMEOUT_MS = 10_000;

/** Runs `work`, which gives the lines of the report. Throws ResultsFileError, naming the backup once there is one. */
export function upgradeInTransaction(
  file: string,
  now: Date,
  work: (database: ResultsDatabase) => string[],
): UpgradeReport {
  return withResultsFileErrors(file, () => {
    const database = new Database(file, { fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
    try {
      assertWhole(file, database);
      database.pragma('synchronous = FULL');
      database.pragma('temp_store = MEMORY'); // no text in temporary files
      database.pragma('trusted_schema = OFF');
      database.pragma('foreign_keys = OFF'); // it cannot be switched within a transaction
      const stateBefore = database.pragma('data_version', { simple: true });
      removeUnfinished(file, 'before-upgrade');
      const backupFile = backupName(file, 'before-upgrade', now);
      writeBackup(database, backupFile);
      try {
        return runTransaction(database, { file, backupFile, now, stateBefore }, work);
      } catch (error) {
        throw failedUpgrade(file, backupFile, error);
      }
    } finally {
      database.close();
    }
  });
}

interface Frame {
  file: string;
  backupFile: string;
  now: Date;
  stateBefore: unknown;
}

function runTransaction(
  database: ResultsDatabase,
  { file, backupFile, now, stateBefore }: Frame,
  work: (database: ResultsDatabase) => string[],
): UpgradeReport {
  return database
    .transaction(() => {
      if (database.pragma('data_version', { simple: true }) !== stateBefore) {
        throw new Error('another program wrote to it while it was copied; end that program first');
      }
      const fromSchema = database.pragma('user_version', { simple: true }) as number;
      const lines = work(database);
      assertForeignKeys(database);
      const toSchema = MIGRATIONS.length;
      database
        .prepare(
          `INSERT INTO results_file_upgrades (upgraded_at, from_schema, to_schema, backup_file, report)
           VALUES (?, ?, ?, ?, ?)`,
        )
        .run(now.toISOString(), fromSchema, toSchema, basename(backupFile), JSON.stringify(lines));
      return { file, fromSchema, toSchema, backupFile, lines };
    })
    .immediate();
}

/** Only tables of ours: what tables of others hold is theirs. */
function assertForeignKeys(database: ResultsDatabase): void {
  for (const table of OWN_TABLES) {
    const violations = database.pragma(`foreign_key_check(${table})`) as unknown[];
    if (violations.length > 0) {
      throw new Error(`${violations.length} rows of ${table} would refer to rows that are not there`);
    }
  }
}

const OWN_TABLES = [
  'source_narratives',
  'experiments',
  'experiment_narratives',
  'experiment_passes',
  'experiment_events',
  'narrative_results',
  'result_attempts',
];

function failedUpgrade(file: string, backupFile: string, error: unknown): ResultsFileError {
  const because = error instanceof Error ? error.message : String(error);
  return new ResultsFileError(
    file,
    `its upgrade failed and was undone (${because})`,
    `The file is as it was; a copy of it is ${backupFile}. See what is wrong with it: client db check --db ${file}`,
    { cause: error },
  );
}
