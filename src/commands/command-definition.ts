/** What a command of the program is made of: its place on the command line and what it does. */
import type { Command } from 'commander';
import type { ExitCode } from '../errors';
import type { CommandContext } from './command-context';

/** One command; `Options` are its own options by their camel-case names, as commander gives them. */
export interface CommandDefinition<Options = Record<string, unknown>> {
  /** Name and arguments, such as `status [experiment]`; a name of two words, such as `db check`, is a subcommand. */
  syntax: string;
  /** One line for the list of commands. */
  summary: string;
  /** Command lines for the help, each with what it does. */
  examples: readonly (readonly [line: string, does: string])[];
  /** Declares the options beyond those that every command has. */
  declareOptions?: (command: Command) => void;
  /** Does it. `argument(i)` is the i-th argument; undefined = left out. */
  run(
    context: CommandContext,
    options: Options,
    argument: (index: number) => string | undefined,
  ): ExitCode | Promise<ExitCode>;
}

/** A definition whose options are not known to the program, which only passes them on. */
export type AnyCommandDefinition = CommandDefinition<never>;
