import fs from 'node:fs';
import path from 'node:path';
import { loadConfig } from '../../src/config/load-config';
import { ConfigError, EXIT } from '../../src/errors';
import { ConfigFolder, configText, type Changes } from './config-folder';

let configs: ConfigFolder;
beforeEach(() => {
  configs = new ConfigFolder();
});
afterEach(() => configs.remove());

describe('a config with nothing but what is required', () => {
  it('gets every default', () => {
    expect(configs.load()).toEqual({
      file: 'config.yaml',
      name: 'brakes',
      answer: null,
      author: null,
      notes: null,
      model: {
        name: 'some-model',
        provider: null,
        temperature: 0.2,
        maxTokens: 8192,
        responseFormat: 'auto',
        sendSeed: false,
      },
      endpoint: {
        apiUrl: 'http://localhost:1234/v1/chat/completions',
        apiKeyEnv: null,
        allowedHosts: [],
        timeoutMs: 600_000,
        learnsTimeout: true,
        concurrency: 'auto',
        requestsPerMinute: null,
        tokensPerMinute: null,
      },
      prompt: { version: 'v1', systemPrompt: 'You read repair notes.', userTemplate: 'Note: <<TEXT>>' },
      data: { file: path.join(configs.folder, 'notes.csv'), exists: false },
      selection: { maxNarratives: null, sample: null },
      seed: 123,
      batchSize: 100,
      askOnce: false,
      saveCsvJson: false,
      backupEveryBatches: null,
      notify: null,
      notices: [],
      written: { maxTokens: false },
    });
  });

  it('may have an empty run section', () => {
    const text = `${configText({ run: undefined })}run:\n`;
    expect(configs.loadText(text).batchSize).toBe(100);
  });

  it('treats empty optional keys as not given', () => {
    const config = configs.load({ 'experiment.author': null, 'run.seed': null, 'run.max_narratives': null });
    expect(config).toMatchObject({ author: null, seed: 123, selection: { maxNarratives: null } });
  });
});

it('takes over every optional key that is written', () => {
  const config = configs.load({
    'experiment.author': 'A. Body',
    'experiment.notes': 'costs $500',
    'model.provider': 'mlx',
    'model.max_tokens': 100,
    'model.timeout_sec': 1.5,
    'model.requests_per_minute': 0.5,
    'model.tokens_per_minute': 9000,
    'run.ask_once': true,
    'run.seed': 7,
    'run.max_narratives': 12,
    'run.batch_size': 10,
    'run.concurrency': 64,
    'run.max_concurrency': 200,
    'run.save_csv_json': false,
    'run.save_incremental': true,
  });
  expect(config).toMatchObject({
    author: 'A. Body',
    notes: 'costs $500',
    model: { provider: 'mlx', maxTokens: 100 },
    endpoint: {
      timeoutMs: 1500,
      concurrency: 64,
      maxConcurrency: 200,
      requestsPerMinute: 0.5,
      tokensPerMinute: 9000,
    },
    askOnce: true,
    selection: { maxNarratives: 12 },
    seed: 7,
    batchSize: 10,
    saveCsvJson: false,
    notices: [expect.stringMatching(/^run\.seed has no effect/)],
    written: { maxTokens: true },
  });
});

it.each([
  ['experiment.name', 2024, 'name', '2024'],
  ['model.name', true, 'model.name', 'true'],
  ['prompt.version', 3, 'prompt.version', '3'],
])('reads %s: %s as text', (key, value, at, expected) => {
  expect(configs.load({ [key]: value })).toHaveProperty(at, expected);
});

it('keeps a version number as it is written', () => {
  const text = configText().replace('version: v1', 'version: 1.10');
  expect(configs.loadText(text).prompt.version).toBe('1.10');
});

describe('several model servers', () => {
  const both = ['http://localhost:1234/v1', 'http://127.0.0.1:8000/v1/chat/completions'];

  it('are completed like one, and share the key', () => {
    const { endpoint } = configs.load({
      'model.api_url': undefined,
      'model.endpoints': both,
      'run.concurrency': 'auto',
    });
    expect(endpoint).toMatchObject({
      apiUrl: 'http://localhost:1234/v1/chat/completions',
      further: [{ apiUrl: 'http://127.0.0.1:8000/v1/chat/completions', apiKeyEnv: null }],
      concurrency: 'auto',
    });
  });

  it.each<[string, Changes, string]>([
    ['beside api_url', { 'model.endpoints': both }, 'model.api_url: must not stand beside model.endpoints'],
    [
      'none',
      { 'model.api_url': undefined, 'model.endpoints': [] },
      'model.endpoints: must name at least one',
    ],
    [
      'one that is no URL',
      { 'model.api_url': undefined, 'model.endpoints': ['http://localhost:1/v1', 'nowhere'] },
      'model.endpoints.1: is not a URL',
    ],
    [
      'one of them twice',
      { 'model.api_url': undefined, 'model.endpoints': ['http://localhost:1/v1', 'http://localhost:1/'] },
      'model.endpoints.1: http://localhost:1 is listed twice',
    ],
    [
      'a text in place of a list',
      { 'model.api_url': undefined, 'model.endpoints': 'http://localhost:1' },
      'model.endpoints: must be a list',
    ],
  ])('with %s are one problem', (_, changes, expected) => {
    expect(configs.problems(changes)).toEqual([expect.stringContaining(expected)]);
  });

  it('must all be allowed', () => {
    expect(() =>
      configs.load({
        'model.api_url': undefined,
        'model.endpoints': ['http://localhost:1/v1', 'http://192.168.7.7:1/v1'],
      }),
    ).toThrow('192.168.7.7');
  });
});

describe('one mistake', () => {
  const required = 'is required: ';
  it.each<[string, Changes, string]>([
    ['no name', { 'experiment.name': undefined }, `experiment.name: ${required}a name`],
    ['a blank name', { 'experiment.name': '  ' }, `experiment.name: ${required}a name`],
    ['an empty name', { 'experiment.name': null }, `experiment.name: ${required}a name`],
    ['no model', { 'model.name': undefined }, `model.name: ${required}the name by which`],
    ['no URL', { 'model.api_url': undefined }, `model.api_url: ${required}the URL`],
    ['no temperature', { 'model.temperature': undefined }, `model.temperature: ${required}a number from 0.0`],
    [
      'a hot model',
      { 'model.temperature': 2.5 },
      'model.temperature: must be a number from 0.0 to 2.0, not 2.5',
    ],
    [
      'a cold model',
      { 'model.temperature': -0.1 },
      'model.temperature: must be a number from 0.0 to 2.0, not -0.1',
    ],
    [
      'a worded temperature',
      { 'model.temperature': 'hot' },
      'model.temperature: must be a number from 0.0 to 2.0, not "hot"',
    ],
    [
      'a quoted temperature',
      { 'model.temperature': '0.2' },
      'model.temperature: must be a number from 0.0 to 2.0, not "0.2"',
    ],
    [
      'an infinite temperature',
      { 'model.temperature': Infinity },
      'model.temperature: must be a number from 0.0 to 2.0, not Infinity',
    ],
    ['no version', { 'prompt.version': undefined }, `prompt.version: ${required}a label`],
    ['no data file', { 'data.file': undefined }, `data.file: ${required}the file`],
    ['a listed author', { 'experiment.author': ['A', 'B'] }, 'experiment.author: must be text'],
    [
      'no tokens',
      { 'model.max_tokens': 0 },
      'model.max_tokens: must be a whole number from 1 to 1000000, not 0',
    ],
    [
      'no time',
      { 'model.timeout_sec': 0 },
      'model.timeout_sec: must be a number of seconds from 0.1 to 86400, not 0',
    ],
    [
      'half a call',
      { 'run.concurrency': 1.5 },
      'run.concurrency: must be auto or a whole number from 1 to 1024, not 1.5',
    ],
    [
      'too many calls',
      { 'run.concurrency': 1025 },
      'run.concurrency: must be auto or a whole number from 1 to 1024, not 1025',
    ],
    [
      'no call',
      { 'run.concurrency': 0 },
      'run.concurrency: must be auto or a whole number from 1 to 1024, not 0',
    ],
    [
      'no texts',
      { 'run.max_narratives': 0 },
      'run.max_narratives: must be a whole number of at least 1, not 0',
    ],
    [
      'less than no texts',
      { 'run.max_narratives': -5 },
      'run.max_narratives: must be a whole number of at least 1, not -5',
    ],
    [
      'SQL for a number',
      { 'run.max_narratives': '1; DROP TABLE x' },
      'run.max_narratives: must be a whole number of at least 1, not "1; DROP TABLE x"',
    ],
    ['no batch', { 'run.batch_size': 0 }, 'run.batch_size: must be a whole number from 1 to 10000, not 0'],
    ['half a seed', { 'run.seed': 0.5 }, 'run.seed: must be a whole number of at least 0, not 0.5'],
    ['a worded switch', { 'run.save_csv_json': 'yes' }, 'run.save_csv_json: must be true or false'],
    [
      'hosts in a text',
      { 'model.allowed_hosts': 'https://a.example' },
      'model.allowed_hosts: must be a list',
    ],
    [
      'a list for a number',
      { 'run.seed': [1] },
      'run.seed: must be a whole number of at least 0, not a list',
    ],
  ])('%s is one problem', (_, changes, expected) => {
    expect(configs.problems(changes)).toEqual([expect.stringContaining(expected)]);
  });

  it('keeps a long wrong value out of the message', () => {
    const [problem] = configs.problems({ 'model.temperature': 'a long text that somebody pasted' });
    expect(problem).toBe('model.temperature: must be a number from 0.0 to 2.0, not a text');
  });

  it.each(['experiment', 'model', 'prompt', 'data', 'run'])(
    'a missing section %s is one problem',
    (section) => {
      const text = removeSection(configText({ 'run.seed': 1 }), section);
      expect(configs.problemsOfText(text)).toEqual([
        {
          path: section,
          line: null,
          message: expect.stringContaining('missing required config section') as string,
        },
      ]);
    },
  );

  it.each([
    ['text', 'data: notes.csv'],
    ['a list', 'data: [notes.csv]'],
  ])('%s in place of a section is one problem', (_, line) => {
    const text = `${removeSection(configText(), 'data')}${line}\n`;
    expect(configs.problemsOfText(text)).toMatchObject([
      { path: 'data', message: expect.stringContaining('must be a section') as string },
    ]);
  });
});

function removeSection(text: string, section: string): string {
  return text.replace(new RegExp(`^${section}:.*\\n(?: .*\\n)*`, 'm'), '');
}

it('reports everything at once, each with its line', () => {
  const text = [
    'experiment:',
    '  author: nobody',
    'model:',
    '  name: a',
    '  temperature: 3',
    '  temprature: 0',
    '  api_url: ftp://localhost',
    '  api_key_env: WORKSHOP_KEY',
    'prompt:',
    '  version: v1',
    '  system_prompt_file: missing.txt',
    '  user_template: no place for a text',
    'data:',
    '  file: ${WORKSHOP_DATA}/notes.csv',
    'run:',
    '  max_tokens: 5',
    '  seed: 1',
    '  seed: 2',
  ].join('\n');
  const problems = configs.problemsOfText(text).map(({ path: at, line }) => [at, line]);
  expect(problems).toEqual([
    ['experiment.name', 1],
    ['model.temperature', 5],
    ['model.temprature', 6],
    ['model.api_url', 7],
    ['model.api_key_env', 8],
    ['prompt.system_prompt_file', 11],
    ['prompt.user_template', 12],
    ['data.file', 14],
    ['run.max_tokens', 16],
    ['run.seed', 18],
  ]);
});

describe('a file that is no config', () => {
  it.each<[string, string | Buffer, string]>([
    ['with a list', '- a\n- b\n', 'must consist of sections'],
    ['with one word', 'hello\n', 'must consist of sections'],
    ['in UTF-16', Buffer.from('experiment:\n', 'utf16le').fill(0xff, 0, 1), 'is not UTF-8 text'],
    ['with broken YAML', 'experiment: "brakes\n', 'something is missing here'],
  ])('%s is refused', (_, content, expected) => {
    configs.write('other.yaml', content);
    const load = () => loadConfig('other.yaml', { environment: {}, workingDirectory: configs.folder });
    expect(load).toThrow(ConfigError);
    expect(load).toThrow(expected);
  });

  it('lacks all sections when it is empty', () => {
    expect(configs.problemsOfText('# nothing\n')).toHaveLength(5);
  });

  it('is named when it is missing', () => {
    const load = () => loadConfig('none.yaml', { environment: {}, workingDirectory: configs.folder });
    expect(load).toThrow('none.yaml has one problem:\n  there is no such file');
    expect(load).toThrow(expect.objectContaining({ exitCode: EXIT.userCanMend }) as Error);
  });

  it('is named when it is a folder', () => {
    const load = () => loadConfig('.', { environment: {}, workingDirectory: configs.folder });
    expect(load).toThrow('this is a folder');
  });
});

it('reads a file with a byte order mark and Windows line ends', () => {
  const text = `\uFEFF${configText().replaceAll('\n', '\r\n')}`;
  expect(configs.loadText(text).name).toBe('brakes');
});

describe('data.file', () => {
  it('is found from the working directory first', () => {
    const near = configs.write('data/notes.csv', '');
    configs.write('study/data/notes.csv', '');
    configs.write('study/config.yaml', configText({ 'data.file': 'data/notes.csv' }));
    const config = loadConfig('study/config.yaml', { environment: {}, workingDirectory: configs.folder });
    expect(config.data).toEqual({ file: near, exists: true });
  });

  it("is found from the config's folder otherwise", () => {
    const beside = configs.write('study/data/notes.csv', '');
    configs.write('study/config.yaml', configText({ 'data.file': 'data/notes.csv' }));
    const config = loadConfig('study/config.yaml', { environment: {}, workingDirectory: configs.folder });
    expect(config.data).toEqual({ file: beside, exists: true });
  });

  it('is not taken for a file when it is a folder', () => {
    fs.mkdirSync(path.join(configs.folder, 'notes.csv'));
    expect(configs.load().data.exists).toBe(false);
  });

  it('may begin with the home folder', () => {
    const config = configs.load({ 'data.file': '~/notes.csv' }, { HOME: '/home/somebody' });
    expect(config.data.file).toBe('/home/somebody/notes.csv');
  });
});

describe('keys of the predecessor that do nothing', () => {
  it.each([
    ['resume_enabled', true, 'every experiment can be resumed'],
    ['progress_tracking', true, 'client status'],
    ['database', 'x.db', '--db, EXPERIMENTS_DB or .db_config'],
    ['resume', true, 'client start'],
    ['experiment_id', 'abc', 'client resume ID'],
    ['retry_errors_only', true, '--retry-errors'],
    ['save_incremental', false, 'saved as soon as it is there'],
  ])('run.%s: %s is accepted with a notice', (key, value, expected) => {
    const { notices } = configs.load({ [`run.${key}`]: value });
    expect(notices).toEqual([expect.stringContaining(expected)]);
    expect(notices[0]).toMatch(new RegExp(`^run\\.${key}.* has no effect: `));
  });
});
