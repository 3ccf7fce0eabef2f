/** What the results file says about the experiments now, as values of metrics. */
import { UNFINISHED_STATUSES, WORKING_STATUSES } from '../experiment';
import type { ExperimentRow } from '../store/experiments';
import type { Store } from '../store/open-store';
import type { ExperimentMetricName } from './metrics';
import type { SumsCache } from './sums-cache';

/** What a worker last said about a model server is no news of now after this time. */
const ENDPOINT_STALE_AFTER_MS = 15_000;

/** One value of a metric. */
export interface Observation {
  metric: ExperimentMetricName;
  labels: Record<string, string>;
  value: number;
}

/** What is read, from when on an ended experiment is still told of, and how late it is. */
export interface Observed {
  store: Store;
  sums: SumsCache;
  since: Date;
  now: Date;
}

/** Values for each experiment that is unfinished or has ended since `since`. */
export function observeExperiments({ store, sums, since, now }: Observed): Observation[] {
  const isTold = ({ status, end_time: endTime }: ExperimentRow): boolean =>
    UNFINISHED_STATUSES.includes(status) || (endTime !== null && Date.parse(endTime) >= since.getTime());
  return store.experiments
    .list()
    .filter(isTold)
    .flatMap((row) => {
      const labels = { experiment: row.experiment_id, model: row.model_name };
      const values = [
        ...countsOf(row, store.passes.countRemaining(row.experiment_id)),
        ...movementOf(row, now),
        ...sumsOf(row, sums),
        ...endpointsOf(row, store, now),
      ];
      return values.map(([metric, value, more]) => ({ metric, value, labels: { ...labels, ...more } }));
    });
}

type Value = [ExperimentMetricName, number, Record<string, string>?];

function countsOf(row: ExperimentRow, nRemaining: number): Value[] {
  return [
    ['longhaul_narratives', row.n_narratives_total],
    ['longhaul_answered', row.n_narratives_completed - row.n_errors],
    ['longhaul_detected', row.n_positive_detected],
    ['longhaul_remaining', nRemaining],
    ['longhaul_status', 1, { status: row.status }],
  ];
}

/** Of an experiment that stands still, the file has only what was true once. */
function movementOf(row: ExperimentRow, now: Date): Value[] {
  if (!WORKING_STATUSES.includes(row.status)) return [];
  const { narratives_per_minute: rate, estimated_completion_time: end } = row;
  const etaSec = end === null ? null : (Date.parse(end) - now.getTime()) / 1000;
  const values: Value[] = [];
  if (rate !== null) values.push(['longhaul_narratives_per_minute', rate]);
  if (etaSec !== null && etaSec >= 0) values.push(['longhaul_eta_seconds', etaSec]);
  return values;
}

function sumsOf(row: ExperimentRow, cache: SumsCache): Value[] {
  const { statistics, errors } = cache.of(row);
  return [
    ...errors.map(({ category, count }): Value => [
      'longhaul_errors',
      count,
      { category: category ?? 'unknown' },
    ]),
    ['longhaul_calls', statistics.nCalls],
    ['longhaul_tokens', statistics.promptTokens ?? 0, { kind: 'prompt' }],
    ['longhaul_tokens', statistics.completionTokens ?? 0, { kind: 'completion' }],
  ];
}

function endpointsOf(row: ExperimentRow, store: Store, now: Date): Value[] {
  return store.endpoints
    .list(row.experiment_id)
    .filter(({ updated_at: at }) => now.getTime() - Date.parse(at) < ENDPOINT_STALE_AFTER_MS)
    .flatMap(({ endpoint, in_flight: inFlight, concurrency, health }): Value[] => [
      ['longhaul_endpoint_in_flight', inFlight, { endpoint }],
      ['longhaul_endpoint_allowed_concurrency', concurrency, { endpoint }],
      ['longhaul_endpoint_health', 1, { endpoint, health }],
    ]);
}
