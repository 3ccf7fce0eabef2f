const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Runs the work with a signal that fires at the deadline and throws a TimeoutError then. The race ends also a call that
 * still waits for a connection, which does not hear its signal.
 */
export async function withDeadline<T>(
  timeoutMs: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const deadline = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => {
        const reason = new DOMException('deadline', 'TimeoutError');
        deadline.abort(reason);
        reject(reason);
      },
      Math.min(timeoutMs, MAX_TIMER_MS),
    );
  });
  try {
    return await Promise.race([work(deadline.signal), expired]);
  } finally {
    clearTimeout(timer);
  }
}
