/** Gives each upgraded experiment its pass, true counters, flags and scores, and an event that tells what was done. */
import { Completion } from '../completion';
import { Events } from '../events';
import { Notifications } from '../notifications';
import type { ResultsDatabase } from '../results-database';
import type { UpgradedExperiment } from './copy-experiments';
import type { UpgradeDependencies } from './dependencies';
import { integerOf, realOf, type OlderRow } from './older-experiment';

/** Settles the experiments; gives the lines about them, differences of counters included. */
export function settleExperiments(
  database: ResultsDatabase,
  experiments: readonly UpgradedExperiment[],
  { score, now }: Pick<UpgradeDependencies, 'score' | 'now'>,
): string[] {
  const events = new Events(database, new Notifications(database, () => now), () => now);
  const completion = new Completion(database);
  database.exec(ADD_PASSES);
  database.exec(SET_COUNTERS);
  const setNotResumable = database.prepare(
    'UPDATE experiments SET not_resumable = ? WHERE experiment_id = ?',
  );
  return experiments.map((experiment) => {
    const { id, status, older, notResumable } = experiment;
    const confusion = completion.refreshFlags(id);
    const isCompleted = status === 'completed' || status === 'completed_with_errors';
    if (isCompleted) completion.saveMetrics(id, confusion, score(confusion));
    setNotResumable.run(notResumable, id);
    const detail = describe(experiment, differences(database, id, older));
    events.add(id, 'upgraded', detail);
    return `${id}: ${detail}`;
  });
}

function describe({ status, older, notResumable }: UpgradedExperiment, changes: readonly string[]): string {
  const before = typeof older.status === 'string' ? older.status : 'none';
  const isOpen = status !== 'completed' && status !== 'completed_with_errors';
  return [
    before === status ? `status ${status}` : `status ${before} -> ${status}`,
    ...changes,
    ...(notResumable !== null ? [`cannot go on: ${notResumable}`] : isOpen ? ['can go on by its id'] : []),
  ].join('; ');
}

const COUNTED = [
  ...['n_narratives_total', 'n_narratives_completed', 'n_narratives_processed', 'n_positive_detected'],
  ...['n_negative_detected', 'n_true_positive', 'n_true_negative', 'n_false_positive', 'n_false_negative'],
];
const SCORED = ['accuracy', 'precision_ipv', 'recall_ipv', 'f1_ipv'];
const ENOUGH_DIGITS = 6;

/** What was stored and is not so; a counter that was not stored is no difference. */
function differences(database: ResultsDatabase, id: string, older: OlderRow): string[] {
  const now = database.prepare('SELECT * FROM experiments WHERE experiment_id = ?').get(id) as OlderRow;
  const show = (value: number | null): string =>
    value === null ? 'none' : String(Number(value.toFixed(ENOUGH_DIGITS)));
  return [...COUNTED, ...SCORED].flatMap((column) => {
    const read = SCORED.includes(column) ? realOf : integerOf;
    const [before, after] = [read(older, column), read(now, column)];
    return before === null || show(before) === show(after)
      ? []
      : [`${column} ${show(before)} -> ${show(after)}`];
  });
}

const ADD_PASSES = `
INSERT INTO experiment_passes (experiment_id, pass, categories, n_requested, requested_at, finished_at)
SELECT experiment_id, 0, NULL, n_narratives_total, start_time,
  CASE WHEN status IN ('completed', 'completed_with_errors') THEN coalesce(end_time, last_progress_update, start_time) END
FROM experiments`;

const SET_COUNTERS = `
UPDATE experiments AS e SET n_narratives_completed = c.n_rows, n_narratives_processed = c.n_rows - c.n_errors,
  n_errors = c.n_errors, n_positive_detected = c.positive, n_negative_detected = c.negative
FROM (
  SELECT e.experiment_id, count(r.result_id) AS n_rows, coalesce(sum(r.error_occurred), 0) AS n_errors,
    coalesce(sum(r.detected = 1), 0) AS positive, coalesce(sum(r.detected = 0), 0) AS negative
  FROM experiments e LEFT JOIN narrative_results r ON r.experiment_id = e.experiment_id
  GROUP BY e.experiment_id) c
WHERE c.experiment_id = e.experiment_id`;
