/** How answers meet labels, with what chance may make of each ratio. Pure. */
import { clopperPearsonInterval } from './clopper-pearson-interval';
import { clusteredBootstrap, IncidentPatterns, type Statistic } from './clustered-bootstrap';
import { cohensKappa, cohensKappaInterval } from './cohens-kappa';
import { score, type ConfusionMatrix } from './score';
import { share, type Share } from './share';

/** A share with two more 95 % intervals: the exact one of Clopper and Pearson, and one that redraws whole incidents. */
export interface Estimate extends Share {
  exact_interval: [number, number] | null;
  incident_interval: [number, number] | null;
}

/** Nulls = nothing to say. */
export interface ScoreReport {
  n_scored: number;
  true_positive: number;
  false_positive: number;
  false_negative: number;
  true_negative: number;
  /** Share of labels that say yes. */
  prevalence: Share;
  precision: Estimate;
  recall: Estimate;
  specificity: Estimate;
  accuracy: Estimate;
  f1: { ratio: number | null; incident_interval: [number, number] | null };
  kappa: number | null;
  kappa_interval: [number, number] | null;
}

/** Counts in the order of IncidentCounts. */
export function cellsOf(sums: readonly number[]): ConfusionMatrix {
  const [truePositive = 0, falsePositive = 0, falseNegative = 0, trueNegative = 0] = sums;
  return { truePositive, falsePositive, falseNegative, trueNegative };
}

/** The four counts of one answer that has a label. */
export function cellOf(detected: 0 | 1, label: 0 | 1): [number, number, number, number] {
  return [detected & label, detected & (1 - label), (1 - detected) & label, (1 - detected) & (1 - label)];
}

const ratioOf =
  (of: (matrix: ConfusionMatrix) => number | null): Statistic =>
  (sums) =>
    of(cellsOf(sums));

const specificityOf = ({ trueNegative: tn, falsePositive: fp }: ConfusionMatrix): number | null =>
  tn + fp === 0 ? null : tn / (tn + fp);

/** The ratios by name, over the counts of incidents. */
export const SCORE_STATISTICS = {
  precision: ratioOf((matrix) => score(matrix).precision),
  recall: ratioOf((matrix) => score(matrix).recall),
  specificity: ratioOf(specificityOf),
  accuracy: ratioOf((matrix) => score(matrix).accuracy),
  f1: ratioOf((matrix) => score(matrix).f1),
} satisfies Record<string, Statistic>;

export class ScoreFigures {
  private readonly patterns = new IncidentPatterns();

  /** The answers of one incident, each as `cellOf` gives it. */
  addIncident(cells: readonly (readonly number[])[]): void {
    if (cells.length === 0) return;
    const counts = [0, 1, 2, 3].map((cell) => cells.reduce((sum, one) => sum + one[cell]!, 0));
    this.patterns.add(counts);
  }

  summarize(): ScoreReport {
    const matrix = cellsOf(this.patterns.total(4));
    const { truePositive: tp, falsePositive: fp, falseNegative: fn, trueNegative: tn } = matrix;
    const { nScored, f1 } = score(matrix);
    const intervals = clusteredBootstrap(this.patterns, SCORE_STATISTICS);
    const estimate = (part: number, whole: number, name: keyof typeof intervals): Estimate => ({
      ...share(part, whole),
      exact_interval: clopperPearsonInterval(part, whole),
      incident_interval: intervals[name],
    });
    return {
      n_scored: nScored,
      true_positive: tp,
      false_positive: fp,
      false_negative: fn,
      true_negative: tn,
      prevalence: share(tp + fn, nScored),
      precision: estimate(tp, tp + fp, 'precision'),
      recall: estimate(tp, tp + fn, 'recall'),
      specificity: estimate(tn, tn + fp, 'specificity'),
      accuracy: estimate(tp + tn, nScored, 'accuracy'),
      f1: { ratio: f1, incident_interval: intervals.f1 },
      kappa: cohensKappa(matrix),
      kappa_interval: cohensKappaInterval(matrix),
    };
  }
}
