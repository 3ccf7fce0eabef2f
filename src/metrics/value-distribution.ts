/** The distribution of a number over many results in little memory: how often each value occurs, rounded to a step. Pure. */

/** Nulls = there is no value. */
export interface Distribution {
  n: number;
  mean: number | null;
  standard_deviation: number | null;
  min: number | null;
  /** Quartiles by R's type 7, from values rounded to the step. */
  quartile_1: number | null;
  median: number | null;
  quartile_3: number | null;
  max: number | null;
  sum: number;
}

/** Values from `low` to below `high`; the last bin holds its upper edge, too. */
export interface HistogramBin {
  low: number;
  high: number;
  n: number;
}

export class ValueDistribution {
  private readonly counts = new Map<number, number>();
  private ascending: number[] | null = null;
  private n = 0;
  private sum = 0;
  private mean = 0;
  private squares = 0;
  private min = Infinity;
  private max = -Infinity;

  /** Values are told apart to `step`, such as 0.01 seconds. Mean, deviation, least and greatest are of the values as they are. */
  constructor(private readonly step: number) {}

  add(value: number): void {
    const key = Math.round(value / this.step);
    this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
    this.ascending = null;
    this.n += 1;
    this.sum += value;
    const distance = value - this.mean; // Welford: no cancellation however many values
    this.mean += distance / this.n;
    this.squares += distance * (value - this.mean);
    this.min = Math.min(this.min, value);
    this.max = Math.max(this.max, value);
  }

  /** What the report says about the values. */
  summarize(): Distribution {
    const { n, sum, min, max } = this;
    if (n === 0) {
      const none = { mean: null, standard_deviation: null, min: null, quartile_1: null, median: null };
      return { n, ...none, quartile_3: null, max: null, sum };
    }
    return {
      n,
      mean: sum / n,
      standard_deviation: n === 1 ? null : Math.sqrt(this.squares / (n - 1)),
      min,
      quartile_1: this.quantile(0.25),
      median: this.quantile(0.5),
      quartile_3: this.quantile(0.75),
      max,
      sum,
    };
  }

  /** Counts in bins of equal width from `from` to `to`; what lies outside is counted in the outermost bins. */
  histogram(from: number, to: number, nBins: number): HistogramBin[] {
    const width = (to - from) / nBins;
    const bins = Array.from({ length: nBins }, (_, index) => ({
      low: from + index * width,
      high: from + (index + 1) * width,
      n: 0,
    }));
    for (const [key, count] of this.counts) {
      // A little more, so that 0.3 falls on the edge at 0.3 and not beside it.
      const index = Math.floor((key * this.step - from) / width + 1e-9);
      bins[Math.min(nBins - 1, Math.max(0, index))]!.n += count;
    }
    return bins;
  }

  /** The value at a share `p` in 0..1 of all; rounded to the step. */
  quantile(p: number): number {
    const position = (this.n - 1) * p;
    const below = this.valueAt(Math.floor(position));
    const above = this.valueAt(Math.ceil(position));
    return below + (position - Math.floor(position)) * (above - below);
  }

  private valueAt(rank: number): number {
    this.ascending ??= [...this.counts.keys()].sort((a, b) => a - b);
    let seen = 0;
    for (const key of this.ascending) {
      seen += this.counts.get(key)!;
      if (seen > rank) return Number((key * this.step).toPrecision(12));
    }
    return this.max;
  }
}
