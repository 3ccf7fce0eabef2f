/** Finds the experiment that a command means. */
import { ExperimentNotFoundError } from '../errors';
import type { ExperimentRow } from '../store/experiments';
import type { Store } from '../store/open-store';

/** The experiment of this id, or the newest where none is named. Throws ExperimentNotFoundError. */
export function findExperiment(store: Store, experimentId: string | undefined): ExperimentRow {
  const row = experimentId === undefined ? store.experiments.latest() : store.experiments.get(experimentId);
  if (row !== undefined) return row;
  if (experimentId === undefined) throw noExperiments(store.file);
  const known = store.experiments.list().slice(0, 5);
  const names = known.map((each) => each.experiment_id).join(', ');
  throw new ExperimentNotFoundError(
    `No experiment ${experimentId} in ${store.file}. ` +
      (known.length === 0
        ? 'It holds none. Begin one with `client start --config FILE`.'
        : `The newest there: ${names}. \`client list\` shows all.`),
  );
}

/** The error for a results file that is missing or holds no experiment. */
export function noExperiments(resultsFile: string): ExperimentNotFoundError {
  return new ExperimentNotFoundError(
    `There is no experiment in ${resultsFile} yet. Begin one with \`client start --config FILE\`, or name another file with --db.`,
  );
}
