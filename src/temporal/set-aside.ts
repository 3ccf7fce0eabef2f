/** Temporal's database put out of the way, for a server that cannot work with it: the results file holds everything. */
import { existsSync, renameSync, rmSync } from 'node:fs';

const ENDS = ['', '-wal', '-shm'] as const;
const ASIDE = '.unusable';

/** Moves the database aside, over one that was set aside before; gives its new name. */
export function setAside(databaseFile: string): string {
  move(databaseFile, `${databaseFile}${ASIDE}`);
  return `${databaseFile}${ASIDE}`;
}

/** Puts it back, where setting it aside was of no help. */
export function putBack(databaseFile: string): void {
  move(`${databaseFile}${ASIDE}`, databaseFile);
}

function move(from: string, to: string): void {
  for (const end of ENDS) {
    rmSync(`${to}${end}`, { force: true });
    if (existsSync(`${from}${end}`)) renameSync(`${from}${end}`, `${to}${end}`);
  }
}
