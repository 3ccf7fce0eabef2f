/**
 * Stands before the calls to one endpoint. When calls fail as if the server were gone, it closes: nothing is sent, one
 * probe goes out at growing intervals, and it opens by itself. Then the narratives that were in flight when the server
 * went are asked alone, one at a time (suspects.ts), before all others go on.
 *
 * How it is used, for each call: `tryEnter(key)`; if that is refused, try again after the next `onWake`; after the call
 * `leave(key, end)`. When the narrative is settled or given up: `forget(key)`.
 */
import { setTimeout as sleepFor } from 'node:timers/promises';
import type { CallFault } from './call-fault';
import { probeDelayMs } from './probe-delay';
import { mayHaveHarmed, RecentCalls } from './recent-calls';
import { Suspects } from './suspects';

/** A server that asks for a wait of at least this long counts as gone until then. */
const LONG_WAIT_MS = 10_000;

/** What others see of a gate. Times are UTC. */
export interface GateState {
  isOpen: boolean;
  /** When it closed; null = it is open. */
  closedAt: string | null;
  /** Fixed text; null = it is open. */
  lastError: string | null;
  /** null = it is open, or a probe is under way. */
  nextProbeAt: string | null;
}

/** Where time comes from; tests give their own. */
export interface GateClock {
  now(): Date;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** The machine's clock. */
export const systemGateClock: GateClock = {
  now: () => new Date(),
  sleep: (ms, signal) => sleepFor(ms, undefined, { signal }),
};

export interface GateOptions {
  /** Makes a tiny call; throws CallFault when the server is not back. */
  probe: () => Promise<void>;
  /** Told of each change, and of each probe that failed. */
  onChange: (state: GateState) => void;
  /** Told whenever somebody who was refused may be let go. */
  onWake?: () => void;
  clock?: GateClock;
}

/** How a call ended: with a reply of whatever content, or with a fault. */
export type CallEnd = CallFault | 'reply';

/** What the end of a call means: `again` = it counts for nothing, ask again; `condemned` = it brings the server down. */
export type LeaveVerdict = 'counts' | 'again' | 'condemned';

const OPEN: GateState = { isOpen: true, closedAt: null, lastError: null, nextProbeAt: null };

export class Gate {
  private current: GateState = OPEN;
  private readonly recent = new RecentCalls();
  private readonly suspects = new Suspects();
  /** Narratives that are neither settled nor given up. */
  private readonly cases = new Set<string>();
  /** Calls under way, by narrative. */
  private readonly flying = new Set<string>();
  /** The suspect whose turn it is; null = nobody's. */
  private alone: string | null = null;
  private waiting: (() => void)[] = [];
  private readonly heard = new WeakSet<AbortSignal>();
  private readonly closing = new AbortController();
  private readonly clock: GateClock;

  constructor(private readonly options: GateOptions) {
    this.clock = options.clock ?? systemGateClock;
  }

  get state(): GateState {
    return this.current;
  }

  /** Whether nobody may go now. */
  get isShut(): boolean {
    return !this.current.isOpen || this.alone !== null || (!this.suspects.isEmpty && this.flying.size > 0);
  }

  /** Resolves when it is open; throws the reason of `stop`. */
  async untilOpen(stop: AbortSignal): Promise<void> {
    stop.throwIfAborted();
    while (!this.current.isOpen) {
      await this.untilChange(stop);
      stop.throwIfAborted();
    }
  }

  /** Notes that the call goes out now; `false` = it must not. */
  tryEnter(key: string): boolean {
    if (!this.mayGo(key)) return false;
    this.cases.add(key);
    this.flying.add(key);
    return true;
  }

  /** Notes how a call ended and says what that means for its narrative. */
  leave(key: string, end: CallEnd): LeaveVerdict {
    this.flying.delete(key);
    const wasAlone = this.alone === key;
    this.alone = wasAlone ? null : this.alone;
    const verdict = this.judge(key, end, wasAlone);
    this.wake();
    return verdict;
  }

  /** Takes a narrative that is settled or given up out of all accounts. */
  forget(key: string): void {
    this.cases.delete(key);
    this.flying.delete(key);
    this.suspects.clear(key);
    if (this.alone === key) this.alone = null;
    this.wake();
  }

  /** Closes it because of a fault met elsewhere, as before the first call; no effect on a closed one. */
  closeBecauseOf(fault: CallFault): void {
    if (this.current.isOpen) this.close(fault);
  }

  /** Ends the probing; the gate is of no use afterwards. */
  dispose(): void {
    this.closing.abort();
  }

  private mayGo(key: string): boolean {
    if (!this.current.isOpen) return false;
    if (this.suspects.isEmpty) return true;
    if (!this.suspects.has(key) || this.isShut) return false;
    this.alone = key;
    return true;
  }

  private judge(key: string, end: CallEnd, wasAlone: boolean): LeaveVerdict {
    if (end === 'reply' || end.kind !== 'transient') {
      this.recent.add(key, null);
      this.suspects.clear(key);
      return 'counts';
    }
    this.recent.add(key, end);
    const reachedServer = mayHaveHarmed(end);
    if (wasAlone && reachedServer) {
      const isCondemned = this.suspects.strike(key);
      this.close(end);
      return isCondemned ? 'condemned' : 'again';
    }
    if (this.current.isOpen && (this.recent.lookGone() || (end.retryAfterMs ?? 0) >= LONG_WAIT_MS)) {
      for (const other of this.recent.harmfulKeys()) if (this.cases.has(other)) this.suspects.add(other);
      this.close(end);
    }
    if (this.current.isOpen) return 'counts';
    if (reachedServer) this.suspects.add(key);
    return 'again';
  }

  private close(fault: CallFault): void {
    if (!this.current.isOpen) return;
    this.recent.clear();
    this.change({
      isOpen: false,
      closedAt: this.clock.now().toISOString(),
      lastError: fault.message,
      nextProbeAt: null,
    });
    void this.probeUntilBack(fault);
  }

  private async probeUntilBack(first: CallFault): Promise<void> {
    const { signal } = this.closing;
    let fault: CallFault = first;
    for (let failed = 0; ; failed += 1) {
      const delayMs = probeDelayMs(failed, fault);
      const nextProbeAt = new Date(this.clock.now().getTime() + delayMs).toISOString();
      this.change({ ...this.current, lastError: fault.message, nextProbeAt });
      await this.clock.sleep(delayMs, signal).catch(() => {});
      if (signal.aborted) return;
      this.change({ ...this.current, nextProbeAt: null });
      const stillGone = await this.probeOnce();
      if (signal.aborted) return;
      if (stillGone === null) break;
      fault = stillGone;
    }
    this.change(OPEN);
    this.wake();
  }

  /** null = the server is back: it replies, or refuses what was asked and not the caller. */
  private async probeOnce(): Promise<CallFault | null> {
    try {
      await this.options.probe();
      return null;
    } catch (error) {
      const fault = error as CallFault;
      return fault.kind === 'transient' ? fault : null;
    }
  }

  private change(state: GateState): void {
    this.current = state;
    this.options.onChange(state);
  }

  /** All waiters of a signal share one listener. */
  private untilChange(stop: AbortSignal): Promise<void> {
    if (!this.heard.has(stop)) {
      this.heard.add(stop);
      stop.addEventListener('abort', () => this.wake(), { once: true });
    }
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  private wake(): void {
    const waiting = this.waiting;
    this.waiting = [];
    for (const wake of waiting) wake();
    this.options.onWake?.();
  }
}
