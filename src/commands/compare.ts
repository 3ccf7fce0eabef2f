/** `client compare A B`: what two experiments answered on the same narratives. */
import type { CommandDefinition } from './command-definition';

/** `client compare`. */
export const compareCommand: CommandDefinition<{ html?: string }> = {
  syntax: 'compare <a> <b>',
  summary: 'two experiments, paired on the narratives that both answered',
  examples: [
    ['client compare study-1a2b3c4d5e study-6f7a8b9c0d', "counts, scores and McNemar's test"],
    [
      'client compare study-1a2b3c4d5e study-6f7a8b9c0d --html comparison.html',
      'a page, with intervals and flips',
    ],
  ],
  declareOptions: (command) =>
    command.option('--html <file>', 'page to write; one that is there is replaced'),
  run: async (context, { html }, argument) => {
    // Its statistics take a third of the time in which all commands load.
    const { compare } = await import('./compare-experiments.js');
    return compare(context, argument(0)!, argument(1)!, html);
  },
};
