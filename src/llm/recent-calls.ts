/** How the last calls to an endpoint ended, and whether they look as if the server were gone. */
import type { CallFault } from './call-fault';

/** So many transient faults in a row, or half of so many calls, look like a server that is gone. */
const GONE_IN_A_ROW = 5;
const WINDOW = 20;

export class RecentCalls {
  private calls: { key: string; fault: CallFault | null }[] = [];
  private inARow = 0;

  /** Notes the end of a call; null = no transient fault. */
  add(key: string, fault: CallFault | null): void {
    this.inARow = fault === null ? 0 : this.inARow + 1;
    this.calls.push({ key, fault });
    if (this.calls.length > WINDOW) this.calls.shift();
  }

  /** Whether the server seems to be gone. */
  lookGone(): boolean {
    const faults = this.calls.filter(({ fault }) => fault !== null).length;
    return this.inARow >= GONE_IN_A_ROW || (this.calls.length === WINDOW && faults >= WINDOW / 2);
  }

  /** Narratives of the current run of faults whose calls had reached the server. */
  harmfulKeys(): string[] {
    const run = this.inARow === 0 ? [] : this.calls.slice(-this.inARow);
    return run.filter(({ fault }) => fault !== null && mayHaveHarmed(fault)).map(({ key }) => key);
  }

  /** Begins anew. */
  clear(): void {
    this.calls = [];
    this.inARow = 0;
  }
}

/** Whether the call had reached the server and may have harmed it: neither refused nor asked to wait. */
export function mayHaveHarmed(fault: CallFault): boolean {
  return !fault.cannotConnect && fault.category !== 'rate_limit' && fault.retryAfterMs === null;
}
