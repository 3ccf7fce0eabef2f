/**
 * Runs an experiment in the foreground: owns the results file, starts the embedded Temporal server and a worker, takes
 * over what a dead owner left, and follows the workflow to its end or to Ctrl-C.
 */
import type { Worker } from '@temporalio/worker';
import { ModelAccess } from '../activities/model-access';
import { EXIT, type ExitCode } from '../errors';
import type { EndpointConfig } from '../config/load-config';
import { openStore, type Store } from '../store/open-store';
import { ResultWriter } from '../store/result-writer';
import { createWorker, installRuntime } from '../temporal/create-worker';
import { parkOtherExperiments, takeOverOpenBatches } from '../temporal/take-over';
import { startEmbedded, type TemporalService } from '../temporal/temporal-service';
import type { CommandContext } from './command-context';
import type { StartDecision } from './decide-start';
import { exitCodeOf, printOutcome } from './experiment-outcome';
import { startOrAttach, waitForEnd } from './follow-workflow';
import { ownResultsFile, type Ownership } from './own-results-file';
import { createProgressView } from './progress-view';
import { listenForStop, type StopSignals } from './stop-signals';

const LOOK_EVERY_MS = 250;

/** Decides, under the lock, what to do, and makes what has to be made. */
export type Prepare = (store: Store) => StartDecision;

/** Runs what `prepare` decides. Throws HeldByAnotherError, ResultsFileError, TemporalUnavailableError. */
export async function runAsOwner(
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

/** Says that there is nothing to do. */
export function printNothingToDo(
  context: CommandContext,
  store: Store,
  decision: StartDecision & { kind: 'nothing' },
): ExitCode {
  context.output.message(decision.message);
  printOutcome(context, store, decision.experimentId);
  return decision.exitCode;
}

async function runExperiment(
  context: CommandContext,
  store: Store,
  ownership: Ownership,
  experimentId: string,
): Promise<ExitCode> {
  const { output, resultsFile, environment } = context;
  const signals = listenForStop(
    () => output.error('Stopping: calls in flight finish and are saved. Again to end at once.'),
    () => process.exit(EXIT.stopped),
  );
  let service: TemporalService | null = null;
  try {
    service = await startEmbedded(resultsFile, environment, (message) => output.error(message));
    ownership.update({ temporalAddress: service.address, uiUrl: service.uiUrl });
    if (!signals.stopping.aborted) await work(context, { store, service, signals, experimentId });
    if (signals.stopping.aborted) recordInterruption(store, experimentId);
  } finally {
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
  experimentId: string;
}

async function work(context: CommandContext, { store, service, signals, experimentId }: Work): Promise<void> {
  const { output, environment } = context;
  installRuntime((message) => output.error(message));
  const parked = await parkOtherExperiments(service.client, store, experimentId);
  for (const id of parked)
    output.message(`${id} was left running by a process that has ended; it is paused now.`);
  await takeOverOpenBatches(service.client, store, service.namespace);
  const models = new ModelAccess(store, environment);
  const connection = await service.openWorkerConnection();
  try {
    const endpoint = JSON.parse(store.experiments.get(experimentId)!.endpoint_config) as EndpointConfig;
    const worker = await createWorker({
      connection,
      namespace: service.namespace,
      callTimeoutMs: endpoint.timeoutMs,
      dependencies: {
        store,
        models,
        writer: new ResultWriter(store.results),
        inFlight: new Set(),
        stopping: signals.stopping,
      },
    });
    announce(context, store, experimentId, service.uiUrl);
    await runWorker(worker, signals, () => follow(context, { store, service, signals, experimentId }));
  } finally {
    await models.close();
    await connection.close();
  }
}

/** Runs the worker until `following` ends or a stop is asked for; resolves when the worker has drained. */
async function runWorker(
  worker: Worker,
  signals: StopSignals,
  following: () => Promise<void>,
): Promise<void> {
  const shutdown = (): void => {
    if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  signals.stopping.addEventListener('abort', shutdown, { once: true });
  const running = worker.run();
  if (signals.stopping.aborted) shutdown();
  try {
    await Promise.race([following(), running]);
  } finally {
    shutdown();
    await running;
  }
}

async function follow(
  context: CommandContext,
  { store, service, signals, experimentId }: Work,
): Promise<void> {
  beginWork(store, experimentId);
  const view = createProgressView(context.output);
  const timer = setInterval(() => view.update(store.experiments.get(experimentId)!), LOOK_EVERY_MS);
  try {
    await startOrAttach(service.client, store, experimentId);
    await waitForEnd(service.client, experimentId, signals.stopping);
    if (!signals.stopping.aborted) recordBug(store, experimentId);
    view.update(store.experiments.get(experimentId)!);
  } finally {
    clearInterval(timer);
    view.stop();
  }
}

function beginWork(store: Store, experimentId: string): void {
  store.inTransaction(() => {
    const isFirst = store.experiments.get(experimentId)!.status === 'pending';
    store.experiments.setStatus(experimentId, 'running', null);
    store.events.add(experimentId, isFirst ? 'started' : 'resumed');
    store.progress.begin(experimentId);
  });
}

function recordInterruption(store: Store, experimentId: string): void {
  const { status } = store.experiments.get(experimentId)!;
  if (!['pending', 'running', 'waiting_llm'].includes(status)) return;
  store.inTransaction(() => {
    store.progress.mark(experimentId);
    store.experiments.setStatus(experimentId, 'paused', 'interrupted');
    store.events.add(experimentId, 'paused', 'interrupted');
  });
}

/** A workflow that closed without an end status in SQLite has failed by a fault of ours. */
function recordBug(store: Store, experimentId: string): void {
  if (store.experiments.get(experimentId)!.status !== 'running') return;
  const reason = 'the workflow ended by an error; see it in the Temporal Web UI';
  store.inTransaction(() => {
    store.experiments.setStatus(experimentId, 'failed', reason);
    store.events.add(experimentId, 'failed', reason);
  });
}

function announce(
  { output }: CommandContext,
  store: Store,
  experimentId: string,
  uiUrl: string | null,
): void {
  const row = store.experiments.get(experimentId)!;
  const done = row.n_narratives_completed;
  output.message(
    `${done === 0 ? 'Running' : `Resuming at ${done} of`} ${row.n_narratives_total} narratives: ${experimentId}`,
  );
  output.message(`Results ${store.file}${uiUrl === null ? '' : ` | Web UI ${uiUrl}`}`);
}
