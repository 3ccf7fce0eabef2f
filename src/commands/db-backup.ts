/** `client db backup`: copies the results file, also while an experiment runs. */
import { resolve } from 'node:path';
import { EXIT, type ExitCode } from '../errors';
import { backUpFile } from '../store/back-up-file';
import { recognizeFile } from '../store/recognize-file';
import type { CommandContext } from './command-context';
import type { CommandDefinition } from './command-definition';
import { noExperiments } from './find-experiment';

/** Backups under names of ours that are kept; where --out names the file, none is removed. */
const KEPT_BACKUPS = 3;

interface BackupFlags {
  out?: string;
}

/** `client db backup`. */
export const dbBackupCommand: CommandDefinition<BackupFlags> = {
  syntax: 'db backup',
  summary: 'copy the results file, also while an experiment runs',
  examples: [
    ['client db backup', `copies it beside itself and keeps the newest ${KEPT_BACKUPS} copies`],
    ['client db backup --out /backup/study.db', 'copies it to a file that must not exist yet'],
  ],
  declareOptions: (command) => command.option('--out <file>', 'the copy; else a dated name beside the file'),
  run: (context, { out }) => dbBackup(context, out ?? null),
};

/** Copies the file and checks the copy. Throws ResultsFileError, ExperimentNotFoundError. */
export function dbBackup(
  { resultsFile, output, workingDirectory }: CommandContext,
  out: string | null,
): ExitCode {
  if (recognizeFile(resultsFile).kind === 'new') throw noExperiments(resultsFile);
  const target = out === null ? null : resolve(workingDirectory, out);
  const { backupFile, bytes, removed } = backUpFile(resultsFile, {
    target,
    keep: KEPT_BACKUPS,
    now: new Date(),
  });
  output.facts({ file: resultsFile, backup_file: backupFile, bytes, removed }, () =>
    [
      `Copied ${resultsFile} to ${backupFile} (${bytes} bytes, checked).`,
      ...removed.map((path) => `Removed the older copy ${path}`),
    ].join('\n'),
  );
  return EXIT.completed;
}
