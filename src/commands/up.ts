/** `client up`: a Temporal server and a worker that stay, for several experiments of one results file. */
import type { CommandDefinition } from './command-definition';
import { declareServeOptions, withServeFlags, type ServeFlags } from './serve-flags';

/** `client up`. */
export const upCommand: CommandDefinition<ServeFlags> = {
  syntax: 'up',
  summary: 'the local service: holds the results file and works for several experiments until stopped',
  examples: [
    ['client up', 'serves until Ctrl-C; a start from another terminal hands over to it'],
    ['client start --config study.yaml --detach', 'hands over and returns at once'],
  ],
  declareOptions: declareServeOptions,
  run: async (given, flags) => {
    const context = withServeFlags(given, flags);
    const { startEmbedded } = await import('../temporal/embedded-service.js');
    const { serve } = await import('./serve.js');
    return serve(context, 'up', () =>
      startEmbedded(context.resultsFile, context.environment, (message) => context.output.error(message)),
    );
  },
};
