import { openBatchWindow } from '../experiment';
import type { ExperimentModel } from './experiment-model';
import { mostAtOnePlace } from './wanted-concurrency';

/** Batches of an experiment that may be open at once: enough for the most calls that all its servers together may take. */
export function batchWindowOf({ settings, endpoints }: ExperimentModel, batchSize: number): number {
  return openBatchWindow(mostAtOnePlace(settings) * endpoints.length, batchSize);
}
