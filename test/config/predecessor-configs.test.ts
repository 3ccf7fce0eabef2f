/** Configs as the predecessor's users write them load as they stand. */
import { ConfigFolder } from './config-folder';

const FIRST_TRY = `# Try on a few texts first
experiment:
  name: "Indicators, short prompt"
  author: "research assistant"
  notes: "First try; 20 texts"

model:
  name: "mlx-community/gpt-oss-120b"
  provider: "mlx"
  api_url: "http://localhost:1234/v1/chat/completions"
  temperature: 0.2

prompt:
  version: "v0.2.1_indicators"
  system_prompt: |
    Reasoning: high
    You read short notes and decide whether they tell of X.
  user_template: |
    Note:
    <<<
    <<TEXT>>
    >>>

    Reply with JSON: {"detected": true/false, "confidence": 0.0-1.0}

data:
  file: "data-raw/notes.xlsx"

run:
  seed: 123
  max_narratives: 20
  save_incremental: true
  save_csv_json: true
`;

const PRODUCTION = `experiment:
  name: "production_all_texts"
  author: "team"
  notes: >
    All texts,
    once.
model:
  name: "qwen3-next-80b-a3b-thinking-mlx"
  provider: "mlx"
  api_url: "http://localhost:1234/v1/chat/completions"
  temperature: 0.0
prompt:
  version: v3
  system_prompt: "/think hard!\\nYou decide."
  user_template: "<<TEXT>>"
data:
  file: data/all.xlsx
run:
  seed: 1024
  max_narratives: 1000000  # all
  save_incremental: true
  save_csv_json: false
`;

const DOCUMENTED = `experiment: {name: documented, author: , notes: }
model: {name: m, temperature: 1, api_url: "\${LLM_URL}", max_tokens: 4096}
prompt: {version: 1, system_prompt_file: p/system.txt, user_template_file: p/user.txt}
data: {file: "$DATA_FOLDER/notes.xlsx"}
run:
  batch_size: 50
  resume_enabled: true
  progress_tracking: true
  database: data/production.db
  resume: false
  experiment_id: null
  retry_errors_only: false
  save_incremental: false
`;

let configs: ConfigFolder;
beforeEach(() => {
  configs = new ConfigFolder();
});
afterEach(() => configs.remove());

it('a first try on LM Studio loads', () => {
  expect(configs.loadText(FIRST_TRY)).toMatchObject({
    name: 'Indicators, short prompt',
    model: {
      name: 'mlx-community/gpt-oss-120b',
      provider: 'mlx',
      temperature: 0.2,
      maxTokens: 8192,
      responseFormat: 'auto',
      sendSeed: false,
    },
    endpoint: { apiUrl: 'http://localhost:1234/v1/chat/completions', apiKeyEnv: null },
    prompt: {
      version: 'v0.2.1_indicators',
      systemPrompt: 'Reasoning: high\nYou read short notes and decide whether they tell of X.\n',
      userTemplate: expect.stringContaining('<<<\n<<TEXT>>\n>>>\n') as string,
    },
    selection: { maxNarratives: 20 },
    seed: 123,
    saveCsvJson: true,
    notices: [expect.stringMatching(/^run\.seed has no effect/)],
  });
});

it('a production run over everything loads', () => {
  expect(configs.loadText(PRODUCTION)).toMatchObject({
    notes: 'All texts, once.\n',
    model: { temperature: 0 },
    prompt: { version: 'v3', systemPrompt: '/think hard!\nYou decide.', userTemplate: '<<TEXT>>' },
    selection: { maxNarratives: 1_000_000 },
    seed: 1024,
    saveCsvJson: false,
    notices: [expect.stringMatching(/^run\.seed has no effect/)],
  });
});

it('a config with the documented keys, files and variables loads', () => {
  configs.write('p/system.txt', 'Decide.\n');
  configs.write('p/user.txt', 'Text: <<TEXT>>\n');
  const data = configs.write('texts/notes.xlsx', '');
  const environment = { LLM_URL: 'http://127.0.0.1:1234/v1', DATA_FOLDER: 'texts' };
  const config = configs.loadText(DOCUMENTED, environment);
  expect(config).toMatchObject({
    author: null,
    notes: null,
    model: { temperature: 1, maxTokens: 4096, provider: null },
    endpoint: { apiUrl: 'http://127.0.0.1:1234/v1/chat/completions' },
    prompt: { version: '1', systemPrompt: 'Decide.', userTemplate: 'Text: <<TEXT>>' },
    data: { file: data, exists: true },
    selection: { maxNarratives: null },
    batchSize: 50,
    written: { maxTokens: true },
  });
  expect(config.notices.map((notice) => notice.split(' ')[0])).toEqual([
    'run.resume_enabled',
    'run.progress_tracking',
    'run.database',
    'run.resume',
    'run.retry_errors_only',
    'run.save_incremental:',
  ]);
});
