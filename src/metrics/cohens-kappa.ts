/** Agreement of two judges beyond chance. Pure. */
import type { ConfusionMatrix } from './score';
import { Z_95 } from './wilson-interval';

/** Cohen's kappa in -1..1; null = nothing was judged by both, or chance alone explains all. */
export function cohensKappa(matrix: ConfusionMatrix): number | null {
  const shares = sharesOf(matrix);
  if (shares === null) return null;
  const { observed, expected } = shares;
  return expected === 1 ? null : (observed - expected) / (1 - expected);
}

/**
 * Its 95 % interval as [low, high], from the large-sample standard error of Fleiss, Cohen and Everitt (1969);
 * null = there is no kappa.
 */
export function cohensKappaInterval(matrix: ConfusionMatrix): [number, number] | null {
  const shares = sharesOf(matrix);
  const kappa = cohensKappa(matrix);
  if (shares === null || kappa === null) return null;
  const { n, cells, first, second, expected } = shares;
  const rest = 1 - kappa;
  const diagonal = cells.reduce(
    (sum, row, i) => sum + row[i]! * (1 - (first[i]! + second[i]!) * rest) ** 2,
    0,
  );
  const offDiagonal =
    cells[0]![1]! * (second[0]! + first[1]!) ** 2 + cells[1]![0]! * (second[1]! + first[0]!) ** 2;
  const variance =
    (diagonal + rest ** 2 * offDiagonal - (kappa - expected * rest) ** 2) / (n * (1 - expected) ** 2);
  const half = Z_95 * Math.sqrt(Math.max(0, variance));
  return [Math.max(-1, kappa - half), Math.min(1, kappa + half)];
}

/** The first judge is the answer (rows), the second the label (columns); index 0 is yes. */
function sharesOf({ truePositive, trueNegative, falsePositive, falseNegative }: ConfusionMatrix) {
  const n = truePositive + trueNegative + falsePositive + falseNegative;
  if (n === 0) return null;
  const cells = [
    [truePositive / n, falsePositive / n],
    [falseNegative / n, trueNegative / n],
  ];
  const first = [(truePositive + falsePositive) / n, (trueNegative + falseNegative) / n];
  const second = [(truePositive + falseNegative) / n, (trueNegative + falsePositive) / n];
  const observed = (truePositive + trueNegative) / n;
  return { n, cells, first, second, observed, expected: first[0]! * second[0]! + first[1]! * second[1]! };
}
