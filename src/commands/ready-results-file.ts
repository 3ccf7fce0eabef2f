/** Brings the results file to the schema of this program before a command works with it, and says what to beware of. */
import { CONFIG_DEFAULTS } from '../config/defaults';
import { fingerprintOf, sha256Hex } from '../config/fingerprint';
import { textsSha256 } from '../dataset/source-narrative';
import { score } from '../metrics/score';
import { describeFileRisks } from '../store/file-risks';
import { needsUpgrade } from '../store/recognize-file';
import type { UpgradeDependencies } from '../store/upgrade/dependencies';
import type { UpgradeReport } from '../store/upgrade/upgrade-in-transaction';
import { readVersion } from '../version';
import type { CommandContext } from './command-context';
import { ownResultsFile } from './own-results-file';

/** For every command that writes: upgrades an older file, after a backup, and prints what was done. */
export async function readyResultsFile(context: CommandContext): Promise<void> {
  const { resultsFile, output } = context;
  for (const risk of describeFileRisks(resultsFile)) output.error(`Warning: ${risk}`);
  const report = await upgradeOlderFile(context);
  if (report !== null) output.message(formatUpgrade(report));
}

/** Upgrades the file as its owner; null = there was nothing to do. Throws HeldByAnotherError, ResultsFileError. */
export async function upgradeOlderFile({ resultsFile }: CommandContext): Promise<UpgradeReport | null> {
  if (!needsUpgrade(resultsFile)) return null;
  const { upgradeResultsFile } = await import('../store/upgrade/upgrade-results-file.js');
  const ownership = await ownResultsFile(resultsFile, 'foreground', null);
  try {
    return upgradeResultsFile(resultsFile, dependencies());
  } finally {
    ownership.end();
  }
}

/** The report as lines for people. */
export function formatUpgrade({ file, fromSchema, toSchema, backupFile, lines }: UpgradeReport): string {
  const from = fromSchema === 0 ? 'a file of the older program' : `schema ${fromSchema}`;
  return [
    `Upgraded ${file} from ${from} to schema ${toSchema}.`,
    `A copy of it as it was: ${backupFile}`,
    ...lines.map((line) => `  ${line}`),
  ].join('\n');
}

function dependencies(): UpgradeDependencies {
  const { maxTokens, seed, batchSize, concurrency, timeoutSec } = CONFIG_DEFAULTS;
  return {
    textsSha256,
    sha256Hex,
    fingerprintOf,
    score,
    defaults: { maxTokens, seed, batchSize, concurrency, timeoutMs: timeoutSec * 1000 },
    version: readVersion(),
    now: new Date(),
  };
}
