/** `client pause [EXPERIMENT]`: no new call; it stays paused, whatever restarts, until a typed start or resume. */
import { WORKING_STATUSES } from '../experiment';
import type { CommandDefinition } from './command-definition';

/** `client pause`. */
export const pauseCommand: CommandDefinition = {
  syntax: 'pause [experiment]',
  summary: 'make no further call; by default the latest that is running',
  examples: [['client pause', 'the latest that is running; `client resume` goes on']],
  run: async (context, _options, argument) => {
    const { pauseWorkflow } = await import('./experiment-workflow.js');
    const { stopExperiment } = await import('./stop-experiment.js');
    return stopExperiment(context, argument(0), {
      status: 'paused',
      from: WORKING_STATUSES,
      send: pauseWorkflow,
    });
  },
};
