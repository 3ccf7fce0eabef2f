/** Looks into the results of experiments: errors, disagreements with labels, pairs of two experiments, one narrative. */
import type { ErrorCategory } from '../experiment';
import type { ExportRow } from '../export/columns';
import type { ResultsDatabase } from './results-database';

/** An error row. */
export interface ErrorRow {
  incident_id: string;
  narrative_type: string;
  row_num: number | null;
  error_category: ErrorCategory | null;
  error_code: string | null;
  http_status: number | null;
  error_message: string | null;
  /** 0 = it has the text of another narrative, whose error it is. */
  n_attempts: number;
  processed_at: string | null;
}

/** An answer that differs from its label. */
export interface DisagreementRow {
  kind: 'false_positive' | 'false_negative';
  incident_id: string;
  narrative_type: string;
  confidence: number | null;
  indicators: string | null;
  rationale: string | null;
  narrative_text: string | null;
}

/** A narrative on an experiment's list. */
export interface ListedNarrative {
  narrative_id: number;
  incident_id: string;
  narrative_type: string;
  position: number;
  narrative_text: string | null;
  manual_flag_ind: 0 | 1 | null;
  manual_flag: 0 | 1 | null;
}

/** The stored row of a narrative, as far as it tells what came of it and why. */
export type ResultRow = Record<string, string | number | null>;

export class Inspection {
  constructor(private readonly database: ResultsDatabase) {}

  /** The error rows in the order of the list, at most `limit` of them; null = all. */
  *errors(experimentId: string, limit: number | null): Iterable<ErrorRow> {
    const asked = { experimentId, limit: limit ?? -1 };
    yield* this.database.prepare(ERRORS).iterate(asked) as Iterable<ErrorRow>;
  }

  /** How many answers differ from their labels as they are now. */
  countDisagreements(experimentId: string): Record<DisagreementRow['kind'], number> {
    return this.database.prepare(COUNT_DISAGREEMENTS).get({ experimentId, detected: null }) as Record<
      DisagreementRow['kind'],
      number
    >;
  }

  /** Answers that differ from their labels as they are now, the surest first; null = all, of both kinds. */
  *disagreements(
    experimentId: string,
    kind: DisagreementRow['kind'] | null,
    limit: number | null,
  ): Iterable<DisagreementRow> {
    const detected = kind === null ? null : kind === 'false_positive' ? 1 : 0;
    const asked = { experimentId, detected, limit: limit ?? -1 };
    yield* this.database.prepare(DISAGREEMENTS).iterate(asked) as Iterable<DisagreementRow>;
  }

  /** The narrative of an experiment by incident and type; undefined = it is not on the list. */
  findNarrative(
    experimentId: string,
    incidentIds: readonly string[],
    narrativeType: string,
  ): ListedNarrative | undefined {
    return this.database
      .prepare(
        `SELECT s.narrative_id, s.incident_id, s.narrative_type, en.position, s.narrative_text, s.manual_flag_ind,
           s.manual_flag
         FROM experiment_narratives en JOIN source_narratives s ON s.narrative_id = en.narrative_id
         WHERE en.experiment_id = $experimentId AND s.narrative_type = $narrativeType
           AND s.incident_id IN (SELECT value FROM json_each($incidentIds))
         ORDER BY s.incident_id = $firstId DESC LIMIT 1`,
      )
      .get({
        experimentId,
        narrativeType,
        incidentIds: JSON.stringify(incidentIds),
        firstId: incidentIds[0] ?? '',
      }) as ListedNarrative | undefined;
  }

  /** The result of a narrative; undefined = it has none yet. */
  getResult(experimentId: string, narrativeId: number): ResultRow | undefined {
    return this.database
      .prepare('SELECT * FROM narrative_results WHERE experiment_id = ? AND narrative_id = ?')
      .get(experimentId, narrativeId) as ResultRow | undefined;
  }

  /** All tries at a narrative, oldest first. */
  listAttempts(experimentId: string, narrativeId: number): ResultRow[] {
    return this.database
      .prepare(
        `SELECT pass, started_at, response_sec, n_calls, error_category, error_code, http_status, error_message,
           raw_response
         FROM result_attempts WHERE experiment_id = ? AND narrative_id = ? ORDER BY attempt_id`,
      )
      .all(experimentId, narrativeId) as ResultRow[];
  }

  /**
   * All results in the order of the list, ready for export; `withText` fills the columns that quote narratives. Between
   * pages the connection is free. What does not stand on the list, in a file that was changed by hand, comes last.
   */
  *exportRows(experimentId: string, withText: boolean): Generator<ExportRow, void> {
    const page = this.database.prepare(EXPORT_LISTED);
    const asked = { experimentId, withText: withText ? 1 : 0, limit: PAGE_ROWS };
    let nRows = 0;
    for (let after = -1; ;) {
      const rows = page.all({ ...asked, after }) as (ExportRow & { list_position: number })[];
      yield* rows;
      nRows += rows.length;
      if (rows.length < PAGE_ROWS) break;
      after = rows.at(-1)!.list_position;
    }
    const nStored = this.database.prepare(COUNT_RESULTS).pluck().get(experimentId) as number;
    if (nStored === nRows) return;
    yield* this.database
      .prepare(EXPORT_UNLISTED)
      .all({ experimentId, withText: asked.withText }) as ExportRow[];
  }
}

/** Rows that are held in memory at a time. */
const PAGE_ROWS = 500;

/** Ids are sorted, not rows: texts would fill the memory. */
const ERRORS = `
SELECT r.incident_id, r.narrative_type, r.row_num, r.error_category, r.error_code, r.http_status, r.error_message,
  r.n_attempts, r.processed_at
FROM (SELECT result_id, row_num FROM narrative_results WHERE experiment_id = $experimentId AND error_occurred = 1
      ORDER BY row_num, result_id LIMIT $limit) e
  CROSS JOIN narrative_results r ON r.result_id = e.result_id
ORDER BY e.row_num, e.result_id`;

const DISAGREEING = `
FROM narrative_results r CROSS JOIN source_narratives s ON s.narrative_id = r.narrative_id
WHERE r.experiment_id = $experimentId AND r.detected <> s.manual_flag_ind
  AND ($detected IS NULL OR r.detected = $detected)`;

const COUNT_DISAGREEMENTS = `
SELECT coalesce(sum(r.detected), 0) AS false_positive, coalesce(sum(1 - r.detected), 0) AS false_negative ${DISAGREEING}`;

const DISAGREEMENTS = `
SELECT CASE r.detected WHEN 1 THEN 'false_positive' ELSE 'false_negative' END AS kind, r.incident_id,
  r.narrative_type, r.confidence, r.indicators, r.rationale,
  coalesce(r.narrative_text, s.narrative_text) AS narrative_text
FROM (SELECT r.result_id, r.confidence, r.row_num ${DISAGREEING}
      ORDER BY r.confidence DESC, r.row_num, r.result_id LIMIT $limit) d
  CROSS JOIN narrative_results r ON r.result_id = d.result_id
  CROSS JOIN source_narratives s ON s.narrative_id = r.narrative_id
ORDER BY d.confidence DESC, d.row_num, d.result_id`;

/** An older program wrote [{}] where there were no indicators. */
const EXPORT_COLUMNS = `r.result_id, r.experiment_id, r.incident_id, r.narrative_type, r.row_num,
  CASE WHEN $withText THEN coalesce(r.narrative_text, s.narrative_text) END AS narrative_text,
  r.manual_flag_ind, r.manual_flag, r.detected, r.confidence,
  CASE r.indicators WHEN '[{}]' THEN '[]' ELSE r.indicators END AS indicators, r.rationale,
  CASE WHEN $withText THEN r.reasoning_steps END AS reasoning_steps,
  CASE WHEN $withText THEN r.raw_response END AS raw_response,
  r.response_sec, r.processed_at, r.error_occurred, r.error_message, r.prompt_tokens, r.completion_tokens,
  r.tokens_used, r.is_true_positive, r.is_true_negative, r.is_false_positive, r.is_false_negative,
  asked.row_num AS answer_of_row_num`;

const EXPORT_JOINS = `LEFT JOIN source_narratives s ON s.narrative_id = r.narrative_id
  LEFT JOIN narrative_results asked ON asked.experiment_id = r.experiment_id AND asked.narrative_id = r.answer_of`;

/** The list gives the order, so that nothing has to be sorted. */
const EXPORT_LISTED = `
SELECT ${EXPORT_COLUMNS}, en.position AS list_position
FROM experiment_narratives en
  CROSS JOIN narrative_results r ON r.experiment_id = en.experiment_id AND r.narrative_id = en.narrative_id
  ${EXPORT_JOINS}
WHERE en.experiment_id = $experimentId AND en.position > $after ORDER BY en.position LIMIT $limit`;

const EXPORT_UNLISTED = `
SELECT ${EXPORT_COLUMNS} FROM narrative_results r ${EXPORT_JOINS}
WHERE r.experiment_id = $experimentId AND r.narrative_id NOT IN
  (SELECT narrative_id FROM experiment_narratives WHERE experiment_id = $experimentId)
ORDER BY r.row_num, r.result_id`;

const COUNT_RESULTS = 'SELECT count(*) FROM narrative_results WHERE experiment_id = ?';
