/** `client report EXPERIMENT --out FILE`: what came out, as one page for people or as numbers. */
import { resolve } from 'node:path';
import { expandHome } from '../config/home-folder';
import { EXIT, LonghaulError, type ExitCode } from '../errors';
import { writeWholeFile } from '../export/write-whole-file';
import type { ExperimentReport } from '../metrics/experiment-report';
import type { CommandContext } from './command-context';
import type { CommandDefinition } from './command-definition';
import { pageFile } from './page-file';
import { readExperiment } from './read-experiment';

interface ReportFlags {
  out?: string;
  against?: string;
  by?: string[];
  withText?: true;
}

/** `client report`. */
export const reportCommand: CommandDefinition<ReportFlags> = {
  syntax: 'report [experiment]',
  summary:
    'one HTML page about an experiment, or its numbers with --json; by default of the latest experiment',
  examples: [
    ['client report study-1a2b3c4d5e --out report.html', 'a page that needs no network'],
    ['client report study-1a2b3c4d5e --json', 'the same numbers, unrounded'],
    ['client report --out report.html --by State IncidentYear', 'detection by columns of the data file'],
    ['client report --out report.html --against review.csv', 'scored by the labels of a file'],
  ],
  declareOptions: (command) =>
    command
      .option('--out <file>', 'page to write; one that is there is replaced')
      .option(
        '--against <labels>',
        'score by the labels of this CSV or Excel file, not by those of the results file',
      )
      .option(
        '--by <column...>',
        'columns of the data file to group by; by default year and site where it has them',
      )
      .option('--with-text', 'quote narratives and rationales of the disagreements'),
  run: (context, flags, argument) => report(context, argument(0), flags),
};

/** Writes the page whole or not at all. Throws ExportError, DatasetError, ExperimentNotFoundError. */
export async function report(
  context: CommandContext,
  experimentId: string | undefined,
  { out, against, by, withText }: ReportFlags,
): Promise<ExitCode> {
  const { resultsFile, output } = context;
  if (out === undefined && !output.isJson)
    throw new LonghaulError(
      'Nowhere to write to. Name a page with --out FILE, or print the numbers with --json.',
    );
  const file = out === undefined ? null : pageFile(context, out);
  const { overlayLabels, STORED_LABELS } = await import('./against-labels.js');
  const labels = against === undefined ? STORED_LABELS : overlayLabels(pathOf(context, against));
  const { gatherReport } = await import('./experiment-report.js');
  const document = await readExperiment(resultsFile, experimentId, (store, row) =>
    gatherReport(store, row, { columns: by ?? null, labels, withText: withText === true }),
  );
  if (file !== null) await writePage(file, document);
  output.facts(document, () => `Report of ${document.experiment.experiment_id} written to ${file}`);
  return EXIT.completed;
}

/** The plotting library is loaded only for a page. */
async function writePage(file: string, document: ExperimentReport): Promise<void> {
  const { renderReport } = await import('../report/render-report.js');
  writeWholeFile(file, [await renderReport(document)]);
}

function pathOf({ workingDirectory, environment }: CommandContext, path: string): string {
  return resolve(workingDirectory, expandHome(path, environment));
}
