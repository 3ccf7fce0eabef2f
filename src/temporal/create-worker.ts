/** The Temporal worker of a results file: its settings follow from measured kills and pauses, see ARCHITECTURE.md. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ApplicationFailure } from '@temporalio/common';
import {
  DefaultLogger,
  type NativeConnection,
  Runtime,
  type RuntimeOptions,
  Worker,
  type WorkerOptions,
} from '@temporalio/worker';
import { createActivities } from '../activities/create-activities';
import type { ActivityDependencies } from '../activities/dependencies';
import { taskQueueOf } from '../experiment';
import { freePort } from './free-port';

/** Beyond the windows of all experiments: room for the short database activities. */
const MAX_CONCURRENT_ACTIVITIES = 200;
/** Above the longest deadline that a config may give a call: a worker told to stop lets its calls finish. */
const SHUTDOWN_FORCE_TIME = '25 hours';

/** What a worker is made for. */
export interface CreateWorkerOptions {
  connection: NativeConnection;
  namespace: string;
  dependencies: ActivityDependencies;
}

/** Makes the worker; `run()` it, and `shutdown()` lets calls in flight finish and be saved. */
export function createWorker(options: CreateWorkerOptions): Promise<Worker> {
  const { connection, namespace, dependencies } = options;
  return Worker.create({
    connection,
    namespace,
    taskQueue: taskQueueOf(dependencies.store.experiments.resultsFileId()),
    ...workflowCode(),
    activities: createActivities(dependencies),
    maxHeartbeatThrottleInterval: '2s', // pause and cancel reach a batch within this
    stickyQueueScheduleToStartTimeout: '2s', // with the 5 s of a workflow task, a dead worker's stall stays below 10 s
    shutdownGraceTime: 0, // a grace would let batches make new calls after the signal
    shutdownForceTime: SHUTDOWN_FORCE_TIME,
    maxConcurrentActivityTaskExecutions: MAX_CONCURRENT_ACTIVITIES,
    maxCachedWorkflows: 50,
  });
}

/**
 * Sets up Temporal's native runtime for this process: our own signal handling, warnings to `onWarning`, its metrics on a
 * port of this machine that it gives back (null = they were not asked for, or cannot be had). Call once.
 */
export async function installRuntime(
  onWarning: (message: string) => void,
  options: { withMetrics: boolean },
): Promise<string | null> {
  const runtimeOptions = runtimeOptionsOf(onWarning);
  if (options.withMetrics) {
    const bindAddress = `127.0.0.1:${await freePort()}`;
    try {
      Runtime.install({ ...runtimeOptions, telemetryOptions: { metrics: { prometheus: { bindAddress } } } });
      return bindAddress;
    } catch {
      onWarning("No metrics of Temporal's SDK: another program has taken their port. The work goes on.");
    }
  }
  Runtime.install(runtimeOptions);
  return null;
}

function runtimeOptionsOf(onWarning: (message: string) => void): RuntimeOptions {
  return {
    shutdownSignals: [],
    logger: new DefaultLogger('WARN', ({ level, message, meta }) => {
      // Only messages that passed the failure boundary are printed with their detail.
      const error = meta?.error instanceof ApplicationFailure ? `: ${meta.error.message}` : '';
      onWarning(`${level} ${message}${error}`);
    }),
  };
}

function workflowCode(): Pick<WorkerOptions, 'workflowBundle' | 'workflowsPath'> {
  const codePath = join(__dirname, 'workflow-bundle.js');
  return existsSync(codePath)
    ? { workflowBundle: { codePath } }
    : { workflowsPath: require.resolve('../workflows/run-experiment') };
}
