/** The worker of a results file's owner: takes over what a dead owner left, works, and drains when told to stop. */
import type { Worker } from '@temporalio/worker';
import { ModelAccess } from '../activities/model-access';
import type { Environment } from '../config/environment';
import type { Store } from '../store/open-store';
import { ResultWriter } from '../store/result-writer';
import { createWorker, installRuntime } from './create-worker';
import { takeOverActivities } from './take-over';
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
}

/** The writer waits for a lock by itself, without holding up all else. */
const BUSY_TIMEOUT_MS = 1000;

/**
 * Runs a worker until `whileRunning` ends or a stop is asked for, and resolves when it has drained. Throws what
 * `whileRunning` throws, and TemporalUnavailableError when a server of our own has ended for good.
 */
export async function runWorker(host: WorkerHost, whileRunning: () => Promise<void>): Promise<void> {
  const { store, service, environment, stopping } = host;
  installRuntime(host.onWarning);
  store.setBusyTimeout(BUSY_TIMEOUT_MS);
  await takeOverActivities(service.client, store, service.namespace);
  const models = new ModelAccess(store, environment);
  const connection = await service.openWorkerConnection();
  try {
    const worker = await createWorker({
      connection,
      namespace: service.namespace,
      dependencies: {
        store,
        models,
        writer: new ResultWriter(store.results, host.onTrouble),
        inFlight: new Set(),
        stopping,
      },
    });
    await runUntil(worker, host, whileRunning);
  } finally {
    await models.close();
    await connection.close();
  }
}

async function runUntil(
  worker: Worker,
  { service, stopping }: WorkerHost,
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
