/** From a confusion matrix to the ratios that are reported. Pure. */

/** The four cells of a confusion matrix. */
export interface ConfusionMatrix {
  truePositive: number;
  trueNegative: number;
  falsePositive: number;
  falseNegative: number;
}

/** Ratios in 0..1; null = its denominator is 0, so there is nothing to say. */
export interface Scores {
  /** Rows that have an answer and a label. */
  nScored: number;
  accuracy: number | null;
  precision: number | null;
  recall: number | null;
  f1: number | null;
}

/** Precision, recall, F1 and accuracy over the scored rows; F1 is 0 where labels exist and nothing was right. */
export function score(matrix: ConfusionMatrix): Scores {
  const { truePositive, trueNegative, falsePositive, falseNegative } = matrix;
  const nScored = truePositive + trueNegative + falsePositive + falseNegative;
  return {
    nScored,
    accuracy: ratio(truePositive + trueNegative, nScored),
    precision: ratio(truePositive, truePositive + falsePositive),
    recall: ratio(truePositive, truePositive + falseNegative),
    f1: ratio(2 * truePositive, 2 * truePositive + falsePositive + falseNegative),
  };
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
