import type { CallFault } from '../llm/call-fault';

/** Thrown when no narrative of the experiment can be asked; no row was written. */
export class ModelUnusable extends Error {
  constructor(readonly fault: CallFault) {
    super(fault.message);
    this.name = 'ModelUnusable';
  }
}
