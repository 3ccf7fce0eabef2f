/** `client db upgrade`: brings a results file of an older program or version up to date. */
import { EXIT, type ExitCode } from '../errors';
import { recognizeFile } from '../store/recognize-file';
import type { CommandContext } from './command-context';
import type { CommandDefinition } from './command-definition';
import { noExperiments } from './find-experiment';
import { formatUpgrade, upgradeOlderFile } from './ready-results-file';

/** `client db upgrade`. */
export const dbUpgradeCommand: CommandDefinition = {
  syntax: 'db upgrade',
  summary: 'bring an older results file up to date, after a backup',
  examples: [['client db upgrade --db old.db', 'a backup first, then one transaction']],
  run: (context) => dbUpgrade(context),
};

/** Upgrades the file; a second time there is nothing to do. Throws ResultsFileError, HeldByAnotherError. */
export async function dbUpgrade(context: CommandContext): Promise<ExitCode> {
  const { resultsFile, output } = context;
  if (recognizeFile(resultsFile).kind === 'new') throw noExperiments(resultsFile);
  const report = await upgradeOlderFile(context);
  output.facts(
    report === null
      ? { file: resultsFile, upgraded: false }
      : {
          file: resultsFile,
          upgraded: true,
          from_schema: report.fromSchema,
          to_schema: report.toSchema,
          backup_file: report.backupFile,
          report: report.lines,
        },
    () => (report === null ? `${resultsFile} is up to date.` : formatUpgrade(report)),
  );
  return EXIT.completed;
}
