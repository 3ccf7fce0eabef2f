/** Stops an experiment from another terminal: by a message to its workflow or, where nobody runs it, in SQLite. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { EXIT, HeldByAnotherError, LonghaulError, type ExitCode } from '../errors';
import { UNFINISHED_STATUSES, type ExperimentStatus } from '../experiment';
import { openStore, openStoreForReading, type Store } from '../store/open-store';
import { readClusterSettings } from '../temporal/cluster-settings';
import type { CommandContext } from './command-context';
import { printOutcome } from './experiment-outcome';
import { findExperiment, noExperiments } from './find-experiment';
import { connect, findOwner } from './find-place';
import { ownResultsFile } from './own-results-file';

const LOOK_EVERY_MS = 100;

/** How to stop it. */
export interface StopRequest {
  status: 'paused' | 'cancelled';
  /** States in which there is something to stop. */
  from: readonly ExperimentStatus[];
  /** Sends the message; `false` = no workflow is open. */
  send(client: Client, experimentId: string): Promise<boolean>;
}

/** Stops the experiment and waits until it stands still. Throws ExperimentNotFoundError, TemporalUnavailableError. */
export async function stopExperiment(
  context: CommandContext,
  experimentId: string | undefined,
  request: StopRequest,
): Promise<ExitCode> {
  const { resultsFile, output } = context;
  const store = openStoreForReading(resultsFile);
  if (store === null) throw noExperiments(resultsFile);
  try {
    const row =
      experimentId === undefined
        ? (store.experiments.latest(request.from) ?? findExperiment(store, undefined))
        : findExperiment(store, experimentId);
    const id = row.experiment_id;
    if (row.status === request.status) output.message(`${id} is ${row.status} already.`);
    else if (!request.from.includes(row.status))
      throw new LonghaulError(`${id} is ${row.status}: there is nothing to stop. See: client status ${id}`);
    else await stop(context, store, id, request);
    printOutcome(context, store, id);
    return EXIT.completed;
  } finally {
    store.close();
  }
}

async function stop(context: CommandContext, store: Store, id: string, request: StopRequest): Promise<void> {
  const cluster = readClusterSettings(context.environment);
  const owner = await findOwner(context.resultsFile);
  if (owner !== null || cluster !== null) {
    const service = await connect(context.resultsFile, owner, cluster);
    try {
      const isSent = await request.send(service.client, id);
      if (isSent && owner !== null) {
        context.output.message('Stopping: calls in flight finish and are saved.');
        return await untilStopped(store, id, request);
      }
    } finally {
      await service.close();
    }
  }
  await stopAsOwner(context.resultsFile, id, request);
}

/** An experiment may also come to its end before the word reaches it. */
async function untilStopped(store: Store, id: string, { status: wanted }: StopRequest): Promise<void> {
  for (;;) {
    const { status } = store.experiments.get(id)!;
    if (status === wanted || !UNFINISHED_STATUSES.includes(status)) return;
    await sleep(LOOK_EVERY_MS);
  }
}

/** Nobody runs it: its status is all there is to change. */
async function stopAsOwner(resultsFile: string, id: string, { status }: StopRequest): Promise<void> {
  const ownership = await ownResultsFile(resultsFile, 'foreground', id).catch((error: unknown) => {
    if (!(error instanceof HeldByAnotherError)) throw error;
    throw new HeldByAnotherError(`${id} is not being run, and ${error.message}`, error.holder);
  });
  try {
    const store = openStore(resultsFile);
    store.inTransaction(() => {
      store.experiments.setStatus(id, status, `${status} by hand`);
      store.events.add(id, status, `${status} by hand`);
    });
    store.close();
  } finally {
    ownership.end();
  }
}
