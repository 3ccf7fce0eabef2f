/** Builds the Temporal CLI with Go into the cache, for machines that the official download does not reach. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Environment } from '../config/environment';

const TELL_EVERY_MS = 30_000;

/** Builds, tries and only then moves the CLI to `target`. Throws an Error that says in few words why not. */
export async function buildCliWithGo(
  target: string,
  version: string,
  goPath: string | null,
  environment: Environment,
  onProgress: (message: string) => void,
): Promise<void> {
  if (goPath === null) throw new Error('go install: Go is not on PATH');
  mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
  const folder = mkdtempSync(`${target}.`);
  onProgress(`Building the Temporal CLI ${version} with Go (once, a few minutes) ...`);
  const startedMs = performance.now();
  const timer = setInterval(() => {
    onProgress(`  still building after ${Math.round((performance.now() - startedMs) / 1000)} s`);
  }, TELL_EVERY_MS);
  try {
    await run(goPath, ['install', '-ldflags=-s -w', `github.com/temporalio/cli/cmd/temporal@v${version}`], {
      ...environment,
      GOBIN: folder,
    });
    const cli = join(folder, process.platform === 'win32' ? 'temporal.exe' : 'temporal');
    if (spawnSync(cli, ['--version'], { stdio: 'ignore' }).status !== 0)
      throw new Error('the CLI does not run');
    renameSync(cli, target);
  } catch (error) {
    throw new Error(`go install: ${(error as Error).message}`, { cause: error });
  } finally {
    clearInterval(timer);
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(command: string, args: string[], env: Environment): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'ignore', env });
    child.once('error', reject);
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`exit code ${code}`))));
  });
}
