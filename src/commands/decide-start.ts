/** What a start does, given the experiments that are there: go on, begin a new one, or nothing. Reads SQLite only. */
import { listDecisiveDifferences } from '../config/difference';
import { experimentIdOf } from '../config/fingerprint';
import type { FrozenConfig } from '../config/frozen-config';
import { EXIT, ExperimentChangedError, type ExitCode } from '../errors';
import { UNFINISHED_STATUSES } from '../experiment';
import type { ExperimentRow } from '../store/experiments';
import type { Store } from '../store/open-store';
import { assertResumable, sameOlderExperiment } from './older-experiment';
import { describeTextsDifference } from './check-source';
import type { WantedExperiment } from './wanted-experiment';

/** `run` goes on with an experiment or, with `create`, makes it first; `nothing` ends with an exit code. */
export type StartDecision =
  | { kind: 'run'; experimentId: string; create: boolean; replicate: number }
  | { kind: 'nothing'; experimentId: string; exitCode: ExitCode; message: string };

/** How the user qualified a start. */
export interface StartQualifiers {
  replicate: number;
  /** `--new`: a new experiment even where one is there. */
  isNew: boolean;
}

/** Decides a start. Throws ExperimentChangedError when an unfinished experiment of the name is another one. */
export function decideStart(
  store: Store | null,
  wanted: WantedExperiment,
  { replicate, isNew }: StartQualifiers,
): StartDecision {
  const { name } = wanted.frozen;
  const idOf = (each: number): string => experimentIdOf(name, wanted.fingerprint, each);
  const existing =
    store?.experiments.get(idOf(replicate)) ??
    (store !== null && !isNew ? sameOlderExperiment(store, wanted, replicate) : undefined);
  if (isNew && store !== null) {
    let free = replicate;
    while (store.experiments.get(idOf(free)) !== undefined) free += 1;
    return { kind: 'run', experimentId: idOf(free), create: true, replicate: free };
  }
  if (existing !== undefined) return decideExisting(store!, existing);
  refuseIfChanged(store, wanted);
  return { kind: 'run', experimentId: idOf(replicate), create: true, replicate };
}

/** Decides what to do with an experiment that is there, by its status. */
export function decideExisting(store: Store, row: ExperimentRow): StartDecision {
  const { experiment_id: experimentId } = row;
  const nothing = (exitCode: ExitCode, message: string): StartDecision => ({
    kind: 'nothing',
    experimentId,
    exitCode,
    message,
  });
  switch (row.status) {
    case 'completed':
      return nothing(EXIT.completed, `No remaining work: ${experimentId} is completed.`);
    case 'completed_with_errors':
      if (store.passes.current(experimentId) !== null) break;
      return nothing(
        EXIT.completedWithErrors,
        `No remaining work: ${experimentId} is completed with ${row.n_errors} errors. ` +
          `To ask those again: client resume ${experimentId} --retry-errors`,
      );
    case 'cancelled':
    case 'failed':
      return nothing(
        EXIT.stopped,
        `${experimentId} is ${row.status}${row.status_reason === null ? '' : ` (${row.status_reason})`}. ` +
          `To go on with it: client resume ${experimentId}. To begin anew: client start --config FILE --new`,
      );
    case 'pending':
    case 'running':
    case 'waiting_llm':
    case 'paused':
      break;
  }
  assertResumable(row);
  return { kind: 'run', experimentId, create: false, replicate: row.replicate };
}

function refuseIfChanged(store: Store | null, wanted: WantedExperiment): void {
  const unfinished = store?.experiments
    .listByName(wanted.frozen.name)
    .find((row) => UNFINISHED_STATUSES.includes(row.status) && row.fingerprint !== wanted.fingerprint);
  if (unfinished === undefined) return;
  throw new ExperimentChangedError(
    unfinished.experiment_id,
    [
      `An unfinished experiment "${wanted.frozen.name}" differs from this config:`,
      ...describeDrift(store!, unfinished, wanted).map((line) => `  ${line}`),
      `To go on with the unfinished one as it was: client resume ${unfinished.experiment_id}`,
      'To begin a new one with this config: client start --config FILE --new',
    ].join('\n'),
  );
}

/** What makes it another experiment: fields, prompts as word diffs (they are the user's own), texts by id. */
function describeDrift(store: Store, row: ExperimentRow, wanted: WantedExperiment): string[] {
  const { source } = wanted;
  const differences = listDecisiveDifferences(
    { frozen: JSON.parse(row.frozen_config) as FrozenConfig, textsSha256: row.texts_sha256 },
    { frozen: wanted.frozen, textsSha256: source.textsSha256 },
  );
  const narratives =
    source.kind === 'file' ? source.dataset.narratives : store.datasets.narratives(source.datasetId, null);
  return differences.flatMap(({ key, summary, words }) => {
    const details = key === 'texts' ? describeTextsDifference(store, row, narratives) : words?.split('\n');
    const what = key === 'texts' ? `${summary} in ${wanted.config.data.file}` : summary;
    return [what, ...(details ?? []).map((line) => `    ${line}`)];
  });
}
