/** `client validate --config FILE`: all problems of a config and its data, without any server. */
import type { CommandDefinition } from './command-definition';

/** `client validate`. */
export const validateCommand: CommandDefinition<{ config: string }> = {
  syntax: 'validate',
  summary: 'check a config and its data file',
  examples: [['client validate --config study.yaml', 'all problems of a config at once']],
  declareOptions: (command) => command.requiredOption('--config <file>', 'experiment config'),
  run: async (context, { config }) => {
    const { validate } = await import('./validate-config.js');
    return validate(context, config);
  },
};
