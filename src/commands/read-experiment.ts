/** Opens the results file for a command that only looks at one experiment. */
import type { ExperimentRow } from '../store/experiments';
import { openStoreForReading, type Store } from '../store/open-store';
import { findExperiment, noExperiments } from './find-experiment';

/** Hands over the experiment; the latest where none is named. Throws ExperimentNotFoundError. */
export async function readExperiment<T>(
  resultsFile: string,
  experimentId: string | undefined,
  read: (store: Store, row: ExperimentRow) => T | Promise<T>,
): Promise<T> {
  const store = openStoreForReading(resultsFile);
  if (store === null) throw noExperiments(resultsFile);
  try {
    return await read(store, findExperiment(store, experimentId));
  } finally {
    store.close();
  }
}
