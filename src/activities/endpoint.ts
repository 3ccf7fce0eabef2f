/**
 * What all experiments of one model server share in a worker: its slots, the gate that closes when the server is gone,
 * the deadline of a call, the limits of a minute, and the search for how many calls at once it takes. Tells the
 * experiments that are at work here when they have to wait, and when that number changes.
 */
import type { CallFault } from '../llm/call-fault';
import { CallDeadline } from '../llm/call-deadline';
import { CallSlots } from '../llm/call-slots';
import { ConcurrencySearch, type ConcurrencyChange } from '../llm/concurrency-search';
import { Gate, type GateState, type LeaveVerdict } from '../llm/gate';
import { overloadOf } from '../llm/overload';
import { RateLimit } from '../llm/rate-limit';
import type { WantedConcurrency } from './wanted-concurrency';

/** What an endpoint is made with. */
export interface EndpointOptions {
  /** The longest that a call may take; `learnsTimeout` = what the server shows may shorten it. */
  timeoutMs: number;
  learnsTimeout: boolean;
  /** How many calls at once were found to be of use before; null = not known. */
  remembered: () => number | null;
  /** Makes a tiny call; throws CallFault. */
  probe: () => Promise<void>;
  /** Told for each experiment at work whenever the gate changes, and when it comes to a closed one. */
  onGate: (experimentId: string, state: GateState) => void;
  /** Told for each experiment at work that leaves the number of calls at once to us. */
  onConcurrency: (experimentId: string, change: ConcurrencyChange) => void;
}

/** A call that has its slot: when it began, and for which narrative. */
export interface FlyingCall {
  key: string;
  startedAtMs: number;
}

interface AtWork {
  activities: number;
  wanted: WantedConcurrency;
}

export class Endpoint {
  readonly slots: CallSlots;
  readonly gate: Gate;
  readonly deadline: CallDeadline;
  readonly rate = new RateLimit({ requestsPerMinute: null, tokensPerMinute: null });
  private search: ConcurrencySearch | null = null;
  private readonly working = new Map<string, AtWork>();

  constructor(private readonly options: EndpointOptions) {
    this.deadline = new CallDeadline(options.timeoutMs, options.learnsTimeout);
    this.gate = new Gate({
      probe: options.probe,
      onChange: (state) => {
        for (const experimentId of this.working.keys()) options.onGate(experimentId, state);
      },
      onWake: () => this.slots.fill(),
    });
    this.slots = new CallSlots(1, this.gate);
  }

  /** Runs an activity of an experiment that makes calls here. */
  async whileWorking<T>(experimentId: string, wanted: WantedConcurrency, work: () => Promise<T>): Promise<T> {
    const activities = (this.working.get(experimentId)?.activities ?? 0) + 1;
    this.working.set(experimentId, { activities, wanted });
    this.applyWanted();
    if (!this.gate.state.isOpen) this.options.onGate(experimentId, this.gate.state);
    try {
      return await work();
    } finally {
      const atWork = this.working.get(experimentId)!;
      atWork.activities -= 1;
      if (atWork.activities === 0) this.working.delete(experimentId);
      this.applyWanted();
    }
  }

  /** Takes over another wish of an experiment that is at work here. */
  setWanted(experimentId: string, wanted: WantedConcurrency): void {
    const atWork = this.working.get(experimentId);
    if (atWork === undefined) return;
    atWork.wanted = wanted;
    this.applyWanted();
  }

  /** Takes note of a reply of whatever content; `tokens` = those it is made of, null = not told. */
  noteReply({ key, startedAtMs }: FlyingCall, tokens: number | null): void {
    const atMs = performance.now();
    const tookMs = atMs - startedAtMs;
    const isFull = this.slots.inFlight >= this.slots.allowed;
    this.deadline.note(tookMs);
    this.gate.leave(key, 'reply');
    this.tell(this.search?.noteReply({ tokens, tookMs, atMs, isFull }) ?? null);
  }

  /** Takes note of a call that failed, and says what that means for its narrative. */
  noteFault({ key, startedAtMs }: FlyingCall, fault: CallFault): LeaveVerdict {
    const kind = overloadOf(fault);
    const facts = { startedAtMs, atMs: performance.now(), inFlight: this.slots.inFlight };
    const verdict = this.gate.leave(key, fault);
    if (kind !== null) {
      const { retryAfterMs } = fault;
      this.tell(this.search?.noteOverload({ kind, retryAfterMs, ...facts }) ?? null);
    }
    return verdict;
  }

  private tell(change: ConcurrencyChange | null): void {
    this.setSlots();
    if (change === null) return;
    for (const [experimentId, { wanted }] of this.working) {
      if (wanted.concurrency === 'auto') this.options.onConcurrency(experimentId, change);
    }
  }

  private applyWanted(): void {
    const bounds = [...this.working.values()].filter(({ wanted }) => wanted.concurrency === 'auto');
    if (bounds.length > 0) {
      const most = Math.max(...bounds.map(({ wanted }) => wanted.most));
      this.search ??= new ConcurrencySearch({ most, remembered: this.options.remembered() });
      this.tell(this.search.setMost(most));
    } else this.setSlots();
  }

  /** As many as are of use or, where nobody leaves that to us, as the most that an experiment at work asks for. */
  private setSlots(): void {
    const wishes = [...this.working.values()].map(({ wanted: { concurrency } }) =>
      concurrency === 'auto' ? this.search!.allowed : concurrency,
    );
    if (wishes.length > 0) this.slots.setAllowed(Math.max(...wishes));
  }
}
