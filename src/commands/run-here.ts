/**
 * Runs an experiment in this process: owns the results file, starts the embedded Temporal server and a worker, takes
 * over what a dead owner left, and follows the experiment until it stops or Ctrl-C stops it.
 */
import type { ExitCode } from '../errors';
import { WORKING_STATUSES } from '../experiment';
import { openStore, type Store } from '../store/open-store';
import { runWorker } from '../temporal/run-worker';
import { parkOtherExperiments } from '../temporal/take-over';
import { startEmbedded, type TemporalService } from '../temporal/temporal-service';
import { announce } from './begin-work';
import type { CommandContext } from './command-context';
import type { StartDecision } from './decide-start';
import { exitCodeOf, printNothingToDo, printOutcome } from './experiment-outcome';
import { startOrResume, untilAtRest } from './experiment-workflow';
import { follow } from './follow';
import { ownResultsFile, type Ownership } from './own-results-file';
import type { StopSignals } from './stop-signals';
import { listenForDrain, workerHostOf } from './worker-host';

/** Decides, with the results file open for writing, what to do, and makes what has to be made. */
export type Prepare = (store: Store) => StartDecision;

/** Runs what `prepare` decides. Throws HeldByAnotherError, ResultsFileError, TemporalUnavailableError. */
export async function runHere(
  context: CommandContext,
  expectedExperimentId: string | null,
  prepare: Prepare,
): Promise<ExitCode> {
  const ownership = await ownResultsFile(context.resultsFile, 'foreground', expectedExperimentId);
  try {
    const store = openStore(context.resultsFile);
    try {
      const decision = prepare(store);
      if (decision.kind === 'nothing') return printNothingToDo(context, store, decision);
      ownership.update({ experimentId: decision.experimentId });
      return await runExperiment(context, store, ownership, decision.experimentId);
    } finally {
      store.close();
    }
  } finally {
    ownership.end();
  }
}

async function runExperiment(
  context: CommandContext,
  store: Store,
  ownership: Ownership,
  experimentId: string,
): Promise<ExitCode> {
  const { output, resultsFile, environment } = context;
  const signals = listenForDrain(context);
  let service: TemporalService | null = null;
  try {
    service = await startEmbedded(resultsFile, environment, (message) => output.error(message));
    ownership.update({ temporalAddress: service.address, uiUrl: service.uiUrl });
    if (!signals.stopping.aborted) await work(context, { store, service, signals, ownership, experimentId });
  } finally {
    if (signals.stopping.aborted) recordInterruption(store, experimentId);
    await service?.close();
    signals.dispose();
  }
  printOutcome(context, store, experimentId);
  return exitCodeOf(store.experiments.get(experimentId)!.status);
}

interface Work {
  store: Store;
  service: TemporalService;
  signals: StopSignals;
  ownership: Ownership;
  experimentId: string;
}

async function work(
  context: CommandContext,
  { store, service, signals, ownership, experimentId }: Work,
): Promise<void> {
  for (const parked of await parkOtherExperiments(service.client, store, experimentId))
    context.output.message(`${parked} was left running by a process that has ended; it is paused now.`);
  const host = workerHostOf(context, ownership, { store, service, stopping: signals.stopping });
  await runWorker(host, async (stopping) => {
    announce(context, store, experimentId, service.uiUrl);
    const { client } = service;
    await startOrResume(client, store, experimentId);
    const ended = await follow(context, { store, client, experimentId, leave: stopping });
    if (ended === 'stopped') await untilAtRest(client, experimentId);
    if (ended === 'workflow closed') recordBug(store, experimentId);
  });
}

function recordInterruption(store: Store, experimentId: string): void {
  const { status } = store.experiments.get(experimentId)!;
  if (!WORKING_STATUSES.includes(status)) return;
  store.inTransaction(() => {
    store.progress.mark(experimentId);
    store.experiments.setStatus(experimentId, 'paused', 'interrupted');
    store.events.add(experimentId, 'paused', 'interrupted');
  });
}

/** A workflow that closed without an end status in SQLite has failed by a fault of ours. */
function recordBug(store: Store, experimentId: string): void {
  const reason = 'the workflow ended by an error; see it in the Temporal Web UI';
  store.inTransaction(() => {
    store.experiments.setStatus(experimentId, 'failed', reason);
    store.events.add(experimentId, 'failed', reason);
  });
}
