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

/** What two experiments answered about one text; the label is null where there is none. */
export interface AnswerPair {
  incident_id: string;
  narrative_type: string;
  first: 0 | 1;
  second: 0 | 1;
  label: 0 | 1 | null;
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

  /** The error rows in the order of the list. */
  listErrors(experimentId: string): ErrorRow[] {
    return this.database
      .prepare(
        `SELECT incident_id, narrative_type, row_num, error_category, error_code, http_status, error_message,
           n_attempts, processed_at
         FROM narrative_results WHERE experiment_id = ? AND error_occurred = 1 ORDER BY row_num, result_id`,
      )
      .all(experimentId) as ErrorRow[];
  }

  /** Answers that differ from their labels as they are now, the surest first. */
  listDisagreements(experimentId: string): DisagreementRow[] {
    return this.database.prepare(DISAGREEMENTS).all(experimentId) as DisagreementRow[];
  }

  /** What both experiments answered about the same texts, in the order of the first. */
  listPairs(firstId: string, secondId: string): AnswerPair[] {
    return this.database.prepare(PAIRS).all({ firstId, secondId }) as AnswerPair[];
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

  /** All results in the order of the list, ready for export; `withText` fills the columns that quote narratives. */
  *exportRows(experimentId: string, withText: boolean): Iterable<ExportRow> {
    // The connection is busy from here to the last row, or until the reader breaks off.
    yield* this.database
      .prepare(EXPORT)
      .iterate({ experimentId, withText: withText ? 1 : 0 }) as Iterable<ExportRow>;
  }
}

const DISAGREEMENTS = `
SELECT CASE r.detected WHEN 1 THEN 'false_positive' ELSE 'false_negative' END AS kind, r.incident_id,
  r.narrative_type, r.confidence, r.indicators, r.rationale,
  coalesce(r.narrative_text, s.narrative_text) AS narrative_text
FROM narrative_results r JOIN source_narratives s ON s.narrative_id = r.narrative_id
WHERE r.experiment_id = ? AND r.detected <> s.manual_flag_ind
ORDER BY r.confidence DESC, r.row_num, r.result_id`;

/** Within one file the narrative is the same row; across files the same incident, type and text. */
const PAIRS = `
SELECT a.incident_id, a.narrative_type, a.detected AS first, b.detected AS second,
  coalesce(sa.manual_flag_ind, sb.manual_flag_ind) AS label
FROM narrative_results a JOIN source_narratives sa ON sa.narrative_id = a.narrative_id
  JOIN narrative_results b ON b.experiment_id = $secondId AND b.incident_id = a.incident_id
    AND b.narrative_type = a.narrative_type
  JOIN source_narratives sb ON sb.narrative_id = b.narrative_id
WHERE a.experiment_id = $firstId AND a.detected IS NOT NULL AND b.detected IS NOT NULL
  AND (a.narrative_id = b.narrative_id OR sa.narrative_text = sb.narrative_text)
ORDER BY a.row_num, a.result_id`;

/** An older program wrote [{}] where there were no indicators. */
const EXPORT = `
SELECT r.result_id, r.experiment_id, r.incident_id, r.narrative_type, r.row_num,
  CASE WHEN $withText THEN coalesce(r.narrative_text, s.narrative_text) END AS narrative_text,
  r.manual_flag_ind, r.manual_flag, r.detected, r.confidence,
  CASE r.indicators WHEN '[{}]' THEN '[]' ELSE r.indicators END AS indicators, r.rationale,
  CASE WHEN $withText THEN r.reasoning_steps END AS reasoning_steps,
  CASE WHEN $withText THEN r.raw_response END AS raw_response,
  r.response_sec, r.processed_at, r.error_occurred, r.error_message, r.prompt_tokens, r.completion_tokens,
  r.tokens_used, r.is_true_positive, r.is_true_negative, r.is_false_positive, r.is_false_negative,
  asked.row_num AS answer_of_row_num
FROM narrative_results r LEFT JOIN source_narratives s ON s.narrative_id = r.narrative_id
  LEFT JOIN narrative_results asked ON asked.experiment_id = r.experiment_id AND asked.narrative_id = r.answer_of
WHERE r.experiment_id = $experimentId ORDER BY r.row_num, r.result_id`;
