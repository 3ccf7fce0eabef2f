/** What every command gets besides its own options. */
import type { Environment } from '../config/environment';
import type { Output } from './output';

export interface CommandContext {
  environment: Environment;
  workingDirectory: string;
  /** Absolute path of the results file. */
  resultsFile: string;
  output: Output;
}
