/** How an experiment stands, as its workflow is told. */
import type { ExperimentOutcome } from '../experiment';
import type { ExperimentRow } from '../store/experiments';

/** Status and counts of its row. */
export function outcomeOf(row: ExperimentRow): ExperimentOutcome {
  return {
    status: row.status,
    reason: row.status_reason,
    nTotal: row.n_narratives_total,
    nCompleted: row.n_narratives_completed,
    nErrors: row.n_errors,
  };
}
