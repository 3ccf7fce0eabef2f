/** What the page of a workflow shows of an experiment at work. */
import type { ExperimentProgress } from '../experiment';
import type { ExperimentRow } from '../store/experiments';

/** Status, counts, speed and end as its row has them. */
export function progressOf(row: ExperimentRow): ExperimentProgress {
  return {
    status: row.status,
    reason: row.status_reason,
    nTotal: row.n_narratives_total,
    nCompleted: row.n_narratives_completed,
    nErrors: row.n_errors,
    narrativesPerMinute: row.narratives_per_minute,
    estimatedCompletionTime: row.estimated_completion_time,
  };
}
