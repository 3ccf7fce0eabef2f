/**
 * A process that holds a results file and works for several experiments until it is stopped: `client up` with a
 * Temporal server of its own, `worker` for one elsewhere. What was running when it stopped goes on when it is back.
 */
import { EXIT, type ExitCode } from '../errors';
import { openStore, type Store } from '../store/open-store';
import type { OwnerState } from '../temporal/owner-state';
import type { TemporalService } from '../temporal/temporal-service';
import { workflowPageOf } from '../temporal/workflow-page';
import type { CommandContext } from './command-context';
import { ownResultsFile } from './own-results-file';
import { readyResultsFile } from './ready-results-file';
import { listenForDrain, workerHostOf } from './worker-host';

/** Serves until a stop signal. Throws HeldByAnotherError, ResultsFileError, TemporalUnavailableError. */
export async function serve(
  context: CommandContext,
  mode: Exclude<OwnerState['mode'], 'foreground'>,
  openService: () => Promise<TemporalService>,
): Promise<ExitCode> {
  const { output, resultsFile } = context;
  await readyResultsFile(context);
  const ownership = await ownResultsFile(resultsFile, mode, null);
  const signals = listenForDrain(context);
  let store: Store | null = null;
  let service: TemporalService | null = null;
  try {
    store = openStore(resultsFile);
    service = await openService();
    // Temporal's libraries: a server of our own has started meanwhile.
    const { goOn } = await import('./go-on.js');
    const { runWorker } = await import('../temporal/run-worker.js');
    const { address, namespace, uiUrl, client } = service;
    ownership.update({ temporalAddress: address, namespace, uiUrl });
    const host = workerHostOf(context, ownership, { store, service, stopping: signals.stopping });
    const going = await goOn(client, store);
    await runWorker(host, async (stopping) => {
      output.message(`Serving ${resultsFile}${uiUrl === null ? ` for ${address}` : ` | Web UI ${uiUrl}`}`);
      for (const experimentId of going) output.message(lineOf(experimentId, { uiUrl, namespace }));
      output.message('Hand over experiments with: client start --config FILE --detach. Ctrl-C stops.');
      await untilAborted(stopping);
    });
    output.message('Stopped. What was running goes on with the next start of this service.');
    return EXIT.completed;
  } finally {
    await service?.close();
    store?.close();
    signals.dispose();
    ownership.end();
  }
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function lineOf(experimentId: string, service: Pick<TemporalService, 'uiUrl' | 'namespace'>): string {
  const page = workflowPageOf(service, experimentId);
  return `Going on with ${experimentId}${page === null ? '' : ` | ${page}`}`;
}
