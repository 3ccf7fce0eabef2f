/**
 * Reads an experiment config. Every check runs whatever the others found, so that all problems are told at once; only
 * a file whose YAML cannot be trusted ends the reading early. Nothing is connected to.
 */
import { dirname, resolve } from 'node:path';
import { ConfigError } from '../errors';
import { checkHostAllowed } from './allowed-hosts';
import { writtenAnswerSettings } from './answer-section';
import { checkAllowedHosts, checkApiKey, checkApiUrls } from './check-endpoint';
import { checkNotify } from './check-notify';
import { checkSchema } from './check-schema';
import { checkSeed } from './check-seed';
import { checkSelection } from './check-selection';
import { describeIneffective } from './describe-ineffective';
import type { Environment } from './environment';
import type { DataConfig, EndpointConfig, ExperimentConfig } from './experiment-config';
import { expandHome } from './home-folder';
import { reachOf } from './host-reach';
import { notifySettings } from './notify-section';
import { parseYaml } from './parse-yaml';
import { prepareValues, type ConfigValues } from './prepare-values';
import { ProblemList } from './problem-list';
import { readPrompts, type Prompts } from './read-prompts';
import { readTextFile } from './read-text-file';
import { resolveFile } from './resolve-file';
import { CONFIG_DEFAULTS } from './defaults';
import type { ConfigInput } from './schema';

export type { EndpointConfig, EndpointPlace, ExperimentConfig } from './experiment-config';

/** What a config is read with. */
export interface LoadConfigOptions {
  environment: Environment;
  /** Relative paths start here, or else at the config's folder. */
  workingDirectory: string;
}

/** The folders from which relative paths start, in the order in which they are tried. */
type Folders = readonly [string, ...string[]];

/**
 * Loads and checks a config file. Throws ConfigError with all problems; when there are none, HostNotAllowedError for
 * a host that is not allowed. A missing data file is no problem here.
 */
export function loadConfig(
  file: string,
  { environment, workingDirectory }: LoadConfigOptions,
): ExperimentConfig {
  const path = resolve(workingDirectory, expandHome(file, environment));
  const folders: Folders = [workingDirectory, dirname(path)];
  const { root, yaml, problems } = readConfigFile(file, path);
  const values = prepareValues(root, { yaml, environment, problems });
  const input = checkSchema(values, problems);
  const prompts = readPrompts(values, { environment, folders, problems });
  const apiUrls = checkApiUrls(values, environment, problems);
  const allowedHosts = checkAllowedHosts(values, environment, problems);
  checkApiKey(values, prompts, { environment, problems });
  checkNotify(values, { environment, problems });
  checkSelection(input, problems);
  checkSeed(input, problems);
  if (input === null || apiUrls === null || !problems.isEmpty())
    throw new ConfigError(file, problems.sorted());
  for (const apiUrl of apiUrls) checkHostAllowed(apiUrl, allowedHosts);
  return assemble(input, {
    file,
    prompts,
    endpoint: endpointOf(input, apiUrls, allowedHosts),
    data: findData(input, environment, folders),
  });
}

function readConfigFile(
  file: string,
  path: string,
): { root: ConfigValues; yaml: ReturnType<typeof parseYaml>; problems: ProblemList } {
  const { text, fault } = readTextFile(path);
  if (text === null) throw new ConfigError(file, [{ path: '', line: null, message: fault }]);
  const yaml = parseYaml(text);
  const problems = new ProblemList((at) => yaml.lineOf(at));
  for (const problem of yaml.problems) problems.addAtLine(problem.path, problem.line, problem.message);
  const root = yaml.values ?? {};
  if (yaml.isReadable && (typeof root !== 'object' || Array.isArray(root))) {
    problems.addAtLine([], 1, 'must consist of sections: experiment, model, prompt, data and run');
  } else if (yaml.isReadable) {
    return { root: root as ConfigValues, yaml, problems };
  }
  throw new ConfigError(file, problems.sorted());
}

function endpointOf(
  { model, run }: ConfigInput,
  apiUrls: readonly string[],
  allowed: readonly string[],
): EndpointConfig {
  const apiKeyEnv = model.api_key_env ?? null;
  const [first, ...further] = apiUrls.map((apiUrl) => ({ apiUrl, apiKeyEnv }));
  const own = apiUrls.map((apiUrl) => new URL(apiUrl)).filter((url) => reachOf(url) !== 'loopback');
  return {
    ...first!,
    ...(further.length === 0 ? {} : { further }),
    allowedHosts: [...new Set([...allowed, ...own.map(({ origin }) => origin)])],
    timeoutMs: Math.ceil((model.timeout_sec ?? CONFIG_DEFAULTS.timeoutSec) * 1000),
    learnsTimeout: model.timeout_sec === undefined,
    concurrency: run.concurrency ?? CONFIG_DEFAULTS.concurrency,
    ...(run.max_concurrency === undefined ? {} : { maxConcurrency: run.max_concurrency }),
    requestsPerMinute: model.requests_per_minute ?? null,
    tokensPerMinute: model.tokens_per_minute ?? null,
  };
}

function findData({ data }: ConfigInput, environment: Environment, folders: Folders): DataConfig {
  const { path, exists } = resolveFile(expandHome(data.file, environment), folders);
  return { file: path, exists };
}

function assemble(
  { experiment, model, prompt, run, answer, notify }: ConfigInput,
  parts: { file: string; prompts: Prompts; endpoint: EndpointConfig; data: DataConfig },
): ExperimentConfig {
  return {
    file: parts.file,
    name: experiment.name,
    author: experiment.author ?? null,
    notes: experiment.notes ?? null,
    model: {
      name: model.name,
      provider: model.provider ?? null,
      temperature: model.temperature,
      maxTokens: model.max_tokens ?? CONFIG_DEFAULTS.maxTokens,
      responseFormat: model.response_format ?? CONFIG_DEFAULTS.responseFormat,
      sendSeed: model.send_seed ?? CONFIG_DEFAULTS.sendSeed,
    },
    endpoint: parts.endpoint,
    prompt: { version: prompt.version, ...parts.prompts },
    data: parts.data,
    selection: { maxNarratives: run.max_narratives ?? null, sample: run.sample ?? null },
    answer: writtenAnswerSettings(answer),
    seed: run.seed ?? CONFIG_DEFAULTS.seed,
    batchSize: run.batch_size ?? CONFIG_DEFAULTS.batchSize,
    askOnce: run.ask_once ?? CONFIG_DEFAULTS.askOnce,
    saveCsvJson: run.save_csv_json ?? CONFIG_DEFAULTS.saveCsvJson,
    backupEveryBatches: run.backup_every_batches ?? null,
    notify: notifySettings(notify),
    notices: describeIneffective({ run, model }),
    written: { maxTokens: model.max_tokens !== undefined },
  };
}
