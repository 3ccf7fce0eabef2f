/** Builds the Temporal CLI with Go, for machines that the official download does not reach. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Environment } from '../config/environment';

const TELL_EVERY_MS = 30_000;
/** Go names each module that it downloads on stderr. */
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;
const MAX_REASON_LENGTH = 200;

/** Builds the CLI into `folder`; gives its path. Throws an Error with Go's last line. */
export async function buildCliWithGo(
  folder: string,
  version: string,
  goPath: string,
  environment: Environment,
  onProgress: (message: string) => void,
): Promise<string> {
  onProgress(`Building the Temporal CLI ${version} with Go; this happens once and takes a few minutes.`);
  const startedMs = performance.now();
  const timer = setInterval(() => {
    const elapsedSec = Math.round((performance.now() - startedMs) / 1000);
    onProgress(`Building the Temporal CLI: ${elapsedSec} s so far.`);
  }, TELL_EVERY_MS);
  try {
    const args = ['install', '-ldflags=-s -w', `github.com/temporalio/cli/cmd/temporal@v${version}`];
    await promisify(execFile)(goPath, args, {
      cwd: folder,
      env: { ...environment, GOBIN: folder },
      maxBuffer: MAX_OUTPUT_BYTES,
    });
  } catch (error) {
    throw new Error(lastLine(error as { stderr?: string; message: string }), { cause: error });
  } finally {
    clearInterval(timer);
  }
  return join(folder, process.platform === 'win32' ? 'temporal.exe' : 'temporal');
}

function lastLine({ stderr, message }: { stderr?: string; message: string }): string {
  const line = (stderr || message).trim().split('\n').at(-1)!.trim();
  return line.length <= MAX_REASON_LENGTH ? line : `${line.slice(0, MAX_REASON_LENGTH)} ...`;
}
