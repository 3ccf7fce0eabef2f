/** `client errors [EXPERIMENT]`: what could not be answered, by category and one by one. */
import { EXIT, type ExitCode } from '../errors';
import type { ErrorRow } from '../store/inspection';
import type { ErrorCount } from '../store/result-statistics';
import type { CommandContext } from './command-context';
import type { CommandDefinition } from './command-definition';
import { toPlainLine } from './plain-text';
import { readExperiment } from './read-experiment';

/** Errors that a person is shown; `--json` gives all. */
const MAX_SHOWN = 100;

/** `client errors`. */
export const errorsCommand: CommandDefinition = {
  syntax: 'errors [experiment]',
  summary: 'errors by category and by incident; by default of the latest experiment',
  examples: [['client errors', 'what failed in the latest experiment, and why']],
  run: (context, _options, argument) => listErrors(context, argument(0)),
};

/** Prints counts and rows; messages hold no text of a narrative. */
export function listErrors(
  { resultsFile, output }: CommandContext,
  experimentId: string | undefined,
): Promise<ExitCode> {
  return readExperiment(resultsFile, experimentId, async (store, row) => {
    const id = row.experiment_id;
    const counts = store.statistics.countErrors(id);
    const nErrors = counts.reduce((sum, { count }) => sum + count, 0);
    await output.factsWithList(
      { experiment_id: id, n_errors: nErrors, by_category: counts },
      ['errors', store.inspection.errors(id, null)],
      () => format(id, counts, nErrors, [...store.inspection.errors(id, MAX_SHOWN)]),
    );
    return EXIT.completed;
  });
}

function format(id: string, counts: readonly ErrorCount[], nErrors: number, shown: ErrorRow[]): string {
  if (nErrors === 0) return `${id} has no errors.`;
  const left = nErrors - shown.length;
  return [
    `${nErrors} errors in ${id}:`,
    ...counts.map(({ category, count }) => `  ${String(count).padStart(6)}  ${category ?? 'of no category'}`),
    '',
    ...shown.map(formatError),
    ...(left > 0 ? [`... and ${left} more: see --json`] : []),
    '',
    `Why, for one of them: client explain ${id} INCIDENT TYPE`,
    `To ask them again: client resume ${id} --retry-errors`,
  ].join('\n');
}

function formatError(row: ErrorRow): string {
  const code = row.http_status ?? row.error_code;
  const what = `${row.error_category ?? 'error'}${code === null ? '' : ` (${code})`}`;
  const tries = row.n_attempts === 1 ? '' : ` [${describeTries(row.n_attempts)}]`;
  const narrative = toPlainLine(`${row.incident_id} ${row.narrative_type}`, 60);
  return `${narrative}  ${what}: ${toPlainLine(row.error_message ?? 'no message', 160)}${tries}`;
}

function describeTries(nAttempts: number): string {
  return nAttempts === 0 ? 'has the text of another narrative' : `${nAttempts} attempts`;
}
