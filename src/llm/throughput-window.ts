/** Measures how much is answered per second while all slots are in use, from one reply to a later one. */

/** A reply as it counts for the measurement. */
export interface CountedReply {
  /** Tokens that the server says it made; null = it does not say, and each reply counts as one. */
  tokens: number | null;
  /** Monotonic milliseconds. */
  atMs: number;
  /** From the call to its reply. */
  tookMs: number;
}

export class ThroughputWindow {
  private skipsLeft: number;
  private startedAtMs: number | null = null;
  private replies = 0;
  private tokens = 0;
  private saysTokens = true;
  private lastAtMs = 0;
  /** Sums over milliseconds for each token, or for each reply, and their squares. */
  private readonly pace = { token: { sum: 0, squares: 0 }, reply: { sum: 0, squares: 0 } };

  /** The first `skips` replies are of calls that began under other conditions and do not count. */
  constructor(skips = 0) {
    this.skipsLeft = skips;
  }

  /** Replies that count so far. */
  get length(): number {
    return this.replies;
  }

  /** Takes a reply; the clock starts with the first that is not skipped, which itself does not count. */
  add({ tokens, atMs, tookMs }: CountedReply): void {
    if (this.skipsLeft > 0) {
      this.skipsLeft -= 1;
      return;
    }
    if (this.startedAtMs === null) {
      this.startedAtMs = atMs;
      return;
    }
    this.replies += 1;
    this.saysTokens &&= tokens !== null;
    this.tokens += tokens ?? 0;
    this.lastAtMs = atMs;
    this.pace.reply.sum += tookMs;
    this.pace.reply.squares += tookMs ** 2;
    const perToken = tookMs / Math.max(tokens ?? 1, 1);
    this.pace.token.sum += perToken;
    this.pace.token.squares += perToken ** 2;
  }

  /** What was answered per second; null = nothing can be said yet. */
  get rate(): Throughput | null {
    if (this.startedAtMs === null || this.replies === 0) return null;
    const seconds = Math.max(this.lastAtMs - this.startedAtMs, 0.001) / 1000;
    const spread = spreadOf(this.saysTokens ? this.pace.token : this.pace.reply, this.replies);
    return {
      perSecond: (this.saysTokens ? this.tokens : this.replies) / seconds,
      unit: this.saysTokens ? 'tokens/s' : 'replies/s',
      spread,
      error: spread / Math.sqrt(this.replies),
    };
  }
}

/** Answered tokens per second, or replies where the server counts no tokens. */
export interface Throughput {
  perSecond: number;
  unit: 'tokens/s' | 'replies/s';
  /** How much single replies differ: coefficient of variation of the time for a token or a reply. */
  spread: number;
  /** Standard error as a share of the throughput: that of a renewal process, spread / sqrt(replies). */
  error: number;
}

/** By how much one throughput is the other, with the standard error of that. */
export interface Gain {
  factor: number;
  error: number;
}

/** Compares two throughputs; null = they cannot be compared. */
export function gainOf(now: Throughput, before: Throughput | null): Gain | null {
  if (before === null || before.unit !== now.unit || before.perSecond === 0) return null;
  const factor = now.perSecond / before.perSecond;
  return { factor, error: factor * Math.hypot(now.error, before.error) };
}

function spreadOf({ sum, squares }: { sum: number; squares: number }, count: number): number {
  const mean = sum / count;
  return mean === 0 ? 0 : Math.sqrt(Math.max(0, squares / count - mean ** 2)) / mean;
}
