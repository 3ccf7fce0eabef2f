/** Puts a Temporal CLI into the cache: whole and tried, or not at all, also when two processes want it at once. */
import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

/** Has `acquire` make the CLI in a folder of its own beside `target`, tries it, then moves it to `target`. Throws Error. */
export async function keepCli(target: string, acquire: (folder: string) => Promise<string>): Promise<void> {
  mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
  const folder = mkdtempSync(`${target}.`);
  try {
    const cli = await acquire(folder);
    chmodSync(cli, 0o755);
    await promisify(execFile)(cli, ['--version']).catch((cause: unknown) => {
      throw new Error('it does not run on this machine', { cause });
    });
    renameSync(cli, target);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
