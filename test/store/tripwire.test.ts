/** The tripwire on real files that are open in SQLite. */
import { mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { openStore, type Store } from '../../src/store/open-store';
import { values } from './upgrade/upgraded';

let folder: string;
let file: string;
let store: Store;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'longhaul-tripwire-'));
  file = join(folder, 'study.db');
  store = openStore(file);
  expect(store.tripwire.check()).toBeNull();
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

function replace(path: string): void {
  writeFileSync(`${path}.other`, 'another file');
  renameSync(`${path}.other`, path);
}

it.each([
  ['the file is deleted', () => rmSync(file), () => `${file} was deleted`],
  ['the file is replaced', () => replace(file), () => `${file} was replaced by another file`],
  ['its log is deleted', () => rmSync(`${file}-wal`), () => `${file}-wal was deleted`],
  ['its log is replaced', () => replace(`${file}-wal`), () => `${file}-wal was replaced by another file`],
  ['the folder is moved', () => renameSync(folder, `${folder}-moved`), () => `${file} was deleted`],
])('tells that %s', (_what, harm, told) => {
  harm();
  expect(store.tripwire.check()).toBe(`${told()} while it was open`);
  rmSync(`${folder}-moved`, { recursive: true, force: true });
});

it('stays with what it has told, also when something stands there again', () => {
  rmSync(file);
  const told = store.tripwire.check();
  replace(file);
  expect(store.tripwire.check()).toBe(told);
});

it('tells nothing while others read, write, check and copy the file, and the log grows and shrinks', () => {
  const other = openStore(file);
  for (let round = 0; round < 50; round += 1) {
    other.inTransaction(() => other.setBusyTimeout(1000));
    values(file, 'PRAGMA quick_check');
  }
  other.rescue(new Date());
  other.close();
  const plain = new Database(file);
  plain.pragma('wal_checkpoint(TRUNCATE)');
  plain.close();
  expect(store.tripwire.check()).toBeNull();
});

it('a copy is made of what the connection sees, though the file is gone', () => {
  const id = store.experiments.resultsFileId();
  rmSync(file);
  const copy = store.rescue(new Date('2026-11-25T04:00:00Z'));
  expect(copy).toBe(`${file}.rescued-20261125T040000Z.db`);
  expect(statSync(copy).mode & 0o777).toBe(0o600);
  const rescued = openStore(copy);
  expect(rescued.experiments.resultsFileId()).toBe(id);
  rescued.close();
});
