import { loadConfig } from '../../src/config/load-config';
import { ConfigFolder, configText, type Changes } from './config-folder';

let configs: ConfigFolder;
beforeEach(() => {
  configs = new ConfigFolder();
});
afterEach(() => configs.remove());

const FROM_FILE: Changes = {
  'prompt.system_prompt': undefined,
  'prompt.system_prompt_file': 'prompts/system.txt',
};

it.each([
  ['one final newline goes', 'Be brief.\n', 'Be brief.'],
  ['one final Windows newline goes', 'Be brief.\r\n', 'Be brief.'],
  ['a second final newline stays', 'Be brief.\n\n', 'Be brief.\n'],
  ['Windows line ends within stay', 'Be\r\nbrief.', 'Be\r\nbrief.'],
  ['a byte order mark goes', '\uFEFFBe brief.', 'Be brief.'],
  ['blanks around stay', '  Be brief. ', '  Be brief. '],
  [
    'what looks like a pattern or a path stays',
    '\\1 $& $500 $HOME /etc/passwd',
    '\\1 $& $500 $HOME /etc/passwd',
  ],
  ['variables in braces are put in', 'Be ${MANNER}.', 'Be brief.'],
])('of a prompt file %s', (_, content, expected) => {
  configs.write('prompts/system.txt', content);
  expect(configs.load(FROM_FILE, { MANNER: 'brief' }).prompt.systemPrompt).toBe(expected);
});

it("a prompt file is found from the config's folder when the working directory has none", () => {
  configs.write('study/prompts/system.txt', 'Beside the config.');
  configs.write('study/config.yaml', configText(FROM_FILE));
  const load = () => loadConfig('study/config.yaml', { environment: {}, workingDirectory: configs.folder });
  expect(load().prompt.systemPrompt).toBe('Beside the config.');
  configs.write('prompts/system.txt', 'In the working directory.');
  expect(load().prompt.systemPrompt).toBe('In the working directory.');
});

it('a user template may come from a file', () => {
  configs.write('template.txt', '<<TEXT>>\n\nAnd again: <<TEXT>>\n');
  const changes = { 'prompt.user_template': undefined, 'prompt.user_template_file': 'template.txt' };
  expect(configs.load(changes).prompt.userTemplate).toBe('<<TEXT>>\n\nAnd again: <<TEXT>>');
});

it('an inline prompt is kept to the letter, a path in it is not opened', () => {
  const file = configs.write('secret.txt', 'never read');
  expect(configs.load({ 'prompt.system_prompt': file }).prompt.systemPrompt).toBe(file);
  const text = 'Reasoning: high\n\n  indented\n';
  expect(configs.load({ 'prompt.system_prompt': text }).prompt.systemPrompt).toBe(text);
});

describe('a problem', () => {
  beforeEach(() => {
    configs.write('empty.txt', ' \n');
    configs.write('plain.txt', 'CANARY without a place');
    configs.write('latin1.txt', Buffer.from([0x43, 0xe9, 0xe9]));
    configs.write('variable.txt', 'CANARY ${NOT_SET} <<TEXT>>');
    configs.write('folder/x', '');
  });
  const templateFile = (file: string): Changes => ({
    'prompt.user_template': undefined,
    'prompt.user_template_file': file,
  });

  it.each<[string, Changes, string]>([
    ['a missing file', templateFile('none.txt'), 'prompt.user_template_file: there is no such file'],
    ['an empty file', templateFile('empty.txt'), 'prompt.user_template_file: the file is empty'],
    ['a folder', templateFile('folder'), 'prompt.user_template_file: this is a folder'],
    ['another encoding', templateFile('latin1.txt'), 'prompt.user_template_file: the file is not UTF-8'],
    [
      'a template file without <<TEXT>>',
      templateFile('plain.txt'),
      'prompt.user_template_file: must contain <<TEXT>>',
    ],
    [
      'an unset variable in a file',
      templateFile('variable.txt'),
      'prompt.user_template_file: in the file, the environment variable NOT_SET is not set',
    ],
    [
      'a template without <<TEXT>>',
      { 'prompt.user_template': 'CANARY <<text>>' },
      'prompt.user_template: must contain <<TEXT>>',
    ],
    [
      'an unset variable',
      { 'prompt.system_prompt': 'CANARY ${NOT_SET}' },
      'prompt.system_prompt: the environment variable NOT_SET is not set',
    ],
    ['a blank prompt', { 'prompt.system_prompt': ' \n' }, 'prompt.system_prompt: is empty'],
    ['no system prompt', { 'prompt.system_prompt': undefined }, 'prompt.system_prompt: is required'],
    ['no template', { 'prompt.user_template': undefined }, 'prompt.user_template: is required'],
    [
      'both kinds',
      { 'prompt.system_prompt_file': 'plain.txt' },
      'prompt.system_prompt_file: system_prompt is given too',
    ],
    ['a listed prompt', { 'prompt.system_prompt': ['CANARY'] }, 'prompt.system_prompt: must be text'],
    [
      'a prompt where a file belongs',
      templateFile('CANARY: what does the note say?'),
      'prompt.user_template_file: there is no such file',
    ],
    ['a file name with a null', templateFile('a\0b'), 'prompt.user_template_file: the file cannot be read'],
  ])('is %s, and no prompt is quoted', (_, changes, expected) => {
    const problems = configs.problems(changes);
    expect(problems).toEqual([expect.stringContaining(expected)]);
    expect(problems.join()).not.toContain('CANARY');
  });
});
