/** `client cancel [EXPERIMENT]`: ends it before its end; what was answered stays, and `resume` can still go on. */
import { UNFINISHED_STATUSES } from '../experiment';
import type { CommandDefinition } from './command-definition';

/** `client cancel`. */
export const cancelCommand: CommandDefinition = {
  syntax: 'cancel <experiment>',
  summary: 'end an experiment before its end; its answers stay',
  examples: [['client cancel ID', 'ends it; what was answered stays and is exported as ever']],
  run: async (context, _options, argument) => {
    const { cancelWorkflow } = await import('./experiment-workflow.js');
    const { stopExperiment } = await import('./stop-experiment.js');
    return stopExperiment(context, argument(0), {
      status: 'cancelled',
      from: UNFINISHED_STATUSES,
      send: cancelWorkflow,
    });
  },
};
