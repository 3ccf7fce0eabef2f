/** What a client says to the workflow of an experiment: start or resume, pause, cancel, retry errors. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Client,
  isGrpcServiceError,
  WithStartWorkflowOperation,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
} from '@temporalio/client';
import {
  PAUSE_SIGNAL,
  RESUME_SIGNAL,
  RETRY_ERRORS_UPDATE,
  taskQueueOf,
  UNFINISHED_STATUSES,
  WORKING_STATUSES,
  workflowIdOf,
  type RetryErrorsInput,
  type RunExperimentInput,
} from '../experiment';
import type { ExperimentRow } from '../store/experiments';
import type { Store } from '../store/open-store';
import type { runExperiment } from '../workflows/run-experiment';
import { beginWork } from './begin-work';

/** gRPC code of a server that wants a moment between two starts of one id. */
const RESOURCE_EXHAUSTED = 8;
const START_AGAIN_AFTER_MS = 1000;
const START_TRIES = 5;
const AT_REST_WITHIN_MS = 10_000;
const LOOK_EVERY_MS = 50;

/**
 * Gets the experiment going, as running: starts its workflow, or tells the open one to go on. A worker must be there,
 * so that a workflow whose owner died while it stopped can come to rest first, instead of stopping once more.
 */
export async function startOrResume(client: Client, store: Store, experimentId: string): Promise<void> {
  const before = store.experiments.get(experimentId)!;
  if (!WORKING_STATUSES.includes(before.status)) {
    const row = (): ExperimentRow => store.experiments.get(experimentId)!;
    // A workflow that saves results is not stopping: the owner that left it open was merely interrupted.
    const isAtWork = (): boolean => row().n_narratives_completed > before.n_narratives_completed;
    await untilAtRest(client, experimentId, isAtWork);
    const hasEnded = before.status === 'paused' && !UNFINISHED_STATUSES.includes(row().status);
    if (hasEnded) return;
  }
  beginWork(store, experimentId);
  if (await startWorkflow(client, store, experimentId)) return;
  await client.workflow.getHandle(workflowIdOf(experimentId)).signal(RESUME_SIGNAL);
}

/** Waits until the workflow is closed or has nothing to do, or is seen at work, for some seconds at most. */
export async function untilAtRest(
  client: Client,
  experimentId: string,
  isAtWork: () => boolean = () => false,
): Promise<void> {
  const handle = client.workflow.getHandle(workflowIdOf(experimentId));
  for (let waitedMs = 0; waitedMs < AT_REST_WITHIN_MS && !isAtWork(); waitedMs += LOOK_EVERY_MS) {
    const described = await handle.describe().catch((error: unknown) => {
      if (error instanceof WorkflowNotFoundError) return null;
      throw error;
    });
    if (described?.status.name !== 'RUNNING') return;
    const { pendingActivities, pendingWorkflowTask } = described.raw;
    if ((pendingActivities ?? []).length === 0 && pendingWorkflowTask == null) return;
    await sleep(LOOK_EVERY_MS);
  }
}

/** Starts the workflow; `false` = one of this id is open already. */
export async function startWorkflow(client: Client, store: Store, experimentId: string): Promise<boolean> {
  for (let tries = 1; ; tries += 1) {
    try {
      await client.workflow.start<typeof runExperiment>('runExperiment', {
        ...workflowOptions(store, experimentId),
        workflowIdConflictPolicy: 'FAIL',
      });
      return true;
    } catch (error) {
      if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
      const isTooSoon = isGrpcServiceError(error) && Number(error.code) === RESOURCE_EXHAUSTED;
      if (!isTooSoon || tries === START_TRIES) throw error;
      await sleep(START_AGAIN_AFTER_MS);
    }
  }
}

/** Tells the workflow to pause; `false` = none is open. */
export function pauseWorkflow(client: Client, experimentId: string): Promise<boolean> {
  return isOpen(client.workflow.getHandle(workflowIdOf(experimentId)).signal(PAUSE_SIGNAL));
}

/** Cancels the workflow, which drains and records it; `false` = none is open. */
export function cancelWorkflow(client: Client, experimentId: string): Promise<boolean> {
  return isOpen(client.workflow.getHandle(workflowIdOf(experimentId)).cancel());
}

/** Asks for a pass over the error rows, starting the workflow where none is open; gives how many it will ask. */
export async function requestRetry(
  client: Client,
  store: Store,
  experimentId: string,
  input: RetryErrorsInput,
): Promise<number> {
  const startOperation = new WithStartWorkflowOperation<typeof runExperiment>('runExperiment', {
    ...workflowOptions(store, experimentId),
    workflowIdConflictPolicy: 'USE_EXISTING',
  });
  return await client.workflow.executeUpdateWithStart<typeof runExperiment, number, [RetryErrorsInput]>(
    RETRY_ERRORS_UPDATE,
    {
      startWorkflowOperation: startOperation,
      args: [input],
    },
  );
}

function workflowOptions(store: Store, experimentId: string) {
  const row = store.experiments.get(experimentId)!;
  const input: RunExperimentInput = { experimentId };
  return {
    workflowId: workflowIdOf(experimentId),
    taskQueue: taskQueueOf(store.experiments.resultsFileId()),
    args: [input] as [RunExperimentInput],
    workflowTaskTimeout: '5s',
    staticSummary: `${row.experiment_name} · ${row.n_narratives_total} narratives · ${row.model_name}`,
    staticDetails: describeStatically(row),
  } as const;
}

/** What the experiment is made of, for the Web UI: names and hashes, no text. */
function describeStatically(row: ExperimentRow): string {
  return [
    `- model \`${row.model_name}\`, temperature ${row.temperature}`,
    `- prompt ${row.prompt_version ?? 'without a version'}, SHA-256 \`${row.prompt_sha256.slice(0, 12)}\``,
    `- texts SHA-256 \`${row.texts_sha256.slice(0, 12)}\``,
    `- batches of ${row.batch_size}, replicate ${row.replicate}, Longhaul ${row.longhaul_version}`,
  ].join('\n');
}

async function isOpen(message: Promise<unknown>): Promise<boolean> {
  try {
    await message;
    return true;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}
