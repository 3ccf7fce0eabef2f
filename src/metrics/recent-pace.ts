/**
 * The pace of the last hour, from the moments at which results came: how many there were, and how slow and how fast it
 * went in parts of it, which gives an estimate of completion its range. Pure.
 */
import { quantile } from './quantile';

const MINUTE_MS = 60_000;
const HOUR_MINUTES = 60;
/** The hour is cut into so many parts at most. */
const MOST_PARTS = 12;
/** Parts are so long that they hold this many results on average: fewer would be luck. */
const ENOUGH_RESULTS = 5;
/** Fewer parts say nothing about what lies between them. */
const FEWEST_PARTS = 3;

/** Results of the last hour, or of as much of it as there are results. */
export interface HourCount {
  nResults: number;
  /** Wall time from the first of them, or the last hour, until now. */
  minutes: number;
}

/** Results per minute in the slower and in the faster parts of the hour: 10 % and 90 % quantile. */
export interface PaceRange {
  slow: number;
  fast: number;
}

export class RecentPace {
  /** Results by whole minute since the epoch. */
  private readonly byMinute = new Map<number, number>();

  /** Counts a result that came at this moment. */
  add(atMs: number): void {
    const minute = Math.floor(atMs / MINUTE_MS);
    this.byMinute.set(minute, (this.byMinute.get(minute) ?? 0) + 1);
  }

  /** The last hour; null = nothing came in it. */
  lastHour(nowMs: number): HourCount | null {
    const minutes = this.minutesUntil(nowMs);
    if (minutes.length === 0) return null;
    const nResults = minutes.reduce((sum, minute) => sum + this.byMinute.get(minute)!, 0);
    const since = Math.max(minutes[0]! * MINUTE_MS, nowMs - HOUR_MINUTES * MINUTE_MS);
    return { nResults, minutes: Math.max(1, (nowMs - since) / MINUTE_MS) };
  }

  /** How it varied over the whole minutes of the last hour; stops are left out; null = too little to tell. */
  range(nowMs: number): PaceRange | null {
    const [first, ...rest] = this.minutesUntil(nowMs);
    const thisMinute = Math.floor(nowMs / MINUTE_MS);
    const whole = rest.filter((minute) => minute < thisMinute);
    if (first === undefined || whole.length === 0) return null;
    const nMinutes = thisMinute - first - 1;
    const nResults = whole.reduce((sum, minute) => sum + this.byMinute.get(minute)!, 0);
    const length = Math.ceil(Math.max(1, nMinutes / MOST_PARTS, (ENOUGH_RESULTS * nMinutes) / nResults));
    const parts = Array.from({ length: Math.floor(nMinutes / length) }, () => 0);
    for (const minute of whole) {
      const part = Math.floor((minute - first - 1) / length);
      if (part < parts.length) parts[part]! += this.byMinute.get(minute)!;
    }
    const rates = parts
      .filter((count) => count > 0)
      .map((count) => count / length)
      .sort((a, b) => a - b);
    if (rates.length < FEWEST_PARTS) return null;
    return { slow: quantile(rates, 0.1), fast: quantile(rates, 0.9) };
  }

  /** The minutes of the last hour that hold results, ascending; older ones are forgotten. */
  private minutesUntil(nowMs: number): number[] {
    const oldest = Math.floor(nowMs / MINUTE_MS) - HOUR_MINUTES;
    for (const minute of this.byMinute.keys()) if (minute < oldest) this.byMinute.delete(minute);
    return [...this.byMinute.keys()].sort((a, b) => a - b);
  }
}
