/** Becoming the owner of a results file, or being told who is. */
import { hostname } from 'node:os';
import { HeldByAnotherError } from '../errors';
import { workflowIdOf } from '../experiment';
import { acquireOwnerLock } from '../temporal/owner-lock';
import { describeHolder, removeOwnerState, writeOwnerState, type OwnerState } from '../temporal/owner-state';

/** An ownership that lasts until `end`. */
export interface Ownership {
  /** Tells others more about this owner. */
  update(
    facts: Partial<Pick<OwnerState, 'experimentId' | 'temporalAddress' | 'namespace' | 'uiUrl' | 'trouble'>>,
  ): void;
  end(): void;
}

/** Takes the lock of a results file and says so. Throws HeldByAnotherError. */
export async function ownResultsFile(
  resultsFile: string,
  mode: OwnerState['mode'],
  experimentId: string | null,
): Promise<Ownership> {
  const lock = acquireOwnerLock(resultsFile);
  if (lock === null) throw heldByAnother(resultsFile, await describeHolder(resultsFile), experimentId);
  let state: OwnerState = {
    pid: process.pid,
    host: hostname(),
    since: new Date().toISOString(),
    mode,
    experimentId,
    temporalAddress: null,
    uiUrl: null,
    trouble: null,
  };
  writeOwnerState(resultsFile, state);
  return {
    update: (facts) => {
      state = { ...state, ...facts };
      writeOwnerState(resultsFile, state);
    },
    end: () => {
      removeOwnerState(resultsFile);
      lock.release();
    },
  };
}

/** The error that names the holder of a results file; `experimentId` = the one that was asked for. */
export function heldByAnother(
  resultsFile: string,
  owner: OwnerState | null,
  experimentId: string | null,
): HeldByAnotherError {
  const heldId = owner?.experimentId ?? null;
  const workflowId = heldId === null ? null : workflowIdOf(heldId);
  const who =
    owner === null ? 'another process' : `process ${owner.pid} on ${owner.host}, since ${owner.since}`;
  const holder = {
    pid: owner?.pid ?? null,
    host: owner?.host ?? null,
    since: owner?.since ?? null,
    workflowId,
  };
  if (heldId !== null && heldId === experimentId) {
    return new HeldByAnotherError(
      `${workflowId} is running already: ${who}. Look at it with: client status ${heldId}`,
      holder,
    );
  }
  return new HeldByAnotherError(
    `${resultsFile} is held by ${who}${workflowId === null ? '' : `, which runs ${workflowId}`}. ` +
      'Wait until it ends, name several configs in one start, name another results file with --db, ' +
      'or run them side by side under: client up',
    holder,
  );
}
