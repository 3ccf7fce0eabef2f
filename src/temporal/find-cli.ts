/**
 * Finds the Temporal CLI, which holds the server: where the user says, on PATH, in our cache, else by the official
 * download and at last by building the same version with Go. What was fetched or built stays in the cache.
 */
import { accessSync, constants, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Environment } from '../config/environment';
import { TemporalUnavailableError } from '../errors';
import { buildCliWithGo } from './build-cli-with-go';
import { downloadCli } from './download-cli';

/** Later versions cannot be built by `go install`. */
export const CLI_VERSION = '1.5.1';
const DOWNLOAD_BASE_URL = 'https://temporal.download/cli';

export interface FindCliOptions {
  environment: Environment;
  onProgress: (message: string) => void;
  /** Where the official download is; tests give their own. */
  downloadBaseUrl?: string;
}

/** Absolute path of the CLI. Throws TemporalUnavailableError that names the ways to get it. */
export async function findTemporalCli(options: FindCliOptions): Promise<string> {
  const { environment, onProgress } = options;
  const named = environment.TEMPORAL_CLI_PATH;
  if (named !== undefined && named !== '') {
    if (isExecutable(named)) return named;
    throw new TemporalUnavailableError(`TEMPORAL_CLI_PATH names ${named}, which is not an executable file.`);
  }
  const onPath = findOnPath('temporal', environment);
  if (onPath !== null) return onPath;
  const cached = cachedCliPath(environment);
  if (isExecutable(cached)) return cached;
  const failures: string[] = [];
  const ways = [
    () => downloadCli(cached, CLI_VERSION, options.downloadBaseUrl ?? DOWNLOAD_BASE_URL, onProgress),
    () => buildCliWithGo(cached, CLI_VERSION, findOnPath('go', environment), environment, onProgress),
  ];
  for (const way of ways) {
    try {
      await way();
      return cached;
    } catch (error) {
      failures.push((error as Error).message);
    }
  }
  throw new TemporalUnavailableError(
    [
      `The Temporal CLI ${CLI_VERSION} was not found and could not be fetched (${failures.join('; ')}).`,
      'Any of these helps: install it and put `temporal` on PATH, set TEMPORAL_CLI_PATH to it, install Go so that it',
      'can be built, or set TEMPORAL_ADDRESS to a Temporal server that runs elsewhere.',
    ].join('\n'),
  );
}

function cachedCliPath(environment: Environment): string {
  const cache = environment.XDG_CACHE_HOME || join(environment.HOME || homedir(), '.cache');
  return join(cache, 'longhaul', `temporal-cli-${CLI_VERSION}`);
}

function findOnPath(name: string, environment: Environment): string | null {
  const folders = (environment.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const extension = process.platform === 'win32' ? '.exe' : '';
  return folders.map((folder) => join(folder, name + extension)).find(isExecutable) ?? null;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
