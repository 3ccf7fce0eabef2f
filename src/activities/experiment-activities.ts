/** The short database activities of an experiment's life: open, list, record, stop. */
import {
  type ExperimentOutcome,
  type ExperimentProgress,
  type ListOpenBatchesInput,
  type OpenedExperiment,
  type RequestRetryInput,
  type StopExperimentInput,
} from '../experiment';
import type { ExperimentRow } from '../store/experiments';
import type { Store } from '../store/open-store';
import { batchWindowOf } from './batch-window';
import type { ActivityDependencies } from './dependencies';
import { outcomeOf } from './outcome-of';
import { progressOf } from './progress-of';

/** Marks the experiment as running and says what lies ahead. */
export function openExperiment(
  { store, models }: Pick<ActivityDependencies, 'store' | 'models'>,
  experimentId: string,
): OpenedExperiment {
  const row = getExperiment(store, experimentId);
  const pass = store.passes.current(experimentId) ?? 0;
  if (row.status !== 'running') {
    store.inTransaction(() => store.experiments.setStatus(experimentId, 'running', null));
  }
  if (row.status !== 'running' || !store.progress.isMeasured(experimentId))
    store.progress.begin(experimentId);
  return {
    pass,
    nTotal: row.n_narratives_total,
    nCompleted: row.n_narratives_completed,
    window: batchWindowOf(models.of(experimentId), row.batch_size),
  };
}

/** Numbers of the batches with work left. */
export function listOpenBatches(store: Store, input: ListOpenBatchesInput): number[] {
  return store.passes.listOpenBatches(input.experimentId, input.pass, input.limit);
}

/** How an experiment stands, as SQLite has it, for the Web UI. */
export function recordProgress(
  { store, models, attributes }: Pick<ActivityDependencies, 'store' | 'models' | 'attributes'>,
  experimentId: string,
): ExperimentProgress {
  const row = getExperiment(store, experimentId);
  return {
    window: batchWindowOf(models.of(experimentId), row.batch_size),
    ...progressOf(row),
    searchAttributes: attributes.next(row),
  };
}

/** Ends a pass; gives the next one asked for, or null when there is none. */
export function finishPass(store: Store, experimentId: string, pass: number): number | null {
  store.passes.finish(experimentId, pass);
  return store.passes.current(experimentId);
}

/** Adds the pass that asks errors again, unless one is asked for already; gives how many it will ask. */
export function requestRetry(store: Store, { experimentId, categories }: RequestRetryInput): number {
  return store.inTransaction(() => {
    const { nRequested, isNew } = store.passes.requestRetry(experimentId, categories);
    if (isNew) store.events.add(experimentId, 'retry_requested', `${nRequested} narratives with an error`);
    return nRequested;
  });
}

/** Records that the experiment stops before its end, and why. */
export function stopExperiment(store: Store, input: StopExperimentInput): ExperimentOutcome {
  const { experimentId, status, reason } = input;
  return store.inTransaction(() => {
    store.progress.mark(experimentId);
    store.experiments.setStatus(experimentId, status, reason);
    store.events.add(experimentId, status, reason);
    return outcomeOf(getExperiment(store, experimentId));
  });
}

function getExperiment(store: Store, experimentId: string): ExperimentRow {
  const row = store.experiments.get(experimentId);
  if (row === undefined) throw new Error('the experiment of this workflow is not in the results file');
  return row;
}
