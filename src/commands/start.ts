/** `client start --config FILE`: the whole job, from the config to the end of the experiment. */
import { Option } from 'commander';
import type { CommandDefinition } from './command-definition';
import { parsePositive } from './parse-arguments';
import { declareServeOptions, type ServeFlags, withServeFlags } from './serve-flags';

interface StartFlags extends ServeFlags {
  config: string[];
  limit?: number;
  sample?: number;
  replicate: number;
  new?: true;
  detach?: true;
}

/** `client start`. */
export const startCommand: CommandDefinition<StartFlags> = {
  syntax: 'start',
  summary: 'run a config to its end, or go on with its experiment',
  examples: [
    ['client start --config study.yaml', 'the whole job; the same line goes on after a crash'],
    ['client start --config study.yaml --sample 50', '50 narratives at random, to try things out'],
    ['client start --config a.yaml b.yaml c.yaml', 'one after the other'],
  ],
  declareOptions: (command) =>
    declareServeOptions(command)
      .requiredOption('--config <file...>', 'experiment config; several are run one after the other')
      .addOption(
        new Option('--limit <n>', 'only the first n narratives').argParser(parsePositive).conflicts('sample'),
      )
      .option('--sample <n>', 'only n narratives, chosen at random by run.seed', parsePositive)
      .option('--replicate <k>', 'the k-th run of the same config', parsePositive, 1)
      .option('--new', 'begin a new experiment even where one is there')
      .option('--detach', 'hand over to a live `client up` or a cluster and return at once'),
  run: async (context, { config, limit, sample, replicate, new: isNew, detach, ...flags }) => {
    const { startEach } = await import('./start-experiment.js');
    return startEach(withServeFlags(context, flags), config, {
      limit: limit ?? null,
      sample: sample ?? null,
      replicate,
      isNew: isNew === true,
      detach: detach === true,
    });
  },
};
