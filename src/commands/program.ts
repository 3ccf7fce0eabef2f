/** The command line: arguments to commands, errors to exit codes. */
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import type { Environment } from '../config/environment';
import { resultsFilePath } from '../config/results-file';
import { EXIT, LonghaulError } from '../errors';
import { ERROR_CATEGORIES, type ErrorCategory } from '../experiment';
import type { CommandContext } from './command-context';
import { demo } from './demo';
import { list } from './list';
import { Output, type OutputStreams } from './output';
import { resume } from './resume';
import { start } from './start';
import { status } from './status';
import { validate } from './validate';

/** What the program needs of its process. */
export interface ProgramSurroundings extends OutputStreams {
  environment: Environment;
  workingDirectory: string;
}

type Action = (context: CommandContext, options: Record<string, unknown>, experimentId?: string) => unknown;

/** Runs a command; gives its exit code. `argv` without interpreter and script. */
export async function runProgram(
  argv: readonly string[],
  surroundings: ProgramSurroundings,
): Promise<number> {
  let exitCode: number = EXIT.completed;
  const bind =
    (action: Action) =>
    async (...args: unknown[]): Promise<void> => {
      const command = args.at(-1) as Command;
      const [experimentId] = command.processedArgs as (string | undefined)[];
      const options = command.opts<Record<string, unknown>>();
      exitCode = (await action(contextOf(options, surroundings), options, experimentId)) as number;
    };
  try {
    await createProgram(bind, surroundings).parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.completed : EXIT.userCanMend;
    if (error instanceof LonghaulError) {
      surroundings.stderr.write(`${error.message}\n`);
      return error.exitCode;
    }
    surroundings.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    return EXIT.unexpected;
  }
}

function createProgram(
  bind: (action: Action) => (...args: unknown[]) => Promise<void>,
  streams: OutputStreams,
): Command {
  const program = new Command('client')
    .description('Asks a language model one question about every text of a dataset, and loses nothing.')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void streams.stdout.write(text),
      writeErr: (text) => void streams.stderr.write(text),
    });
  const add = (name: string, description: string): Command =>
    program
      .command(name)
      .description(description)
      .copyInheritedSettings(program)
      .option('--db <path>', 'results file; else EXPERIMENTS_DB, else data/experiments.db')
      .option('--json', 'print one JSON document to stdout, messages to stderr');
  add('start', 'run a config to its end, or go on with its experiment')
    .requiredOption('--config <file>', 'experiment config')
    .option('--limit <n>', 'only the first n narratives', parsePositive)
    .option('--replicate <k>', 'the k-th run of the same config', parsePositive, 1)
    .option('--new', 'begin a new experiment even where one is there')
    .action(
      bind((context, { config, limit, replicate, new: isNew }) =>
        start(context, {
          configFile: config as string,
          limit: (limit as number | undefined) ?? null,
          replicate: replicate as number,
          isNew: isNew === true,
        }),
      ),
    );
  add('resume [experiment]', 'go on with an experiment; by default the latest that has work left')
    .option('--retry-errors', 'ask the narratives with an error again')
    .addOption(new Option('--category <list>', 'only errors of these categories').argParser(parseCategories))
    .action(
      bind((context, { retryErrors, category }, experimentId) =>
        resume(context, {
          experimentId,
          retryErrors: retryErrors === true,
          categories: (category as ErrorCategory[] | undefined) ?? null,
        }),
      ),
    );
  add('status [experiment]', 'progress of an experiment; by default the latest').action(
    bind((context, _options, experimentId) => status(context, experimentId)),
  );
  add('list', 'all experiments of the results file').action(bind((context) => list(context)));
  add('validate', 'check a config and its data file')
    .requiredOption('--config <file>', 'experiment config')
    .action(bind((context, { config }) => validate(context, config as string)));
  add('demo', 'the whole job on made-up narratives with a simulated model').action(
    bind((context) => demo(context)),
  );
  return program;
}

function contextOf(options: Record<string, unknown>, surroundings: ProgramSurroundings): CommandContext {
  const { environment, workingDirectory } = surroundings;
  return {
    environment,
    workingDirectory,
    resultsFile: resultsFilePath({ option: options.db as string | undefined, environment, workingDirectory }),
    output: new Output(surroundings, options.json === true),
  };
}

function parsePositive(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1)
    throw new InvalidArgumentError('It must be a whole number from 1.');
  return number;
}

function parseCategories(text: string): ErrorCategory[] {
  return text.split(',').map((part) => {
    const category = ERROR_CATEGORIES.find((known) => known === part.trim());
    if (category === undefined)
      throw new InvalidArgumentError(`Known categories: ${ERROR_CATEGORIES.join(', ')}.`);
    return category;
  });
}
