/** `client doctor --config FILE`: is the model server fit for this job? Asks it about made-up texts only. */
import type { CommandDefinition } from './command-definition';

/** `client doctor`. */
export const doctorCommand: CommandDefinition<{ config: string }> = {
  syntax: 'doctor',
  summary: 'is the model server fit for the job of a config? Sends made-up texts only',
  examples: [['client doctor --config study.yaml', 'sends made-up texts only']],
  declareOptions: (command) => command.requiredOption('--config <file>', 'experiment config'),
  run: async (context, { config }) => {
    const { doctor } = await import('./check-server.js');
    return doctor(context, config);
  },
};
