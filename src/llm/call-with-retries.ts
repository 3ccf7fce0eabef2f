import { CallFault } from './call-fault';

/** A server that asks for a longer wait than this is given up for now. */
const MAX_RETRY_AFTER_MS = 60_000;

export interface RetryOptions {
  /** Calls at most, the first included. */
  maxAttempts: number;
  /** Upper bound of the first wait; doubles with each further one up to `capMs`. */
  baseMs: number;
  capMs: number;
  /** From 0 to 1. */
  random: () => number;
  sleep: (ms: number, signal: AbortSignal) => Promise<unknown>;
  /** Aborted = no new attempt. */
  signal: AbortSignal;
  onRetry?: (fault: CallFault, waitMs: number) => void;
}

/**
 * Makes the attempt, again after transient faults with full jitter, never sooner than the server asks. Throws the last
 * CallFault with its `calls` set, the signal's reason, or what else the attempt throws.
 */
export async function callWithRetries<T>(
  attempt: () => Promise<T>,
  options: RetryOptions,
): Promise<{ value: T; calls: number }> {
  for (let calls = 1; ; calls += 1) {
    options.signal.throwIfAborted();
    try {
      return { value: await attempt(), calls };
    } catch (error) {
      if (!(error instanceof CallFault)) throw error;
      error.calls = calls;
      if (!isWorthAnother(error, calls, options)) throw error;
      const waitMs = waitBefore(error, calls, options);
      options.onRetry?.(error, waitMs);
      await pause(waitMs, options);
    }
  }
}

function isWorthAnother(fault: CallFault, calls: number, { maxAttempts }: RetryOptions): boolean {
  return fault.kind === 'transient' && calls < maxAttempts && (fault.retryAfterMs ?? 0) <= MAX_RETRY_AFTER_MS;
}

/** The jitter comes on top of what the server asks, so that not all callers return at the same moment. */
function waitBefore(fault: CallFault, calls: number, { baseMs, capMs, random }: RetryOptions): number {
  return (fault.retryAfterMs ?? 0) + random() * Math.min(capMs, baseMs * 2 ** (calls - 1));
}

async function pause(waitMs: number, { sleep, signal }: RetryOptions): Promise<void> {
  try {
    await sleep(waitMs, signal);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}
