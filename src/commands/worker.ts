/** `client worker`, also installed as `worker`: works for a Temporal server elsewhere, where the results file is. */
import { TemporalUnavailableError } from '../errors';
import type { CommandDefinition } from './command-definition';
import { declareServeOptions, withServeFlags, type ServeFlags } from './serve-flags';

/** `client worker`. */
export const workerCommand: CommandDefinition<ServeFlags> = {
  syntax: 'worker',
  summary: 'a worker for the Temporal server that TEMPORAL_ADDRESS or a Temporal profile names',
  examples: [['TEMPORAL_ADDRESS=temporal:7233 client worker', 'works until stopped']],
  declareOptions: declareServeOptions,
  run: async (given, flags) => {
    const context = withServeFlags(given, flags);
    const { readClusterSettings } = await import('../temporal/cluster-settings.js');
    const { connectToCluster } = await import('../temporal/temporal-service.js');
    const { serve } = await import('./serve.js');
    const cluster = readClusterSettings(context.environment);
    if (cluster === null) {
      throw new TemporalUnavailableError(
        'No Temporal server is configured: set TEMPORAL_ADDRESS, or use `client up`, which brings its own.',
      );
    }
    return serve(context, 'worker', () => connectToCluster(cluster));
  },
};
