/**
 * Keeps rate, estimated completion, time worked and `last_progress_update` of the running experiments, at most once a
 * second each, inside the transaction that saves their results.
 */
import type { ResultsDatabase } from './open-database';
import type { Passes } from './passes';
import { RateWindow } from './rate-window';

const MARK_EVERY_MS = 1000;
/** A longer silence between two marks is a stop or a sleeping machine, not work. */
const LONGEST_ACTIVE_GAP_MS = 15 * 60_000;

/** Where the time comes from; tests give their own. */
export interface Clock {
  now: () => Date;
  /** Milliseconds that never jump or run backwards. */
  monotonicMs: () => number;
}

/** The machine's clock. */
export const systemClock: Clock = { now: () => new Date(), monotonicMs: () => performance.now() };

interface Pace {
  window: RateWindow;
  nSaved: number;
  markedAtMs: number;
}

export class Progress {
  private readonly paces = new Map<string, Pace>();

  constructor(
    private readonly database: ResultsDatabase,
    private readonly passes: Passes,
    private readonly clock: Clock,
  ) {}

  /** Begins to measure an experiment: time before this moment was not spent on it. */
  begin(experimentId: string): void {
    const pace = { window: new RateWindow(), nSaved: 0, markedAtMs: this.clock.monotonicMs() };
    pace.window.add(pace.markedAtMs, 0);
    this.paces.set(experimentId, pace);
  }

  /** Whether this process measures the experiment. */
  isMeasured(experimentId: string): boolean {
    return this.paces.has(experimentId);
  }

  /** Notes `nSaved` more results; call it inside the transaction that saves them. */
  note(experimentId: string, nSaved: number): void {
    if (!this.paces.has(experimentId)) this.begin(experimentId);
    const pace = this.paces.get(experimentId)!;
    pace.nSaved += nSaved;
    if (this.clock.monotonicMs() - pace.markedAtMs >= MARK_EVERY_MS) this.mark(experimentId);
  }

  /** Writes the columns now, whatever was written last. */
  mark(experimentId: string): void {
    const pace = this.paces.get(experimentId);
    if (pace === undefined) return;
    const atMs = this.clock.monotonicMs();
    const activeMs = Math.min(atMs - pace.markedAtMs, LONGEST_ACTIVE_GAP_MS);
    pace.markedAtMs = atMs;
    pace.window.add(atMs, pace.nSaved);
    const perMinute = pace.window.perMinute();
    const now = this.clock.now();
    const remaining = this.passes.countRemaining(experimentId);
    const completesAt =
      perMinute === null || remaining === 0
        ? null
        : new Date(now.getTime() + (remaining / perMinute) * 60_000);
    this.database
      .prepare(
        `UPDATE experiments SET last_progress_update = ?, narratives_per_minute = ?, estimated_completion_time = ?,
           total_runtime_sec = total_runtime_sec + ? WHERE experiment_id = ?`,
      )
      .run(now.toISOString(), perMinute, completesAt?.toISOString() ?? null, activeMs / 1000, experimentId);
  }
}
