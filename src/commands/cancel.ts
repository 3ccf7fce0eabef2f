/** `client cancel [EXPERIMENT]`: ends it before its end; what was answered stays, and `resume` can still go on. */
import { UNFINISHED_STATUSES } from '../experiment';
import type { CommandDefinition } from './command-definition';
import { cancelWorkflow } from './experiment-workflow';
import { stopExperiment } from './stop-experiment';

/** `client cancel`. */
export const cancelCommand: CommandDefinition = {
  syntax: 'cancel <experiment>',
  summary: 'end an experiment before its end; its answers stay',
  run: (context, _options, argument) =>
    stopExperiment(context, argument(0), {
      status: 'cancelled',
      from: UNFINISHED_STATUSES,
      send: cancelWorkflow,
    }),
};
