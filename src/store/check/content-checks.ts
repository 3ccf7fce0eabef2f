/** Questions to the tables; each row of an answer is a finding. A right file answers none. */

/** One question. */
export interface ContentCheck {
  check: string;
  /** Gives one sentence a row. */
  sql: string;
}

/** Counters of `experiments`, each with what it must equal. */
const COUNTERS = {
  n_narratives_total:
    '(SELECT count(*) FROM experiment_narratives l WHERE l.experiment_id = e.experiment_id)',
  n_narratives_completed: 'n.results',
  n_errors: 'n.errors',
  n_narratives_processed: 'n.results - n.errors',
  n_positive_detected: 'n.positive',
  n_negative_detected: 'n.negative',
};

const COUNTED = `
WITH n AS (
  SELECT e.experiment_id, count(r.result_id) AS results, coalesce(sum(r.error_occurred), 0) AS errors,
    coalesce(sum(r.detected = 1), 0) AS positive, coalesce(sum(r.detected = 0), 0) AS negative
  FROM experiments e LEFT JOIN narrative_results r ON r.experiment_id = e.experiment_id
  GROUP BY e.experiment_id)`;

const WRONG_COUNTERS = `${COUNTED}
${Object.entries(COUNTERS)
  .map(
    ([column, counted]) =>
      `SELECT e.experiment_id || ': ${column} is ' || e.${column} || ', the rows are ' || (${counted})
FROM experiments e JOIN n USING (experiment_id) WHERE e.${column} IS NOT (${counted})`,
  )
  .join('\nUNION ALL\n')}`;

const MISSING_RESULTS = `
SELECT e.experiment_id || ': ' || e.status || ', but ' || count(*) || ' narratives of its list have no result'
FROM experiments e JOIN experiment_narratives l USING (experiment_id)
LEFT JOIN narrative_results r ON r.experiment_id = l.experiment_id AND r.narrative_id = l.narrative_id
WHERE e.status IN ('completed', 'completed_with_errors') AND r.result_id IS NULL GROUP BY e.experiment_id`;

const OUTSIDE_LIST = `
SELECT r.experiment_id || ': ' || count(*) || ' results do not stand at their place in its list'
FROM narrative_results r LEFT JOIN experiment_narratives l
  ON l.experiment_id = r.experiment_id AND l.position = r.row_num - 1 AND l.narrative_id = r.narrative_id
WHERE l.narrative_id IS NULL GROUP BY r.experiment_id`;

const BROKEN_LISTS = `
SELECT experiment_id || ': its list of ' || count(*) || ' has gaps or holds a narrative twice'
FROM experiment_narratives GROUP BY experiment_id
HAVING min(position) <> 0 OR max(position) <> count(*) - 1 OR count(DISTINCT narrative_id) <> count(*)`;

/** While an experiment runs its flags wait for the finish; where they are set they must be right. */
const WRONG_FLAGS = `
SELECT r.experiment_id || ': ' || count(*) || ' results have TP, TN, FP, FN flags other than answer and label say'
FROM narrative_results r JOIN experiments e USING (experiment_id)
WHERE (e.status IN ('completed', 'completed_with_errors')
    OR coalesce(is_true_positive, is_true_negative, is_false_positive, is_false_negative) IS NOT NULL)
  AND (is_true_positive IS NOT (CASE WHEN detected + manual_flag_ind IS NOT NULL THEN detected AND manual_flag_ind END)
    OR is_true_negative IS NOT (CASE WHEN detected + manual_flag_ind IS NOT NULL THEN NOT detected AND NOT manual_flag_ind END)
    OR is_false_positive IS NOT (CASE WHEN detected + manual_flag_ind IS NOT NULL THEN detected AND NOT manual_flag_ind END)
    OR is_false_negative IS NOT (CASE WHEN detected + manual_flag_ind IS NOT NULL THEN NOT detected AND manual_flag_ind END))
GROUP BY r.experiment_id`;

/** In the order in which they are shown. */
export const CONTENT_CHECKS: readonly ContentCheck[] = [
  { check: 'counters', sql: WRONG_COUNTERS },
  { check: 'lists', sql: BROKEN_LISTS },
  { check: 'one result a narrative', sql: MISSING_RESULTS },
  { check: 'results outside the list', sql: OUTSIDE_LIST },
  { check: 'flags', sql: WRONG_FLAGS },
];
