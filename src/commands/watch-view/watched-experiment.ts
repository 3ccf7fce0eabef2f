/** What a live view shows of an experiment: the facts of `status`, and what has been going on lately. */
import type { EndpointConfig } from '../../config/experiment-config';
import { WORKING_STATUSES } from '../../experiment';
import type { HourCount } from '../../metrics/recent-pace';
import type { EndpointHealth } from '../../store/endpoints';
import type { ExperimentRow } from '../../store/experiments';
import type { Store } from '../../store/open-store';
import type { LastResult } from '../../store/recent-work';
import type { ErrorCount } from '../../store/result-statistics';
import type { OwnerState } from '../../temporal/owner-state';
import { reportStatus, type ExperimentStatusReport } from '../experiment-status';
import type { RecentActivity } from './recent-activity';

/** A model server of an experiment. */
export interface WatchedEndpoint {
  endpoint: string;
  /** Calls in flight that are allowed; null = not told. */
  concurrency: number | null;
  /** Calls in flight; null = not known now. */
  inFlight: number | null;
  /** null = not known now. */
  health: EndpointHealth | null;
  reason: string | null;
}

/** One experiment in a live view. */
export interface WatchedExperiment {
  report: ExperimentStatusReport;
  modelName: string;
  /** The pass that is worked on; null = none is open. */
  pass: number | null;
  /** null = nothing came in the last hour, or it has just begun. */
  lastHour: HourCount | null;
  /** Between which moments it ends at the paces of the last hour; null = no evidence. */
  completesBetween: readonly [earliest: Date, latest: Date] | null;
  errors: readonly ErrorCount[];
  /** `perResult` = mean over the results that say; null = none says. */
  tokens: { total: number; perResult: number } | null;
  endpoints: readonly WatchedEndpoint[];
  /** Newest first. */
  lastResults: readonly LastResult[];
}

/** All that a live view shows. */
export interface WatchedState {
  experiments: readonly WatchedExperiment[];
  now: Date;
  /** Why what is shown may be old; null = it is not. */
  trouble: string | null;
}

/** How much of the last results is read. */
export interface ReadOptions {
  owner: OwnerState | null;
  now: Date;
  nResults: number;
  /** Characters of each narrative; 0 = none. */
  textLength: number;
}

/** A worker says how its model servers stand about once a second; what is older than this says nothing about now. */
const TOLD_WITHIN_MS = 15_000;

/** Reads one experiment. */
export function readWatched(
  store: Store,
  row: ExperimentRow,
  activity: RecentActivity,
  { owner, now, nResults, textLength }: ReadOptions,
): WatchedExperiment {
  const id = row.experiment_id;
  const report = reportStatus(store, row, owner);
  return {
    report,
    modelName: row.model_name,
    pass: store.passes.current(id),
    lastHour: activity.paceOf(id).lastHour(now.getTime()),
    completesBetween: estimateRange(report, activity, now),
    errors: report.n_errors === 0 ? [] : store.statistics.countErrors(id),
    tokens: activity.tokensOf(id),
    endpoints: readEndpoints(store, row, report, now),
    lastResults: nResults === 0 ? [] : store.recentWork.lastResults(id, nResults, textLength),
  };
}

function estimateRange(
  report: ExperimentStatusReport,
  activity: RecentActivity,
  now: Date,
): WatchedExperiment['completesBetween'] {
  const range = activity.paceOf(report.experiment_id).range(now.getTime());
  const { narratives_per_minute: rate, estimated_completion_time: completesAt, n_remaining: left } = report;
  if (range === null || rate === null || completesAt === null) return null;
  const after = (perMinute: number): Date => new Date(now.getTime() + (left / perMinute) * 60_000);
  const [earliest, latest] = [after(Math.max(range.fast, rate)), after(Math.min(range.slow, rate))];
  return Number.isNaN(latest.getTime()) ? null : [earliest, latest];
}

/** As the worker told; before it has told anything, as they are configured. */
function readEndpoints(
  store: Store,
  row: ExperimentRow,
  report: ExperimentStatusReport,
  now: Date,
): WatchedEndpoint[] {
  const isWorking = report.held_by !== null && WORKING_STATUSES.includes(row.status);
  const told = store.endpoints.list(row.experiment_id).map((state) => {
    const isNew = isWorking && now.getTime() - Date.parse(state.updated_at) < TOLD_WITHIN_MS;
    return {
      endpoint: state.endpoint,
      concurrency: state.concurrency,
      inFlight: isNew ? state.in_flight : null,
      health: isNew ? state.health : null,
      reason: isNew && state.health !== 'open' ? state.reason : null,
    };
  });
  if (told.length > 0) return told;
  const { apiUrl, further, concurrency } = JSON.parse(row.endpoint_config) as EndpointConfig;
  return [apiUrl, ...(further ?? []).map((other) => other.apiUrl)].map((url) => ({
    endpoint: new URL(url).origin,
    concurrency: typeof concurrency === 'number' ? concurrency : null,
    inFlight: null,
    health: null,
    reason: null,
  }));
}
