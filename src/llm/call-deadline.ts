/** How long a call to one endpoint may take: as configured, or as long as its slowest answers make plausible. */

/** Answers that must have come before they say anything about the next. */
const ENOUGH_ANSWERS = 50;
const WINDOW = 500;
/** Of the slowest of a hundred answers. */
const TIMES_SLOWEST = 10;
const LEAST_MS = 60_000;

export class CallDeadline {
  /** Times of the last answers in milliseconds, as a ring. */
  private readonly times: number[] = [];
  private answers = 0;
  private learnedMs: number | null = null;

  /** `mostMs` is never exceeded; `learns` = it may become shorter by what the server shows. */
  constructor(
    private readonly mostMs: number,
    private readonly learns: boolean,
  ) {}

  /** Milliseconds for the next call. */
  get currentMs(): number {
    return this.learnedMs ?? this.mostMs;
  }

  /** Notes how long an answer took. */
  note(ms: number): void {
    if (!this.learns) return;
    this.times[this.answers % WINDOW] = ms;
    this.answers += 1;
    if (this.answers % ENOUGH_ANSWERS !== 0) return;
    const sorted = [...this.times].sort((a, b) => a - b);
    const slowest = sorted[Math.ceil(sorted.length * 0.99) - 1]!;
    this.learnedMs = Math.min(this.mostMs, Math.max(LEAST_MS, TIMES_SLOWEST * slowest));
  }
}
