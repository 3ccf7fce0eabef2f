/**
 * Hands an experiment to the service that holds the results file, and follows it. Ctrl-C only leaves the view. The one
 * short transaction that makes the experiment is written from here, beside the service's own.
 */
import { EXIT, type ExitCode } from '../errors';
import { WORKING_STATUSES } from '../experiment';
import { openStore, openStoreAsGuest, type Store } from '../store/open-store';
import { announce } from './begin-work';
import type { CommandContext } from './command-context';
import { exitCodeOf, printNothingToDo, printOutcome } from './experiment-outcome';
import { startOrResume } from './experiment-workflow';
import type { ServicePlace } from './find-place';
import { follow } from './follow';
import { heldByAnother, ownResultsFile } from './own-results-file';
import type { Prepare } from './run-here';
import { listenForStop } from './stop-signals';

/** Hands over what `prepare` decides; `detach` = returns at once. Throws HeldByAnotherError, TemporalUnavailableError. */
export async function runAtService(
  context: CommandContext,
  place: ServicePlace,
  prepare: Prepare,
  { detach }: { detach: boolean },
): Promise<ExitCode> {
  const { output, resultsFile } = context;
  const service = await place.connect();
  const opened = await openForHandOver(resultsFile, place);
  try {
    const { store } = opened;
    const decision = prepare(store);
    if (decision.kind === 'nothing') return printNothingToDo(context, store, decision);
    const { experimentId } = decision;
    const { status } = store.experiments.get(experimentId)!;
    // A pending one may have been left so by a client that died between the two steps below.
    if (place.owner !== null && status !== 'pending' && WORKING_STATUSES.includes(status))
      throw heldByAnother(resultsFile, { ...place.owner, experimentId }, experimentId);
    await startOrResume(service.client, store, experimentId);
    opened.handOver();
    announce(context, store, experimentId, service);
    if (place.owner === null)
      output.message(`No worker holds ${resultsFile} yet; start one with: worker --db ${resultsFile}`);
    if (detach) return EXIT.completed;
    return await followAtService(context, { store, client: service.client, experimentId });
  } finally {
    opened.close();
    await service.close();
  }
}

/** The store to write with: beside the live owner, or as the owner for this moment where there is none. */
async function openForHandOver(
  resultsFile: string,
  place: ServicePlace,
): Promise<{ store: Store; handOver(): void; close(): void }> {
  if (place.owner !== null) {
    const store = openStoreAsGuest(resultsFile);
    return { store, handOver: () => {}, close: () => store.close() };
  }
  const ownership = await ownResultsFile(resultsFile, 'foreground', null);
  let isOwner = true;
  const handOver = (): void => {
    if (isOwner) ownership.end();
    isOwner = false;
  };
  try {
    const store = openStore(resultsFile);
    return {
      store,
      handOver,
      close: () => {
        store.close();
        handOver();
      },
    };
  } catch (error) {
    handOver();
    throw error;
  }
}

async function followAtService(
  context: CommandContext,
  followed: Pick<Parameters<typeof follow>[1], 'store' | 'client' | 'experimentId'>,
): Promise<ExitCode> {
  const { output } = context;
  const { store, experimentId } = followed;
  const signals = listenForStop(
    () => {},
    () => process.exit(EXIT.completed),
  );
  try {
    const ended = await follow(context, { ...followed, leave: signals.stopping });
    if (ended === 'left') {
      output.message(`${experimentId} goes on without this view. To pause it: client pause ${experimentId}`);
      return EXIT.completed;
    }
  } finally {
    signals.dispose();
  }
  printOutcome(context, store, experimentId);
  return exitCodeOf(store.experiments.get(experimentId)!.status);
}
