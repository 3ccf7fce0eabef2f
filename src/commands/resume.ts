/** `client resume [EXPERIMENT]`: goes on with an experiment as it was frozen, without its config file. */
import type { ErrorCategory } from '../experiment';
import type { CommandDefinition } from './command-definition';
import { categoryOption } from './parse-arguments';
import { declareServeOptions, type ServeFlags, withServeFlags } from './serve-flags';

interface ResumeFlags extends ServeFlags {
  retryErrors?: true;
  category?: ErrorCategory[];
}

/** `client resume`. */
export const resumeCommand: CommandDefinition<ResumeFlags> = {
  syntax: 'resume [experiment]',
  summary: 'go on with an experiment; by default the latest that has work left',
  examples: [
    ['client resume', 'goes on with the latest unfinished experiment'],
    ['client resume ID --retry-errors --category timeout', 'asks the timeouts of one experiment again'],
  ],
  declareOptions: (command) =>
    declareServeOptions(command)
      .option('--retry-errors', 'ask the narratives with an error again')
      .addOption(categoryOption()),
  run: async (context, { retryErrors, category, ...flags }, argument) => {
    const { resume } = await import('./resume-experiment.js');
    return resume(withServeFlags(context, flags), {
      experimentId: argument(0),
      retryErrors: retryErrors === true,
      categories: category ?? null,
    });
  },
};
