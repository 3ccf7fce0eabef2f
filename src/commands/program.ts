/** The command line: arguments to commands, errors to exit codes. */
import { Command, CommanderError } from 'commander';
import type { Environment } from '../config/environment';
import { resultsFilePath } from '../config/results-file';
import { EXIT, LonghaulError } from '../errors';
import { describeDiskTrouble, diskTroubleOf } from '../store/disk-trouble';
import type { CommandContext } from './command-context';
import type { AnyCommandDefinition, CommandDefinition } from './command-definition';
import { cancelCommand } from './cancel';
import { dbBackupCommand } from './db-backup';
import { dbCheckCommand } from './db-check';
import { dbUpgradeCommand } from './db-upgrade';
import { compareCommand } from './compare';
import { completionCommand } from './completion';
import { demoCommand } from './demo';
import { doctorCommand } from './doctor';
import { disagreementsCommand } from './disagreements';
import { errorsCommand } from './errors';
import { explainCommand } from './explain';
import { exportCommand } from './export';
import { labelsImportCommand } from './labels-import';
import { listCommand } from './list';
import { Output, type OutputStreams } from './output';
import { pauseCommand } from './pause';
import { reparseCommand } from './reparse';
import { reportCommand } from './report';
import { resumeCommand } from './resume';
import { retryErrorsCommand } from './retry-errors';
import { showCommand } from './show';
import { startCommand } from './start';
import { statusCommand } from './status';
import { tuneCommand } from './tune';
import { upCommand } from './up';
import { validateCommand } from './validate';
import { watchCommand } from './watch';
import { workerCommand } from './worker';
import { readVersion } from '../version';

/** All commands, in the order in which the help lists them. */
export const COMMANDS: readonly AnyCommandDefinition[] = [
  startCommand,
  resumeCommand,
  statusCommand,
  watchCommand,
  listCommand,
  pauseCommand,
  cancelCommand,
  tuneCommand,
  retryErrorsCommand,
  showCommand,
  errorsCommand,
  disagreementsCommand,
  compareCommand,
  explainCommand,
  exportCommand,
  reportCommand,
  labelsImportCommand,
  validateCommand,
  doctorCommand,
  reparseCommand,
  upCommand,
  workerCommand,
  dbCheckCommand,
  dbUpgradeCommand,
  dbBackupCommand,
  completionCommand(() => COMMANDS),
  demoCommand,
];

/** What the commands with a name of two words are about, by the first word. */
const GROUPS: Readonly<Record<string, string>> = {
  db: 'care of the results file',
  labels: 'labels of people, to measure answers by',
};

/** What the program needs of its process. */
export interface ProgramSurroundings extends OutputStreams {
  environment: Environment;
  workingDirectory: string;
}

/** Runs a command; gives its exit code. `argv` without interpreter and script. */
export async function runProgram(
  argv: readonly string[],
  surroundings: ProgramSurroundings,
): Promise<number> {
  let exitCode: number = EXIT.completed;
  const run = async (definition: AnyCommandDefinition, command: Command): Promise<void> => {
    const options = command.opts<Record<string, unknown>>();
    const context = contextOf(options, surroundings);
    const argument = (index: number) => command.processedArgs[index] as string | undefined;
    exitCode = await (definition as CommandDefinition).run(context, options, argument);
  };
  try {
    await createProgram(run, surroundings).parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.completed : EXIT.userCanMend;
    if (error instanceof LonghaulError) {
      surroundings.stderr.write(`${error.message}\n`);
      return error.exitCode;
    }
    const trouble = diskTroubleOf(error);
    if (trouble !== null) {
      surroundings.stderr.write(`Ended because ${describeDiskTrouble(trouble)}. Then try again.\n`);
      return EXIT.userCanMend;
    }
    surroundings.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    return EXIT.unexpected;
  }
}

type RunDefinition = (definition: AnyCommandDefinition, command: Command) => Promise<void>;

/** The program with all its commands; `run` does what a command line asks for. */
export function createProgram(run: RunDefinition, streams: OutputStreams): Command {
  const program = new Command('client')
    .description('Asks a language model one question about every text of a dataset, and loses nothing.')
    .version(readVersion(), '--version', 'print the version')
    .exitOverride()
    .showHelpAfterError('How it is used: client COMMAND --help')
    .configureOutput({
      writeOut: (text) => void streams.stdout.write(text),
      writeErr: (text) => void streams.stderr.write(text),
    });
  for (const definition of COMMANDS) addCommand(program, definition, run);
  return program;
}

function addCommand(program: Command, definition: AnyCommandDefinition, run: RunDefinition): void {
  const group = Object.keys(GROUPS).find((word) => definition.syntax.startsWith(`${word} `));
  const parent = group === undefined ? program : groupOf(program, group);
  const syntax = group === undefined ? definition.syntax : definition.syntax.slice(group.length + 1);
  const command = parent
    .command(syntax)
    .description(definition.summary)
    .copyInheritedSettings(program)
    .option('--db <path>', 'results file; else EXPERIMENTS_DB, else .db_config, else data/experiments.db')
    .option('--json', 'print one JSON document to stdout, messages to stderr');
  definition.declareOptions?.(command);
  command.addHelpText('after', formatExamples(definition.examples));
  command.action(() => run(definition, command));
}

function groupOf(program: Command, name: string): Command {
  const known = program.commands.find((command) => command.name() === name);
  return known ?? program.command(name).description(GROUPS[name]!).copyInheritedSettings(program);
}

function formatExamples(examples: AnyCommandDefinition['examples']): string {
  const width = Math.max(...examples.map(([line]) => line.length));
  return ['', 'Examples:', ...examples.map(([line, does]) => `  ${line.padEnd(width)}  ${does}`)].join('\n');
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
