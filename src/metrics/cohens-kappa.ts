/** Agreement of two judges beyond chance. Pure. */
import type { ConfusionMatrix } from './score';

/** Cohen's kappa in -1..1; null = nothing was judged by both, or chance alone explains all. */
export function cohensKappa(matrix: ConfusionMatrix): number | null {
  const { truePositive, trueNegative, falsePositive, falseNegative } = matrix;
  const n = truePositive + trueNegative + falsePositive + falseNegative;
  if (n === 0) return null;
  const observed = (truePositive + trueNegative) / n;
  const bothYes = ((truePositive + falsePositive) / n) * ((truePositive + falseNegative) / n);
  const bothNo = ((trueNegative + falseNegative) / n) * ((trueNegative + falsePositive) / n);
  const expected = bothYes + bothNo;
  return expected === 1 ? null : (observed - expected) / (1 - expected);
}
