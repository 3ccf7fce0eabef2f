/** `client retry-errors EXPERIMENT`: asks error rows again; by a message where the experiment's file is being served. */
import type { ErrorCategory } from '../experiment';
import type { CommandDefinition } from './command-definition';
import { categoryOption } from './parse-arguments';

/** `client retry-errors`. */
export const retryErrorsCommand: CommandDefinition<{ category?: ErrorCategory[] }> = {
  syntax: 'retry-errors <experiment>',
  summary: 'ask the narratives with an error again, also while it runs',
  examples: [['client retry-errors ID --category timeout,parse', 'only errors of these categories']],
  declareOptions: (command) => command.addOption(categoryOption()),
  run: async (context, { category }, argument) => {
    const { askErrorsAgain } = await import('./ask-errors-again.js');
    return askErrorsAgain(context, argument(0)!, category ?? null);
  },
};
