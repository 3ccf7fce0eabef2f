/** `client list`: all experiments of a results file, newest first. */
import { EXIT, type ExitCode } from '../errors';
import { openStoreForReading } from '../store/open-store';
import type { CommandContext } from './command-context';
import type { CommandDefinition } from './command-definition';
import { liveOwner, reportStatus, type ExperimentStatusReport } from './experiment-status';

/** `client list`. */
export const listCommand: CommandDefinition = {
  syntax: 'list',
  summary: 'all experiments of the results file',
  examples: [['client list --json', 'all experiments, as one JSON list']],
  run: (context) => list(context),
};

/** Prints a line an experiment; a results file that does not exist yet holds none. */
export function list({ resultsFile, output }: CommandContext): ExitCode {
  const store = openStoreForReading(resultsFile);
  const owner = liveOwner(resultsFile);
  const reports = store?.experiments.list().map((row) => reportStatus(store, row, owner)) ?? [];
  store?.close();
  output.facts(reports, () =>
    reports.length === 0 ? `No experiments in ${resultsFile}.` : formatTable(reports),
  );
  return EXIT.completed;
}

function formatTable(reports: readonly ExperimentStatusReport[]): string {
  const rows = reports.map((report) => [
    report.experiment_id,
    report.status,
    `${report.n_narratives_completed}/${report.n_narratives_total}`,
    String(report.n_errors),
    report.last_progress_update ?? '-',
  ]);
  const table = [['EXPERIMENT', 'STATUS', 'DONE', 'ERRORS', 'LAST RESULT'], ...rows];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  return table
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
