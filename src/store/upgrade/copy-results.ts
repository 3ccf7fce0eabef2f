/** Brings the older results over: one row for each narrative, and every row of the older file as an attempt. */
import type { ResultsDatabase } from '../results-database';
import { OlderTable, quoteName } from './older-table';
import { NO_DECISION } from './older-values';

/** Copies results and attempts; `result_map` says which row stands for which narrative. Attempt ids are the result ids. */
export function copyResults(database: ResultsDatabase): void {
  const older = new OlderTable(database, 'narrative_results');
  database.exec(`
    CREATE TEMP TABLE duplicate_counts AS
      SELECT kept_id, count(*) AS n FROM result_map WHERE kept_id IS NOT NULL GROUP BY kept_id;
    CREATE UNIQUE INDEX temp.duplicates_by_kept ON duplicate_counts (kept_id);
    CREATE TEMP TABLE positions AS SELECT experiment_id, narrative_id, position FROM experiment_narratives;
    CREATE UNIQUE INDEX temp.position_by_narrative ON positions (experiment_id, narrative_id);`);
  database.prepare(insertResults(older)).run({ noDecision: NO_DECISION });
  database.prepare(insertAttempts(older)).run({ noDecision: NO_DECISION });
}

/** Where a label stands only in the results, the source takes the newest of them; gives the number of narratives. */
export function takeOverLabels(database: ResultsDatabase): number {
  const older = new OlderTable(database, 'narrative_results');
  let changed = 0;
  for (const column of ['manual_flag_ind', 'manual_flag']) {
    changed += database.prepare(takeOverLabel(column, older.flag(column))).run().changes;
  }
  return changed;
}

/** Keeps, with its attempt, each row that was removed or lost a value, as it was; gives the numbers of both. */
export function keepOlderRows(database: ResultsDatabase): { nRemoved: number; nChanged: number } {
  const older = new OlderTable(database, 'narrative_results');
  const keep = (condition: string): number => database.prepare(keepRow(older, condition)).run().changes;
  return {
    nRemoved: keep('r.kept_id IS NOT NULL'),
    nChanged: keep(`r.kept_id IS NULL AND (${losesValue(older)})`),
  };
}

const hasValue = (older: OlderTable, column: string): string =>
  `nullif(nullif(${older.text(column)}, ''), '[{}]') IS NOT NULL`;

/** An error has no decision, whatever was stored with it; a confidence is a number in 0..1. */
const losesValue = (older: OlderTable): string => `
  r.is_error AND (${['detected', 'confidence', 'indicators', 'rationale'].map((column) => hasValue(older, column)).join(' OR ')})
  OR NOT r.is_error AND ${hasValue(older, 'confidence')} AND ${confidence(older)} IS NULL`;

const confidence = (older: OlderTable): string =>
  `CASE WHEN ${older.real('confidence')} BETWEEN 0 AND 1 THEN ${older.real('confidence')} END`;

const errorMessage = (older: OlderTable): string => `coalesce(${older.text('error_message')}, $noDecision)`;

const answered = (expression: string): string => `CASE WHEN NOT r.is_error THEN ${expression} END`;
const failed = (expression: string): string => `CASE WHEN r.is_error THEN ${expression} END`;

const insertResults = (older: OlderTable): string => `
INSERT INTO narrative_results (result_id, experiment_id, incident_id, narrative_type, row_num, narrative_text,
  manual_flag_ind, manual_flag, detected, confidence, indicators, rationale, reasoning_steps, raw_response,
  response_sec, processed_at, error_occurred, error_message, prompt_tokens, completion_tokens, tokens_used,
  narrative_id, pass, error_category, http_status, n_attempts, n_calls, first_error_message, confidence_text)
SELECT r.result_id, r.experiment_id, r.incident_id, r.narrative_type, p.position + 1,
  CASE WHEN r.text_differs THEN ${older.text('narrative_text')} END,
  ${older.flag('manual_flag_ind')}, ${older.flag('manual_flag')},
  ${answered(older.flag('detected'))}, ${answered(confidence(older))},
  ${answered(`older_indicators(${older.text('indicators')})`)}, ${answered(older.text('rationale'))},
  ${older.text('reasoning_steps')}, ${older.text('raw_response')}, ${older.real('response_sec')},
  ${older.text('processed_at')}, r.is_error,
  CASE WHEN r.is_error THEN ${errorMessage(older)} ELSE ${older.text('error_message')} END,
  ${older.integer('prompt_tokens')}, ${older.integer('completion_tokens')}, ${older.integer('tokens_used')},
  r.narrative_id, 0, ${failed(`older_error_category(${errorMessage(older)})`)},
  ${failed(`older_http_status(${older.text('error_message')})`)},
  1 + coalesce(d.n, 0), 1 + coalesce(d.n, 0),
  ${firstError(older)},
  ${answered(`CASE WHEN ${confidence(older)} IS NULL THEN nullif(${older.text('confidence')}, '') END`)}
FROM result_map r
JOIN older_narrative_results o ON o.rowid = r.result_id
JOIN positions p ON p.experiment_id = r.experiment_id AND p.narrative_id = r.narrative_id
LEFT JOIN duplicate_counts d ON d.kept_id = r.result_id
WHERE r.kept_id IS NULL ORDER BY r.result_id`;

/** The first error among the rows that gave way to an answer. */
const firstError = (older: OlderTable): string =>
  older.has('error_message')
    ? `CASE WHEN d.n > 0 THEN (SELECT CAST(f.error_message AS TEXT) FROM result_map x
         JOIN older_narrative_results f ON f.rowid = x.result_id
         WHERE x.experiment_id = r.experiment_id AND x.narrative_id = r.narrative_id AND x.kept_id = r.result_id
           AND x.is_error ORDER BY x.result_id LIMIT 1) END`
    : 'NULL';

const insertAttempts = (older: OlderTable): string => `
INSERT INTO result_attempts (attempt_id, experiment_id, narrative_id, pass, n_calls, started_at, response_sec,
  error_category, http_status, error_message, raw_response)
SELECT r.result_id, r.experiment_id, r.narrative_id, 0, 1,
  coalesce(${older.text('processed_at')}, e.start_time), coalesce(${older.real('response_sec')}, 0),
  ${failed(`older_error_category(${errorMessage(older)})`)},
  ${failed(`older_http_status(${older.text('error_message')})`)},
  ${failed(errorMessage(older))},
  CASE WHEN r.is_error OR r.kept_id IS NOT NULL THEN ${older.text('raw_response')} END
FROM result_map r
JOIN older_narrative_results o ON o.rowid = r.result_id
JOIN experiments e ON e.experiment_id = r.experiment_id
ORDER BY r.result_id`;

const takeOverLabel = (column: string, label: string): string => `
UPDATE source_narratives AS s SET ${column} = l.label FROM (
  SELECT r.narrative_id, ${label} AS label,
    row_number() OVER (PARTITION BY r.narrative_id ORDER BY r.result_id DESC) AS choice
  FROM result_map r JOIN older_narrative_results o ON o.rowid = r.result_id
  WHERE ${label} IS NOT NULL) l
WHERE l.narrative_id = s.narrative_id AND l.choice = 1 AND s.${column} IS NULL`;

/** The row as JSON by its columns; a text that is stored with the narrative is left out. */
const keepRow = (older: OlderTable, condition: string): string => `
UPDATE result_attempts AS a SET older_row = json_object(${older.columns
  .flatMap((column) => [`'${column.replaceAll("'", "''")}'`, rowValue(column)])
  .join(', ')})
FROM result_map r
JOIN older_narrative_results o ON o.rowid = r.result_id
JOIN source_narratives s ON s.narrative_id = r.narrative_id
WHERE r.result_id = a.attempt_id AND (${condition})`;

function rowValue(column: string): string {
  const name = `o.${quoteName(column)}`;
  if (column === 'narrative_text') {
    return `CASE WHEN CAST(${name} AS TEXT) IS NOT s.narrative_text THEN CAST(${name} AS TEXT) END`;
  }
  return `CASE typeof(${name}) WHEN 'blob' THEN hex(${name}) ELSE ${name} END`;
}
