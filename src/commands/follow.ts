/** Follows an experiment as SQLite shows it, with a progress view, until it stops or the follower leaves. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, WorkflowFailedError, WorkflowNotFoundError } from '@temporalio/client';
import { WORKING_STATUSES, workflowIdOf } from '../experiment';
import type { Store } from '../store/open-store';
import type { CommandContext } from './command-context';
import { createProgressView } from './progress-view';

const LOOK_EVERY_MS = 250;
const TRY_AGAIN_AFTER_MS = 500;

/** Why following ended: the experiment stopped, its workflow closed without saying so, or the follower left. */
export type FollowEnd = 'stopped' | 'workflow closed' | 'left';

/** Whom to follow and until when. */
export interface FollowOptions {
  store: Store;
  client: Client;
  experimentId: string;
  /** Aborted = the follower leaves. */
  leave: AbortSignal;
}

/** Shows progress until the experiment stops. */
export async function follow(
  { output }: CommandContext,
  { store, client, experimentId, leave }: FollowOptions,
): Promise<FollowEnd> {
  const view = createProgressView(output);
  const leaving = new AbortController();
  const isWorking = (): boolean => WORKING_STATUSES.includes(store.experiments.get(experimentId)!.status);
  const anySignal = AbortSignal.any([leave, leaving.signal]);
  let isClosed = false;
  // Not waited for at the end: a call that met a restart of the server cannot be called off.
  void waitUntilClosed(client, experimentId, anySignal).then(() => (isClosed = true));
  try {
    for (;;) {
      view.update(store.experiments.get(experimentId)!, store.passes.countRemaining(experimentId));
      if (!isWorking()) return 'stopped';
      if (leave.aborted) return 'left';
      if (isClosed) return isWorking() ? 'workflow closed' : 'stopped';
      await sleep(LOOK_EVERY_MS, undefined, { signal: leave }).catch(() => {});
    }
  } finally {
    view.stop();
    leaving.abort();
  }
}

/** Resolves when the workflow is closed, however it ended, or at the signal; outlasts a restart of the server. */
async function waitUntilClosed(client: Client, experimentId: string, signal: AbortSignal): Promise<void> {
  const handle = client.workflow.getHandle(workflowIdOf(experimentId));
  while (!signal.aborted) {
    try {
      await client.withAbortSignal(signal, () => handle.result());
      return;
    } catch (error) {
      if (error instanceof WorkflowFailedError || error instanceof WorkflowNotFoundError) return;
      if (!signal.aborted) await sleep(TRY_AGAIN_AFTER_MS);
    }
  }
}
