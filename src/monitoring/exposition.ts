/** The metrics as Prometheus reads them. */
import { Gauge, Histogram, Registry } from 'prom-client';
import {
  CALL_METRIC,
  COMMIT_METRIC,
  EXPERIMENT_METRICS,
  type ExperimentMetricName,
  type Metric,
  UNSAVED_METRIC,
} from './metrics';
import type { Observation } from './observe-experiments';

/** From a fast disk to one that a run suffers from. */
const COMMIT_BUCKETS_SEC = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** From a small model to one that thinks for long. */
const CALL_BUCKETS_SEC = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80, 160, 320, 640];

/** What is known of a call by its labels. */
export interface CallLabels {
  experiment: string;
  model: string;
  endpoint: string;
  outcome: string;
}

export class Exposition {
  private readonly registry = new Registry();
  private readonly gauges = new Map<ExperimentMetricName, Gauge>();
  private readonly commits: Histogram;
  private readonly calls: Histogram;
  private readonly unsaved: Gauge;

  constructor() {
    for (const [name, { meaning, labels }] of Object.entries(EXPERIMENT_METRICS)) {
      const gauge = new Gauge({ name, help: meaning, labelNames: labels, registers: [this.registry] });
      this.gauges.set(name as ExperimentMetricName, gauge);
    }
    this.commits = this.histogramOf(COMMIT_METRIC, COMMIT_BUCKETS_SEC);
    this.calls = this.histogramOf(CALL_METRIC, CALL_BUCKETS_SEC);
    const { name, meaning: help } = UNSAVED_METRIC;
    this.unsaved = new Gauge({ name, help, registers: [this.registry] });
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  /** Counts a commit in. */
  noteCommit(seconds: number): void {
    this.commits.observe(seconds);
  }

  /** Counts a call in. */
  noteCall(labels: CallLabels, seconds: number): void {
    this.calls.observe({ ...labels }, seconds);
  }

  /** Sets how many results are in memory only. */
  setUnsaved(results: number): void {
    this.unsaved.set(results);
  }

  /** The text of a scrape that found these values; what it did not find is left out. */
  text(observations: readonly Observation[]): Promise<string> {
    for (const gauge of this.gauges.values()) gauge.reset();
    for (const { metric, labels, value } of observations) this.gauges.get(metric)!.set(labels, value);
    return this.registry.metrics();
  }

  private histogramOf({ name, meaning: help, labels }: Metric, buckets: number[]): Histogram {
    return new Histogram({ name, help, labelNames: [...labels], buckets, registers: [this.registry] });
  }
}
