/**
 * Copies a results file by SQLite itself, whole or not at all, also while it is written to. The live file is never
 * touched by other means: closing a second handle on it would drop the locks that protect it.
 */
import { closeSync, existsSync, fsyncSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import Database from 'better-sqlite3';
import type { ResultsDatabase } from './results-database';

/** Why a backup was made; stands in its name. Only those of `backup` are thinned out. */
export type BackupKind = 'backup' | 'before-upgrade';

const PARTIAL = '.partial';

/** A free name beside the results file, such as `study.backup-20261125T061500Z.db`. */
export function backupName(file: string, kind: BackupKind, now: Date): string {
  const { stem, extension } = partsOf(file);
  return freeName((stamp) => join(dirname(file), `${stem}.${kind}-${stamp}${extension}`), now);
}

/** A free name for what an open connection sees of a file that is not in its place any more. */
export function rescueName(file: string, now: Date): string {
  return freeName((stamp) => `${file}.rescued-${stamp}.db`, now);
}

/** Writes a copy of the open database to `target`, checked and on disk before it gets its name. Throws what SQLite throws. */
export function writeBackup(database: ResultsDatabase, target: string): void {
  const partial = `${target}${PARTIAL}`;
  const umask = process.umask(0o077);
  try {
    rmSync(partial, { force: true });
    database.prepare('VACUUM INTO ?').run(partial);
    assertWholeCopy(partial);
    syncToDisk(partial);
    renameSync(partial, target);
    syncToDisk(dirname(target));
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  } finally {
    process.umask(umask);
  }
}

/**
 * Removes the unfinished copies of a kind that killed processes have left: they hold texts. The caller is the only one who
 * makes copies of this kind now.
 */
export function removeUnfinished(file: string, kind: BackupKind): void {
  const { stem, extension } = partsOf(file);
  for (const name of readdirSync(dirname(file)))
    if (name.startsWith(`${stem}.${kind}-`) && name.includes(`${extension}${PARTIAL}`))
      rmSync(join(dirname(file), name));
}

/** Removes all but the newest `keep` backups of the kind `backup`, but none that is open; gives their paths. */
export function thinOutBackups(file: string, keep: number): string[] {
  const { stem, extension } = partsOf(file);
  const isBackup = (name: string): boolean =>
    name.startsWith(`${stem}.backup-`) &&
    /^\d{8}T\d{6}Z$/.test(name.slice(stem.length + 8, -extension.length));
  const removed = readdirSync(dirname(file))
    .filter((name) => name.endsWith(extension) && isBackup(name))
    .sort()
    .reverse()
    .slice(keep)
    .map((name) => join(dirname(file), name))
    .filter((path) => !existsSync(`${path}-wal`));
  for (const path of removed) rmSync(path);
  return removed;
}

function freeName(nameOf: (stamp: string) => string, now: Date): string {
  for (let at = now.getTime(); ; at += 1000) {
    const name = nameOf(new Date(at).toISOString().replaceAll(/[-:]|\.\d+/g, ''));
    if (!existsSync(name)) return name;
  }
}

function partsOf(file: string): { stem: string; extension: string } {
  const extension = extname(file) || '.db';
  return { stem: basename(file, extension), extension };
}

function assertWholeCopy(copy: string): void {
  const database = new Database(copy, { readonly: true, fileMustExist: true });
  try {
    const found = database.pragma('quick_check(1)', { simple: true }) as string;
    if (found !== 'ok') throw new Error('the copy does not pass quick_check');
  } finally {
    database.close();
  }
}

function syncToDisk(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
