/**
 * Keeps the calls to one model server within its requests and tokens a minute, as configured or as the server announces
 * them. Calls go one after the other, evenly, in the order in which they asked; a call that waits can be stopped.
 */
import { AbortListeners } from './abort-listeners';
import { readAnnouncedLimits } from './announced-limits';
import { MinuteBudget } from './minute-budget';
import type { ReplyHeaders } from './read-retry-after';

/** Calls and tokens a minute; null = as many as the server allows. */
export interface RateLimits {
  requestsPerMinute: number | null;
  tokensPerMinute: number | null;
}

/** Where time comes from; tests give their own. */
export interface RateLimitClock {
  /** Milliseconds that never run backwards. */
  nowMs: () => number;
  /** Calls back once after so long; gives the function that prevents it. */
  after: (ms: number, callBack: () => void) => () => void;
}

const SYSTEM_CLOCK: RateLimitClock = {
  nowMs: () => performance.now(),
  after: (ms, callBack) => {
    const timer = setTimeout(callBack, ms);
    return () => clearTimeout(timer);
  },
};

/** A timer takes no more than three weeks, and a wait may have changed by then. */
const LONGEST_TIMER_MS = 60_000;

interface Waiter {
  tokens: number;
  start: () => void;
}

export class RateLimit {
  private readonly requests: MinuteBudget;
  private readonly tokens: MinuteBudget;
  /** In the order of their coming. */
  private readonly waiters = new Set<Waiter>();
  private readonly stops = new AbortListeners();
  private cancelTimer: (() => void) | null = null;

  constructor(
    { requestsPerMinute, tokensPerMinute }: RateLimits,
    private readonly clock: RateLimitClock = SYSTEM_CLOCK,
  ) {
    this.requests = new MinuteBudget(requestsPerMinute);
    this.tokens = new MinuteBudget(tokensPerMinute);
  }

  /** What is kept to now; nulls = no limit is known. */
  get limits(): RateLimits {
    return { requestsPerMinute: this.requests.limit, tokensPerMinute: this.tokens.limit };
  }

  /** Calls that wait for their turn. */
  get waiting(): number {
    return this.waiters.size;
  }

  /** Other limits from now on, also for those who wait. */
  setLimits({ requestsPerMinute, tokensPerMinute }: RateLimits): void {
    this.requests.setConfigured(requestsPerMinute);
    this.tokens.setConfigured(tokensPerMinute);
    this.dispatch();
  }

  /** How long a call of so many tokens would have to wait if nobody stood before it; 0 = it may go. */
  delayMs(tokens: number): number {
    const nowMs = this.clock.nowMs();
    return Math.max(this.requests.delayMs(1, nowMs), this.tokens.delayMs(tokens, nowMs));
  }

  /**
   * Resolves when a call of about so many tokens may go, and counts it. Throws the reason of `stop`. What became of the
   * call is told with `settle`; one that is not made after all is given back.
   */
  async waitTurn(tokens: number, stop: AbortSignal): Promise<void> {
    stop.throwIfAborted();
    if (this.waiters.size === 0 && this.delayMs(tokens) === 0) return this.take(tokens);
    await new Promise<void>((resolve, reject) => {
      const unwatch = this.stops.add(stop, () => {
        this.waiters.delete(waiter);
        reject(stop.reason as Error);
        this.dispatch();
      });
      const waiter: Waiter = {
        tokens,
        start: () => {
          unwatch();
          resolve();
        },
      };
      this.waiters.add(waiter);
      this.dispatch();
    });
  }

  /** Counts a call of so many tokens without waiting. */
  take(tokens: number): void {
    const nowMs = this.clock.nowMs();
    this.requests.take(1, nowMs);
    this.tokens.take(tokens, nowMs);
  }

  /** Corrects what a call was counted with by what it used; null = the server does not say. */
  settle(estimatedTokens: number, usedTokens: number | null): void {
    if (usedTokens === null || usedTokens === estimatedTokens) return;
    this.tokens.take(usedTokens - estimatedTokens, this.clock.nowMs());
    this.dispatch();
  }

  /** Takes back a call that was counted and not made. */
  giveBack(tokens: number): void {
    const nowMs = this.clock.nowMs();
    this.requests.take(-1, nowMs);
    this.tokens.take(-tokens, nowMs);
    this.dispatch();
  }

  /** Takes note of what the headers of a reply say of limits, whatever its status. */
  noteHeaders(headers: ReplyHeaders): void {
    const { requests, tokens } = readAnnouncedLimits(headers, Date.now());
    if (requests === null && tokens === null) return;
    const nowMs = this.clock.nowMs();
    if (requests !== null) this.requests.note(requests, nowMs);
    if (tokens !== null) this.tokens.note(tokens, nowMs);
    this.dispatch();
  }

  /** Only the first in line is looked at: a small call never passes a large one. */
  private dispatch(): void {
    this.cancelTimer?.();
    this.cancelTimer = null;
    for (const waiter of this.waiters) {
      const delayMs = this.delayMs(waiter.tokens);
      if (delayMs > 0) {
        this.cancelTimer = this.clock.after(Math.min(Math.ceil(delayMs), LONGEST_TIMER_MS), () =>
          this.dispatch(),
        );
        return;
      }
      this.waiters.delete(waiter);
      this.take(waiter.tokens);
      waiter.start();
    }
  }
}
