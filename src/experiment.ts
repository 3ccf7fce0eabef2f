/**
 * The nouns of Longhaul and the ids that name them in Temporal. Imported by everything, workflows included;
 * imports nothing.
 */

/** The states of an experiment; ARCHITECTURE.md tells how one becomes another. */
export const EXPERIMENT_STATUSES = [
  'pending',
  'running',
  'waiting_llm',
  'paused',
  'completed',
  'completed_with_errors',
  'failed',
  'cancelled',
] as const;
export type ExperimentStatus = (typeof EXPERIMENT_STATUSES)[number];

/** States in which a workflow works, or is about to. */
export const WORKING_STATUSES: readonly ExperimentStatus[] = ['pending', 'running', 'waiting_llm'];

/** States in which an experiment has work left that a `start` or `resume` goes on with. */
export const UNFINISHED_STATUSES: readonly ExperimentStatus[] = [...WORKING_STATUSES, 'paused'];

/** Why a narrative has an error instead of an answer. */
export const ERROR_CATEGORIES = [
  'timeout',
  'connection',
  'rate_limit',
  'http_4xx',
  'http_5xx',
  'api_error',
  'empty_content',
  'parse',
  'schema',
  'refusal',
  'truncated',
  'content_filter',
  'context_overflow',
  'too_large',
] as const;
export type ErrorCategory = (typeof ERROR_CATEGORIES)[number];

/**
 * A batch stays open until the slowest of its texts is answered, which takes many times as long as most: by Little's law
 * about 5 batches a full set of slots stand open for that with lognormal latencies of sigma 0.8, and up to twice as many
 * for a while. Fewer would leave slots empty.
 */
const OPEN_FOR_EACH_FULL_BATCH = 12;
const SPARE_OPEN_BATCHES = 4;
/** A worker runs several experiments, and no more activities than it has room for. */
const MOST_OPEN_BATCHES = 60;

/** The workflow id of an experiment; at most one workflow with it runs at a time. */
export function workflowIdOf(experimentId: string): string {
  return `experiment/${experimentId}`;
}

/** The task queue of a results file, so that a worker never picks up work of another file. */
export function taskQueueOf(resultsFileId: string): string {
  return `longhaul-${resultsFileId}`;
}

/** How many batches may be open at once for so many calls in flight. */
export function openBatchWindow(concurrency: number, batchSize: number): number {
  const open = Math.ceil((OPEN_FOR_EACH_FULL_BATCH * concurrency) / batchSize) + SPARE_OPEN_BATCHES;
  return Math.min(open, Math.max(MOST_OPEN_BATCHES, Math.ceil(concurrency / batchSize) + SPARE_OPEN_BATCHES));
}

/** The batch that a position (0-based) of the frozen list belongs to; batch 0 comes first. */
export function batchOfPosition(position: number, batchSize: number): number {
  return Math.floor(position / batchSize);
}

/** What `runExperiment` is started with. */
export interface RunExperimentInput {
  experimentId: string;
  /** History events after which the workflow continues as new even where Temporal does not suggest it; tests lower it. */
  maxHistoryLength?: number;
}

/** What `openExperiment` tells the workflow about the work ahead. */
export interface OpenedExperiment {
  /** The pass to work on. */
  pass: number;
  nTotal: number;
  nCompleted: number;
  /** Batches that may be open at once. */
  window: number;
  /** What Temporal's list is to show; absent = the server does not know such columns. */
  searchAttributes?: ExperimentAttributes;
}

/** One batch of one pass of an experiment: the unit of scheduling. */
export interface BatchReference {
  experimentId: string;
  pass: number;
  batch: number;
}

/** What became of a batch; `left` narratives have no result because the batch was told to stop. */
export interface BatchOutcome {
  saved: number;
  errors: number;
  left: number;
  /** How the experiment stood when it ended; absent in results of older versions, which had an activity for it. */
  progress?: ExperimentProgress;
}

/** What the activity that adds a retry pass is asked. */
export interface RequestRetryInput extends RetryErrorsInput {
  experimentId: string;
}

/** Which open batches of a pass to list: the first `limit` in ascending order. */
export interface ListOpenBatchesInput {
  experimentId: string;
  pass: number;
  limit: number;
}

/** Names of the messages that a running workflow understands; the Web UI shows them too. */
export const PAUSE_SIGNAL = 'pause';
export const RESUME_SIGNAL = 'resume';
export const RETRY_ERRORS_UPDATE = 'retryErrors';
/** Sent by the worker when an experiment begins to wait for its model server, and when it goes on. */
export const PROGRESS_SIGNAL = 'progress';

/** The columns by which Temporal's list of workflows shows and filters experiments, with their types. */
export const SEARCH_ATTRIBUTES = {
  ExpStatus: 'KEYWORD',
  ExpName: 'KEYWORD',
  ExpModel: 'KEYWORD',
  ExpDone: 'INT',
  ExpErrors: 'INT',
} as const;

/** What Temporal's list shows of an experiment. */
export interface ExperimentAttributes {
  ExpStatus: ExperimentStatus;
  ExpName: string;
  ExpModel: string;
  /** Narratives with a result, error rows included. */
  ExpDone: number;
  ExpErrors: number;
}

/** Which errors a further pass asks again. */
export interface RetryErrorsInput {
  /** null = all. */
  categories: readonly ErrorCategory[] | null;
}

/** Why and how a workflow stops its experiment before the end. */
export interface StopExperimentInput {
  experimentId: string;
  status: 'paused' | 'cancelled';
  reason: string;
}

/** Type of the Temporal failure by which an activity says that no narrative of the experiment can be asked now. */
export const EXPERIMENT_BLOCKED = 'ExperimentBlocked';

/** Counts of an experiment as SQLite has them. */
export interface ExperimentProgress {
  nTotal: number;
  nCompleted: number;
  nErrors: number;
  /** null = no evidence yet. */
  narrativesPerMinute: number | null;
  /** UTC, ISO 8601; null = unknown. */
  estimatedCompletionTime: string | null;
  /** Batches that may be open at once from now on; absent in results of older versions. */
  window?: number;
  /** Absent in results of older versions, as is the reason. */
  status?: ExperimentStatus;
  reason?: string | null;
  /** What Temporal's list is to show from now on; absent = as before, or the server does not know such columns. */
  searchAttributes?: ExperimentAttributes;
}

/** How a workflow of an experiment ended. */
export interface ExperimentOutcome {
  status: ExperimentStatus;
  /** null = nothing to say. */
  reason: string | null;
  nTotal: number;
  nCompleted: number;
  nErrors: number;
  /** What Temporal's list is to show; absent = the server does not know such columns. */
  searchAttributes?: ExperimentAttributes;
}
