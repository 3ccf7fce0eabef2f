/** `client reparse EXPERIMENT`: reads stored replies again, offline, and shows or applies what would change. */
import type { CommandDefinition } from './command-definition';

/** `client reparse`. */
export const reparseCommand: CommandDefinition<{ apply?: true }> = {
  syntax: 'reparse <experiment>',
  summary: 'read stored replies again with this version of the parser; shows what would change',
  examples: [
    ['client reparse brakes-0a1b2c3d4e', 'shows what would change'],
    ['client reparse brakes-0a1b2c3d4e --apply', 'changes it, and keeps what stood there'],
  ],
  declareOptions: (command) => command.option('--apply', 'store the new readings'),
  run: async (context, { apply = false }, argument) => {
    const { reparse } = await import('./reparse-experiment.js');
    return reparse(context, argument(0)!, apply);
  },
};
