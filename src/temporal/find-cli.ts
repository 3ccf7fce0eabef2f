/**
 * Finds the Temporal CLI, which holds the server: where the user says, on PATH, in our cache, else by the official
 * download and at last by building the same version with Go. What was downloaded or built stays in the cache.
 */
import { accessSync, constants, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import type { Environment } from '../config/environment';
import { TemporalUnavailableError } from '../errors';
import { buildCliWithGo } from './build-cli-with-go';
import { downloadCli } from './download-cli';
import { keepCli } from './keep-cli';

/** The version we fetch; `go install` refuses later ones. */
export const CLI_VERSION = '1.5.1';
const DOWNLOAD_BASE_URL = 'https://temporal.download/cli';

/** Where to look and whom to tell. */
export interface FindCliOptions {
  environment: Environment;
  /** Told about a download or a build, line by line. */
  onProgress: (message: string) => void;
  /** Where the official download is; tests give their own. */
  downloadBaseUrl?: string;
}

/** Absolute path of the CLI. Throws TemporalUnavailableError that names the ways to get it. */
export async function findTemporalCli(options: FindCliOptions): Promise<string> {
  const { environment } = options;
  const named = environment.TEMPORAL_CLI_PATH;
  if (named) return resolveNamed(named);
  const onPath = findOnPath('temporal', environment);
  if (onPath !== null) return onPath;
  const cached = cachedCliPath(environment);
  if (!isExecutable(cached)) await acquire(cached, options);
  return cached;
}

function resolveNamed(named: string): string {
  const file = resolve(named);
  if (isExecutable(file)) return file;
  throw new TemporalUnavailableError(
    `TEMPORAL_CLI_PATH names ${file}, which is not an executable file. Correct or unset it.`,
  );
}

async function acquire(target: string, options: FindCliOptions): Promise<void> {
  const { environment, onProgress, downloadBaseUrl = DOWNLOAD_BASE_URL } = options;
  try {
    await keepCli(target, (folder) => downloadCli(folder, CLI_VERSION, downloadBaseUrl, onProgress));
  } catch (downloadError) {
    try {
      const goPath = findOnPath('go', environment);
      if (goPath === null) throw new Error('Go is not on PATH', { cause: downloadError });
      await keepCli(target, (folder) => buildCliWithGo(folder, CLI_VERSION, goPath, environment, onProgress));
    } catch (buildError) {
      throw notAcquired(reasonOf(downloadError), reasonOf(buildError), buildError);
    }
  }
}

function notAcquired(downloadReason: string, buildReason: string, cause: unknown): TemporalUnavailableError {
  const message = [
    'The Temporal CLI was found neither on PATH nor in the cache, and could not be fetched:',
    `  download: ${downloadReason}`,
    `  build with Go: ${buildReason}`,
    'Do one of these and start again: put `temporal` on PATH, set TEMPORAL_CLI_PATH to it, or install Go (which builds it).',
  ];
  return new TemporalUnavailableError(message.join('\n'), undefined, { cause });
}

function cachedCliPath(environment: Environment): string {
  const named = environment.XDG_CACHE_HOME ?? '';
  const cache = isAbsolute(named) ? named : join(environment.HOME || homedir(), '.cache');
  return join(cache, 'longhaul', `temporal-cli-${CLI_VERSION}${executableSuffix()}`);
}

function findOnPath(name: string, environment: Environment): string | null {
  const folders = (environment.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const files = folders.map((folder) => resolve(folder, name + executableSuffix()));
  return files.find(isExecutable) ?? null;
}

function executableSuffix(): string {
  return process.platform === 'win32' ? '.exe' : '';
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** Network errors may have a code and no message. */
function reasonOf(error: unknown): string {
  const { code, message } = error as { code?: string | number; message: string };
  return message || String(code);
}
