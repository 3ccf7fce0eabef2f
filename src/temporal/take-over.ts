/**
 * What a new owner does with the work of a dead one. It holds the owner lock, which proves that the old owner is gone,
 * so it may end the old activities at once instead of waiting for their heartbeats to time out.
 */
import {
  ActivityNotFoundError,
  ApplicationFailure,
  type Client,
  isGrpcServiceError,
  WorkflowNotFoundError,
} from '@temporalio/client';
import { UNFINISHED_STATUSES, workflowIdOf } from '../experiment';
import type { Store } from '../store/open-store';

/** Grpc code NOT_FOUND. */
const NOT_FOUND = 5;

/** Hands the activities that a dead owner was at back to Temporal, to be scheduled again at once. */
export async function takeOverActivities(client: Client, store: Store, namespace: string): Promise<void> {
  for (const row of store.experiments.list()) {
    if (!UNFINISHED_STATUSES.includes(row.status)) continue;
    const workflowId = workflowIdOf(row.experiment_id);
    await ignoreMissing(
      client.workflowService.resetStickyTaskQueue({ namespace, execution: { workflowId } }),
    );
    await ignoreMissing(failPendingActivities(client, workflowId));
  }
}

async function failPendingActivities(client: Client, workflowId: string): Promise<void> {
  const { runId, raw } = await client.workflow.getHandle(workflowId).describe();
  for (const { activityId } of raw.pendingActivities ?? []) {
    const failure = ApplicationFailure.create({
      message: 'the owner that was at it has died',
      nextRetryDelay: 1,
    });
    await ignoreMissing(client.activity.fail({ workflowId, runId, activityId: activityId! }, failure));
  }
}

/**
 * Leaves every experiment but one paused: a foreground start works on its own only. A workflow that a dead owner left
 * open is ended; nothing is lost, because its state is in the results file.
 */
export async function parkOtherExperiments(
  client: Client,
  store: Store,
  experimentId: string,
): Promise<string[]> {
  const parked: string[] = [];
  for (const row of store.experiments.list()) {
    if (row.experiment_id === experimentId || !UNFINISHED_STATUSES.includes(row.status)) continue;
    const handle = client.workflow.getHandle(workflowIdOf(row.experiment_id));
    await ignoreMissing(handle.terminate('left open by a process that has ended; resume it by its id'));
    if (row.status !== 'running' && row.status !== 'waiting_llm') continue;
    store.inTransaction(() => {
      store.experiments.setStatus(row.experiment_id, 'paused', 'the process that ran it has ended');
      store.events.add(row.experiment_id, 'paused', 'the process that ran it has ended');
    });
    parked.push(row.experiment_id);
  }
  return parked;
}

async function ignoreMissing(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    const isMissing =
      error instanceof WorkflowNotFoundError ||
      error instanceof ActivityNotFoundError ||
      (isGrpcServiceError(error) && Number(error.code) === NOT_FOUND);
    if (!isMissing) throw error;
  }
}
