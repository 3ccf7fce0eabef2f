import fc from 'fast-check';
import { getVariable, readEnvironment } from '../../src/config/environment';
import { expandVariables } from '../../src/config/expand-variables';
import { ConfigFolder } from './config-folder';

const ENVIRONMENT = { NAME: 'brakes', _x1: 'low', MONEY: '$NAME ${NAME}', EMPTY: '' };

describe('expandVariables', () => {
  it.each<[string, string, string[]]>([
    ['${NAME}', 'brakes', []],
    ['$NAME', 'brakes', []],
    ['a${NAME}b$NAME.', 'abrakesbbrakes.', []],
    ['$_x1', 'low', []],
    ['$500 and $', '$500 and $', []],
    ['$${NAME}', '$brakes', []],
    ['$MONEY', '$NAME ${NAME}', []],
    ['${MONEY}', '$NAME ${NAME}', []],
    ['[$EMPTY]', '[]', []],
    ['${NAME:-x} ${} ${1}', '${NAME:-x} ${} ${1}', []],
    ['$A ${B} $A $NAME', '$A ${B} $A brakes', ['A', 'B']],
    ['$constructor ${__proto__}', '$constructor ${__proto__}', ['constructor', '__proto__']],
  ])('reads %s as %s', (text, expected, unset) => {
    expect(expandVariables(text, ENVIRONMENT, 'braced and bare')).toMatchObject({ text: expected, unset });
  });

  it('leaves bare names alone in prompts', () => {
    const { text, unset } = expandVariables('$NAME ${NAME} $A', ENVIRONMENT, 'braced');
    expect([text, unset]).toEqual(['$NAME brakes $A', []]);
  });

  it('changes no text without a dollar sign', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        fc.pre(!text.includes('$'));
        const expanded = expandVariables(text, ENVIRONMENT, 'braced and bare');
        expect(expanded).toEqual({ text, isExpanded: false, unset: [] });
      }),
    );
  });

  it('puts any value in as it is', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        expect(expandVariables('<${V}>', { V: value }, 'braced').text).toBe(`<${value}>`);
      }),
    );
  });
});

describe('in a config', () => {
  let configs: ConfigFolder;
  beforeEach(() => {
    configs = new ConfigFolder();
  });
  afterEach(() => configs.remove());

  it('a variable may hold a number or a switch', () => {
    const environment = { T: '0.7', N: ' 20 ', SAVE: 'False' };
    const changes = {
      'model.temperature': '${T}',
      'run.max_narratives': '$N',
      'run.save_csv_json': '$SAVE',
      'experiment.name': '${N}',
    };
    expect(configs.load(changes, environment)).toMatchObject({
      name: '20',
      model: { temperature: 0.7 },
      selection: { maxNarratives: 20 },
      saveCsvJson: false,
    });
  });

  it.each([
    ['model.temperature', 'warm', 'model.temperature: "${V}" does not give a number'],
    ['model.temperature', '', 'model.temperature: "${V}" does not give a number'],
    ['model.temperature', '0x1', 'model.temperature: "${V}" does not give a number'],
    ['model.temperature', '7', 'model.temperature: must be a number from 0.0 to 2.0, not 7'],
    ['run.concurrency', '1.5', 'run.concurrency: must be auto or a whole number from 1 to 1024, not 1.5'],
    ['run.save_csv_json', 'yes', 'run.save_csv_json: "${V}" gives neither true nor false'],
    ['experiment.name', ' ', 'experiment.name: is required: a name for the experiment'],
  ])('%s from a variable that holds "%s" is a problem', (key, value, expected) => {
    expect(configs.problems({ [key]: '${V}' }, { V: value })).toEqual([expected]);
  });

  it.each(['experiment.author', 'model.name', 'model.api_url', 'data.file', 'prompt.version'])(
    'an unset variable is one problem at %s',
    (key) => {
      expect(configs.problems({ [key]: 'a $NOT_SET' })).toEqual([
        `${key}: the environment variable NOT_SET is not set`,
      ]);
    },
  );

  it('all unset variables of a text are named', () => {
    expect(configs.problems({ 'experiment.notes': '$A $B' })).toEqual([
      'experiment.notes: the environment variables A, B are not set',
    ]);
  });

  it('variables are put into lists', () => {
    const changes = { 'model.allowed_hosts': ['$HOST'], 'model.api_url': 'https://${HOST}/v1' };
    const { endpoint } = configs.load(changes, { HOST: 'llm.example.org' });
    expect(endpoint).toMatchObject({
      apiUrl: 'https://llm.example.org/v1/chat/completions',
      allowedHosts: ['llm.example.org', 'https://llm.example.org'],
    });
  });

  it('a prompt keeps bare names and takes braced ones', () => {
    const { prompt } = configs.load({ 'prompt.system_prompt': '$NAME costs $5, ${NAME}' }, { NAME: 'it' });
    expect(prompt.systemPrompt).toBe('$NAME costs $5, it');
  });
});

describe('the environment', () => {
  it('is a copy of that of the process', () => {
    const environment = readEnvironment();
    expect(environment.PATH).toBe(process.env.PATH);
    expect(environment).not.toBe(process.env);
  });

  it('has no variables but its own', () => {
    expect(getVariable({ A: 'x' }, 'A')).toBe('x');
    expect(getVariable({}, 'toString')).toBeUndefined();
  });
});
