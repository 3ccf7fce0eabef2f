import { HostForbiddenError } from '../../src/config/allowed-hosts';
import { HostNotAllowedError } from '../../src/errors';
import { ConfigFolder, type Changes } from './config-folder';

let configs: ConfigFolder;
beforeEach(() => {
  configs = new ConfigFolder();
});
afterEach(() => configs.remove());

const url = (apiUrl: string, others: Changes = {}): Changes => ({ 'model.api_url': apiUrl, ...others });

it.each([
  ['http://localhost:1234/v1', 'http://localhost:1234/v1/chat/completions'],
  ['http://localhost:1234/v1/', 'http://localhost:1234/v1/chat/completions'],
  ['http://localhost:1234/v1/chat/completions', 'http://localhost:1234/v1/chat/completions'],
  ['http://localhost/openai/v1?api-version=2', 'http://localhost/openai/v1/chat/completions?api-version=2'],
  ['http://localhost/api/v10', 'http://localhost/api/v10'],
  ['HTTP://LocalHost:80/v1#top', 'http://localhost/v1/chat/completions'],
  ['http://[::1]:8080/v1', 'http://[::1]:8080/v1/chat/completions'],
  ['http://0x7f.1:1/v1', 'http://127.0.0.1:1/v1/chat/completions'],
])('%s is asked as %s', (written, expected) => {
  expect(configs.load(url(written)).endpoint).toMatchObject({ apiUrl: expected, allowedHosts: [] });
});

it('LLM_API_URL counts where the config has no URL', () => {
  const environment = { LLM_API_URL: 'http://127.0.0.1:9/v1' };
  const withoutUrl = { 'model.api_url': undefined };
  expect(configs.load(withoutUrl, environment).endpoint.apiUrl).toBe(
    'http://127.0.0.1:9/v1/chat/completions',
  );
  expect(configs.load({}, environment).endpoint.apiUrl).toContain('localhost:1234');
  expect(configs.problems(withoutUrl, { LLM_API_URL: 'nonsense' })).toEqual([
    'model.api_url: (from LLM_API_URL) is not a URL',
  ]);
});

it.each([
  ['nonsense', 'is not a URL'],
  ['localhost:1234/v1', 'must begin with http:// or https://'],
  ['file:///etc/passwd', 'must begin with http:// or https://'],
  ['http://me:CANARY@localhost/v1', 'must hold no user name or password'],
  ['https://llm.example.org/v1?api_key=CANARY', 'must hold no key'],
  ['http://llm.example.org/v1', 'must begin with https://'],
  ['http://8.8.8.8/v1', 'must begin with https://'],
  ['http://169.254.169.254/v1', 'is never asked'],
  ['http://[::ffff:169.254.169.254]/v1', 'is never asked'],
  ['http://0.0.0.0:1234/v1', 'is never asked'],
  ['http://[::]:1234/v1', 'is never asked'],
  ['http://0/v1', 'is never asked'],
])('the URL %s is a problem', (written, expected) => {
  const problems = configs.problems(url(written, { 'model.allowed_hosts': ['https://llm.example.org'] }));
  expect(problems).toEqual([expect.stringContaining(expected)]);
  expect(problems[0]).not.toContain('CANARY');
});

it.each([
  'http://10.1.2.3/v1',
  'http://192.168.1.2:8000/v1',
  'http://172.31.0.1/v1',
  'http://gpu-box:8000/v1',
  'http://mac.local/v1',
  'http://[fd00::1]/v1',
])('plain http may go to %s once it is allowed', (written) => {
  const { origin } = new URL(written);
  expect(() => configs.load(url(written))).toThrow(HostNotAllowedError);
  expect(configs.load(url(written, { 'model.allowed_hosts': [origin] })).endpoint.allowedHosts).toEqual([
    origin,
  ]);
});

describe('a host that is not allowed', () => {
  it('is refused with the line that allows it', () => {
    expect(() => configs.load(url('https://llm.example.org/v1'))).toThrow(
      'allowed_hosts: ["https://llm.example.org"]',
    );
  });

  it('is told after all other problems are mended', () => {
    const changes = url('https://llm.example.org/v1', { 'model.temperature': 9 });
    expect(configs.problems(changes)).toEqual([expect.stringContaining('model.temperature')]);
  });

  it('is allowed by LONGHAUL_ALLOWED_HOSTS too, and its origin is kept', () => {
    const environment = { LONGHAUL_ALLOWED_HOSTS: ' other.example , llm.example.org ' };
    expect(configs.load(url('https://llm.example.org/v1'), environment).endpoint.allowedHosts).toEqual([
      'other.example',
      'llm.example.org',
      'https://llm.example.org',
    ]);
  });

  it('never becomes allowed when it serves credentials', () => {
    expect(new HostForbiddenError('http://169.254.169.254').message).not.toContain('allowed_hosts');
  });
});

it('entries that are no hosts are problems', () => {
  const changes = { 'model.allowed_hosts': ['https://a.example/v1', '*', 'ok.example', 7] };
  const problems = configs.problems(changes, { LONGHAUL_ALLOWED_HOSTS: 'b.example,c d' });
  expect(problems).toEqual([
    expect.stringMatching(/^LONGHAUL_ALLOWED_HOSTS: each entry must be an origin/),
    expect.stringMatching(/^model\.allowed_hosts\.0: must be an origin/),
    expect.stringMatching(/^model\.allowed_hosts\.1: must be an origin/),
    'model.allowed_hosts.3: must be text',
  ]);
});

describe('the key', () => {
  const KEY = 'CANARY-0123456789';

  it('is named, not kept', () => {
    const config = configs.load({ 'model.api_key_env': 'WORKSHOP_KEY' }, { WORKSHOP_KEY: KEY });
    expect(config.endpoint.apiKeyEnv).toBe('WORKSHOP_KEY');
    expect(JSON.stringify(config)).not.toContain(KEY);
  });

  it.each<[string, Changes, string]>([
    [
      'whose variable is not set',
      { 'model.api_key_env': 'NOT_SET' },
      'model.api_key_env: the environment variable NOT_SET is not set',
    ],
    [
      'whose variable is blank',
      { 'model.api_key_env': 'BLANK' },
      'model.api_key_env: the environment variable BLANK is not set',
    ],
    [
      'named like a member of every object',
      { 'model.api_key_env': 'constructor' },
      'model.api_key_env: the environment variable that this names is not set',
    ],
    [
      'pasted in place of its variable',
      { 'model.api_key_env': 'CANARYabcdef0123456789' },
      'model.api_key_env: the environment variable that this names is not set',
    ],
    [
      'put in place of its variable',
      { 'model.api_key_env': '$WORKSHOP_KEY' },
      'model.api_key_env: must be the name of an environment variable',
    ],
    ['under its own key', { 'model.api_key': KEY }, 'model.api_key: keys never stand in a config'],
    [
      'under its own key by variable',
      { 'model.api_key': '${WORKSHOP_KEY}' },
      'such as api_key_env: WORKSHOP_KEY',
    ],
    [
      'in the experiment section',
      { 'experiment.password': KEY },
      'experiment.password: keys never stand in a config',
    ],
    ['at the top', { openai_api_key: KEY }, 'openai_api_key: keys never stand in a config'],
    [
      'in the notes',
      { 'experiment.notes': 'use sk-CANARY0123456789abcdef' },
      'experiment.notes: this looks like a key',
    ],
    [
      'under an unknown key',
      { 'run.pasted': 'sk-CANARY0123456789abcdef' },
      'run.pasted: this looks like a key',
    ],
    [
      'looking like a key under api_key',
      { 'model.api_key': 'sk-CANARY0123456789abcdef' },
      'model.api_key: keys never stand in a config',
    ],
    [
      'put into the URL',
      { 'model.api_key_env': 'WORKSHOP_KEY', 'model.api_url': 'http://localhost/v1?x=$WORKSHOP_KEY' },
      "model.api_url: holds the server's key",
    ],
    [
      'put into the prompt',
      { 'model.api_key_env': 'WORKSHOP_KEY', 'prompt.system_prompt': 'x ${WORKSHOP_KEY}' },
      "prompt.system_prompt: holds the server's key",
    ],
    [
      'put into a number',
      { 'model.temperature': '${WORKSHOP_KEY}' },
      'model.temperature: "${WORKSHOP_KEY}" does not give a number',
    ],
  ])('%s is one problem and is not shown', (_, changes, expected) => {
    const problems = configs.problems(changes, { WORKSHOP_KEY: KEY, BLANK: ' ' });
    expect(problems).toEqual([expect.stringContaining(expected)]);
    expect(problems.join()).not.toContain('CANARY');
  });

  it('put into a prompt file is a problem', () => {
    configs.write('system.txt', 'x ${WORKSHOP_KEY}');
    const changes = {
      'model.api_key_env': 'WORKSHOP_KEY',
      'prompt.system_prompt': undefined,
      'prompt.system_prompt_file': 'system.txt',
    };
    expect(configs.problems(changes, { WORKSHOP_KEY: KEY })).toEqual([
      expect.stringContaining('prompt.system_prompt_file: holds'),
    ]);
  });
});
