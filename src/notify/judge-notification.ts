/** Whether it is time to tell something, or too late. Pure. */
import type { ExperimentStatus } from '../experiment';
import type { OpenNotification } from '../store/notifications';

/** What became of it is told for so long, whatever the experiment does meanwhile. */
const FRESH_MS = 5 * 60_000;

/** `wait`: not yet; `outdated`: it is over, and nobody has to know. */
export type Judgement = 'tell' | 'wait' | 'outdated';

/** Judges something that has not been told. */
export function judgeNotification(
  { occasion, occurred_at: occurredAt, begins_outage: beginsOutage }: OpenNotification,
  { status, waitingMinutes, now }: { status: ExperimentStatus; waitingMinutes: number; now: Date },
): Judgement {
  const ageMs = now.getTime() - Date.parse(occurredAt);
  if (occasion !== 'waiting') {
    const stands = status === occasion || (occasion === 'completed' && status === 'completed_with_errors');
    return stands || ageMs < FRESH_MS ? 'tell' : 'outdated';
  }
  if (beginsOutage === 0) return 'outdated';
  // After a restart an experiment runs until it has found out that it still has to wait.
  return status === 'waiting_llm' && ageMs >= waitingMinutes * 60_000 ? 'tell' : 'wait';
}
