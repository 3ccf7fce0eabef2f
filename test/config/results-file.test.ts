import { homedir } from 'node:os';
import path from 'node:path';
import { expandHome } from '../../src/config/home-folder';
import { resultsFilePath } from '../../src/config/results-file';

it.each<[string | undefined, Record<string, string>, string]>([
  [undefined, {}, '/work-folder/data/experiments.db'],
  [undefined, { EXPERIMENTS_DB: 'x.db' }, '/work-folder/x.db'],
  [undefined, { EXPERIMENTS_DB: '/abs/x.db' }, '/abs/x.db'],
  [undefined, { EXPERIMENTS_DB: '' }, '/work-folder/data/experiments.db'],
  [undefined, { EXPERIMENTS_DB: '~/x.db', HOME: '/home/somebody' }, '/home/somebody/x.db'],
  ['y.db', { EXPERIMENTS_DB: 'x.db' }, '/work-folder/y.db'],
  ['../y.db', {}, '/y.db'],
  ['~/a/y.db', { HOME: '/home/somebody' }, '/home/somebody/a/y.db'],
  ['~somebody/y.db', { HOME: '/home/somebody' }, '/work-folder/~somebody/y.db'],
])('with --db %s and %j the results file is %s', (option, environment, expected) => {
  expect(resultsFilePath({ option, environment, workingDirectory: '/work-folder' })).toBe(expected);
});

it('the home folder is that of the user where HOME is not set', () => {
  expect(expandHome('~/x', {})).toBe(path.join(homedir(), 'x'));
  expect(expandHome('~', {})).toBe(path.join(homedir(), '.'));
  expect(expandHome('a~/x', {})).toBe('a~/x');
});
