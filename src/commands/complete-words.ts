/** What may stand next on a command line, from the definitions of the commands. Pure but for the ids it is handed. */
import { Command, type Option } from 'commander';
import { ERROR_CATEGORIES } from '../experiment';
import type { AnyCommandDefinition } from './command-definition';

/** Arguments that name an experiment, as the syntax of commands spells them. */
const EXPERIMENT_ARGUMENTS = ['experiment', 'a', 'b', 'experiment-or-dataset'];
/** Options that every command has. */
const COMMON_OPTIONS = ['--db', '--json', '--help'];

/** What the definitions alone do not tell. */
export interface CompletionSources {
  commands: readonly AnyCommandDefinition[];
  shells: readonly string[];
  /** Ids of experiments; asked for only where one may stand. */
  experimentIds: () => readonly string[];
}

/** `words` = the program's name and what follows, the last one unfinished. Nothing found = a file may stand there. */
export function completeWords(words: readonly string[], sources: CompletionSources): string[] {
  const before = words.slice(1, -1);
  const current = words.at(-1) ?? '';
  return [...new Set(candidates(before, current, sources))].filter((each) => each.startsWith(current));
}

function candidates(before: readonly string[], current: string, sources: CompletionSources): string[] {
  const names = sources.commands.map(({ syntax }) => nameOf(syntax));
  const definition = sources.commands.find(({ syntax }) => isBeginning(nameOf(syntax), before));
  if (definition === undefined)
    return names.filter((name) => isBeginning(before, name)).map((name) => name[before.length]!);
  const options = optionsOf(definition);
  const given = before.slice(nameOf(definition.syntax).length);
  const open = openOption(given, options);
  if (current.startsWith('-')) return [...options.map(({ long }) => long!), ...COMMON_OPTIONS];
  if (open !== null) return valuesOf(open);
  const argument = argumentsOf(definition.syntax)[countArguments(given, options)];
  if (argument === 'shell') return [...sources.shells];
  return EXPERIMENT_ARGUMENTS.includes(argument ?? '') ? [...sources.experimentIds()] : [];
}

/** `db check` of `db check`, `status` of `status [experiment]`. */
function nameOf(syntax: string): string[] {
  return syntax.replace(/ [<[].*$/, '').split(' ');
}

function argumentsOf(syntax: string): string[] {
  return [...syntax.matchAll(/[<[]([\w-]+)(?:\.\.\.)?[>\]]/g)].map(([, name]) => name!);
}

function isBeginning(part: readonly string[], whole: readonly string[]): boolean {
  return part.length <= whole.length && part.every((word, index) => word === whole[index]);
}

function optionsOf(definition: AnyCommandDefinition): readonly Option[] {
  const command = new Command();
  definition.declareOptions?.(command);
  return command.options;
}

/** The option whose value comes next; null = none. */
function openOption(given: readonly string[], options: readonly Option[]): Option | '--db' | null {
  const at = given.findLastIndex((word) => word.startsWith('-'));
  const word = given[at];
  if (word === '--db') return at === given.length - 1 ? '--db' : null;
  const option = options.find(({ long }) => long === word);
  if (option === undefined || !(option.required || option.optional)) return null;
  return option.variadic || at === given.length - 1 ? option : null;
}

function valuesOf(option: Option | '--db'): string[] {
  if (option === '--db') return [];
  return option.long === '--category' ? [...ERROR_CATEGORIES] : [...(option.argChoices ?? [])];
}

/** Words that are neither options nor their values. */
function countArguments(given: readonly string[], options: readonly Option[]): number {
  return given.filter(
    (word, index) => !word.startsWith('-') && openOption(given.slice(0, index), options) === null,
  ).length;
}
