/** Where an experiment is to run: in this process, or at a service that holds the results file. */
import { setTimeout as sleep } from 'node:timers/promises';
import { TemporalUnavailableError } from '../errors';
import { type ClusterSettings, readClusterSettings } from '../temporal/cluster-settings';
import { isOwned } from '../temporal/owner-lock';
import { describeHolder, type OwnerState } from '../temporal/owner-state';
import type { TemporalService } from '../temporal/temporal-service';
import type { CommandContext } from './command-context';
import { heldByAnother } from './own-results-file';

/** A server's first start on a slow disk takes a while. */
const STARTED_WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 100;

/** `here` = nobody else does it; `service` = a live `up` or `worker`, or a cluster without a worker yet. */
export type Place = { kind: 'here' } | ServicePlace;

/** A service to hand an experiment to. */
export interface ServicePlace {
  kind: 'service';
  /** null = no worker holds the results file now. */
  owner: OwnerState | null;
  /** Throws TemporalUnavailableError. */
  connect(): Promise<TemporalService>;
}

/** Finds the place for a start or resume. Throws HeldByAnotherError where a foreground run holds the file. */
export async function findPlace(
  { resultsFile, environment }: CommandContext,
  experimentId: string,
): Promise<Place> {
  const cluster = readClusterSettings(environment);
  const owner = await findOwner(resultsFile);
  if (owner?.mode === 'foreground') throw heldByAnother(resultsFile, owner, experimentId);
  if (owner === null && cluster === null) return { kind: 'here' };
  return { kind: 'service', owner, connect: () => connect(resultsFile, owner, cluster) };
}

/** The live owner of a results file, waiting a moment for its note; null = none. Throws HeldByAnotherError. */
export async function findOwner(resultsFile: string): Promise<OwnerState | null> {
  if (!isOwned(resultsFile)) return null;
  const owner = await describeHolder(resultsFile);
  if (owner !== null || !isOwned(resultsFile)) return owner;
  throw heldByAnother(resultsFile, null, null);
}

/** Connects to the Temporal server that works for a results file. Throws TemporalUnavailableError. */
export async function connect(
  resultsFile: string,
  owner: OwnerState | null,
  cluster: ClusterSettings | null,
): Promise<TemporalService> {
  const { connectToCluster, connectToOwner } = await import('../temporal/temporal-service.js');
  const isElsewhere = owner === null || owner.mode === 'worker';
  if (isElsewhere && cluster !== null) return connectToCluster(cluster);
  if (owner?.mode === 'worker') {
    throw new TemporalUnavailableError(
      `${resultsFile} is held by a worker (process ${owner.pid}) of the Temporal server at ${owner.temporalAddress}. ` +
        `Set TEMPORAL_ADDRESS=${owner.temporalAddress} and try again.`,
    );
  }
  const { temporalAddress, uiUrl } = await untilStarted(resultsFile, owner);
  try {
    return await connectToOwner(temporalAddress, uiUrl);
  } catch (error) {
    throw isOwned(resultsFile) ? error : justEnded(resultsFile);
  }
}

/** An owner that has just begun tells its server's address when it has one. */
async function untilStarted(
  resultsFile: string,
  first: OwnerState | null,
): Promise<OwnerState & { temporalAddress: string }> {
  let owner = first;
  for (let waitedMs = 0; owner !== null && waitedMs < STARTED_WITHIN_MS; waitedMs += LOOK_EVERY_MS) {
    const { temporalAddress } = owner;
    if (temporalAddress !== null) return { ...owner, temporalAddress };
    await sleep(LOOK_EVERY_MS);
    owner = await findOwner(resultsFile);
  }
  if (owner === null) throw justEnded(resultsFile);
  throw new TemporalUnavailableError(
    `The process that holds ${resultsFile} (${owner.pid}) has no Temporal server yet. Try again in a moment.`,
  );
}

function justEnded(resultsFile: string): TemporalUnavailableError {
  return new TemporalUnavailableError(`The process that held ${resultsFile} has just ended. Try again.`);
}
