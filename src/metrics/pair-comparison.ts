/** What the answers of two experiments about the same texts say about each other and about the labels. Pure. */
import { cohensKappa } from './cohens-kappa';
import { mcnemarExact } from './mcnemar';
import { score, type ConfusionMatrix, type Scores } from './score';

/** Two answers about one text; the label is null where there is none. */
export interface ComparedPair {
  first: 0 | 1;
  second: 0 | 1;
  label: 0 | 1 | null;
}

/** Counts over the pairs; nulls = nothing to say. */
export interface PairComparison {
  nPairs: number;
  bothDetected: number;
  onlyFirstDetected: number;
  onlySecondDetected: number;
  neitherDetected: number;
  /** Share of the pairs in which both say the same. */
  agreement: number | null;
  kappa: number | null;
  /** Pairs with a label, and which of the two was right in them. */
  nLabelled: number;
  bothRight: number;
  onlyFirstRight: number;
  onlySecondRight: number;
  neitherRight: number;
  /** Exact two-sided p of McNemar's test; null = no label. */
  mcnemarP: number | null;
  first: Scores;
  second: Scores;
}

/** Compares both over the same texts: ratios of the two are then over the same denominators. */
export function comparePairs(pairs: readonly ComparedPair[]): PairComparison {
  const count = (fits: (pair: ComparedPair) => boolean): number => pairs.filter(fits).length;
  const bothDetected = count(({ first, second }) => first === 1 && second === 1);
  const onlyFirstDetected = count(({ first, second }) => first === 1 && second === 0);
  const onlySecondDetected = count(({ first, second }) => first === 0 && second === 1);
  const neitherDetected = pairs.length - bothDetected - onlyFirstDetected - onlySecondDetected;
  const nLabelled = count(({ label }) => label !== null);
  const onlyFirstRight = count(({ first, second, label }) => first === label && second !== label);
  const onlySecondRight = count(({ first, second, label }) => first !== label && second === label);
  const bothRight = count(({ first, second, label }) => first === label && second === label);
  return {
    nPairs: pairs.length,
    bothDetected,
    onlyFirstDetected,
    onlySecondDetected,
    neitherDetected,
    agreement: pairs.length === 0 ? null : (bothDetected + neitherDetected) / pairs.length,
    kappa: cohensKappa({
      truePositive: bothDetected,
      falsePositive: onlyFirstDetected,
      falseNegative: onlySecondDetected,
      trueNegative: neitherDetected,
    }),
    nLabelled,
    bothRight,
    onlyFirstRight,
    onlySecondRight,
    neitherRight: nLabelled - bothRight - onlyFirstRight - onlySecondRight,
    mcnemarP: nLabelled === 0 ? null : mcnemarExact(onlyFirstRight, onlySecondRight),
    first: score(matrixOf(pairs.map(({ first, label }) => [first, label]))),
    second: score(matrixOf(pairs.map(({ second, label }) => [second, label]))),
  };
}

function matrixOf(rows: readonly (readonly [detected: 0 | 1, label: 0 | 1 | null])[]): ConfusionMatrix {
  const count = (detected: 0 | 1, label: 0 | 1): number =>
    rows.filter(([answer, truth]) => answer === detected && truth === label).length;
  return {
    truePositive: count(1, 1),
    trueNegative: count(0, 0),
    falsePositive: count(1, 0),
    falseNegative: count(0, 1),
  };
}
