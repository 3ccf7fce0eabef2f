/**
 * The recent speed of an experiment: how its count of results grew over the last minutes of active time, which leaves
 * out stops, sleep and waiting. Pure.
 */

const WINDOW_MS = 10 * 60_000;
/** A slow experiment looks further back, until this many results are in the window. */
const WANTED_RESULTS = 50;
/** Below these the rate is luck. */
const ENOUGH_RESULTS = 5;
const ENOUGH_MS = 1000;

/** Collects (active time, count) samples of one experiment; neither ever falls. */
export class RateWindow {
  private samples: { activeMs: number; count: number }[] = [];

  get isEmpty(): boolean {
    return this.samples.length === 0;
  }

  /** Adds a sample and forgets those that are too old. */
  add(activeMs: number, count: number): void {
    this.samples.push({ activeMs, count });
    while (this.samples.length > 2) {
      const next = this.samples[1]!;
      if (next.activeMs >= activeMs - WINDOW_MS || count - next.count < WANTED_RESULTS) break;
      this.samples.shift();
    }
  }

  /** Results per minute of active time; null = not enough evidence. */
  perMinute(): number | null {
    const first = this.samples[0];
    const last = this.samples.at(-1);
    if (first === undefined || last === undefined) return null;
    const count = last.count - first.count;
    const elapsedMs = last.activeMs - first.activeMs;
    return count < ENOUGH_RESULTS || elapsedMs < ENOUGH_MS ? null : (count / elapsedMs) * 60_000;
  }
}
