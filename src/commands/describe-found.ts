/** What a resume without a name says about the experiment that it has chosen. */
import type { ExperimentRow } from '../store/experiments';

/** One line: which, how far, how it stands and since when nothing moves. `now` is a wall time in ms. */
export function describeFound(row: ExperimentRow, lastMovedAt: string | null, nowMs: number): string {
  const { n_narratives_completed: done, n_narratives_total: total } = row;
  const percent = total === 0 ? 100 : (100 * done) / total;
  const reason = row.status_reason === null ? '' : ` (${row.status_reason})`;
  const since =
    lastMovedAt === null ? '' : `; it has stood still since ${lastMovedAt}${describeAge(lastMovedAt, nowMs)}`;
  return `Found ${row.experiment_id}: ${done} of ${total} (${percent.toFixed(1)} %), ${row.status}${reason}${since}. Going on with it.`;
}

/** Empty where a clock that was moved would make it negative. */
function describeAge(at: string, nowMs: number): string {
  const minutes = Math.floor((nowMs - Date.parse(at)) / 60_000);
  if (!Number.isFinite(minutes) || minutes < 0) return '';
  if (minutes < 60) return `, ${minutes} min ago`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `, ${hours} h ${minutes % 60} min ago` : `, ${Math.floor(hours / 24)} days ago`;
}
