/** Time and tokens that the results took, and when they came. Pure. */
import type { ReportRow } from './report-row';
import { ValueDistribution, type Distribution, type HistogramBin } from './value-distribution';

/** Values with their histogram, which ends at the 99.5 % point: what lies above is counted in its last bin. */
export interface UsageDistribution extends Distribution {
  histogram: HistogramBin[];
}

/** Results that came within `minutes` from `from` (UTC). */
export interface ActivityBin {
  from: string;
  minutes: number;
  n_answers: number;
  n_errors: number;
}

/** Over all results that say. */
export interface UsageReport {
  /** Seconds of a call. */
  seconds: UsageDistribution;
  seconds_by_type: { narrative_type: string; seconds: Distribution }[];
  prompt_tokens: UsageDistribution;
  completion_tokens: UsageDistribution;
  completion_tokens_detected: Distribution;
  completion_tokens_not_detected: Distribution;
  first_result_at: string | null;
  last_result_at: string | null;
  activity: ActivityBin[];
}

const N_BINS = 24;
const MOST_ACTIVITY_BINS = 72;
const BIN_MINUTES = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440];
const MS_PER_MINUTE = 60_000;

export class UsageFigures {
  private readonly seconds = new ValueDistribution(0.01);
  private readonly secondsByType = new Map<string, ValueDistribution>();
  private readonly promptTokens = new ValueDistribution(1);
  private readonly completionTokens = new ValueDistribution(1);
  private readonly completionDetected = new ValueDistribution(1);
  private readonly completionNotDetected = new ValueDistribution(1);
  private readonly minutes = new Map<number, { nAnswers: number; nErrors: number }>();
  private first: string | null = null;
  private last: string | null = null;

  /** A result, errors included. */
  add(row: ReportRow): void {
    const { response_sec: sec, completion_tokens: completion, prompt_tokens: prompt } = row;
    if (sec !== null) {
      this.seconds.add(sec);
      const ofType = this.secondsByType.get(row.narrative_type) ?? new ValueDistribution(0.01);
      this.secondsByType.set(row.narrative_type, ofType);
      ofType.add(sec);
    }
    if (prompt !== null) this.promptTokens.add(prompt);
    if (completion !== null) {
      this.completionTokens.add(completion);
      if (row.detected === 1) this.completionDetected.add(completion);
      if (row.detected === 0) this.completionNotDetected.add(completion);
    }
    this.addTime(row);
  }

  summarize(): UsageReport {
    const withHistogram = (of: ValueDistribution, leastWidth: number): UsageDistribution => {
      const summary = of.summarize();
      return { ...summary, histogram: summary.n === 0 ? [] : histogramOf(of, leastWidth) };
    };
    return {
      seconds: withHistogram(this.seconds, 0.01),
      seconds_by_type: [...this.secondsByType]
        .sort(([a], [b]) => a.localeCompare(b, 'en'))
        .map(([narrative_type, of]) => ({ narrative_type, seconds: of.summarize() })),
      prompt_tokens: withHistogram(this.promptTokens, 1),
      completion_tokens: withHistogram(this.completionTokens, 1),
      completion_tokens_detected: this.completionDetected.summarize(),
      completion_tokens_not_detected: this.completionNotDetected.summarize(),
      first_result_at: this.first,
      last_result_at: this.last,
      activity: this.activity(),
    };
  }

  private addTime({ processed_at: at, detected }: ReportRow): void {
    const time = at === null ? NaN : Date.parse(at);
    if (at === null || Number.isNaN(time)) return;
    if (this.first === null || at < this.first) this.first = at;
    if (this.last === null || at > this.last) this.last = at;
    const minute = Math.floor(time / MS_PER_MINUTE);
    const bin = this.minutes.get(minute) ?? { nAnswers: 0, nErrors: 0 };
    this.minutes.set(minute, bin);
    if (detected === null) bin.nErrors += 1;
    else bin.nAnswers += 1;
  }

  private activity(): ActivityBin[] {
    if (this.minutes.size === 0) return [];
    let [from, to] = [Infinity, -Infinity];
    for (const minute of this.minutes.keys()) {
      from = Math.min(from, minute);
      to = Math.max(to, minute);
    }
    const fits = (minutes: number): boolean =>
      Math.floor(to / minutes) - Math.floor(from / minutes) < MOST_ACTIVITY_BINS;
    const width = BIN_MINUTES.find(fits) ?? 1440 * Math.ceil((to - from) / 1440 / (MOST_ACTIVITY_BINS - 1));
    const start = Math.floor(from / width);
    const bins = Array.from({ length: Math.floor(to / width) - start + 1 }, (_, index) => ({
      from: new Date((start + index) * width * MS_PER_MINUTE).toISOString(),
      minutes: width,
      n_answers: 0,
      n_errors: 0,
    }));
    for (const [minute, { nAnswers, nErrors }] of this.minutes) {
      const bin = bins[Math.floor(minute / width) - start]!;
      bin.n_answers += nAnswers;
      bin.n_errors += nErrors;
    }
    return bins;
  }
}

/** Edges are round numbers, so that a bin can be named. */
function histogramOf(values: ValueDistribution, leastWidth: number): HistogramBin[] {
  const [low, high] = [values.quantile(0), values.quantile(0.995)];
  const rough = Math.max((high - low) / N_BINS, leastWidth);
  const power = 10 ** Math.floor(Math.log10(rough) + 1e-9);
  const width = power * ([1, 2, 5].find((factor) => factor * power >= rough * (1 - 1e-9)) ?? 10);
  const first = Math.floor(low / width + 1e-9);
  const nBins = Math.floor(high / width + 1e-9) - first + 1;
  return values.histogram(first * width, (first + nBins) * width, nBins);
}
