/** How the answers of an experiment meet the labels: over the rows that have both, as a whole and by kind of narrative. */
import { cohensKappa } from '../metrics/cohens-kappa';
import { score, type ConfusionMatrix } from '../metrics/score';
import { wilsonInterval } from '../metrics/wilson-interval';
import type { TypeCounts } from '../store/completion';
import type { Store } from '../store/open-store';

/** Metrics of one group of narratives, as `show --json` prints them; nulls = nothing to say. Ratios are in 0..1. */
export interface GroupMetrics {
  n_rows: number;
  n_errors: number;
  n_answered: number;
  n_detected: number;
  /** Answers with a label: what the ratios are over. */
  n_scored: number;
  /** Share of the answers that have a label. */
  coverage: number | null;
  true_positive: number;
  false_positive: number;
  false_negative: number;
  true_negative: number;
  precision: number | null;
  recall: number | null;
  f1: number | null;
  accuracy: number | null;
  specificity: number | null;
  kappa: number | null;
  /** 95 % intervals as [low, high]. */
  precision_interval: [number, number] | null;
  recall_interval: [number, number] | null;
  accuracy_interval: [number, number] | null;
}

/** Metrics of a whole experiment. */
export interface ExperimentMetrics extends GroupMetrics {
  by_type: (GroupMetrics & { narrative_type: string })[];
}

/** Reads the metrics from answers and labels as they are now. */
export function reportMetrics(store: Store, experimentId: string): ExperimentMetrics {
  const types = store.completion.countByType(experimentId);
  const all = types.reduce<Omit<TypeCounts, 'narrativeType'>>(
    (sum, counts) => ({
      nRows: sum.nRows + counts.nRows,
      nErrors: sum.nErrors + counts.nErrors,
      nDetected: sum.nDetected + counts.nDetected,
      truePositive: sum.truePositive + counts.truePositive,
      trueNegative: sum.trueNegative + counts.trueNegative,
      falsePositive: sum.falsePositive + counts.falsePositive,
      falseNegative: sum.falseNegative + counts.falseNegative,
    }),
    {
      nRows: 0,
      nErrors: 0,
      nDetected: 0,
      truePositive: 0,
      trueNegative: 0,
      falsePositive: 0,
      falseNegative: 0,
    },
  );
  return {
    ...metricsOf(all),
    by_type: types.map((counts) => ({ narrative_type: counts.narrativeType, ...metricsOf(counts) })),
  };
}

function metricsOf(counts: Omit<TypeCounts, 'narrativeType'>): GroupMetrics {
  const { truePositive, trueNegative, falsePositive, falseNegative } = counts;
  const { nScored, ...scores } = score(counts);
  const nAnswered = counts.nRows - counts.nErrors;
  const nNegative = trueNegative + falsePositive;
  return {
    n_rows: counts.nRows,
    n_errors: counts.nErrors,
    n_answered: nAnswered,
    n_detected: counts.nDetected,
    n_scored: nScored,
    coverage: nAnswered === 0 ? null : nScored / nAnswered,
    true_positive: truePositive,
    false_positive: falsePositive,
    false_negative: falseNegative,
    true_negative: trueNegative,
    ...scores,
    specificity: nNegative === 0 ? null : trueNegative / nNegative,
    kappa: cohensKappa(counts satisfies ConfusionMatrix),
    precision_interval: wilsonInterval(truePositive, truePositive + falsePositive),
    recall_interval: wilsonInterval(truePositive, truePositive + falseNegative),
    accuracy_interval: wilsonInterval(truePositive + trueNegative, nScored),
  };
}

/** The ratios in one line, with what they are over; `n/a` without labels. */
export function formatScores(metrics: GroupMetrics): string {
  const { precision, recall, f1, accuracy, n_scored: nScored, n_answered: nAnswered } = metrics;
  if (nScored === 0) return `n/a (none of ${nAnswered} answers has a label)`;
  return (
    `precision ${formatRatio(precision)}, recall ${formatRatio(recall)}, F1 ${formatRatio(f1)}, ` +
    `accuracy ${formatRatio(accuracy)} (over ${nScored} of ${nAnswered} answers, which have a label)`
  );
}

/** Three decimals; `n/a` = there is nothing to divide by. */
export function formatRatio(value: number | null): string {
  return value === null ? 'n/a' : value.toFixed(3);
}
