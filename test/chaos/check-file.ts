/** The invariants that hold for a results file at any moment, whatever was killed. */
import { existsSync, readFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { simulatedAnswer } from '../../src/simulator/simulated-answer';
import { narrativeText, userMessage } from '../helpers/client-process';
import { MODEL_SEED, type Stage } from './stage';

/** A stored result, as far as it is compared. */
export interface StoredRow {
  result_id: number;
  narrative_id: number;
  incident_id: string;
  detected: number | null;
  rationale: string | null;
  error_occurred: 0 | 1;
  n_attempts: number;
  processed_at: string;
}

/** Where a stage keeps what is looked at. */
export type Files = Pick<Stage, 'db' | 'journalFile'>;

/** What a look at the file showed. */
export interface FileCheck {
  rows: StoredRow[];
  /** Labels or rationales that are not those of the model for that text. */
  wrong: number;
  duplicated: number;
  /** Acknowledged as saved, and not there. */
  lost: number;
  violations: string[];
}

/** Checks the file in one read transaction. `seen`, the answers of earlier looks, is brought up to date. */
export function checkFile(stage: Files, seen: Map<number, StoredRow>): FileCheck {
  const acknowledged = readJournal(stage).saved; // before the file: more may be saved meanwhile
  const check: FileCheck = { rows: [], wrong: 0, duplicated: 0, lost: 0, violations: [] };
  if (!existsSync(stage.db)) {
    if (acknowledged.size > 0) check.violations.push('I3: the results file is gone');
    return check;
  }
  const database = new Database(stage.db, { readonly: true, timeout: 10_000 });
  try {
    database.transaction(() => look(database, check))();
  } catch (error) {
    if ((error as { code?: string }).code !== 'SQLITE_ERROR') throw error;
    if (acknowledged.size > 0)
      check.violations.push(`I3: the file cannot be read: ${(error as Error).message}`);
    return check; // its tables are not made yet
  } finally {
    database.close();
  }
  compareAnswers(check);
  compareWithBefore(check, seen);
  const stored = new Set(check.rows.map((row) => row.narrative_id));
  check.lost = [...acknowledged].filter((id) => !stored.has(id)).length;
  if (check.lost > 0) check.violations.push(`I3: ${check.lost} acknowledged results are not on disk`);
  return check;
}

/** What clients noted: the narratives whose results were acknowledged, and how long commits took. */
export function readJournal({ journalFile }: Pick<Files, 'journalFile'>): {
  saved: Set<number>;
  commitsMs: number[];
} {
  const saved = new Set<number>();
  const commitsMs: number[] = [];
  if (!existsSync(journalFile)) return { saved, commitsMs };
  for (const line of readFileSync(journalFile, 'utf8').split('\n').slice(0, -1)) {
    const entry = JSON.parse(line) as { saved?: number; commitMs?: number };
    if (entry.saved !== undefined) saved.add(entry.saved);
    if (entry.commitMs !== undefined) commitsMs.push(entry.commitMs);
  }
  return { saved, commitsMs };
}

function look(database: Database.Database, check: FileCheck): void {
  const one = <T>(sql: string): T => database.prepare(sql).pluck().get() as T;
  check.rows = database
    .prepare(
      `SELECT result_id, narrative_id, incident_id, detected, rationale, error_occurred, n_attempts, processed_at
       FROM narrative_results`,
    )
    .all() as StoredRow[];
  const { violations } = check;
  check.duplicated = check.rows.length - new Set(check.rows.map((row) => row.incident_id)).size;
  if (check.duplicated > 0) violations.push(`I1: ${check.duplicated} narratives have more than one result`);
  const strangers = one<number>(
    `SELECT count(*) FROM narrative_results r LEFT JOIN experiment_narratives e
     USING (experiment_id, narrative_id) WHERE e.position IS NULL`,
  );
  if (strangers > 0) violations.push(`I2: ${strangers} results are of no narrative on the list`);
  const disagreeing = database
    .prepare(
      `SELECT e.n_narratives_completed, c.n, e.n_errors, c.errors, e.n_positive_detected, c.positive
       FROM experiments e JOIN (SELECT experiment_id, count(*) AS n, sum(error_occurred) AS errors,
         coalesce(sum(detected), 0) AS positive FROM narrative_results GROUP BY experiment_id) c USING (experiment_id)
       WHERE e.n_narratives_completed != c.n OR e.n_errors != c.errors OR e.n_positive_detected != c.positive
         OR e.n_narratives_completed > e.n_narratives_total`,
    )
    .all();
  if (disagreeing.length > 0) violations.push(`I5: counters and rows differ: ${JSON.stringify(disagreeing)}`);
  const withoutHistory = one<number>(
    `SELECT count(*) FROM narrative_results r WHERE r.n_attempts > (SELECT count(*) FROM result_attempts a
     WHERE a.experiment_id = r.experiment_id AND a.narrative_id = r.narrative_id)`,
  );
  if (withoutHistory > 0) violations.push(`I6: ${withoutHistory} results lack the history of their attempts`);
  const integrity = one<string>('SELECT integrity_check FROM pragma_integrity_check');
  if (integrity !== 'ok') violations.push(`I7: integrity_check says ${integrity}`);
  const foreign = one<number>('SELECT count(*) FROM pragma_foreign_key_check');
  if (foreign > 0) violations.push(`I7: ${foreign} rows refer to nothing`);
}

function compareAnswers(check: FileCheck): void {
  for (const row of check.rows) {
    if (row.error_occurred === 1) continue;
    const message = userMessage(narrativeText(Number(row.incident_id)));
    const given = simulatedAnswer(message, { seed: MODEL_SEED });
    if (row.detected === Number(given.detected) && row.rationale === given.rationale) continue;
    check.wrong += 1;
    check.violations.push(`I9: narrative ${row.incident_id} has an answer that the model did not give to it`);
  }
}

function compareWithBefore({ rows, violations }: FileCheck, seen: Map<number, StoredRow>): void {
  const now = new Map(rows.map((row) => [row.narrative_id, row]));
  for (const [id, before] of seen) {
    const row = now.get(id);
    if (row === undefined) violations.push(`I1: the result of narrative ${before.incident_id} has vanished`);
    else if (before.error_occurred === 0 && JSON.stringify(row) !== JSON.stringify(before))
      violations.push(`I6: the answer of narrative ${before.incident_id} has changed`);
  }
  for (const row of rows) seen.set(row.narrative_id, row);
}
