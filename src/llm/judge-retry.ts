/** Decides after a faulty call whether another one follows, from the fault and what was tried already. Pure. */
import type { CallFault, FaultEnding } from './call-fault';

/** What was tried for one narrative so far. */
export interface TriesSoFar {
  /** Calls that count, the faulty one included. */
  counted: number;
  /** Tries made at once because a connection had gone stale. */
  stale: number;
  /** Time spent waiting for a model to be loaded. */
  loadingMs: number;
  /** Since the first call. */
  elapsedMs: number;
}

/** The bounds of the loop. */
export interface RetryBounds {
  /** Calls at most, the first included. */
  maxAttempts: number;
  /** Since the first call; no retry begins after it. @default 10 minutes */
  maxElapsedMs?: number;
  /** A longer wait than this is not sat out by one narrative. @default 60 s */
  maxWaitMs?: number;
  /** Sampling temperature of the calls. null = the server's own, which is above 0. @default null */
  temperature?: number | null;
}

/** Another call, counted or not, after a wait; or the end of the narrative's calls. */
export type RetryJudgement =
  | { next: 'retry'; isCounted: boolean; isLoading: boolean; wait: 'none' | 'backoff' }
  | { next: 'end'; ending: FaultEnding; pauseReason: string | null };

/** Tries at once that one narrative may make; more of them are no stale connections. */
const MAX_STALE_TRIES = 3;
const MAX_ELAPSED_MS = 10 * 60_000;
const MAX_WAIT_MS = 60_000;

/** Judges a faulty call by the rule of its fault. */
export function judgeRetry(fault: CallFault, tries: TriesSoFar, bounds: RetryBounds): RetryJudgement {
  const { rule, kind } = fault;
  if (kind === 'narrative') return end('row');
  if (kind === 'experiment') return end('pause');
  if (rule.retryAtOnce && tries.stale < MAX_STALE_TRIES) {
    return { next: 'retry', isCounted: false, isLoading: false, wait: 'none' };
  }
  if ((fault.retryAfterMs ?? 0) > (bounds.maxWaitMs ?? MAX_WAIT_MS)) return end('wait');
  if (rule.waitUncountedMs !== undefined) {
    return tries.loadingMs < rule.waitUncountedMs
      ? { next: 'retry', isCounted: false, isLoading: true, wait: 'backoff' }
      : end('wait');
  }
  if (rule.onlyIfTemperature && bounds.temperature === 0) return end('row');
  const maxCalls = Math.min(bounds.maxAttempts, (rule.maxRetries ?? Infinity) + 1);
  const isInTime = tries.elapsedMs < (bounds.maxElapsedMs ?? MAX_ELAPSED_MS);
  if (tries.counted < maxCalls && isInTime) {
    return { next: 'retry', isCounted: true, isLoading: false, wait: 'backoff' };
  }
  return endOfTries(fault);
}

/** A fault with retries of its own is about the narrative; any other may be about the server. */
function endOfTries({ rule, message }: CallFault): RetryJudgement {
  if (rule.thenPause) return end('pause', `every try ended with: ${message}`);
  return end(rule.maxRetries === undefined ? 'wait' : 'row');
}

function end(ending: FaultEnding, pauseReason: string | null = null): RetryJudgement {
  return { next: 'end', ending, pauseReason };
}
