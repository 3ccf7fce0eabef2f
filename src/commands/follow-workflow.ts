/** Starting an experiment's workflow, or finding the one that is open, and waiting for its end. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Client,
  WorkflowExecutionAlreadyStartedError,
  WorkflowFailedError,
  WorkflowNotFoundError,
} from '@temporalio/client';
import { taskQueueOf, workflowIdOf, type RunExperimentInput } from '../experiment';
import type { Store } from '../store/open-store';
import type { runExperiment } from '../workflows/run-experiment';

const TRY_AGAIN_AFTER_MS = 500;

/** Starts the workflow; `false` = one of this id is open already and goes on. */
export async function startOrAttach(client: Client, store: Store, experimentId: string): Promise<boolean> {
  const row = store.experiments.get(experimentId)!;
  const input: RunExperimentInput = { experimentId };
  try {
    await client.workflow.start<typeof runExperiment>('runExperiment', {
      workflowId: workflowIdOf(experimentId),
      taskQueue: taskQueueOf(store.experiments.resultsFileId()),
      args: [input],
      workflowTaskTimeout: '5s',
      workflowIdConflictPolicy: 'FAIL',
      staticSummary: `${row.n_narratives_total} narratives · ${row.model_name}`,
    });
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
}

/** Resolves when the workflow is closed, however it ended, or when told to stop; outlasts a restart of the server. */
export async function waitForEnd(client: Client, experimentId: string, stopping: AbortSignal): Promise<void> {
  const handle = client.workflow.getHandle(workflowIdOf(experimentId));
  while (!stopping.aborted) {
    try {
      // The pending call must end with the signal: it would be tried again on a closed connection.
      await client.withAbortSignal(stopping, () => handle.result());
      return;
    } catch (error) {
      if (error instanceof WorkflowFailedError || error instanceof WorkflowNotFoundError) return;
      if (!stopping.aborted) await sleep(TRY_AGAIN_AFTER_MS);
    }
  }
}
