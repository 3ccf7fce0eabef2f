/** `client pause [EXPERIMENT]`: no new call; it stays paused, whatever restarts, until a typed start or resume. */
import { WORKING_STATUSES } from '../experiment';
import type { CommandDefinition } from './command-definition';
import { pauseWorkflow } from './experiment-workflow';
import { stopExperiment } from './stop-experiment';

/** `client pause`. */
export const pauseCommand: CommandDefinition = {
  syntax: 'pause [experiment]',
  summary: 'make no further call; by default the latest that is running',
  run: (context, _options, argument) =>
    stopExperiment(context, argument(0), { status: 'paused', from: WORKING_STATUSES, send: pauseWorkflow }),
};
