/** The row of an older experiment, read value by value, and what of it is frozen for a resume. */
import type { FrozenConfig } from '../../config/frozen-config';
import type { EndpointConfig } from '../../config/experiment-config';
import type { UpgradeDependencies } from './dependencies';
import { readInteger, readReal, type SqlValue } from './older-values';

/** What stands for the narrative in a user template. */
const TEXT_PLACEHOLDER = '<<TEXT>>';

/** Columns by name; what an older file lacks is missing. */
export type OlderRow = Readonly<Record<string, SqlValue>>;

/** A column as text; null = missing, NULL or blank. */
export function textOf(row: OlderRow, column: string): string | null {
  const value = row[column] ?? null;
  return value === null || String(value).trim() === '' ? null : String(value);
}

/** A column as a whole number; null = none. */
export function integerOf(row: OlderRow, column: string): number | null {
  return readInteger(row[column] ?? null);
}

/** A column as a number; null = none. */
export function realOf(row: OlderRow, column: string): number | null {
  return readReal(row[column] ?? null);
}

/** The frozen config that the columns amount to; what the predecessor did not store has this program's defaults. */
export function frozenFromRow(
  row: OlderRow,
  maxNarratives: number | null,
  { defaults }: Pick<UpgradeDependencies, 'defaults'>,
): FrozenConfig {
  return {
    version: 1,
    name: textOf(row, 'experiment_name') ?? 'unnamed',
    author: textOf(row, 'prompt_author'),
    notes: textOf(row, 'notes'),
    modelName: textOf(row, 'model_name') ?? 'unknown',
    provider: textOf(row, 'model_provider'),
    temperature: realOf(row, 'temperature') ?? 0,
    maxTokens: defaults.maxTokens,
    maxTokensWritten: false,
    systemPrompt: String(row.system_prompt ?? ''),
    userTemplate: String(row.user_template ?? ''),
    promptVersion: textOf(row, 'prompt_version') ?? 'unknown',
    seed: integerOf(row, 'run_seed') ?? defaults.seed,
    maxNarratives,
    batchSize: defaults.batchSize,
    saveCsvJson: false,
    dataFile: textOf(row, 'data_file') ?? '',
  };
}

/** Where the calls go on a resume; hosts beyond this machine must be allowed anew. */
export function endpointFromRow(
  row: OlderRow,
  { defaults }: Pick<UpgradeDependencies, 'defaults'>,
): EndpointConfig {
  return {
    apiUrl: textOf(row, 'api_url') ?? '',
    apiKeyEnv: null,
    allowedHosts: [],
    timeoutMs: defaults.timeoutMs,
    concurrency: defaults.concurrency,
  };
}

/** Why an experiment cannot be asked on, whatever its list; null = nothing against it. */
export function whyNotAskable(row: OlderRow, nOtherTexts: number): string | null {
  if (textOf(row, 'api_url') === null) return 'its row names no model server (api_url)';
  if (textOf(row, 'model_name') === null) return 'its row names no model';
  if (realOf(row, 'temperature') === null) return 'its row holds no temperature';
  if (!String(row.user_template ?? '').includes(TEXT_PLACEHOLDER)) {
    return `its user template does not contain ${TEXT_PLACEHOLDER}, so no narrative would be sent`;
  }
  if (nOtherTexts > 0) return `${nOtherTexts} of its results were asked with other texts than are stored now`;
  return null;
}
