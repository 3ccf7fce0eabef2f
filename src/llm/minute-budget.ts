/**
 * So many units a minute, given out evenly: a bucket that holds a few hundredths of a minute's units and fills at a rate
 * that makes no minute hold more than the limit. What the server says of its own limit is kept to as well. Pure.
 */
import type { AnnouncedLimit } from './announced-limits';

const MINUTE_MS = 60_000;
/** Of a minute's units, those that may go at once. It is also what is lost of the limit by not going over it. */
const BURST_SHARE = 0.03;
/** A limit that comes back later than this is not waited for here: the server's refusal tells it, and the gate waits. */
const LONGEST_RESET_MS = 61_000;
/** A limit that would take less to come back from nothing is none of a minute, but of a second. */
const SHORTEST_PERIOD_MS = 30_000;
/** Of rounding, so that a wait that was right ends the waiting. */
const TOLERANCE = 1e-6;

/** What the server said was left, and how much of it we have used since. */
interface Allowance {
  left: number;
  sinceMs: number;
  resetAtMs: number;
}

export class MinuteBudget {
  /** Units a minute as the server announced them; null = it did not. */
  private announced: number | null = null;
  private allowance: Allowance | null = null;
  private level = Infinity;
  private levelAtMs = 0;

  /** `configured` = units a minute; null = no limit but the server's. */
  constructor(private configured: number | null) {}

  /** Units a minute that are kept to; null = no limit is known. */
  get limit(): number | null {
    if (this.configured === null || this.announced === null) return this.configured ?? this.announced;
    return Math.min(this.configured, this.announced);
  }

  /** Another limit from now on. */
  setConfigured(limit: number | null): void {
    this.configured = limit;
  }

  /** How long to wait until so many units may be used; 0 = now. More than may go at once go when the bucket is full. */
  delayMs(units: number, nowMs: number): number {
    return Math.max(this.delayOfLimit(units, nowMs), this.delayOfAllowance(units, nowMs));
  }

  /** Uses the units, whether or not they are there; negative ones are given back. */
  take(units: number, nowMs: number): void {
    this.refill(nowMs);
    this.level -= units;
    if (this.allowance !== null) this.allowance.left -= units;
  }

  /** Takes note of what a reply says. */
  note({ limit, remaining, resetMs, isPerMinute }: AnnouncedLimit, nowMs: number): void {
    const isMinute = isPerMinute || spansMinute(limit, remaining, resetMs);
    if (isMinute && limit !== null && limit > 0) this.announced = limit;
    if (remaining === null || resetMs === null) return;
    this.allowance =
      resetMs > LONGEST_RESET_MS ? null : { left: remaining, sinceMs: nowMs, resetAtMs: nowMs + resetMs };
  }

  private delayOfLimit(units: number, nowMs: number): number {
    const { limit } = this;
    if (limit === null) return 0;
    this.refill(nowMs);
    const missing = Math.min(units, burstOf(limit)) - this.level;
    return missing <= TOLERANCE ? 0 : missing / ratePerMs(limit);
  }

  /** A limit of a minute comes back bit by bit, one of another period all at once. */
  private delayOfAllowance(units: number, nowMs: number): number {
    const { allowance, announced } = this;
    if (allowance === null) return 0;
    if (nowMs >= allowance.resetAtMs) {
      this.allowance = null;
      return 0;
    }
    const perMs = announced === null ? 0 : announced / MINUTE_MS;
    const wanted = announced === null ? units : Math.min(units, announced);
    const missing = wanted - allowance.left - (nowMs - allowance.sinceMs) * perMs;
    if (missing <= TOLERANCE) return 0;
    return Math.min(allowance.resetAtMs - nowMs, perMs === 0 ? Infinity : missing / perMs);
  }

  private refill(nowMs: number): void {
    const { limit } = this;
    if (limit === null) {
      this.level = Infinity;
      return;
    }
    const refilled = this.level + (nowMs - this.levelAtMs) * ratePerMs(limit);
    this.level = Math.min(burstOf(limit), refilled);
    this.levelAtMs = nowMs;
  }
}

/** At least one unit may always go. */
function burstOf(limit: number): number {
  return 1 + Math.floor(limit * BURST_SHARE);
}

/** A full bucket and what flows into it during a minute come to the limit. */
function ratePerMs(limit: number): number {
  return (limit - burstOf(limit) + 1) / MINUTE_MS;
}

/** By how long what has been used takes to come back. A shorter period would be kept to sixty times over. */
function spansMinute(limit: number | null, remaining: number | null, resetMs: number | null): boolean {
  if (limit === null || remaining === null || resetMs === null || remaining >= limit) return false;
  return resetMs <= LONGEST_RESET_MS && (resetMs * limit) / (limit - remaining) >= SHORTEST_PERIOD_MS;
}
