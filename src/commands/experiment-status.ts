/** The facts about an experiment as `status`, `list` and the end of a run print them. */
import { UNFINISHED_STATUSES, workflowIdOf, type ExperimentStatus } from '../experiment';
import type { ExperimentRow } from '../store/experiments';
import type { Store } from '../store/open-store';
import { isOwned } from '../temporal/owner-lock';
import { formatScores, reportMetrics, type ExperimentMetrics } from './experiment-metrics';
import { readOwnerState, type OwnerState } from '../temporal/owner-state';

/** One experiment, as `status --json` prints it. Times are UTC; nulls mean not known or nothing to say. */
export interface ExperimentStatusReport {
  experiment_id: string;
  experiment_name: string;
  status: ExperimentStatus;
  status_reason: string | null;
  n_narratives_total: number;
  n_narratives_completed: number;
  n_errors: number;
  n_detected: number;
  /** Missing narratives and, in a retry pass, the errors left in it. */
  n_remaining: number;
  narratives_per_minute: number | null;
  estimated_completion_time: string | null;
  last_progress_update: string | null;
  /** null = no live process owns the results file. */
  held_by: { pid: number; host: string; since: string; mode: string; trouble: string | null } | null;
  workflow_id: string;
  db: string;
  precision: number | null;
  recall: number | null;
  f1: number | null;
  accuracy: number | null;
  /** Answers with a label, over which the ratios are. */
  n_scored: number;
  csv_file: string | null;
  json_file: string | null;
}

/** The live owner of a results file; null = none. Not for the owner itself, which knows. */
export function liveOwner(resultsFile: string): OwnerState | null {
  return isOwned(resultsFile) ? readOwnerState(resultsFile) : null;
}

/** The metrics of an experiment that has come to its end, or has been measured before; null = it has not. */
export function finalMetrics(store: Store, row: ExperimentRow): ExperimentMetrics | null {
  const isMeasured = row.status.startsWith('completed') || row.accuracy !== null;
  return isMeasured ? reportMetrics(store, row.experiment_id) : null;
}

/** Puts an experiment's facts together. */
export function reportStatus(
  store: Store,
  row: ExperimentRow,
  owner: OwnerState | null,
): ExperimentStatusReport {
  const holds = owner !== null && (owner.experimentId === null || owner.experimentId === row.experiment_id);
  // What a killed process wrote last is no estimate any more.
  const standsStill = !holds && UNFINISHED_STATUSES.includes(row.status);
  return {
    experiment_id: row.experiment_id,
    experiment_name: row.experiment_name,
    status: row.status,
    status_reason: row.status_reason,
    n_narratives_total: row.n_narratives_total,
    n_narratives_completed: row.n_narratives_completed,
    n_errors: row.n_errors,
    n_detected: row.n_positive_detected,
    n_remaining: store.passes.countRemaining(row.experiment_id),
    narratives_per_minute: standsStill ? null : row.narratives_per_minute,
    estimated_completion_time:
      standsStill || isPast(row.estimated_completion_time) ? null : row.estimated_completion_time,
    last_progress_update: row.last_progress_update,
    held_by: holds ? describeOwner(owner) : null,
    workflow_id: workflowIdOf(row.experiment_id),
    db: store.file,
    precision: row.precision_ipv,
    recall: row.recall_ipv,
    f1: row.f1_ipv,
    accuracy: row.accuracy,
    n_scored:
      (row.n_true_positive ?? 0) +
      (row.n_true_negative ?? 0) +
      (row.n_false_positive ?? 0) +
      (row.n_false_negative ?? 0),
    csv_file: row.csv_file,
    json_file: row.json_file,
  };
}

function describeOwner({ pid, host, since, mode, trouble }: OwnerState) {
  return { pid, host, since, mode, trouble };
}

function isPast(time: string | null): boolean {
  return time !== null && Date.parse(time) < Date.now();
}

/** The same facts as lines for people; with the metrics, where the experiment has come to its end. */
export function formatStatus(report: ExperimentStatusReport, metrics: ExperimentMetrics | null): string {
  const { n_narratives_completed: done, n_narratives_total: total } = report;
  const percent = total === 0 ? 0 : (100 * done) / total;
  const lines: [string, string][] = [
    ['experiment', report.experiment_id],
    ['status', report.status_reason === null ? report.status : `${report.status}: ${report.status_reason}`],
    ['progress', `${done} / ${total} (${percent.toFixed(1)} %), ${report.n_remaining} to do`],
    ['answers', `${done - report.n_errors} (${report.n_detected} detected), ${report.n_errors} errors`],
  ];
  if (report.status === 'running' || report.status === 'waiting_llm') lines.push(...movementLines(report));
  if (metrics !== null) lines.push(...scoreLines(metrics));
  lines.push(['results', report.db]);
  if (report.csv_file !== null) lines.push(['csv', report.csv_file]);
  if (report.json_file !== null) lines.push(['json', report.json_file]);
  return lines.map(([name, value]) => `${name.padEnd(15)}${value}`).join('\n');
}

function movementLines(report: ExperimentStatusReport): [string, string][] {
  const rate = report.narratives_per_minute;
  const { held_by: holder } = report;
  return [
    ['rate', rate === null ? 'not known yet' : `${rate.toFixed(1)} narratives a minute`],
    ['done about', report.estimated_completion_time ?? 'not known yet'],
    ['last result', report.last_progress_update ?? 'none yet'],
    holder === null
      ? ['held by', 'no process: it stands still. `client resume` goes on with it']
      : ['held by', `process ${holder.pid} on ${holder.host} since ${holder.since}`],
    ...(holder?.trouble == null ? [] : [['not saved', holder.trouble] as [string, string]]),
  ];
}

function scoreLines(metrics: ExperimentMetrics): [string, string][] {
  const kinds = metrics.n_scored > 0 && metrics.by_type.length > 1 ? metrics.by_type : [];
  return [
    ['against labels', formatScores(metrics)],
    ...kinds.map((kind): [string, string] => [`  ${kind.narrative_type}`, formatScores(kind)]),
  ];
}
