/** `client up`: a Temporal server and a worker that stay, for several experiments of one results file. */
import type { CommandDefinition } from './command-definition';

/** `client up`. */
export const upCommand: CommandDefinition = {
  syntax: 'up',
  summary: 'the local service: holds the results file and works for several experiments until stopped',
  examples: [
    ['client up', 'serves until Ctrl-C; a start from another terminal hands over to it'],
    ['client start --config study.yaml --detach', 'hands over and returns at once'],
  ],
  run: async (context) => {
    const { startEmbedded } = await import('../temporal/embedded-service.js');
    const { serve } = await import('./serve.js');
    return serve(context, 'up', () =>
      startEmbedded(context.resultsFile, context.environment, (message) => context.output.error(message)),
    );
  },
};
