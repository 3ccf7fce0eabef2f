/** Moves the older tables out of the way of the new ones, and puts back what users added to the file around them. */
import type { ResultsDatabase } from '../results-database';
import { REBUILT_TABLES, quoteName, setAsideName } from './older-table';

interface SchemaObject {
  type: 'table' | 'index' | 'view' | 'trigger';
  name: string;
  sql: string;
}

/** Indexes of the predecessor; the new tables have their own. */
const OLDER_INDEXES = new Set([
  ...['idx_source_incident', 'idx_source_type', 'idx_source_manual'],
  ...['idx_status', 'idx_model_name', 'idx_prompt_version', 'idx_created_at', 'idx_experiment_name'],
  ...['idx_experiment_id', 'idx_incident_id', 'idx_narrative_type', 'idx_manual_flag_ind', 'idx_detected'],
  ...['idx_error', 'idx_false_positive', 'idx_false_negative', 'idx_exp_tokens', 'idx_exp_incident_type'],
]);

/** Names of the tables and views that the new schema makes, beyond those that are rebuilt. */
const NEW_NAMES = [
  ...['results_file', 'datasets', 'experiment_narratives', 'experiment_passes', 'experiment_events'],
  ...['result_attempts', 'narrative_results_with_text', 'results_file_upgrades'],
];

/** What stood around the older tables and is to stand around the new ones. */
export interface Surroundings {
  objects: SchemaObject[];
  lines: string[];
}

/** Renames the older tables; takes down their indexes and all views and triggers, which `putBack` makes again. */
export function setAside(database: ResultsDatabase): Surroundings {
  database.pragma('legacy_alter_table = ON'); // a renamed table must not drag the names in views and keys along
  const lines = renameStrangers(database);
  const objects = database
    .prepare(
      `SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND (type IN ('view', 'trigger')
         OR type = 'index' AND tbl_name IN ('source_narratives', 'experiments', 'narrative_results'))`,
    )
    .all() as SchemaObject[];
  for (const { type, name } of objects) database.exec(`DROP ${type} IF EXISTS ${quoteName(name)}`);
  for (const table of REBUILT_TABLES) {
    const exists = database.prepare('SELECT 1 FROM sqlite_master WHERE name = ?').get(table) !== undefined;
    database.exec(
      exists
        ? `ALTER TABLE ${table} RENAME TO ${setAsideName(table)}`
        : `CREATE TABLE ${setAsideName(table)} (incident_id TEXT, narrative_type TEXT)`,
    );
  }
  return { objects: objects.filter(({ name }) => !OLDER_INDEXES.has(name)), lines };
}

/** Drops the older tables and makes views, triggers and indexes of users again; what cannot be is said. */
export function putBack(database: ResultsDatabase, { objects, lines }: Surroundings): string[] {
  for (const table of REBUILT_TABLES) database.exec(`DROP TABLE ${setAsideName(table)}`);
  const said = [...lines];
  for (const { type, name, sql } of objects) {
    try {
      database.exec(sql);
    } catch {
      said.push(`The ${type} ${name} does not fit the new tables and is only in the backup.`);
    }
  }
  database.pragma('legacy_alter_table = OFF');
  return said;
}

/** A table of another origin that has a name which the new schema needs is kept under another one. */
function renameStrangers(database: ResultsDatabase): string[] {
  const strangers = database
    .prepare(
      `SELECT name FROM sqlite_master WHERE type = 'table' AND lower(name) IN (SELECT value FROM json_each(?))`,
    )
    .pluck()
    .all(JSON.stringify(NEW_NAMES)) as string[];
  return strangers.map((name) => {
    database.exec(`ALTER TABLE ${quoteName(name)} RENAME TO ${quoteName(`legacy_${name}`)}`);
    return `The table ${name} of the older file is kept as legacy_${name}.`;
  });
}
