/** Where the results file is: the --db option, else EXPERIMENTS_DB, else .db_config, else data/experiments.db. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ResultsFileError } from '../errors';
import type { Environment } from './environment';
import { expandHome } from './home-folder';

/** Beside the user, in the working directory: lines of KEY=VALUE; `#` begins a comment. */
const CONFIG_FILE = '.db_config';
const VARIABLE = 'EXPERIMENTS_DB';
const DEFAULT_RESULTS_FILE = 'data/experiments.db';

/** What decides about the results file. */
export interface ResultsFileOptions {
  /** Value of --db; undefined = not given. */
  option?: string;
  environment: Environment;
  workingDirectory: string;
}

/** Absolute path of the results file; the file need not exist. Empty values count as not given. */
export function resultsFilePath({ option, environment, workingDirectory }: ResultsFileOptions): string {
  const path =
    option ||
    environment[VARIABLE] ||
    readDbConfig(resolve(workingDirectory, CONFIG_FILE)) ||
    DEFAULT_RESULTS_FILE;
  return resolve(workingDirectory, expandHome(path, environment));
}

/** The path that the file names; null = there is no such file, or it names none. Throws ResultsFileError. */
function readDbConfig(file: string): string | null {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code = 'unknown reason' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return null;
    throw new ResultsFileError(
      file,
      `it says where the results file is, but cannot be read (${code})`,
      'Mend or remove it, or name the results file with --db.',
    );
  }
  for (const line of text.split(/\r?\n/)) {
    const [key, value, ...more] = line
      .replace(/^\ufeff/, '')
      .replace(/(^|\s)#.*$/, '')
      .split('=');
    if (key?.trim() === VARIABLE && value !== undefined && more.length === 0) return unquote(value.trim());
  }
  return null;
}

function unquote(value: string): string {
  return /^(["']).*\1$/.test(value) ? value.slice(1, -1) : value;
}
