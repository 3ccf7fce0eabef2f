/** `client status`: one experiment's progress, from SQLite alone. */
import { EXIT, type ExitCode } from '../errors';
import { openStoreForReading } from '../store/open-store';
import type { CommandContext } from './command-context';
import type { CommandDefinition } from './command-definition';
import { finalMetrics, formatStatus, liveOwner, reportStatus } from './experiment-status';
import { findExperiment, noExperiments } from './find-experiment';

/** `client status`. */
export const statusCommand: CommandDefinition = {
  syntax: 'status [experiment]',
  summary: 'progress of an experiment; by default the latest',
  examples: [
    ['client status', 'how far the latest is, from another terminal'],
    ['client status ID --json', 'the same facts for a script'],
  ],
  run: (context, _options, argument) => status(context, argument(0)),
};

/** Prints the status of an experiment; the newest where none is named. Throws ExperimentNotFoundError. */
export function status({ resultsFile, output }: CommandContext, experimentId: string | undefined): ExitCode {
  const store = openStoreForReading(resultsFile);
  if (store === null) throw noExperiments(resultsFile);
  try {
    const row = findExperiment(store, experimentId);
    const report = reportStatus(store, row, liveOwner(resultsFile));
    output.facts(report, () => formatStatus(report, finalMetrics(store, row)));
    return EXIT.completed;
  } finally {
    store.close();
  }
}
