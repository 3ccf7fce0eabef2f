/** What the end of an experiment asks of SQLite: the true counts, the confusion flags and the metric columns. */
import type { Scores } from '../metrics/score';
import type { ResultsDatabase } from './results-database';

/** Counts over the rows of an experiment. */
export interface RowCounts {
  nTotal: number;
  nRows: number;
  nErrors: number;
  nPositive: number;
  nNegative: number;
  /** Whether the counters of the experiment's row say the same. */
  countersAgree: boolean;
}

/** How answers and labels meet, over the rows that have both; the last two count labels of answered rows. */
export interface ConfusionCounts {
  truePositive: number;
  trueNegative: number;
  falsePositive: number;
  falseNegative: number;
}

/** Counts of one kind of narrative, from answers and labels as they are now. */
export interface TypeCounts extends ConfusionCounts {
  narrativeType: string;
  nRows: number;
  nErrors: number;
  nDetected: number;
}

export class Completion {
  constructor(private readonly database: ResultsDatabase) {}

  /** Counts the rows and compares them with the counters. */
  count(experimentId: string): RowCounts {
    const row = this.database.prepare(COUNT_ROWS).get({ id: experimentId }) as Record<string, number>;
    return {
      nTotal: row.total!,
      nRows: row.n_rows!,
      nErrors: row.errors!,
      nPositive: row.positive!,
      nNegative: row.negative!,
      countersAgree: row.agree === 1,
    };
  }

  /** The counts by kind of narrative, in the order of their names; empty = no results yet. */
  countByType(experimentId: string): TypeCounts[] {
    return this.database.prepare(COUNT_BY_TYPE).all(experimentId) as TypeCounts[];
  }

  /** Sets labels and TP, TN, FP, FN flags of every row from answer and label, and counts them. */
  refreshFlags(experimentId: string): ConfusionCounts {
    this.database.prepare(REFRESH_LABELS).run(experimentId);
    this.database.prepare(REFRESH_FLAGS).run(experimentId);
    return this.database
      .prepare(
        `SELECT coalesce(sum(is_true_positive), 0) AS truePositive, coalesce(sum(is_true_negative), 0) AS trueNegative,
           coalesce(sum(is_false_positive), 0) AS falsePositive, coalesce(sum(is_false_negative), 0) AS falseNegative
         FROM narrative_results WHERE experiment_id = ?`,
      )
      .get(experimentId) as ConfusionCounts;
  }

  /** Stores counts, scores and the mean time per call; unscored experiments get nulls. */
  saveMetrics(experimentId: string, confusion: ConfusionCounts, scores: Scores): void {
    const isScored = scores.nScored > 0;
    this.database.prepare(SAVE_METRICS).run({
      id: experimentId,
      truePositive: isScored ? confusion.truePositive : null,
      trueNegative: isScored ? confusion.trueNegative : null,
      falsePositive: isScored ? confusion.falsePositive : null,
      falseNegative: isScored ? confusion.falseNegative : null,
      ...scores,
      overlap: scores.accuracy === null ? null : scores.accuracy * 100,
    });
  }
}

const COUNT_ROWS = `
SELECT e.n_narratives_total AS total, c.*,
  e.n_narratives_completed = c.n_rows AND e.n_errors = c.errors
    AND e.n_positive_detected = c.positive AND e.n_negative_detected = c.negative AS agree
FROM experiments e JOIN (
  SELECT experiment_id, count(*) AS n_rows, coalesce(sum(error_occurred), 0) AS errors,
    coalesce(sum(detected = 1), 0) AS positive, coalesce(sum(detected = 0), 0) AS negative
  FROM narrative_results WHERE experiment_id = $id) c
WHERE e.experiment_id = $id`;

const COUNT_BY_TYPE = `
SELECT r.narrative_type AS narrativeType, count(*) AS nRows, sum(r.error_occurred) AS nErrors,
  coalesce(sum(r.detected), 0) AS nDetected,
  coalesce(sum(r.detected = 1 AND s.manual_flag_ind = 1), 0) AS truePositive,
  coalesce(sum(r.detected = 0 AND s.manual_flag_ind = 0), 0) AS trueNegative,
  coalesce(sum(r.detected = 1 AND s.manual_flag_ind = 0), 0) AS falsePositive,
  coalesce(sum(r.detected = 0 AND s.manual_flag_ind = 1), 0) AS falseNegative
FROM narrative_results r JOIN source_narratives s ON s.narrative_id = r.narrative_id
WHERE r.experiment_id = ? GROUP BY r.narrative_type ORDER BY r.narrative_type`;

const REFRESH_LABELS = `
UPDATE narrative_results SET manual_flag_ind = s.manual_flag_ind, manual_flag = s.manual_flag
FROM source_narratives s
WHERE s.narrative_id = narrative_results.narrative_id AND narrative_results.experiment_id = ?
  AND (narrative_results.manual_flag_ind IS NOT s.manual_flag_ind OR narrative_results.manual_flag IS NOT s.manual_flag)`;

const REFRESH_FLAGS = `
UPDATE narrative_results SET
  is_true_positive = CASE WHEN detected + manual_flag_ind IS NOT NULL THEN detected = 1 AND manual_flag_ind = 1 END,
  is_true_negative = CASE WHEN detected + manual_flag_ind IS NOT NULL THEN detected = 0 AND manual_flag_ind = 0 END,
  is_false_positive = CASE WHEN detected + manual_flag_ind IS NOT NULL THEN detected = 1 AND manual_flag_ind = 0 END,
  is_false_negative = CASE WHEN detected + manual_flag_ind IS NOT NULL THEN detected = 0 AND manual_flag_ind = 1 END
WHERE experiment_id = ?`;

const SAVE_METRICS = `
UPDATE experiments SET n_true_positive = $truePositive, n_true_negative = $trueNegative,
  n_false_positive = $falsePositive, n_false_negative = $falseNegative,
  precision_ipv = $precision, recall_ipv = $recall, f1_ipv = $f1, accuracy = $accuracy,
  pct_overlap_with_manual = $overlap,
  n_positive_manual = $truePositive + $falseNegative, n_negative_manual = $trueNegative + $falsePositive,
  avg_time_per_narrative_sec = (SELECT avg(response_sec) FROM narrative_results WHERE experiment_id = $id)
WHERE experiment_id = $id`;
