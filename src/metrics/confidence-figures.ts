/** How sure the model says it is, by what it answered and by whether it was right. Pure. */
import type { ReportRow } from './report-row';
import { ValueDistribution, type Distribution, type HistogramBin } from './value-distribution';

/** Confidence of one kind of answers. */
export interface ConfidenceGroup extends Distribution {
  histogram: HistogramBin[];
}

/** Groups without an answer have n 0. */
export interface ConfidenceReport {
  all: ConfidenceGroup;
  detected: ConfidenceGroup;
  not_detected: ConfidenceGroup;
  right: ConfidenceGroup;
  wrong: ConfidenceGroup;
  n_without_confidence: number;
}

const STEP = 0.0001;
const N_BINS = 20;

export class ConfidenceFigures {
  private readonly groups = {
    all: new ValueDistribution(STEP),
    detected: new ValueDistribution(STEP),
    not_detected: new ValueDistribution(STEP),
    right: new ValueDistribution(STEP),
    wrong: new ValueDistribution(STEP),
  };
  private nWithout = 0;

  /** An answer. */
  add({ detected, confidence, label }: ReportRow): void {
    if (confidence === null) {
      this.nWithout += 1;
      return;
    }
    this.groups.all.add(confidence);
    this.groups[detected === 1 ? 'detected' : 'not_detected'].add(confidence);
    if (label !== null) this.groups[detected === label ? 'right' : 'wrong'].add(confidence);
  }

  summarize(): ConfidenceReport {
    const group = (of: ValueDistribution): ConfidenceGroup => ({
      ...of.summarize(),
      histogram: of.histogram(0, 1, N_BINS),
    });
    const { all, detected, not_detected, right, wrong } = this.groups;
    return {
      all: group(all),
      detected: group(detected),
      not_detected: group(not_detected),
      right: group(right),
      wrong: group(wrong),
      n_without_confidence: this.nWithout,
    };
  }
}
