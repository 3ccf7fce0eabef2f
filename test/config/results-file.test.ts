import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
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

describe('.db_config in the working directory', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'longhaul-'))));
  afterEach(() => rmSync(folder, { recursive: true }));
  const resultsFile = (environment = {}, option?: string): string =>
    path.relative(folder, resultsFilePath({ option, environment, workingDirectory: folder }));

  it.each([
    ['EXPERIMENTS_DB=data/production_20k.db', 'data/production_20k.db'],
    ['# the big one\nTEST_DB=t.db\n EXPERIMENTS_DB = "a b.db" # now\n', 'a b.db'],
    ['EXPERIMENTS_DB=a=b.db', 'data/experiments.db'],
    ['#EXPERIMENTS_DB=x.db\n', 'data/experiments.db'],
    ['', 'data/experiments.db'],
  ])('with %j names %s', (text, expected) => {
    writeFileSync(path.join(folder, '.db_config'), text);
    expect(resultsFile()).toBe(expected);
  });

  it('gives way to EXPERIMENTS_DB and to --db', () => {
    writeFileSync(path.join(folder, '.db_config'), 'EXPERIMENTS_DB=x.db');
    expect(resultsFile({ EXPERIMENTS_DB: 'y.db' })).toBe('y.db');
    expect(resultsFile({ EXPERIMENTS_DB: 'y.db' }, 'z.db')).toBe('z.db');
  });

  it('that cannot be read is told, not passed over', () => {
    mkdirSync(path.join(folder, '.db_config'));
    expect(() => resultsFile()).toThrow(/\.db_config.*cannot be read \(EISDIR\)/);
  });
});
