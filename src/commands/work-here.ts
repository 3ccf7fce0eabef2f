/** The work on one experiment in the process that owns its results file. */
import type { Store } from '../store/open-store';
import { runWorker } from '../temporal/run-worker';
import { parkOtherExperiments } from '../temporal/take-over';
import type { TemporalService } from '../temporal/temporal-service';
import { announce } from './begin-work';
import type { CommandContext } from './command-context';
import { startOrResume, untilAtRest } from './experiment-workflow';
import { follow } from './follow';
import type { Ownership } from './own-results-file';
import type { StopSignals } from './stop-signals';
import { workerHostOf } from './worker-host';
import { writePatiently } from './write-patiently';

/** What the owner of a results file works with. */
export interface Work {
  store: Store;
  service: TemporalService;
  signals: StopSignals;
  ownership: Ownership;
  experimentId: string;
}

/** Takes over what a dead owner left and follows the experiment until it stops, or a signal stops this process. */
export async function workHere(
  context: CommandContext,
  { store, service, signals, ownership, experimentId }: Work,
): Promise<void> {
  for (const parked of await parkOtherExperiments(service.client, store, experimentId))
    context.output.message(`${parked} was left running by a process that has ended; it is paused now.`);
  const host = workerHostOf(context, ownership, { store, service, stopping: signals.stopping });
  await runWorker(host, async (stopping) => {
    announce(context, store, experimentId, service);
    const { client } = service;
    const hasBegun = await writePatiently(() => startOrResume(client, store, experimentId), {
      stopping,
      onTrouble: (trouble) => context.output.error(`The work waits: ${trouble}. It begins by itself then.`),
    });
    if (!hasBegun) return;
    const ended = await follow(context, { store, client, experimentId, leave: stopping });
    if (ended === 'stopped') await untilAtRest(client, experimentId);
    if (ended === 'workflow closed') recordBug(store, experimentId);
  });
}

/** A workflow that closed without an end status in SQLite has failed by a fault of ours. */
function recordBug(store: Store, experimentId: string): void {
  const reason = 'the workflow ended by an error; see it in the Temporal Web UI';
  store.inTransaction(() => {
    store.experiments.setStatus(experimentId, 'failed', reason);
    store.events.add(experimentId, 'failed', reason);
  });
}
