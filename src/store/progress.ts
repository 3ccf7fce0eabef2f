/**
 * Keeps rate, estimated completion, time worked and `last_progress_update` of the running experiments, at most once a
 * second each, inside the transaction that saves their results. Time counts only while the experiment is active: its
 * batches tick, and a silence that is longer than any tick was a stop or a sleeping machine.
 */
import type { ResultsDatabase } from './results-database';
import type { Passes } from './passes';
import { RateWindow } from './rate-window';

const MARK_EVERY_MS = 1000;
/** Without results the estimate is written anew this often, so that it never falls behind the clock by more. */
const ESTIMATE_EVERY_MS = 15_000;
/** Ticks come every second; a longer silence than this was no work. */
const LONGEST_SILENCE_MS = 60_000;

/** Where the time comes from; tests give their own. */
export interface Clock {
  now: () => Date;
  /** Milliseconds that never run backwards; on some machines they go on while it sleeps. */
  monotonicMs: () => number;
}

/** The machine's clock. */
export const systemClock: Clock = { now: () => new Date(), monotonicMs: () => performance.now() };

interface Pace {
  /** Of results; of those that were asked themselves, by whose speed the rest is estimated. */
  window: RateWindow;
  askedWindow: RateWindow;
  nSaved: number;
  nAsked: number;
  /** Active time since `begin`. */
  activeMs: number;
  /** Monotonic time up to which `activeMs` is known. */
  seenAtMs: number;
  /** What the columns say already. */
  written: { atMs: number; activeMs: number; nSaved: number };
}

export class Progress {
  private readonly paces = new Map<string, Pace>();

  constructor(
    private readonly database: ResultsDatabase,
    private readonly passes: Passes,
    private readonly clock: Clock,
  ) {}

  /** Begins to measure an experiment: time before this moment was not spent on it, and its old speed is forgotten. */
  begin(experimentId: string): void {
    const atMs = this.clock.monotonicMs();
    this.paces.set(experimentId, {
      window: new RateWindow(),
      askedWindow: new RateWindow(),
      nSaved: 0,
      nAsked: 0,
      activeMs: 0,
      seenAtMs: atMs,
      written: { atMs, activeMs: 0, nSaved: 0 },
    });
    this.database.prepare(FORGET).run(experimentId);
  }

  /** Whether this process measures the experiment. */
  isMeasured(experimentId: string): boolean {
    return this.paces.has(experimentId);
  }

  /** Says that a batch of the experiment is being worked on now; call it when one begins and every second or so. */
  tick(experimentId: string): void {
    const pace = this.paceOf(experimentId);
    const isActive = this.isRunning(experimentId);
    this.advance(pace, isActive);
    if (pace.window.isEmpty) sample(pace);
    if (pace.seenAtMs - pace.written.atMs >= ESTIMATE_EVERY_MS) this.write(experimentId, pace, isActive);
  }

  /** Notes more results, `asked` of them not twins'; call it inside the transaction that saves them. */
  note(experimentId: string, { saved, asked }: { saved: number; asked: number }): void {
    const pace = this.paceOf(experimentId);
    this.advance(pace, true);
    pace.nSaved += saved;
    pace.nAsked += asked;
    if (pace.window.isEmpty) sample(pace);
    if (pace.seenAtMs - pace.written.atMs >= MARK_EVERY_MS) this.write(experimentId, pace, true);
  }

  /** Writes the columns now, whatever was written last; no effect on an experiment that was never begun. */
  mark(experimentId: string): void {
    const pace = this.paces.get(experimentId);
    if (pace === undefined) return;
    const isActive = this.isRunning(experimentId);
    this.advance(pace, isActive);
    this.write(experimentId, pace, isActive);
  }

  private paceOf(experimentId: string): Pace {
    if (!this.paces.has(experimentId)) this.begin(experimentId);
    return this.paces.get(experimentId)!;
  }

  /** Counts the time since the last look as active, unless it was spent waiting or asleep. */
  private advance(pace: Pace, isActive: boolean): void {
    const atMs = this.clock.monotonicMs();
    const elapsedMs = atMs - pace.seenAtMs;
    pace.seenAtMs = atMs;
    if (elapsedMs > LONGEST_SILENCE_MS) {
      pace.window = new RateWindow();
      pace.askedWindow = new RateWindow();
    } else if (isActive) pace.activeMs += elapsedMs;
  }

  private write(experimentId: string, pace: Pace, isActive: boolean): void {
    const { written } = pace;
    sample(pace);
    const now = this.clock.now();
    this.database.prepare(WRITE).run({
      id: experimentId,
      // Only results move it: it tells since when nothing has come.
      movedAt: pace.nSaved > written.nSaved ? now.toISOString() : null,
      perMinute: pace.window.perMinute(),
      completesAt: isActive ? this.estimate(experimentId, pace, now) : null,
      activeSec: (pace.activeMs - written.activeMs) / 1000,
    });
    pace.written = { atMs: pace.seenAtMs, activeMs: pace.activeMs, nSaved: pace.nSaved };
  }

  /** UTC; null = no evidence, or nothing left to do. */
  private estimate(experimentId: string, { askedWindow }: Pace, now: Date): string | null {
    const toAsk = this.passes.countToAsk(experimentId);
    const perMinute = askedWindow.perMinute();
    if (perMinute === null || toAsk <= 0) return null;
    const at = new Date(now.getTime() + (toAsk / perMinute) * 60_000);
    return Number.isNaN(at.getTime()) ? null : at.toISOString();
  }

  private isRunning(experimentId: string): boolean {
    const status = this.database
      .prepare('SELECT status FROM experiments WHERE experiment_id = ?')
      .pluck()
      .get(experimentId);
    return status === 'running';
  }
}

function sample({ window, askedWindow, activeMs, nSaved, nAsked }: Pace): void {
  window.add(activeMs, nSaved);
  askedWindow.add(activeMs, nAsked);
}

const FORGET = `
UPDATE experiments SET narratives_per_minute = NULL, estimated_completion_time = NULL WHERE experiment_id = ?`;

const WRITE = `
UPDATE experiments SET last_progress_update = coalesce($movedAt, last_progress_update),
  narratives_per_minute = $perMinute, estimated_completion_time = $completesAt,
  total_runtime_sec = total_runtime_sec + $activeSec WHERE experiment_id = $id`;
