/**
 * Requests and tokens a minute of a simulated server, as hosted ones have them: a bucket each that fills evenly, a
 * refusal where one is empty, and headers that tell with every reply how it stands. It knows no HTTP.
 */

/** The limits of a simulated server. */
export interface MinuteLimitOptions {
  /** @default no limit */
  requestsPerMinute?: number;
  /** Of prompts and answers together. @default no limit */
  tokensPerMinute?: number;
  /** The most seconds' worth of either that may be used at once. @default 60 */
  burstSeconds?: number;
}

const DEFAULT_BURST_SECONDS = 60;

export class MinuteLimits {
  private readonly requests: Bucket | null;
  private readonly tokens: Bucket | null;

  constructor(
    { requestsPerMinute, tokensPerMinute, burstSeconds = DEFAULT_BURST_SECONDS }: MinuteLimitOptions,
    nowMs: () => number = () => performance.now(),
  ) {
    const bucketOf = (limit?: number) =>
      limit === undefined ? null : new Bucket(limit, Math.max(1, (limit * burstSeconds) / 60), nowMs);
    this.requests = bucketOf(requestsPerMinute);
    this.tokens = bucketOf(tokensPerMinute);
  }

  /** Counts a call; `tokensOf` tells its tokens in all where they count. false = it is refused and costs nothing. */
  admit(tokensOf: () => number): boolean {
    const tokens = this.tokens === null ? 0 : tokensOf();
    if (this.requests?.has(1) === false || this.tokens?.has(tokens) === false) return false;
    this.requests?.take(1);
    this.tokens?.take(tokens);
    return true;
  }

  /** What every reply says. */
  headers(): Record<string, string> {
    return {
      ...(this.requests === null ? {} : headersOf('requests', this.requests)),
      ...(this.tokens === null ? {} : headersOf('tokens', this.tokens)),
    };
  }
}

class Bucket {
  private level: number;
  private atMs: number;

  constructor(
    readonly limit: number,
    private readonly size: number,
    private readonly nowMs: () => number,
  ) {
    this.level = size;
    this.atMs = nowMs();
  }

  /** More than the bucket holds is there when it is full. */
  has(units: number): boolean {
    return this.now() >= Math.min(units, this.size);
  }

  take(units: number): void {
    this.level = this.now() - units;
  }

  get remaining(): number {
    return Math.max(0, Math.floor(this.now()));
  }

  /** Until it is full. */
  get resetMs(): number {
    return ((this.size - this.now()) / this.limit) * 60_000;
  }

  private now(): number {
    const atMs = this.nowMs();
    this.level = Math.min(this.size, this.level + ((atMs - this.atMs) * this.limit) / 60_000);
    this.atMs = atMs;
    return this.level;
  }
}

/** As OpenAI writes them; what lacks of the limit takes as long to come back as it stands there. */
function headersOf(of: string, bucket: Bucket): Record<string, string> {
  return {
    [`x-ratelimit-limit-${of}`]: String(bucket.limit),
    [`x-ratelimit-remaining-${of}`]: String(bucket.remaining),
    [`x-ratelimit-reset-${of}`]: `${(bucket.resetMs / 1000).toFixed(3)}s`,
  };
}
