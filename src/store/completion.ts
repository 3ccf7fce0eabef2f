/** What the end of an experiment asks of SQLite: the true counts, the confusion flags and the metric columns. */
import type { Scores } from '../metrics/score';
import { FLAG_COLUMNS, flagAssignments, flagValues } from './confusion-flags';
import type { ResultsDatabase } from './results-database';

type Statement = ReturnType<ResultsDatabase['prepare']>;

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

/** What has been refreshed so far: how answers and labels meet, and the seconds of the results that say. */
export interface RefreshedCounts extends ConfusionCounts {
  seconds: number;
  nTimed: number;
}

/** Results that are brought up to date at once: some ten milliseconds. */
const SLICE_ROWS = 2000;

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
  refreshFlags(experimentId: string): RefreshedCounts {
    const slices = this.refreshInSlices(experimentId);
    for (;;) {
      const { done, value } = slices.next();
      if (done === true) return value;
    }
  }

  /** The same, some rows with each step, so that other work can be done in between; the caller commits each step. */
  *refreshInSlices(experimentId: string): Generator<void, RefreshedCounts> {
    const [findSlice, setLabels, setFlags, count] = [
      FIND_SLICE,
      REFRESH_LABELS,
      REFRESH_FLAGS,
      COUNT_SLICE,
    ].map((sql) => this.database.prepare(sql)) as [Statement, Statement, Statement, Statement];
    const sums = { ...NOTHING };
    for (let after = -1; ;) {
      const { last } = findSlice.get({ id: experimentId, after, rows: SLICE_ROWS }) as {
        last: number | null;
      };
      if (last === null) return sums;
      const slice = { id: experimentId, after, last };
      setLabels.run(slice);
      setFlags.run(slice);
      const counted = count.get(slice) as RefreshedCounts;
      for (const name of Object.keys(sums) as (keyof RefreshedCounts)[]) sums[name] += counted[name];
      after = last;
      yield;
    }
  }

  /** Stores counts, scores and the mean time per call; unscored experiments get nulls. */
  saveMetrics(experimentId: string, confusion: RefreshedCounts, scores: Scores): void {
    const isScored = scores.nScored > 0;
    this.database.prepare(SAVE_METRICS).run({
      id: experimentId,
      truePositive: isScored ? confusion.truePositive : null,
      trueNegative: isScored ? confusion.trueNegative : null,
      falsePositive: isScored ? confusion.falsePositive : null,
      falseNegative: isScored ? confusion.falseNegative : null,
      ...scores,
      overlap: scores.accuracy === null ? null : scores.accuracy * 100,
      meanSec: confusion.nTimed === 0 ? null : confusion.seconds / confusion.nTimed,
    });
  }
}

/** An error is what has no answer, as the table itself checks; so an index tells all, without the rows. */
const COUNT_ROWS = `
SELECT e.n_narratives_total AS total, c.*,
  e.n_narratives_completed = c.n_rows AND e.n_errors = c.errors
    AND e.n_positive_detected = c.positive AND e.n_negative_detected = c.negative AS agree
FROM experiments e JOIN (
  SELECT count(*) AS n_rows, coalesce(sum(detected IS NULL), 0) AS errors,
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

const FIND_SLICE = `
SELECT max(narrative_id) AS last FROM (
  SELECT narrative_id FROM narrative_results WHERE experiment_id = $id AND narrative_id > $after
  ORDER BY narrative_id LIMIT $rows)`;

const IN_SLICE = `narrative_results.experiment_id = $id
  AND narrative_results.narrative_id > $after AND narrative_results.narrative_id <= $last`;

const REFRESH_LABELS = `
UPDATE narrative_results SET manual_flag_ind = s.manual_flag_ind, manual_flag = s.manual_flag
FROM source_narratives s
WHERE ${IN_SLICE} AND s.narrative_id = narrative_results.narrative_id
  AND (narrative_results.manual_flag_ind IS NOT s.manual_flag_ind OR narrative_results.manual_flag IS NOT s.manual_flag)`;

/** Rows are written only where they change. */
const REFRESH_FLAGS = `
UPDATE narrative_results SET ${flagAssignments('detected', 'manual_flag_ind')}
WHERE ${IN_SLICE}
  AND (${FLAG_COLUMNS.join(', ')}) IS NOT (${flagValues('detected', 'manual_flag_ind').join(', ')})`;

const COUNT_SLICE = `
SELECT coalesce(sum(is_true_positive), 0) AS truePositive, coalesce(sum(is_true_negative), 0) AS trueNegative,
  coalesce(sum(is_false_positive), 0) AS falsePositive, coalesce(sum(is_false_negative), 0) AS falseNegative,
  coalesce(sum(response_sec), 0) AS seconds, count(response_sec) AS nTimed
FROM narrative_results WHERE ${IN_SLICE}`;

const NOTHING: RefreshedCounts = {
  truePositive: 0,
  trueNegative: 0,
  falsePositive: 0,
  falseNegative: 0,
  seconds: 0,
  nTimed: 0,
};

const SAVE_METRICS = `
UPDATE experiments SET n_true_positive = $truePositive, n_true_negative = $trueNegative,
  n_false_positive = $falsePositive, n_false_negative = $falseNegative,
  precision_ipv = $precision, recall_ipv = $recall, f1_ipv = $f1, accuracy = $accuracy,
  pct_overlap_with_manual = $overlap,
  n_positive_manual = $truePositive + $falseNegative, n_negative_manual = $trueNegative + $falsePositive,
  avg_time_per_narrative_sec = $meanSec
WHERE experiment_id = $id`;
