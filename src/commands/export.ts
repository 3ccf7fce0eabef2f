/** `client export EXPERIMENT --format FORMAT --out FILE`: the results for spreadsheets, R and people. */
import { realpathSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { Option } from 'commander';
import type { FrozenConfig } from '../config/frozen-config';
import { expandHome } from '../config/home-folder';
import { EXIT, type ExitCode } from '../errors';
import { ExportError } from '../export/export-error';
import { EXPORT_FORMATS, exportResults, type ExportFormat } from '../export/export-results';
import type { CommandContext } from './command-context';
import type { CommandDefinition } from './command-definition';
import { readExperiment } from './read-experiment';

interface ExportFlags {
  format?: ExportFormat;
  out: string;
  withText?: true;
  raw?: true;
}

/** `client export`. */
export const exportCommand: CommandDefinition<ExportFlags> = {
  syntax: 'export [experiment]',
  summary: 'write the results to a file, without texts; by default of the latest experiment',
  examples: [
    ['client export study-1a2b3c4d5e --format csv --out results.csv', 'for Excel'],
    ['client export --out results.jsonl --with-text', 'the latest experiment, with the narratives'],
  ],
  declareOptions: (command) =>
    command
      .addOption(
        new Option('--format <format>', 'by default as the name of the file ends').choices(EXPORT_FORMATS),
      )
      .requiredOption('--out <file>', 'file to write; one that is there is replaced')
      .option('--with-text', 'with narratives, reasoning and raw replies')
      .option('--raw', 'csv: leave texts that a spreadsheet takes for formulas as they are'),
  run: (context, flags, argument) => exportExperiment(context, argument(0), flags),
};

/** Writes the file whole or not at all. Throws ExportError, ExperimentNotFoundError. */
export function exportExperiment(
  { resultsFile, output, workingDirectory, environment }: CommandContext,
  experimentId: string | undefined,
  { format, out, withText, raw }: ExportFlags,
): Promise<ExitCode> {
  const file = resolve(workingDirectory, expandHome(out, environment));
  assertNotOurs(file, resultsFile);
  const asked = { file, format: format ?? formatOf(file), isRaw: raw === true };
  return readExperiment(resultsFile, experimentId, (store, { experiment_id: id, frozen_config: frozen }) => {
    const { askOnce: asksOnce = false } = JSON.parse(frozen) as Partial<FrozenConfig>;
    const request = { ...asked, asksOnce };
    const nRows = store.reporting.inSnapshot(() =>
      exportResults(store.inspection.exportRows(id, withText === true), request),
    );
    const facts = {
      experiment_id: id,
      file,
      format: request.format,
      n_rows: nRows,
      with_text: withText === true,
    };
    output.facts(facts, () => `${nRows} results of ${id} written to ${file}`);
    return EXIT.completed;
  });
}

function formatOf(file: string): ExportFormat {
  const extension = extname(file).slice(1).toLowerCase();
  const format = EXPORT_FORMATS.find((known) => known === extension);
  if (format !== undefined) return format;
  throw new ExportError(
    file,
    'its name does not tell the format',
    `Add --format ${EXPORT_FORMATS.join('|')}, or end the name with one of these.`,
  );
}

/** Throws ExportError: the results file and what lies beside it under its name hold the only copy of the answers. */
export function assertNotOurs(file: string, resultsFile: string): void {
  const [target, own] = [realPath(file), realPath(resultsFile)];
  if (target !== own && !target.startsWith(`${own}-`) && !target.startsWith(`${own}.`)) return;
  throw new ExportError(file, 'the results themselves are kept there', 'Name another file with --out.');
}

/** Symbolic links resolved, as far as the file or its folder is there. */
function realPath(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    try {
      return join(realpathSync(dirname(file)), basename(file));
    } catch {
      return file;
    }
  }
}
