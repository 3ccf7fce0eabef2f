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
/** A shorter time tells no more than the rate of now. */
const SHORTEST_MINUTES = 2;
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

  /** The last hour; null = nothing came in it, or it has just begun. */
  lastHour(nowMs: number): HourCount | null {
    const minutes = this.minutesUntil(nowMs);
    if (minutes.length === 0) return null;
    const nResults = minutes.reduce((sum, minute) => sum + this.byMinute.get(minute)!, 0);
    const since = Math.max(minutes[0]! * MINUTE_MS, nowMs - HOUR_MINUTES * MINUTE_MS);
    const length = (nowMs - since) / MINUTE_MS;
    return length < SHORTEST_MINUTES ? null : { nResults, minutes: length };
  }

  /** How it varied over the whole minutes of the last hour; stops are left out; null = too little to tell. */
  range(nowMs: number): PaceRange | null {
    const counts = this.wholeMinutes(nowMs);
    const nResults = counts.reduce((sum, count) => sum + count, 0);
    if (nResults === 0) return null;
    const length = Math.ceil(
      Math.max(1, counts.length / MOST_PARTS, (ENOUGH_RESULTS * counts.length) / nResults),
    );
    const rates = Array.from({ length: Math.floor(counts.length / length) }, (_, part) => {
      const inPart = counts.slice(part * length, (part + 1) * length);
      return inPart.reduce((sum, count) => sum + count, 0) / length;
    })
      .filter((rate) => rate > 0)
      .sort((a, b) => a - b);
    if (rates.length < FEWEST_PARTS) return null;
    return { slow: quantile(rates, 0.1), fast: quantile(rates, 0.9) };
  }

  /** Counts of the minutes that have passed as a whole; where results come fast, an empty one was a stop. */
  private wholeMinutes(nowMs: number): number[] {
    const [first, ...rest] = this.minutesUntil(nowMs);
    const thisMinute = Math.floor(nowMs / MINUTE_MS);
    const filled = rest.filter((minute) => minute < thisMinute).map((minute) => this.byMinute.get(minute)!);
    const isFast = filled.reduce((sum, count) => sum + count, 0) >= ENOUGH_RESULTS * filled.length;
    if (first === undefined || isFast) return filled;
    return Array.from(
      { length: thisMinute - first - 1 },
      (_, index) => this.byMinute.get(first + 1 + index) ?? 0,
    );
  }

  /** The minutes of the last hour that hold results, ascending; older ones are forgotten. */
  private minutesUntil(nowMs: number): number[] {
    const oldest = Math.floor(nowMs / MINUTE_MS) - HOUR_MINUTES;
    for (const minute of this.byMinute.keys()) if (minute < oldest) this.byMinute.delete(minute);
    return [...this.byMinute.keys()].sort((a, b) => a - b);
  }
}
