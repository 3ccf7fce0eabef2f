/** `client db backup` as a process of its own: a copy of many gigabytes would hold up the worker of this one. */
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { join } from 'node:path';
import { EXIT } from '../errors';

const CLIENT = join(__dirname, '../client.js');

/** Gives the path of the copy. Throws an error with what the command said. */
export async function backUpApart(resultsFile: string): Promise<string> {
  const child = spawn(process.execPath, [CLIENT, 'db', 'backup', '--db', resultsFile, '--json'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true, // Ctrl-C in the terminal is not for it
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const [facts, said, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  if (code !== EXIT.completed) throw new Error(said.trim() || `the backup ended with ${code}`);
  return (JSON.parse(facts) as { backup_file: string }).backup_file;
}
