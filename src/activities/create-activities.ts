/** The activities of a worker, bound to what they work with and fenced by the failure boundary. */
import type {
  BatchReference,
  ListOpenBatchesInput,
  RequestRetryInput,
  StopExperimentInput,
} from '../experiment';
import type { ActivityDependencies } from './dependencies';
import * as experiment from './experiment-activities';
import { withFailureBoundary } from './failure';
import { labelBatch } from './label-batch';
import { preflight } from './preflight';

/** The activities as workflows see them: ids, numbers and counts in, counts out. */
export type Activities = ReturnType<typeof createActivities>;

/** Makes the activities for one worker process. */
export function createActivities(dependencies: ActivityDependencies) {
  const { store } = dependencies;
  return {
    openExperiment: (experimentId: string) =>
      withFailureBoundary('openExperiment', () => experiment.openExperiment(dependencies, experimentId)),
    preflight: (experimentId: string) =>
      withFailureBoundary('preflight', () => preflight(dependencies, experimentId)),
    listOpenBatches: (input: ListOpenBatchesInput) =>
      withFailureBoundary('listOpenBatches', () => experiment.listOpenBatches(store, input)),
    labelBatch: (batch: BatchReference) =>
      withFailureBoundary('labelBatch', () => labelBatch(dependencies, batch)),
    recordProgress: (experimentId: string) =>
      withFailureBoundary('recordProgress', () => experiment.recordProgress(store, experimentId)),
    finishPass: (experimentId: string, pass: number) =>
      withFailureBoundary('finishPass', () => experiment.finishPass(store, experimentId, pass)),
    requestRetry: (input: RequestRetryInput) =>
      withFailureBoundary('requestRetry', () => experiment.requestRetry(store, input)),
    finishExperiment: (experimentId: string) =>
      withFailureBoundary('finishExperiment', () => experiment.finishExperiment(store, experimentId)),
    stopExperiment: (input: StopExperimentInput) =>
      withFailureBoundary('stopExperiment', () => experiment.stopExperiment(store, input)),
  };
}
