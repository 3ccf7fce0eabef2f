/** The recent speed of an experiment, from how its count of results grew over the last minutes of work. Pure. */

const WINDOW_MS = 10 * 60_000;
/** Below this many results in the window the rate is luck. */
const ENOUGH_RESULTS = 5;

/** Collects (time, count) samples of one experiment in one process. */
export class RateWindow {
  private samples: { atMs: number; count: number }[] = [];

  /** Adds a sample; times come from a monotonic clock. */
  add(atMs: number, count: number): void {
    this.samples.push({ atMs, count });
    while (this.samples.length > 2 && this.samples[1]!.atMs < atMs - WINDOW_MS) this.samples.shift();
  }

  /** Results per minute; null = not enough evidence. */
  perMinute(): number | null {
    const first = this.samples[0];
    const last = this.samples.at(-1);
    if (first === undefined || last === undefined) return null;
    const count = last.count - first.count;
    const elapsedMs = last.atMs - first.atMs;
    return count < ENOUGH_RESULTS || elapsedMs <= 0 ? null : (count / elapsedMs) * 60_000;
  }
}
