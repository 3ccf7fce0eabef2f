/** Says in fixed words why no narrative of an experiment can be asked, and what to do. */
import type { CallFault } from '../llm/call-fault';
import { describeFault } from '../preflight/describe-fault';

/** Code of the fault of a reply by another model than before; its message says all. */
export const MODEL_CHANGED = 'model_changed';

/** One sentence for the status of the experiment; quotes nothing that the server said. */
export function blockedBy(fault: CallFault, origin: string): string {
  if (fault.code === MODEL_CHANGED) return fault.message;
  const { detail, remedy } = describeFault(fault, origin);
  return `${detail}: ${remedy}`;
}
