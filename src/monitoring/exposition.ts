/** The metrics as Prometheus reads them. */
import { Gauge, Histogram, Registry } from 'prom-client';
import { COMMIT_METRIC, EXPERIMENT_METRICS, type ExperimentMetricName } from './metrics';
import type { Observation } from './observe-experiments';

/** From a fast disk to one that a run suffers from. */
const COMMIT_BUCKETS_SEC = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export class Exposition {
  private readonly registry = new Registry();
  private readonly gauges = new Map<ExperimentMetricName, Gauge>();
  private readonly commits: Histogram;

  constructor() {
    for (const [name, { meaning, labels }] of Object.entries(EXPERIMENT_METRICS)) {
      const gauge = new Gauge({ name, help: meaning, labelNames: labels, registers: [this.registry] });
      this.gauges.set(name as ExperimentMetricName, gauge);
    }
    const { name, meaning } = COMMIT_METRIC;
    const registers = [this.registry];
    this.commits = new Histogram({ name, help: meaning, buckets: COMMIT_BUCKETS_SEC, registers });
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  /** Counts a commit in. */
  noteCommit(seconds: number): void {
    this.commits.observe(seconds);
  }

  /** The text of a scrape that found these values; what it did not find is left out. */
  text(observations: readonly Observation[]): Promise<string> {
    for (const gauge of this.gauges.values()) gauge.reset();
    for (const { metric, labels, value } of observations) this.gauges.get(metric)!.set(labels, value);
    return this.registry.metrics();
  }
}
