/** `client worker`, also installed as `worker`: works for a Temporal server elsewhere, where the results file is. */
import { TemporalUnavailableError } from '../errors';
import { readClusterSettings } from '../temporal/cluster-settings';
import { connectToCluster } from '../temporal/temporal-service';
import type { CommandDefinition } from './command-definition';
import { serve } from './serve';

/** `client worker`. */
export const workerCommand: CommandDefinition = {
  syntax: 'worker',
  summary: 'a worker for the Temporal server that TEMPORAL_ADDRESS or a Temporal profile names',
  examples: [['TEMPORAL_ADDRESS=temporal:7233 client worker', 'works until stopped']],
  run: (context) => {
    const cluster = readClusterSettings(context.environment);
    if (cluster === null) {
      throw new TemporalUnavailableError(
        'No Temporal server is configured: set TEMPORAL_ADDRESS, or use `client up`, which brings its own.',
      );
    }
    return serve(context, 'worker', () => connectToCluster(cluster));
  },
};
