/**
 * What all experiments of one model server share in a worker: the limiter of calls in flight, the gate that closes when
 * the server is gone, and the deadline of a call. Tells the experiments that are at work here when they have to wait.
 */
import { CallDeadline } from '../llm/call-deadline';
import { Gate, type GateState } from '../llm/gate';
import { CallLimiter } from '../llm/limiter';

/** What an endpoint is made with. */
export interface EndpointOptions {
  concurrency: number;
  /** The longest that a call may take; `learnsTimeout` = what the server shows may shorten it. */
  timeoutMs: number;
  learnsTimeout: boolean;
  /** Makes a tiny call; throws CallFault. */
  probe: () => Promise<void>;
  /** Told for each experiment at work whenever the gate changes, and when it comes to a closed one. */
  onGate: (experimentId: string, state: GateState) => void;
}

export class Endpoint {
  readonly limiter: CallLimiter;
  readonly gate: Gate;
  readonly deadline: CallDeadline;
  /** Activities at work here, by experiment. */
  private readonly working = new Map<string, number>();

  constructor(private readonly options: EndpointOptions) {
    this.limiter = new CallLimiter(options.concurrency);
    this.deadline = new CallDeadline(options.timeoutMs, options.learnsTimeout);
    this.gate = new Gate({
      probe: options.probe,
      onChange: (state) => {
        for (const experimentId of this.working.keys()) options.onGate(experimentId, state);
      },
    });
  }

  /** Runs an activity of an experiment that makes calls here. */
  async whileWorking<T>(experimentId: string, work: () => Promise<T>): Promise<T> {
    this.working.set(experimentId, (this.working.get(experimentId) ?? 0) + 1);
    if (!this.gate.state.isOpen) this.options.onGate(experimentId, this.gate.state);
    try {
      return await work();
    } finally {
      const left = this.working.get(experimentId)! - 1;
      if (left === 0) this.working.delete(experimentId);
      else this.working.set(experimentId, left);
    }
  }
}
