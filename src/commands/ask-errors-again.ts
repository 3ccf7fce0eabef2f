/** Asks the error rows of an experiment again: by a message where its file is being served, else in this process. */
import { EXIT, type ExitCode } from '../errors';
import type { ErrorCategory } from '../experiment';
import { openStoreForReading } from '../store/open-store';
import { readClusterSettings } from '../temporal/cluster-settings';
import type { CommandContext } from './command-context';
import { requestRetry } from './experiment-workflow';
import { findExperiment, noExperiments } from './find-experiment';
import { connect, findOwner } from './find-place';
import { assertResumable } from './older-experiment';
import { heldByAnother } from './own-results-file';
import { resume } from './resume-experiment';

/** A service that takes no message within this time has no worker. */
const ANSWER_WITHIN_MS = 15_000;

/** Asks for a further pass; where nobody holds the results file it is run here, to its end. */
export async function askErrorsAgain(
  context: CommandContext,
  experimentId: string,
  categories: ErrorCategory[] | null,
): Promise<ExitCode> {
  const { resultsFile, output } = context;
  const owner = await findOwner(resultsFile);
  if (owner?.mode === 'foreground' && owner.experimentId !== experimentId)
    throw heldByAnother(resultsFile, owner, experimentId);
  if (owner === null) return resume(context, { experimentId, retryErrors: true, categories });
  const store = openStoreForReading(resultsFile);
  if (store === null) throw noExperiments(resultsFile);
  try {
    assertResumable(findExperiment(store, experimentId));
    if (store.passes.countErrors(experimentId, categories) === 0) {
      output.message(`Nothing to retry in ${experimentId}.`);
      return EXIT.completed;
    }
    const service = await connect(resultsFile, owner, readClusterSettings(context.environment));
    try {
      const nRequested = await service.client.withDeadline(Date.now() + ANSWER_WITHIN_MS, () =>
        requestRetry(service.client, store, experimentId, { categories }),
      );
      output.message(`${nRequested} narratives of ${experimentId} are asked again by process ${owner.pid}.`);
    } finally {
      await service.close();
    }
    return EXIT.completed;
  } finally {
    store.close();
  }
}
