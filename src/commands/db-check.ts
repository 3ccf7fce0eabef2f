/** `client db check`: whether the results file is whole and its numbers agree; also while an experiment runs. */
import { EXIT, type ExitCode } from '../errors';
import { checkFile, type CheckResult } from '../store/check/check-file';
import type { CommandContext } from './command-context';
import type { CommandDefinition } from './command-definition';
import { noExperiments } from './find-experiment';

/** `client db check`. */
export const dbCheckCommand: CommandDefinition = {
  syntax: 'db check',
  summary: 'whether the results file is whole and its numbers agree',
  examples: [['client db check', 'whether the results file is whole; exit 2 where it is not']],
  run: (context) => dbCheck(context),
};

/** Prints all checks; exit 2 where one found a problem. Throws ResultsFileError, ExperimentNotFoundError. */
export function dbCheck({ resultsFile, output }: CommandContext): ExitCode {
  const results = checkFile(resultsFile);
  if (results === null) throw noExperiments(resultsFile);
  const isSound = results.every(({ level }) => level !== 'problem');
  output.facts({ file: resultsFile, ok: isSound, checks: results }, () => formatChecks(results, isSound));
  return isSound ? EXIT.completed : EXIT.userCanMend;
}

function formatChecks(results: readonly CheckResult[], isSound: boolean): string {
  const width = Math.max(...results.map(({ check }) => check.length));
  const lines = results.flatMap(({ check, level, findings }) => [
    `${check.padEnd(width)}  ${level}`,
    ...findings.map((finding) => `  ${finding}`),
  ]);
  const verdict = isSound
    ? 'No problem found.'
    : 'There are problems. Nothing was changed. A copy to work on: client db backup; older copies lie beside the file.';
  return [...lines, verdict].join('\n');
}
