/** Says in fixed words why no narrative of an experiment can be asked, and what to do. */
import type { CallFault } from '../llm/call-fault';
import { describeFault } from '../preflight/describe-fault';

/** One sentence for the status of the experiment; quotes nothing that the server said. */
export function blockedBy(fault: CallFault, origin: string): string {
  const { detail, remedy } = describeFault(fault, origin);
  return `${detail}: ${remedy}`;
}
