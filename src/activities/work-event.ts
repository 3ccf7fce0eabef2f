/**
 * What a worker tells those who watch it: metrics, traces and the log. Ids, counts, codes and times, never a text, prompt,
 * reply or key.
 */
import type { BatchOutcome, BatchReference, ErrorCategory, ExperimentOutcome } from '../experiment';
import type { ResultToSave } from '../store/results';
import type { NarrativeOutcome } from './label-narrative';

/** Which narrative, in which batch of which pass. */
export interface NarrativePlace extends BatchReference {
  /** 0-based, in the frozen list. */
  position: number;
  narrativeId: number;
}

/** What went wrong with a call or a narrative. */
export interface FaultFacts {
  category: ErrorCategory;
  /** null = the category says all. */
  code: string | null;
  httpStatus: number | null;
}

/** A result that is durable. */
export interface SavedFacts {
  experimentId: string;
  pass: number;
  position: number;
  narrativeId: number;
  endpoint: string;
  /** Calls that it took. */
  calls: number;
  /** Of the last of them. */
  responseMs: number;
  /** null = it is an answer. */
  fault: FaultFacts | null;
  /** null = the server did not tell. */
  promptTokens: number | null;
  completionTokens: number | null;
}

/** One thing that a worker has just done. */
export type WorkEvent =
  | { kind: 'experiment_opened'; experimentId: string }
  | { kind: 'experiment_stopped'; experimentId: string; outcome: ExperimentOutcome }
  | { kind: 'batch_began'; batch: BatchReference }
  /** `outcome` null = it failed, and Temporal tries it again or the experiment pauses. */
  | { kind: 'batch_ended'; batch: BatchReference; outcome: BatchOutcome | null; tookMs: number }
  | { kind: 'narrative_began'; place: NarrativePlace }
  | { kind: 'narrative_ended'; place: NarrativePlace; outcome: NarrativeOutcome }
  /** A call came to its end; one that counts for nothing, because the server went, is told too. */
  | { kind: 'call'; place: NarrativePlace; endpoint: string; tookMs: number; fault: FaultFacts | null }
  /** Results were written in one transaction. */
  | { kind: 'commit'; saved: readonly SavedFacts[]; tookMs: number };

/** Takes note of an event; it must neither throw nor wait. */
export type WorkObserver = (event: WorkEvent) => void;

/** What may be told of a result: all but what it says. */
export function savedFactsOf(result: ResultToSave): SavedFacts {
  const { experimentId, pass, position, narrativeId, endpoint, calls, responseMs, outcome, reply } = result;
  return {
    experimentId,
    pass,
    position,
    narrativeId,
    endpoint,
    calls,
    responseMs,
    fault: outcome.kind === 'error' ? faultFactsOf(outcome) : null,
    promptTokens: reply?.promptTokens ?? null,
    completionTokens: reply?.completionTokens ?? null,
  };
}

/** What may be told of a fault: all but its message. */
export function faultFactsOf({ category, code, httpStatus }: FaultFacts): FaultFacts {
  return { category, code, httpStatus };
}
