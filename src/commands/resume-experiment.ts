/** Goes on with an experiment as it was frozen, without its config file. */
import { requestRetry } from '../activities/experiment-activities';
import { checkHostAllowed, splitAllowedHosts } from '../config/allowed-hosts';
import type { EndpointConfig } from '../config/load-config';
import { EXIT, ExperimentNotFoundError, type ExitCode } from '../errors';
import { UNFINISHED_STATUSES, type ErrorCategory } from '../experiment';
import type { ExperimentRow } from '../store/experiments';
import { openStoreForReading, type Store } from '../store/open-store';
import type { CommandContext } from './command-context';
import { checkSource, type SourceCheck } from './check-source';
import { decideExisting, type StartDecision } from './decide-start';
import { describeFound } from './describe-found';
import { findExperiment, noExperiments } from './find-experiment';
import { printNothingToDo } from './experiment-outcome';
import { assertResumable, isLeftByOlderProgram } from './older-experiment';
import { readyResultsFile } from './ready-results-file';
import { takeOverLabels } from './take-over-labels';

/** What is asked for. */
export interface ResumeOptions {
  /** undefined = the latest that has work left. */
  experimentId: string | undefined;
  retryErrors: boolean;
  /** Which errors to ask again; null = all. */
  categories: readonly ErrorCategory[] | null;
}

/** Goes on with an experiment; with `retryErrors` its error rows are asked again. */
export async function resume(context: CommandContext, options: ResumeOptions): Promise<ExitCode> {
  await readyResultsFile(context);
  const looking = openStoreForReading(context.resultsFile);
  if (looking === null) throw noExperiments(context.resultsFile);
  let expected: StartDecision;
  let source: SourceCheck;
  try {
    const row = chooseExperiment(looking, options);
    expected = decideResume(looking, row, options);
    if (expected.kind === 'nothing') return printNothingToDo(context, looking, expected);
    if (options.experimentId === undefined) context.output.message(found(looking, row));
    source = checkSource(looking, row);
    if (source.notice !== null) context.output.message(source.notice);
    const endpoint = JSON.parse(row.endpoint_config) as EndpointConfig;
    const allowed = splitAllowedHosts(context.environment.LONGHAUL_ALLOWED_HOSTS);
    for (const { apiUrl } of [endpoint, ...(endpoint.further ?? [])])
      checkHostAllowed(apiUrl, [...endpoint.allowedHosts, ...allowed]);
  } finally {
    looking.close();
  }
  const { experimentId } = expected;
  const make = (store: Store): StartDecision => {
    const notice = source.dataset === null ? null : takeOverLabels(store, source.dataset);
    if (notice !== null) context.output.message(notice);
    return prepare(store, experimentId, options);
  };
  // Temporal's libraries take longer to load than all else together: only who has work needs them.
  const { runInPlace } = await import('./run-in-place.js');
  return runInPlace(context, experimentId, make, { detach: false });
}

function found(store: Store, row: ExperimentRow): string {
  const lastMovedAt = row.last_progress_update ?? store.events.list(row.experiment_id).at(-1)?.occurred_at;
  return describeFound(row, lastMovedAt ?? null, Date.now());
}

function chooseExperiment(store: Store, { experimentId, retryErrors }: ResumeOptions): ExperimentRow {
  if (experimentId !== undefined) return findExperiment(store, experimentId);
  const rows = store.experiments.list();
  const unnamed = rows.filter((each) => !isLeftByOlderProgram(each));
  const fits = (row: ExperimentRow): boolean =>
    retryErrors ? row.n_errors > 0 : UNFINISHED_STATUSES.includes(row.status);
  const row = unnamed.find(fits) ?? unnamed[0];
  if (row !== undefined) return row;
  const older = rows.find(isLeftByOlderProgram);
  if (older !== undefined) {
    throw new ExperimentNotFoundError(
      `What is unfinished in ${store.file} is of the older program and goes on only when it is named: ` +
        `client resume ${older.experiment_id}`,
    );
  }
  throw noExperiments(store.file);
}

function decideResume(store: Store, row: ExperimentRow, options: ResumeOptions): StartDecision {
  const experimentId = row.experiment_id;
  const run: StartDecision = { kind: 'run', experimentId, create: false, replicate: row.replicate };
  const isPassOpen = store.passes.current(experimentId) !== null;
  if (options.retryErrors && !isPassOpen) {
    if (store.passes.countErrors(experimentId, options.categories) > 0) {
      assertResumable(row);
      return run;
    }
    return {
      kind: 'nothing',
      experimentId,
      exitCode: EXIT.completed,
      message: `Nothing to retry in ${experimentId}.`,
    };
  }
  if (row.status === 'cancelled' || row.status === 'failed') {
    assertResumable(row);
    return run;
  }
  return decideExisting(store, row);
}

function prepare(store: Store, experimentId: string, options: ResumeOptions): StartDecision {
  const decision = decideResume(store, store.experiments.get(experimentId)!, options);
  if (decision.kind === 'run' && options.retryErrors)
    requestRetry(store, { experimentId, categories: options.categories });
  return decision;
}
