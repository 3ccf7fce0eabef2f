/** What a faulty call says about the number of calls at once. */
import type { CallFault } from './call-fault';
import type { OverloadSign } from './concurrency-search';

/**
 * `refused` for a server that says it is asked too much, and for 503; `timeout`; `trouble` for what is no reason to ask
 * for more; null = it says nothing. A model that is being loaded refuses whatever the number.
 */
export function overloadOf(fault: CallFault): OverloadSign['kind'] | null {
  if (fault.rule.waitUncountedMs !== undefined) return 'trouble';
  if (fault.rule.concurrency === 'cut' || fault.httpStatus === 503) return 'refused';
  if (fault.category === 'timeout') return 'timeout';
  return fault.rule.concurrency === 'hold' || fault.category === 'connection' ? 'trouble' : null;
}
