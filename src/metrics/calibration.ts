/** Whether stated confidence means what it says: how often answers of a confidence are right. Pure. */
import { share, type Share } from './share';

/** Bins of equal width over 0..1. */
const N_BINS = 10;

/** The answers whose confidence is in (low, high]; the first bin holds 0 too. */
export interface CalibrationBin {
  low: number;
  high: number;
  n: number;
  /** Null = the bin is empty. */
  mean_confidence: number | null;
  right: Share;
}

/** Nulls = no answer has both confidence and label. */
export interface Calibration {
  n: number;
  mean_confidence: number | null;
  /** Share of right answers. */
  accuracy: number | null;
  /** Brier score (1950): mean of (confidence - right)^2, where right is 0 or 1; 0 is perfect. */
  brier_score: number | null;
  /**
   * Expected calibration error (Naeini et al. 2015): mean distance of confidence and share of right answers over ten
   * bins of equal width, weighted by their answers; 0 is perfect.
   */
  expected_calibration_error: number | null;
  bins: CalibrationBin[];
}

interface BinSums {
  n: number;
  confidence: number;
  right: number;
}

/** Collects answers one by one; remembers ten bins only. */
export class CalibrationFigures {
  private readonly bins: BinSums[] = Array.from({ length: N_BINS }, () => ({
    n: 0,
    confidence: 0,
    right: 0,
  }));
  private squares = 0;

  /** `confidence` in 0..1 is the model's trust in its answer. */
  add(confidence: number, isRight: boolean): void {
    const bin = this.bins[Math.max(0, Math.ceil(confidence * N_BINS) - 1)]!;
    bin.n += 1;
    bin.confidence += confidence;
    bin.right += isRight ? 1 : 0;
    this.squares += (confidence - (isRight ? 1 : 0)) ** 2;
  }

  /** The measures over what was added so far. */
  summarize(): Calibration {
    const total = { n: 0, confidence: 0, right: 0, distance: 0 };
    for (const { n, confidence, right } of this.bins) {
      total.n += n;
      total.confidence += confidence;
      total.right += right;
      total.distance += Math.abs(confidence - right);
    }
    const mean = (sum: number): number | null => (total.n === 0 ? null : sum / total.n);
    return {
      n: total.n,
      mean_confidence: mean(total.confidence),
      accuracy: mean(total.right),
      brier_score: mean(this.squares),
      expected_calibration_error: mean(total.distance),
      bins: this.bins.map(({ n, confidence, right }, index) => ({
        low: index / N_BINS,
        high: (index + 1) / N_BINS,
        n,
        mean_confidence: n === 0 ? null : confidence / n,
        right: share(right, n),
      })),
    };
  }
}
