/** Reads `~` at the head of a path as the user's home folder, as a shell does; `~name` stays as it is. */
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from './environment';

/** The path with a leading `~` or `~/` replaced; HOME of the given environment comes first. */
export function expandHome(path: string, environment: Environment): string {
  if (path !== '~' && !/^~[/\\]/.test(path)) return path;
  return join(environment.HOME || homedir(), path.slice(1));
}
