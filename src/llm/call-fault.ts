import type { ErrorCategory } from '../experiment';
import type { FaultRule } from './fault-rule';

/** What a fault says about further calls: try again, give up on this narrative, or stop the experiment. */
export type FaultKind = 'transient' | 'narrative' | 'experiment';

/**
 * What became of a narrative when its calls ended with a fault: `row` = it gets an error row, `pause` = the experiment
 * stops and no row is written, `wait` = the server is in trouble, so ask again later and write no row.
 */
export type FaultEnding = 'row' | 'pause' | 'wait';

/** The facts of a fault; what is left out is null or false. */
export interface CallFaultFacts {
  kind: FaultKind;
  category: ErrorCategory;
  httpStatus?: number | null;
  code?: string | null;
  serverMessage?: string | null;
  retryAfterMs?: number | null;
  cannotConnect?: boolean;
  rule?: FaultRule;
  parameter?: string | null;
}

const MAX_SERVER_MESSAGE_LENGTH = 500;

/**
 * A call that brought no reply worth reading. Its `message` is fixed text and fit for logs; it carries no cause,
 * because the errors of the HTTP library hold pieces of bodies.
 */
export class CallFault extends Error {
  readonly kind: FaultKind;
  readonly category: ErrorCategory;
  /** null = no HTTP reply came. */
  readonly httpStatus: number | null;
  /** The server's or the transport's own name for it. */
  readonly code: string | null;
  /** What the server said, up to 500 characters: may quote a text, so only for the results database, redacted. */
  readonly serverMessage: string | null;
  /** How long the server asks to wait; null = it does not say. */
  readonly retryAfterMs: number | null;
  /** true = no connection came about, so that every narrative would fare alike. */
  readonly cannotConnect: boolean;
  readonly rule: FaultRule;
  /** The parameter of the call that the server refuses; null = none is named. */
  readonly parameter: string | null;
  /** Calls made for the narrative when this fault ended them. */
  calls = 1;
  /** Set when the calls for a narrative have ended; null = they have not. */
  ending: FaultEnding | null = null;
  /** Why the experiment pauses, in fixed words, where the fault alone does not say it; else null. */
  pauseReason: string | null = null;

  constructor(message: string, facts: CallFaultFacts) {
    super(message);
    this.name = 'CallFault';
    this.kind = facts.kind;
    this.category = facts.category;
    this.httpStatus = facts.httpStatus ?? null;
    this.code = facts.code ?? null;
    this.serverMessage = facts.serverMessage?.slice(0, MAX_SERVER_MESSAGE_LENGTH) ?? null;
    this.retryAfterMs = facts.retryAfterMs ?? null;
    this.cannotConnect = facts.cannotConnect ?? false;
    this.rule = facts.rule ?? {};
    this.parameter = facts.parameter ?? null;
  }
}
