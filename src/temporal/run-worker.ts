/** The worker of a results file's owner: takes over what a dead owner left, works, and drains when told to stop. */
import type { Worker } from '@temporalio/worker';
import { AttributeRhythm } from '../activities/attribute-rhythm';
import { ModelAccess } from '../activities/model-access';
import { PeriodicBackups } from '../activities/periodic-backups';
import { savedFactsOf, type WorkObserver } from '../activities/work-event';
import type { Environment } from '../config/environment';
import type { TelemetrySettings } from '../config/telemetry-settings';
import { SEARCH_ATTRIBUTES } from '../experiment';
import { Notifier } from '../notify/notifier';
import type { ListenAddress } from '../monitoring/listen-address';
import type { MetricsServer } from '../monitoring/metrics-server';
import { observeSafely, startTelemetry } from '../monitoring/telemetry';
import type { Store } from '../store/open-store';
import { ResultWriter } from '../store/result-writer';
import { createWorker, installRuntime } from './create-worker';
import { growHeapSlowly } from './grow-heap-slowly';
import { rescueAnswers } from './rescue-answers';
import { takeOverActivities } from './take-over';
import { progressSignalOf, tellWaitingWorkflows } from './tell-waiting-workflows';
import type { TemporalService } from './temporal-service';

/** What a worker works with. */
export interface WorkerHost {
  store: Store;
  service: TemporalService;
  environment: Environment;
  /** Aborted = no new call; calls in flight finish and are saved. */
  stopping: AbortSignal;
  onWarning: (message: string) => void;
  /** Told why answers cannot be saved, and null when they can again. */
  onTrouble: (trouble: string | null) => void;
  /** Where metrics are served while it works; null = nowhere. */
  metricsAddress: ListenAddress | null;
  /** Logs and traces. */
  telemetry: TelemetrySettings;
  /** Copies the results file without holding up this process; gives the path of the copy. */
  backUp: () => Promise<string>;
}

/** The writer waits for a lock by itself, without holding up all else. */
const BUSY_TIMEOUT_MS = 1000;
/** A file that was deleted or replaced is noticed within this, also when no experiment is at work. */
const LOOK_AT_FILE_EVERY_MS = 1000;

/**
 * Runs a worker until `whileRunning` ends, its signal is aborted or a stop is asked for, and resolves when it has
 * drained. Throws what `whileRunning` throws, TemporalUnavailableError when a server of our own has ended for good, and
 * ResultsFileReplacedError.
 */
export async function runWorker(
  host: WorkerHost,
  whileRunning: (stopping: AbortSignal) => Promise<void>,
): Promise<void> {
  const { store, service, environment, onWarning } = host;
  const replaced = new AbortController();
  const stopping = AbortSignal.any([host.stopping, replaced.signal]);
  const isFileInPlace = (): boolean => {
    const isInPlace = store.tripwire.check() === null;
    if (!isInPlace) replaced.abort();
    return isInPlace;
  };
  growHeapSlowly();
  const withMetrics = host.metricsAddress !== null;
  const temporalAddress = await installRuntime(onWarning, { withMetrics });
  store.setBusyTimeout(BUSY_TIMEOUT_MS);
  await takeOverActivities(service.client, store, service.namespace);
  const models = new ModelAccess(store, environment);
  const backups = new PeriodicBackups(store, host.backUp);
  const notifier = new Notifier(store, environment, onWarning);
  const attributes = await attributesOf(host);
  const connection = await service.openWorkerConnection();
  const { writer, observe, end } = await startWriting(host, temporalAddress);
  const stopTelling = tellWaitingWorkflows(store, attributes, progressSignalOf(service.client));
  const watching = setInterval(() => lookAt(isFileInPlace), LOOK_AT_FILE_EVERY_MS);
  notifier.begin();
  try {
    const worker = await createWorker({
      connection,
      namespace: service.namespace,
      dependencies: {
        store,
        models,
        backups,
        writer,
        attributes,
        observe,
        inFlight: new Set(),
        stopping,
        isFileInPlace,
      },
    });
    await runUntil(worker, { service, stopping }, () => whileRunning(stopping));
  } catch (error) {
    if (!replaced.signal.aborted) throw error;
  } finally {
    clearInterval(watching);
    stopTelling();
    await backups.settled();
    await notifier.end();
    await models.close();
    await end();
    await connection.close();
  }
  if (replaced.signal.aborted) throw await rescueAnswers(store, onWarning);
}

/** The writer of results, and those who are told of the work as it goes. */
async function startWriting(
  host: WorkerHost,
  temporalAddress: string | null,
): Promise<{ writer: ResultWriter; observe: WorkObserver; end: () => Promise<void> }> {
  const { store, onWarning, telemetry: settings } = host;
  const telemetry = await startTelemetry({ settings, store, onWarning });
  const writer = new ResultWriter(store.results, host.onTrouble, (results, tookMs) =>
    observe({ kind: 'commit', saved: results.map(savedFactsOf), tookMs }),
  );
  const metrics = await serveMetrics(host, { unsaved: () => writer.unsaved, temporalAddress });
  const observe: WorkObserver = (event) => {
    if (metrics !== null) observeSafely(metrics, event);
    telemetry.observe(event);
  };
  return {
    writer,
    observe,
    end: async () => {
      await telemetry.close();
      await metrics?.close();
    },
  };
}

async function serveMetrics(
  { store, metricsAddress: address, onWarning }: WorkerHost,
  sources: { unsaved: () => number; temporalAddress: string | null },
): Promise<MetricsServer | null> {
  if (address === null) return null;
  const { MetricsServer } = await import('../monitoring/metrics-server.js');
  const server = new MetricsServer({ store, address, onWarning, ...sources });
  return (await server.listen()) ? server : null;
}

async function attributesOf({ service, onWarning }: WorkerHost): Promise<AttributeRhythm> {
  const areKnown = await service.registerSearchAttributes();
  if (!areKnown)
    onWarning(
      `Temporal's list will not show how experiments stand: ${Object.keys(SEARCH_ATTRIBUTES).join(', ')} ` +
        'cannot be registered there. Ask its operator to add them; all else works without.',
    );
  return new AttributeRhythm(areKnown);
}

/** A disk that cannot tell for a moment is asked again. */
function lookAt(isFileInPlace: () => boolean): void {
  try {
    isFileInPlace();
  } catch {
    // what cannot be seen shows when it is written to
  }
}

async function runUntil(
  worker: Worker,
  { service, stopping }: Pick<WorkerHost, 'service' | 'stopping'>,
  whileRunning: () => Promise<void>,
): Promise<void> {
  const shutdown = (): void => {
    if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  stopping.addEventListener('abort', shutdown, { once: true });
  const running = worker.run();
  if (stopping.aborted) shutdown();
  try {
    await Promise.race([whileRunning(), running, service.failed]);
  } finally {
    shutdown();
    await running;
  }
}
