/** The metrics that a scrape finds, in the order in which it lists them. docs/monitoring.md has the same table. */

/** One metric. */
export interface Metric {
  name: string;
  type: 'gauge' | 'histogram';
  labels: readonly string[];
  meaning: string;
}

/** On every metric of an experiment. */
const EXPERIMENT = ['experiment', 'model'] as const;
const ENDPOINT = [...EXPERIMENT, 'endpoint'] as const;

/** Metrics of experiments; all are read from the results file when somebody asks. */
export const EXPERIMENT_METRICS = {
  longhaul_narratives: gauge(EXPERIMENT, 'Narratives on the list of the experiment'),
  longhaul_answered: gauge(EXPERIMENT, 'Narratives with an answer'),
  longhaul_detected: gauge(EXPERIMENT, 'Answers that detect what is asked about'),
  longhaul_errors: gauge([...EXPERIMENT, 'category'], 'Narratives with an error in place of an answer'),
  longhaul_remaining: gauge(EXPERIMENT, 'Narratives still to ask, those of a retry of errors included'),
  longhaul_calls: gauge(EXPERIMENT, 'Calls of the model behind the results that stand'),
  longhaul_tokens: gauge(
    [...EXPERIMENT, 'kind'],
    'Tokens of the results that stand; kind: prompt, completion',
  ),
  longhaul_narratives_per_minute: gauge(EXPERIMENT, 'Results a minute; absent while not known'),
  longhaul_eta_seconds: gauge(EXPERIMENT, 'Seconds to the estimated end; absent while not known'),
  longhaul_status: gauge([...EXPERIMENT, 'status'], '1 for the status that the experiment has'),
  longhaul_endpoint_in_flight: gauge(ENDPOINT, 'Calls in flight at a model server, of all experiments'),
  longhaul_endpoint_allowed_concurrency: gauge(ENDPOINT, 'Calls in flight that a model server is allowed'),
  longhaul_endpoint_health: gauge(
    [...ENDPOINT, 'health'],
    '1 for the health that a model server has: open, closed (waited for), left_out',
  ),
} satisfies Record<string, Omit<Metric, 'name'>>;

export type ExperimentMetricName = keyof typeof EXPERIMENT_METRICS;

/** How long commits took, fsync included; of this process since it started. */
export const COMMIT_METRIC: Metric = {
  name: 'longhaul_commit_seconds',
  type: 'histogram',
  labels: [],
  meaning: 'Seconds that a durable commit of results took, since the process started',
};

/** How long calls took, whatever came of them; of this process since it started. */
export const CALL_METRIC: Metric = {
  name: 'longhaul_call_seconds',
  type: 'histogram',
  labels: [...ENDPOINT, 'outcome'],
  meaning: 'Seconds of each call, since the process started; outcome: reply, or the category of the fault',
};

/** Answers that wait for the disk. */
export const UNSAVED_METRIC: Metric = {
  name: 'longhaul_unsaved_results',
  type: 'gauge',
  labels: [],
  meaning: 'Results in memory only; many for long: the disk cannot take them',
};

/** All of them. */
export const METRICS: readonly Metric[] = [
  ...Object.entries(EXPERIMENT_METRICS).map(([name, metric]) => ({ name, ...metric })),
  COMMIT_METRIC,
  CALL_METRIC,
  UNSAVED_METRIC,
];

function gauge(labels: readonly string[], meaning: string): Omit<Metric, 'name'> {
  return { type: 'gauge', labels, meaning };
}
