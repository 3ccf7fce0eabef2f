/** What a report reads: the results one by one, incident by incident, and what stands around them. */
import type { PairRow } from '../metrics/comparison-figures';
import type { QuotedText } from '../metrics/experiment-report';
import type { ReportRow } from '../metrics/report-row';
import type { ResultsDatabase } from './results-database';

/** Narratives of one kind on an experiment's list. */
export interface ListedType {
  narrative_type: string;
  n: number;
}

/** What the results say about where they came from. */
export interface ResultSources {
  /** Names of models in the replies. */
  models: string[];
  endpoints: string[];
  nAttempts: number;
  nCalls: number;
}

export class Reporting {
  constructor(private readonly database: ResultsDatabase) {}

  /** All reads of `work` see the results as they were when it began, whatever is saved meanwhile. */
  inSnapshot<T>(work: () => T): T {
    return this.database.transaction(work).deferred();
  }

  /** All results; those of an incident follow one another. Texts are cut after `textLength` characters. */
  *rows(experimentId: string, textLength: number): Iterable<ReportRow> {
    yield* this.database.prepare(ROWS).iterate({ experimentId, textLength }) as Iterable<ReportRow>;
  }

  /** What both experiments answered about the same texts; pairs of an incident follow one another. */
  *pairs(firstId: string, secondId: string): Iterable<PairRow> {
    yield* this.database.prepare(PAIRS).iterate({ firstId, secondId }) as Iterable<PairRow>;
  }

  /** The kinds of narratives on the list. */
  listTypes(experimentId: string): ListedType[] {
    return this.database
      .prepare(
        `SELECT s.narrative_type, count(*) AS n
         FROM experiment_narratives en JOIN source_narratives s ON s.narrative_id = en.narrative_id
         WHERE en.experiment_id = ? GROUP BY s.narrative_type ORDER BY s.narrative_type`,
      )
      .all(experimentId) as ListedType[];
  }

  /** Models and endpoints that the results came from, most frequent first, and the work behind them. */
  sources(experimentId: string): ResultSources {
    const distinct = (column: 'response_model' | 'endpoint'): string[] =>
      this.database
        .prepare(
          `SELECT ${column} FROM narrative_results WHERE experiment_id = ? AND ${column} IS NOT NULL
           GROUP BY ${column} ORDER BY count(*) DESC, ${column} LIMIT 20`,
        )
        .pluck()
        .all(experimentId) as string[];
    const work = this.database
      .prepare(
        `SELECT coalesce(sum(n_attempts), 0) AS nAttempts, coalesce(sum(n_calls), 0) AS nCalls
         FROM narrative_results WHERE experiment_id = ?`,
      )
      .get(experimentId) as Pick<ResultSources, 'nAttempts' | 'nCalls'>;
    return { models: distinct('response_model'), endpoints: distinct('endpoint'), ...work };
  }

  /** How many other prompts in the file go by the version of this experiment's. */
  countOtherPrompts(experimentId: string): number {
    return this.database
      .prepare(
        `SELECT count(DISTINCT other.prompt_sha256) FROM experiments own JOIN experiments other
           ON other.prompt_version = own.prompt_version AND other.prompt_sha256 <> own.prompt_sha256
         WHERE own.experiment_id = ?`,
      )
      .pluck()
      .get(experimentId) as number;
  }

  /** Narrative and rationale of some results, in the order of the ids. */
  quote(experimentId: string, narrativeIds: readonly number[]): QuotedText[] {
    return this.database
      .prepare(
        `SELECT r.narrative_id, coalesce(r.narrative_text, s.narrative_text) AS narrative_text, r.rationale
         FROM json_each(?) asked JOIN narrative_results r ON r.narrative_id = asked.value AND r.experiment_id = ?
           JOIN source_narratives s ON s.narrative_id = r.narrative_id ORDER BY asked.key`,
      )
      .all(JSON.stringify(narrativeIds), experimentId) as QuotedText[];
  }
}

/** The index on experiment, incident and type gives the order, so nothing is sorted or kept. */
const ROWS = `
SELECT r.narrative_id, r.incident_id, r.narrative_type,
  substr(coalesce(r.narrative_text, s.narrative_text), 1, $textLength) AS text, s.attributes,
  r.detected, r.confidence, s.manual_flag_ind AS label, s.manual_flag AS incident_label, r.error_category,
  r.response_sec, r.prompt_tokens, r.completion_tokens, r.processed_at
FROM narrative_results r CROSS JOIN source_narratives s
WHERE s.narrative_id = r.narrative_id AND r.experiment_id = $experimentId
ORDER BY r.incident_id, r.narrative_type`;

/** Within one dataset the narrative is the same row; across datasets the same incident, type and text. */
const PAIRS = `
SELECT a.incident_id, a.narrative_type, a.detected AS first, b.detected AS second,
  coalesce(sa.manual_flag_ind, sb.manual_flag_ind) AS label,
  a.confidence AS first_confidence, b.confidence AS second_confidence
FROM narrative_results a CROSS JOIN narrative_results b CROSS JOIN source_narratives sa CROSS JOIN source_narratives sb
WHERE a.experiment_id = $firstId AND a.detected IS NOT NULL
  AND b.experiment_id = $secondId AND b.incident_id = a.incident_id AND b.narrative_type = a.narrative_type
  AND b.detected IS NOT NULL AND sa.narrative_id = a.narrative_id AND sb.narrative_id = b.narrative_id
  AND (a.narrative_id = b.narrative_id OR sa.narrative_text = sb.narrative_text)
ORDER BY a.incident_id, a.narrative_type`;
