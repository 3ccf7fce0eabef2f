import { takeOverHarmless, type ExperimentSettings } from '../../src/config/harmless-changes';

const BEFORE: ExperimentSettings = {
  frozen: {
    version: 1,
    name: 'brakes',
    author: null,
    notes: null,
    modelName: 'm',
    provider: 'mlx',
    temperature: 0.2,
    maxTokens: 8192,
    maxTokensWritten: false,
    systemPrompt: 's',
    userTemplate: '<<TEXT>>',
    promptVersion: 'v1',
    seed: 123,
    maxNarratives: null,
    batchSize: 100,
    saveCsvJson: false,
    dataFile: '/data/a.csv',
  },
  endpoint: {
    apiUrl: 'http://127.0.0.1:1/v1/chat/completions',
    apiKeyEnv: null,
    allowedHosts: [],
    timeoutMs: 600_000,
    concurrency: 4,
  },
};

it.each<[Partial<ExperimentSettings['endpoint']>, string]>([
  [
    { apiUrl: 'http://127.0.0.1:2/v1/chat/completions' },
    'model.api_url: http://127.0.0.1:1/v1/chat/completions -> http://127.0.0.1:2/v1/chat/completions',
  ],
  [{ apiKeyEnv: 'STUDY_KEY' }, 'model.api_key_env: none -> STUDY_KEY'],
  [{ allowedHosts: ['https://a.example'] }, 'model.allowed_hosts: none -> https://a.example'],
  [{ timeoutMs: 1500 }, 'model.timeout_sec: 600 -> 1.5'],
  [{ concurrency: 8 }, 'run.concurrency: 4 -> 8'],
  [{ requestsPerMinute: 30 }, 'model.requests_per_minute: none -> 30'],
  [{ tokensPerMinute: 9000 }, 'model.tokens_per_minute: none -> 9000'],
])('the endpoint change %j is taken over as "%s"', (change, line) => {
  const after = { ...BEFORE, endpoint: { ...BEFORE.endpoint, ...change } };
  expect(takeOverHarmless(BEFORE, after)).toEqual({
    settings: after,
    endpoint: [line],
    descriptive: [],
    staying: [],
  });
});

it.each<[Partial<ExperimentSettings['frozen']>, string]>([
  [{ author: 'A. Body' }, 'experiment.author: none -> A. Body'],
  [{ notes: 'first\n  try' }, 'experiment.notes: none -> first try'],
  [{ provider: null }, 'model.provider: mlx -> none'],
  [{ promptVersion: 'v2' }, 'prompt.version: v1 -> v2'],
  [{ dataFile: '/data/b.csv' }, 'data.file: /data/a.csv -> /data/b.csv'],
  [{ saveCsvJson: true }, 'run.save_csv_json: false -> true'],
  [{ backupEveryBatches: 50 }, 'run.backup_every_batches: none -> 50'],
])('the descriptive change %j is taken over as "%s"', (change, line) => {
  const after = { ...BEFORE, frozen: { ...BEFORE.frozen, ...change } };
  expect(takeOverHarmless(BEFORE, after)).toEqual({
    settings: after,
    endpoint: [],
    descriptive: [line],
    staying: [],
  });
});

it.each<[Partial<ExperimentSettings['frozen']>, RegExp]>([
  [{ batchSize: 10 }, /^run\.batch_size stays 100: .* 10\)\.$/],
  [{ seed: 7 }, /^run\.seed stays 123: /],
  [{ askOnce: true }, /^run\.ask_once stays false: .* true\)\.$/],
  [{ name: 'Brakes' }, /^experiment\.name stays brakes: /],
])('the change %j is not taken over and is told', (change, line) => {
  const changes = takeOverHarmless(BEFORE, { ...BEFORE, frozen: { ...BEFORE.frozen, ...change } });
  expect(changes).toMatchObject({ settings: BEFORE, endpoint: [], descriptive: [] });
  expect(changes.staying).toEqual([expect.stringMatching(line)]);
});

it('an experiment from before each text could be asked once says nothing about it', () => {
  const after = { ...BEFORE, frozen: { ...BEFORE.frozen, askOnce: false } };
  expect(takeOverHarmless(BEFORE, after).staying).toEqual([]);
});

it('what can change an answer is never taken over', () => {
  const after = {
    ...BEFORE,
    frozen: {
      ...BEFORE.frozen,
      modelName: 'n',
      temperature: 1,
      systemPrompt: 'x',
      userTemplate: 'y',
      maxNarratives: 3,
      maxTokens: 1,
    },
  };
  expect(takeOverHarmless(BEFORE, after).settings).toEqual(BEFORE);
});
