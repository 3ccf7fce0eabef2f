import type { ErrorCategory } from '../experiment';

/** What a fault says about further calls: try again, give up on this narrative, or stop the experiment. */
export type FaultKind = 'transient' | 'narrative' | 'experiment';

/** The facts of a fault; what is left out is null or false. */
export interface CallFaultFacts {
  kind: FaultKind;
  category: ErrorCategory;
  httpStatus?: number | null;
  code?: string | null;
  serverMessage?: string | null;
  retryAfterMs?: number | null;
  cannotConnect?: boolean;
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
  /** Calls made for the narrative when this fault ended them. */
  calls = 1;

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
  }
}
