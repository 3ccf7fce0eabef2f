/** What the page of a workflow shows of an experiment at work. */
import type { ExperimentProgress } from '../experiment';
import type { ExperimentRow } from '../store/experiments';
import { outcomeOf } from './outcome-of';

/** Status, counts, speed and end as its row has them. */
export function progressOf(row: ExperimentRow): ExperimentProgress {
  return {
    ...outcomeOf(row),
    narrativesPerMinute: row.narratives_per_minute,
    estimatedCompletionTime: row.estimated_completion_time,
  };
}
