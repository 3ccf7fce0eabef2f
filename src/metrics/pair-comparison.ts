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
export function comparePairs(pairs: Iterable<ComparedPair>): PairComparison {
  const counts = new PairCounts();
  for (const pair of pairs) counts.add(pair);
  return counts.compare();
}

/** Counts pairs as they come; their number takes no memory. */
export class PairCounts {
  /** By answer of the first, answer of the second and label; 2 = no label. */
  private readonly counts = new Array<number>(12).fill(0);

  add({ first, second, label }: ComparedPair): void {
    this.counts[6 * first + 3 * second + (label ?? 2)]! += 1;
  }

  /** What they come to. */
  compare(): PairComparison {
    const bothDetected = this.count(({ first, second }) => first === 1 && second === 1);
    const onlyFirstDetected = this.count(({ first, second }) => first === 1 && second === 0);
    const onlySecondDetected = this.count(({ first, second }) => first === 0 && second === 1);
    const neitherDetected = this.count(({ first, second }) => first === 0 && second === 0);
    const nPairs = bothDetected + onlyFirstDetected + onlySecondDetected + neitherDetected;
    const nLabelled = this.count(({ label }) => label !== null);
    const onlyFirstRight = this.count(({ first, second, label }) => first === label && second !== label);
    const onlySecondRight = this.count(({ first, second, label }) => first !== label && second === label);
    const bothRight = this.count(({ first, second, label }) => first === label && second === label);
    return {
      nPairs,
      bothDetected,
      onlyFirstDetected,
      onlySecondDetected,
      neitherDetected,
      agreement: nPairs === 0 ? null : (bothDetected + neitherDetected) / nPairs,
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
      first: score(this.matrixOf('first')),
      second: score(this.matrixOf('second')),
    };
  }

  private count(fits: (pair: ComparedPair) => boolean): number {
    return this.counts.reduce((sum, n, index) => (fits(pairOf(index)) ? sum + n : sum), 0);
  }

  private matrixOf(side: 'first' | 'second'): ConfusionMatrix {
    const count = (detected: 0 | 1, label: 0 | 1): number =>
      this.count((pair) => pair[side] === detected && pair.label === label);
    return {
      truePositive: count(1, 1),
      trueNegative: count(0, 0),
      falsePositive: count(1, 0),
      falseNegative: count(0, 1),
    };
  }
}

function pairOf(index: number): ComparedPair {
  const label = index % 3;
  return {
    first: index < 6 ? 0 : 1,
    second: index % 6 < 3 ? 0 : 1,
    label: label === 2 ? null : (label as 0 | 1),
  };
}
