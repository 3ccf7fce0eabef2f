/** Runs an experiment where it belongs: at the service that holds its results file, or in this process. */
import { LonghaulError, type ExitCode } from '../errors';
import type { Store } from '../store/open-store';
import type { CommandContext } from './command-context';
import type { StartDecision } from './decide-start';
import { findPlace } from './find-place';
import { runHere } from './run-here';

/** Runs what `make` decides. With `detach` it is handed over to a service; throws NoServiceError where there is none. */
export async function runInPlace(
  context: CommandContext,
  experimentId: string,
  make: (store: Store) => StartDecision,
  options: { detach: boolean },
): Promise<ExitCode> {
  const place = await findPlace(context, experimentId);
  if (place.kind === 'service') {
    const { runAtService } = await import('./run-at-service.js');
    return runAtService(context, place, make, options);
  }
  if (options.detach) throw new NoServiceError(context.resultsFile);
  return runHere(context, experimentId, make);
}

/** Thrown when a start is to be handed over and nobody is there to take it. */
export class NoServiceError extends LonghaulError {
  constructor(resultsFile: string) {
    super(
      `Nothing serves ${resultsFile}, so that there is nobody to hand over to. ` +
        'Start the service first: client up. Or leave --detach out.',
    );
  }
}
