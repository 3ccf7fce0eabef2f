import type { CallFault } from './call-fault';

const FIRST_MS = 1000;
/** While nobody listens a probe costs nothing, and the first call shall follow the server's return within 5 s. */
const MOST_WHILE_UNREACHABLE_MS = 4000;
const MOST_MS = 60_000;

/** How long to wait before the next probe, after `failed` failed ones of which `fault` was the last; doubles. */
export function probeDelayMs(failed: number, fault: CallFault): number {
  const most = fault.category === 'connection' ? MOST_WHILE_UNREACHABLE_MS : MOST_MS;
  return Math.max(Math.min(most, FIRST_MS * 2 ** failed), fault.retryAfterMs ?? 0);
}
