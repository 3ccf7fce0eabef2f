/** `client completion SHELL`: completes commands, options and the ids of experiments on the command line. */
import { resultsFilePath } from '../config/results-file';
import { EXIT, LonghaulError, type ExitCode } from '../errors';
import { openStoreForReading } from '../store/open-store';
import type { CommandContext } from './command-context';
import type { AnyCommandDefinition, CommandDefinition } from './command-definition';
import { completeWords } from './complete-words';
import { COMPLETION_SCRIPTS, type Shell } from './completion-scripts';

interface CompletionFlags {
  words?: string;
}

const SHELLS = Object.keys(COMPLETION_SCRIPTS) as Shell[];

/** `client completion`, for these commands, itself included. */
export function completionCommand(
  commands: () => readonly AnyCommandDefinition[],
): CommandDefinition<CompletionFlags> {
  return {
    syntax: 'completion <shell>',
    summary: 'a script for bash, zsh or fish that completes commands, options and ids of experiments',
    examples: [
      ['eval "$(client completion bash)"', 'in ~/.bashrc; for zsh in ~/.zshrc, after compinit'],
      ['client completion fish > ~/.config/fish/completions/client.fish', 'fish reads it by itself'],
    ],
    declareOptions: (command) =>
      command.option('--words <lines>', 'used by the scripts: what may stand next, after these words'),
    run: (context, { words }, argument) => {
      if (words === undefined) return printScript(context, argument(0)!);
      const found = completeWords(words.split('\n'), {
        commands: commands(),
        shells: SHELLS,
        experimentIds: () => listIds(context, words.split('\n')),
      });
      if (found.length > 0) context.output.facts(found, () => found.join('\n'));
      return EXIT.completed;
    },
  };
}

function printScript({ output }: CommandContext, shell: string): ExitCode {
  const script = SHELLS.includes(shell as Shell) ? COMPLETION_SCRIPTS[shell as Shell] : null;
  if (script === null) throw new LonghaulError(`Name one of these shells: ${SHELLS.join(', ')}.`);
  output.facts({ shell, script }, () => script.trimEnd());
  return EXIT.completed;
}

/** Of the results file that the unfinished line names, newest first; none where it cannot be read. */
function listIds(context: CommandContext, words: readonly string[]): string[] {
  const option = words[words.indexOf('--db') + 1];
  try {
    const file = words.includes('--db') ? resultsFilePath({ ...context, option }) : context.resultsFile;
    const store = openStoreForReading(file);
    const ids = store?.experiments.list().map((row) => row.experiment_id) ?? [];
    store?.close();
    return ids;
  } catch {
    return [];
  }
}
