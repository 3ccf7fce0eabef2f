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
  n_twins_total:
    '(SELECT count(same_text_as) FROM experiment_narratives l WHERE l.experiment_id = e.experiment_id)',
  n_twins_completed: 'n.twins',
};

const COUNTED = `
WITH n AS (
  SELECT e.experiment_id, count(r.result_id) AS results, coalesce(sum(r.error_occurred), 0) AS errors,
    coalesce(sum(r.detected = 1), 0) AS positive, coalesce(sum(r.detected = 0), 0) AS negative, count(r.answer_of) AS twins
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

const WRONG_TWINS = `
SELECT twin.experiment_id || ': ' || count(*) || ' narratives of its list are to take the answer of one with another text'
FROM experiment_narratives twin JOIN source_narratives s ON s.narrative_id = twin.narrative_id
LEFT JOIN experiment_narratives asked ON asked.experiment_id = twin.experiment_id
  AND asked.position = twin.same_text_as AND asked.position < twin.position AND asked.same_text_as IS NULL
LEFT JOIN source_narratives text ON text.narrative_id = asked.narrative_id
WHERE twin.same_text_as IS NOT NULL AND s.narrative_text IS NOT text.narrative_text GROUP BY twin.experiment_id`;

/** A twin's result comes with that of the narrative asked, and says the same. */
const WRONG_TWIN_RESULTS = `
SELECT twin.experiment_id || ': ' || count(*) || ' results of narratives with the same text are not those of the one asked'
FROM experiment_narratives twin JOIN experiment_narratives asked
  ON asked.experiment_id = twin.experiment_id AND asked.position = twin.same_text_as
LEFT JOIN narrative_results t ON t.experiment_id = twin.experiment_id AND t.narrative_id = twin.narrative_id
LEFT JOIN narrative_results a ON a.experiment_id = asked.experiment_id AND a.narrative_id = asked.narrative_id
WHERE t.answer_of IS NOT a.narrative_id OR t.detected IS NOT a.detected OR t.confidence IS NOT a.confidence
  OR t.error_category IS NOT a.error_category OR t.raw_response IS NOT a.raw_response OR t.pass IS NOT a.pass
GROUP BY twin.experiment_id
UNION ALL
SELECT r.experiment_id || ': ' || count(*) || ' results are those of another narrative that has not the same text'
FROM narrative_results r LEFT JOIN experiment_narratives l
  ON l.experiment_id = r.experiment_id AND l.position = r.row_num - 1
WHERE r.answer_of IS NOT NULL AND l.same_text_as IS NULL GROUP BY r.experiment_id`;

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
  { check: 'identical texts', sql: `${WRONG_TWINS}\nUNION ALL\n${WRONG_TWIN_RESULTS}` },
  { check: 'flags', sql: WRONG_FLAGS },
];
