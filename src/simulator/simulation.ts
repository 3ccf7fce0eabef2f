import type { CallLog } from './call-log';
import type { Capacity } from './capacity';
import type { Dialect, ServerFacts } from './dialects/dialect';
import type { FaultPlan } from './faults/fault-plan';
import type { FaultTimes } from './faults/fault-times';
import type { LatencyDistribution } from './latency';
import type { Lifespan } from './lifespan';
import type { MinuteLimits } from './minute-limits';
import type { Outage } from './outage';

/** How a server with no slot and no place in its queue says so: row 48. */
export type Refusal = '429' | '503';

/** All that a running simulated server consists of. */
export interface Simulation {
  seed: number;
  latency: LatencyDistribution;
  dialect: Dialect;
  facts: ServerFacts;
  times: FaultTimes;
  refusal: Refusal;
  capacity: Capacity;
  lifespan: Lifespan;
  limits: MinuteLimits;
  outage: Outage;
  log: CallLog;
  /** Replaced when other faults are asked for. */
  plan: FaultPlan;
  /** Aborted = the server closes. */
  closing: AbortSignal;
}
