/** What a person is told: counts, the status and why. Never a text, prompt, reply or key. Pure. */
import type { NotifyOccasion } from '../config/notify-settings';
import type { ExperimentRow } from '../store/experiments';
import type { OpenNotification } from '../store/notifications';

/** The document that a webhook is posted and a command reads. */
export interface Notice {
  /** The same however often it is told: results file and event. */
  id: string;
  occasion: NotifyOccasion;
  /** UTC. */
  occurred_at: string;
  experiment_id: string;
  experiment_name: string;
  status: string;
  /** Why; null = nothing to say. */
  reason: string | null;
  n_narratives_total: number;
  n_narratives_completed: number;
  n_errors: number;
  n_detected: number;
  /** All of it in a line for people. */
  text: string;
}

/** Makes the notice of something that happened, with the counts as they are now. */
export function noticeOf(
  { event_id: eventId, occasion, occurred_at, detail }: OpenNotification,
  row: ExperimentRow,
  resultsFileId: string,
): Notice {
  const { experiment_id, status, n_narratives_total, n_narratives_completed, n_errors } = row;
  const reason = occasion === 'completed' ? null : detail;
  const counts =
    `${n_narratives_completed} of ${n_narratives_total} narratives, ` +
    `${row.n_positive_detected} detected, ${n_errors} errors`;
  const what = occasion === 'waiting' ? `waiting since ${occurred_at}` : occasion;
  return {
    id: `${resultsFileId}/${eventId}`,
    occasion,
    occurred_at,
    experiment_id,
    experiment_name: row.experiment_name,
    status,
    reason,
    n_narratives_total,
    n_narratives_completed,
    n_errors,
    n_detected: row.n_positive_detected,
    text: `${experiment_id} ${what}${reason === null ? '' : `: ${reason}`} (${counts})`,
  };
}
