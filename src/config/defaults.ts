/** Defaults of the optional keys, in the units of the config. */
export const CONFIG_DEFAULTS = {
  maxTokens: 8192,
  timeoutSec: 600,
  seed: 123,
  batchSize: 100,
  concurrency: 'auto',
  maxConcurrency: 128,
  saveCsvJson: false,
  responseFormat: 'auto',
  sendSeed: false,
  askOnce: false,
} as const;

/** The largest run.concurrency and run.max_concurrency. */
export const MOST_CONCURRENCY = 1024;
