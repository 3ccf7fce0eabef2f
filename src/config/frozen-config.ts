/** The part of a config that an experiment keeps from its first call to its last, as it is stored with the experiment. */
import type { ExperimentConfig, ModelConfig } from './experiment-config';
import type { AnswerSettings } from '../answer/answer-settings';
import type { NotifySettings } from './notify-settings';

/** Stored as JSON; `version` tells how to read it. Nulls mean not given. */
export interface FrozenConfig {
  readonly version: 1;
  readonly name: string;
  readonly author: string | null;
  readonly notes: string | null;
  readonly modelName: string;
  readonly provider: string | null;
  readonly temperature: number;
  /** Longest reply in tokens. */
  readonly maxTokens: number;
  /** Whether the user set maxTokens; a default is no part of the experiment's identity. */
  readonly maxTokensWritten: boolean;
  /** Absent in experiments from before it was a choice: none. */
  readonly responseFormat?: ModelConfig['responseFormat'];
  /** Whether the seed goes with every call; absent = no. */
  readonly sendSeed?: boolean;
  readonly systemPrompt: string;
  readonly userTemplate: string;
  readonly promptVersion: string;
  /** How replies are read, as far as the user wrote it; null or absent = nothing. */
  readonly answer?: Partial<AnswerSettings> | null;
  readonly seed: number;
  /** The first so many narratives; null = all. */
  readonly maxNarratives: number | null;
  /** So many, chosen at random by the seed; null or absent = no sample. */
  readonly sample?: number | null;
  readonly batchSize: number;
  /** Whether narratives with the same text are asked once; absent = no. */
  readonly askOnce?: boolean;
  readonly saveCsvJson: boolean;
  /** Finished batches from one backup to the next; null or absent = none is made. */
  readonly backupEveryBatches?: number | null;
  /** Who is told what; null or absent = nobody. */
  readonly notify?: NotifySettings | null;
  /** Absolute path of the file that the texts came from. */
  readonly dataFile: string;
}

/** The frozen form of a config; where the calls go is not in it. */
export function freezeConfig(config: ExperimentConfig): FrozenConfig {
  const { model, prompt } = config;
  return {
    version: 1,
    name: config.name,
    author: config.author,
    notes: config.notes,
    modelName: model.name,
    provider: model.provider,
    temperature: model.temperature,
    maxTokens: model.maxTokens,
    maxTokensWritten: config.written.maxTokens,
    responseFormat: model.responseFormat,
    sendSeed: model.sendSeed,
    systemPrompt: prompt.systemPrompt,
    userTemplate: prompt.userTemplate,
    promptVersion: prompt.version,
    answer: config.answer,
    seed: config.seed,
    maxNarratives: config.selection.maxNarratives,
    sample: config.selection.sample,
    batchSize: config.batchSize,
    askOnce: config.askOnce,
    saveCsvJson: config.saveCsvJson,
    backupEveryBatches: config.backupEveryBatches,
    notify: config.notify,
    dataFile: config.data.file,
  };
}
