/** Says in fixed words why no narrative of an experiment can be asked, and what to do. */
import type { CallFault } from '../llm/call-fault';

/** One sentence for the status of the experiment; quotes nothing that the server said. */
export function blockedBy(fault: CallFault, origin: string): string {
  if (fault.cannotConnect) {
    return `the model server ${origin} cannot be reached (${fault.message}): start it, or mend model.api_url`;
  }
  switch (fault.httpStatus ?? 0) {
    case 401:
    case 403:
      return `the model server ${origin} refuses the key (HTTP ${fault.httpStatus}): check model.api_key_env`;
    case 402:
      return `the model server ${origin} asks for payment (HTTP 402): check the account's credit`;
    case 404:
      return `the model server ${origin} does not know the model or the path (HTTP 404): check model.name and model.api_url`;
    default:
      return `the model server ${origin} cannot be used (${fault.message})`;
  }
}
