/** Where the results file is: the --db option, else EXPERIMENTS_DB, else data/experiments.db. */
import { resolve } from 'node:path';
import type { Environment } from './environment';
import { expandHome } from './home-folder';

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
  const path = option || environment.EXPERIMENTS_DB || DEFAULT_RESULTS_FILE;
  return resolve(workingDirectory, expandHome(path, environment));
}
