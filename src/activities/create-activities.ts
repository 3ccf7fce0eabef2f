/** The activities of a worker, bound to what they work with and fenced by the failure boundary. */
import type {
  BatchReference,
  ExperimentOutcome,
  ListOpenBatchesInput,
  OpenedExperiment,
  RequestRetryInput,
  StopExperimentInput,
} from '../experiment';
import type { ActivityDependencies } from './dependencies';
import { betweenParts } from './between-parts';
import * as experiment from './experiment-activities';
import { fileNotInPlace, withFailureBoundary } from './failure';
import { finishExperiment } from './finish-experiment';
import { labelBatch } from './label-batch';
import { observeBatch } from './observe-batch';
import { preflight } from './preflight';

/** The activities as workflows see them: ids, numbers and counts in, counts out. */
export type Activities = ReturnType<typeof createActivities>;

/** Makes the activities for one worker process. */
export function createActivities(dependencies: ActivityDependencies) {
  const { store, attributes, observe } = dependencies;
  const guarded = <T>(activity: string, work: () => T | Promise<T>): Promise<T> =>
    withFailureBoundary(activity, () => {
      if (!dependencies.isFileInPlace()) throw fileNotInPlace();
      return work();
    });
  const rowOf = (experimentId: string) => store.experiments.get(experimentId)!;
  const stopped = (experimentId: string, outcome: ExperimentOutcome): ExperimentOutcome => {
    observe({ kind: 'experiment_stopped', experimentId, outcome });
    return { ...outcome, searchAttributes: attributes.now(rowOf(experimentId)) };
  };
  return {
    openExperiment: (experimentId: string) =>
      guarded('openExperiment', (): OpenedExperiment => {
        const opened = experiment.openExperiment(dependencies, experimentId);
        observe({ kind: 'experiment_opened', experimentId });
        return { ...opened, searchAttributes: attributes.now(rowOf(experimentId)) };
      }),
    preflight: (experimentId: string) => guarded('preflight', () => preflight(dependencies, experimentId)),
    listOpenBatches: (input: ListOpenBatchesInput) =>
      guarded('listOpenBatches', () => experiment.listOpenBatches(store, input)),
    labelBatch: (batch: BatchReference) =>
      guarded('labelBatch', async () => {
        const outcome = await observeBatch(observe, batch, () => labelBatch(dependencies, batch));
        if (outcome.left === 0) dependencies.backups.noteFinishedBatch(batch.experimentId);
        return { ...outcome, progress: experiment.recordProgress(dependencies, batch.experimentId) };
      }),
    /** Histories of older versions call it after each batch. */
    recordProgress: (experimentId: string) =>
      guarded('recordProgress', () => experiment.recordProgress(dependencies, experimentId)),
    finishPass: (experimentId: string, pass: number) =>
      guarded('finishPass', () => experiment.finishPass(store, experimentId, pass)),
    requestRetry: (input: RequestRetryInput) =>
      guarded('requestRetry', () => experiment.requestRetry(store, input)),
    finishExperiment: (experimentId: string) =>
      guarded('finishExperiment', async () => {
        const between = betweenParts(dependencies.stopping);
        return stopped(experimentId, await finishExperiment(store, experimentId, between));
      }),
    stopExperiment: (input: StopExperimentInput) =>
      guarded('stopExperiment', () => stopped(input.experimentId, experiment.stopExperiment(store, input))),
  };
}
