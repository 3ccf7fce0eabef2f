import { CallFault } from './call-fault';
import { judgeRetry, type RetryBounds, type RetryJudgement, type TriesSoFar } from './judge-retry';

export interface RetryOptions extends RetryBounds {
  /** Upper bound of the first wait; doubles with each further one up to `capMs`. */
  baseMs: number;
  capMs: number;
  /** From 0 to 1. */
  random: () => number;
  sleep: (ms: number, signal: AbortSignal) => Promise<unknown>;
  /** Monotonic milliseconds. @default performance.now */
  now?: () => number;
  /** Aborted = no new attempt. */
  signal: AbortSignal;
  /** Judges a faulty call; a FaultHistory knows more than the fault alone. @default judgeRetry */
  judge?: (fault: CallFault, tries: TriesSoFar, bounds: RetryBounds) => RetryJudgement;
  onRetry?: (fault: CallFault, waitMs: number) => void;
}

/**
 * Makes the attempt, again after transient faults with full jitter, never sooner than the server asks. Throws the last
 * CallFault with its `calls` and `ending` set, the signal's reason, or what else the attempt throws.
 */
export async function callWithRetries<T>(
  attempt: () => Promise<T>,
  options: RetryOptions,
): Promise<{ value: T; calls: number }> {
  const { judge = judgeRetry, now = () => performance.now() } = options;
  const startedMs = now();
  const tries: TriesSoFar = { counted: 0, stale: 0, loadingMs: 0, elapsedMs: 0 };
  for (let calls = 1; ; calls += 1) {
    options.signal.throwIfAborted();
    try {
      return { value: await attempt(), calls };
    } catch (error) {
      if (!(error instanceof CallFault)) throw error;
      error.calls = calls;
      tries.counted += 1;
      tries.elapsedMs = now() - startedMs;
      const judgement = judge(error, tries, options);
      if (judgement.next === 'end') {
        error.ending = judgement.ending;
        error.pauseReason = judgement.pauseReason;
        throw error;
      }
      const waitMs = judgement.wait === 'none' ? 0 : waitBefore(error, tries, options);
      if (!judgement.isCounted) tries.counted -= 1;
      if (judgement.isLoading) tries.loadingMs += waitMs;
      else if (!judgement.isCounted) tries.stale += 1;
      options.onRetry?.(error, waitMs);
      await pause(waitMs, options);
    }
  }
}

/** The jitter comes on top of what the server asks, so that not all callers return at the same moment. */
function waitBefore(
  fault: CallFault,
  { counted }: TriesSoFar,
  { baseMs, capMs, random }: RetryOptions,
): number {
  const firstMs = Math.max(baseMs, fault.rule.baseMs ?? 0);
  const jitterMs = random() * Math.min(Math.max(capMs, firstMs), firstMs * 2 ** (counted - 1));
  // A model that is being loaded is asked again after a while at least: the tries are not counted.
  const leastMs = fault.rule.waitUncountedMs === undefined ? 0 : firstMs / 2;
  return (fault.retryAfterMs ?? 0) + Math.max(leastMs, jitterMs);
}

async function pause(waitMs: number, { sleep, signal }: RetryOptions): Promise<void> {
  if (waitMs <= 0) return;
  try {
    await sleep(waitMs, signal);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}
