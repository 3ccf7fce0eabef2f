/** Finds a file that a config names: from the working directory first, then from the config's own folder. */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';

/** Where a file is, or where it would be. */
export interface ResolvedFile {
  /** Absolute; from the first folder where the file is in none. */
  path: string;
  exists: boolean;
}

/** Looks for a file (not a folder) from each of the folders in turn. */
export function resolveFile(path: string, folders: readonly [string, ...string[]]): ResolvedFile {
  const candidates = folders.map((folder) => resolve(folder, path));
  const found = candidates.find(isFile);
  return { path: found ?? candidates[0]!, exists: found !== undefined };
}

/** A file below a folder that may not be entered counts as none. */
function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
