/**
 * What may change while an experiment goes on, because it cannot change an answer: taken over from the config and
 * told as old -> new. What is frozen although it is no part of the identity is told as staying. Pure.
 */
import type { EndpointConfig } from './experiment-config';
import type { FrozenConfig } from './frozen-config';
import { describeNotify, type NotifySettings } from './notify-settings';

/** The settings of an experiment, as it has them or as a config has them now. */
export interface ExperimentSettings {
  frozen: FrozenConfig;
  endpoint: EndpointConfig;
}

/** What becomes of an experiment's settings when a config goes on with it. */
export interface HarmlessChanges {
  /** The settings from now on. */
  settings: ExperimentSettings;
  /** Lines such as `run.concurrency: 4 -> 8`; where the calls go and how fast. */
  endpoint: string[];
  /** Lines such as `experiment.author: none -> A. Body`. */
  descriptive: string[];
  /** Lines such as `run.batch_size stays 100`, for what the config says in vain. */
  staying: string[];
}

type Setting = string | number | boolean | null;

const MAX_SHOWN = 200;

const ENDPOINT: readonly [string, (endpoint: EndpointConfig) => Setting][] = [
  ['model.api_url', (endpoint) => endpoint.apiUrl],
  ['model.api_key_env', (endpoint) => endpoint.apiKeyEnv],
  ['model.allowed_hosts', (endpoint) => endpoint.allowedHosts.join(', ') || null],
  ['model.timeout_sec', (endpoint) => endpoint.timeoutMs / 1000],
  ['model.endpoints', ({ further }) => further?.map(({ apiUrl }) => apiUrl).join(', ') ?? null],
  ['run.concurrency', (endpoint) => endpoint.concurrency],
  ['run.max_concurrency', ({ maxConcurrency }) => maxConcurrency ?? null],
  ['model.requests_per_minute', (endpoint) => endpoint.requestsPerMinute ?? null],
  ['model.tokens_per_minute', (endpoint) => endpoint.tokensPerMinute ?? null],
];

const DESCRIPTIVE = {
  author: 'experiment.author',
  notes: 'experiment.notes',
  provider: 'model.provider',
  promptVersion: 'prompt.version',
  dataFile: 'data.file',
  saveCsvJson: 'run.save_csv_json',
  backupEveryBatches: 'run.backup_every_batches',
} as const satisfies Partial<Record<keyof FrozenConfig, string>>;

const STAYING: readonly [string, (frozen: FrozenConfig) => Setting][] = [
  ['experiment.name', (frozen) => frozen.name],
  ['run.seed', (frozen) => frozen.seed],
  ['run.batch_size', (frozen) => frozen.batchSize],
  ['run.ask_once', (frozen) => frozen.askOnce ?? false],
];

/** Compares the settings of an experiment with those of a config of the same fingerprint. */
export function takeOverHarmless(before: ExperimentSettings, after: ExperimentSettings): HarmlessChanges {
  const taken = Object.fromEntries(
    Object.keys(DESCRIPTIVE).map((field) => [field, after.frozen[field as keyof FrozenConfig]]),
  ) as Partial<FrozenConfig>;
  return {
    settings: {
      frozen: { ...before.frozen, ...taken, notify: after.frozen.notify },
      endpoint: after.endpoint,
    },
    endpoint: ENDPOINT.flatMap(([key, read]) => describe(key, read(before.endpoint), read(after.endpoint))),
    descriptive: [
      ...entries(DESCRIPTIVE).flatMap(([field, key]) =>
        describe(key, before.frozen[field] ?? null, after.frozen[field] ?? null),
      ),
      ...notifyChange(before.frozen.notify ?? null, after.frozen.notify ?? null),
    ],
    staying: STAYING.flatMap(([key, read]) => {
      const [kept, said] = [read(before.frozen), read(after.frozen)];
      return kept === said
        ? []
        : [`${key} stays ${show(kept)}: it is frozen with the experiment (the config says ${show(said)}).`];
    }),
  };
}

/** Arguments of a command are not shown, but they count. */
function notifyChange(before: NotifySettings | null, after: NotifySettings | null): string[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  return [`notify: ${show(describeNotify(before))} -> ${show(describeNotify(after))}`];
}

function entries<K extends string, V>(record: Record<K, V>): [K, V][] {
  return Object.entries(record) as [K, V][];
}

function describe(key: string, before: Setting, after: Setting): string[] {
  return before === after ? [] : [`${key}: ${show(before)} -> ${show(after)}`];
}

/** One line, cut where it is long. */
function show(value: Setting): string {
  if (value === null) return 'none';
  const line = String(value).trim().replaceAll(/\s+/g, ' ');
  return line.length > MAX_SHOWN ? `${line.slice(0, MAX_SHOWN)}…` : line;
}
