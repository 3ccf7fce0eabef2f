const MAX_TIMER_MS = 2 ** 31 - 1;
/** A timer that is so late tells of a process that stood still: stopped, or short of the processor. */
const STOOD_STILL_MS = 1000;
/** Enough to read what has arrived meanwhile. */
const READING_MS = 2000;

/**
 * Runs the work with a signal that fires at the deadline and throws a TimeoutError then. The race ends also a call that
 * still waits for a connection, which does not hear its signal. What arrived in time, while this process stood still, is
 * still read: it would be asked for twice.
 */
export async function withDeadline<T>(
  timeoutMs: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const deadline = new AbortController();
  const delayMs = Math.min(timeoutMs, MAX_TIMER_MS);
  const dueAtMs = performance.now() + delayMs;
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<never>((_resolve, reject) => {
    const expire = (): void => {
      const reason = new DOMException('deadline', 'TimeoutError');
      deadline.abort(reason);
      reject(reason);
    };
    timer = setTimeout(() => {
      if (performance.now() - dueAtMs < STOOD_STILL_MS) expire();
      else timer = setTimeout(expire, READING_MS);
    }, delayMs);
  });
  try {
    return await Promise.race([work(deadline.signal), expired]);
  } finally {
    clearTimeout(timer);
  }
}
