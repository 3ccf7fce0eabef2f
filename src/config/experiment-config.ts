import type { AnswerSettings } from '../answer/answer-settings';
import type { NotifySettings } from './notify-settings';

/** A checked config: defaults applied, variables expanded, files read, paths absolute. Holds no key, only its variable's name. */
export interface ExperimentConfig {
  /** The config file, as it was named. */
  readonly file: string;
  readonly name: string;
  /** null = not given; likewise notes and provider. */
  readonly author: string | null;
  readonly notes: string | null;
  readonly model: ModelConfig;
  readonly endpoint: EndpointConfig;
  readonly prompt: PromptConfig;
  readonly data: DataConfig;
  readonly selection: SelectionConfig;
  /** How replies are read, as far as the user wrote it; null = nothing. */
  readonly answer: Partial<AnswerSettings> | null;
  readonly seed: number;
  /** Narratives in a batch. */
  readonly batchSize: number;
  /** Whether narratives with the same text are asked once. */
  readonly askOnce: boolean;
  readonly saveCsvJson: boolean;
  /** Finished batches from one backup to the next; null = none is made. */
  readonly backupEveryBatches: number | null;
  /** Who is told what; null = nobody. */
  readonly notify: NotifySettings | null;
  /** Lines to tell the user, such as keys without effect. */
  readonly notices: readonly string[];
  /** Which optional keys the user wrote: these belong to the experiment's identity, defaults do not. */
  readonly written: { readonly maxTokens: boolean };
}

/** Which model is asked, and how. Frozen with the experiment. */
export interface ModelConfig {
  readonly name: string;
  readonly provider: string | null;
  readonly temperature: number;
  /** Longest reply in tokens. */
  readonly maxTokens: number;
  /** How the server is made to answer in JSON. */
  readonly responseFormat: 'auto' | 'json_schema' | 'json_object' | 'none';
  /** Whether the seed goes with every call. */
  readonly sendSeed: boolean;
}

/** One model server. */
export interface EndpointPlace {
  /** The whole URL of the chat completions. */
  readonly apiUrl: string;
  /** Environment variable that holds the key; null = none is sent. */
  readonly apiKeyEnv: string | null;
}

/** Where the calls go and how fast. The only part that may change when an experiment goes on. */
export interface EndpointConfig extends EndpointPlace {
  /** Further servers of the same model; absent = none. */
  readonly further?: readonly EndpointPlace[];
  /** Hosts beyond this machine that were allowed, by config or environment; the endpoint's own origin among them. */
  readonly allowedHosts: readonly string[];
  /** The longest that a call may take. */
  readonly timeoutMs: number;
  /** Whether what the server shows may shorten it, as nobody has set it; absent = no. */
  readonly learnsTimeout?: boolean;
  /** Calls in flight at a time at each server; `auto` = as many as are of use. */
  readonly concurrency: number | 'auto';
  /** The bound of `auto`; absent = the default. */
  readonly maxConcurrency?: number;
  /** Most calls a minute, and most tokens a minute; null or absent = as many as the server allows. */
  readonly requestsPerMinute?: number | null;
  readonly tokensPerMinute?: number | null;
}

/** What the model is asked; both texts as they are sent, with `<<TEXT>>` in the template. */
export interface PromptConfig {
  readonly version: string;
  readonly systemPrompt: string;
  readonly userTemplate: string;
}

/** The file with the texts. It may be missing, because they may be in the results file already. */
export interface DataConfig {
  /** Absolute path. */
  readonly file: string;
  readonly exists: boolean;
}

/** Which narratives are asked about. */
export interface SelectionConfig {
  /** The first so many; null = all. */
  readonly maxNarratives: number | null;
  /** So many, chosen at random by the seed; null = no sample. */
  readonly sample: number | null;
}
