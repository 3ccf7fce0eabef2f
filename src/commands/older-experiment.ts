/** What holds for experiments of the older program: they go on only when named, and only where their list is known. */
import { EXIT, LonghaulError, ExperimentChangedError } from '../errors';
import { UNFINISHED_STATUSES } from '../experiment';
import type { ExperimentRow } from '../store/experiments';
import { OLDER_PROGRAM } from '../store/upgrade/older-status';
import type { Store } from '../store/open-store';
import type { WantedExperiment } from './wanted-experiment';

/** Whether the older program left it unfinished and nobody has gone on with it since. */
export function isLeftByOlderProgram(row: ExperimentRow): boolean {
  return UNFINISHED_STATUSES.includes(row.status) && (row.status_reason ?? '').startsWith(OLDER_PROGRAM);
}

/** Throws when an experiment that an upgrade brought over cannot go on. */
export function assertResumable({ experiment_id: id, not_resumable: why }: ExperimentRow): void {
  if (why === null) return;
  throw new LonghaulError(
    `${id} is of the older program and cannot go on: ${why}. Its results stay as they are. ` +
      'To ask the same anew: client start --config FILE --new',
    EXIT.changed,
  );
}

/**
 * The experiment of the older program that asked exactly what is wanted; undefined = none. Throws ExperimentChangedError
 * when it is unfinished, because it goes on only when it is named.
 */
export function sameOlderExperiment(
  store: Store,
  wanted: WantedExperiment,
  replicate: number,
): ExperimentRow | undefined {
  const row = store.experiments
    .listByName(wanted.frozen.name)
    .find((each) => each.fingerprint === wanted.fingerprint && each.replicate === replicate);
  if (row === undefined || !isLeftByOlderProgram(row)) return row;
  throw new ExperimentChangedError(
    row.experiment_id,
    [
      `An unfinished experiment "${row.experiment_name}" of the older program asks the same.`,
      `To go on with it: client resume ${row.experiment_id}`,
      'To begin a new one: client start --config FILE --new',
    ].join('\n'),
  );
}
