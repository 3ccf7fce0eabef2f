/** `client retry-errors EXPERIMENT`: asks error rows again; by a message where the experiment's file is being served. */
import { Option } from 'commander';
import { EXIT, type ExitCode } from '../errors';
import type { ErrorCategory } from '../experiment';
import { openStoreForReading } from '../store/open-store';
import { readClusterSettings } from '../temporal/cluster-settings';
import type { CommandContext } from './command-context';
import type { CommandDefinition } from './command-definition';
import { requestRetry } from './experiment-workflow';
import { findExperiment, noExperiments } from './find-experiment';
import { connect, findOwner } from './find-place';
import { heldByAnother } from './own-results-file';
import { assertResumable } from './older-experiment';
import { parseCategories } from './parse-arguments';
import { resume } from './resume';

/** A service that takes no message within this time has no worker. */
const ANSWER_WITHIN_MS = 15_000;

/** `client retry-errors`. */
export const retryErrorsCommand: CommandDefinition<{ category?: ErrorCategory[] }> = {
  syntax: 'retry-errors <experiment>',
  summary: 'ask the narratives with an error again, also while it runs',
  examples: [['client retry-errors ID --category timeout,parse', 'only errors of these categories']],
  declareOptions: (command) =>
    command.addOption(
      new Option('--category <list>', 'only errors of these categories').argParser(parseCategories),
    ),
  run: (context, { category }, argument) => retryErrors(context, argument(0)!, category ?? null),
};

/** Asks for a further pass; where nobody holds the results file it is run here, to its end. */
export async function retryErrors(
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
