import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ResultsFileError } from '../../src/errors';
import { acquireOwnerLock, isOwned } from '../../src/temporal/owner-lock';
import { ChildScript } from './child-process';

const HOLD = `const lock = modules.acquireOwnerLock(file); console.log(lock === null ? 'refused' : 'held');
  setInterval(() => lock, 1000);`;
const LOOK_ALL_THE_TIME = `let looks = 0; console.log('looking');
  setInterval(() => { for (let i = 0; i < 500; i++) modules.isOwned(file); looks += 500; console.log(looks); }, 0);`;

let folder: string;
let resultsFile: string;
let children: ChildScript[];

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'longhaul-'));
  resultsFile = path.join(folder, 'new', 'experiments.db');
  children = [];
});

afterEach(async () => {
  await Promise.all(children.map((child) => child.kill()));
  fs.rmSync(folder, { recursive: true });
});

function startChild(script: string): ChildScript {
  const child = new ChildScript('owner-lock.js', resultsFile, script);
  children.push(child);
  return child;
}

it('exactly one of three processes gets the lock, and it is free at once after kill -9 of that one', async () => {
  const contenders = [startChild(HOLD), startChild(HOLD), startChild(HOLD)];
  const answers = await Promise.all(contenders.map((child) => child.nextLine()));
  expect([...answers].sort()).toEqual(['held', 'refused', 'refused']);
  expect(isOwned(resultsFile)).toBe(true);
  expect(acquireOwnerLock(resultsFile)).toBeNull();

  await contenders[answers.indexOf('held')]!.kill();
  expect(isOwned(resultsFile)).toBe(false);
  const lock = acquireOwnerLock(resultsFile);
  expect(lock).not.toBeNull();
  lock!.release();
});

it('the lock excludes others of the same process until it is released', () => {
  expect(isOwned(resultsFile)).toBe(false);
  const lock = acquireOwnerLock(resultsFile)!;
  expect(isOwned(resultsFile)).toBe(true);
  expect(acquireOwnerLock(resultsFile)).toBeNull();
  lock.release();
  lock.release();
  expect(isOwned(resultsFile)).toBe(false);
});

it('looks and refused attempts of the holding process do not drop its lock', async () => {
  const lock = acquireOwnerLock(resultsFile)!;
  isOwned(resultsFile);
  acquireOwnerLock(resultsFile);
  expect(await startChild(HOLD).nextLine()).toBe('refused');
  lock.release();
});

it('a process that looks all the time never makes an acquire fail', async () => {
  acquireOwnerLock(resultsFile)!.release();
  const looker = startChild(LOOK_ALL_THE_TIME);
  expect(await looker.nextLine()).toBe('looking');
  for (let round = 0; round < 50; round++) {
    const lock = acquireOwnerLock(resultsFile);
    expect(lock).not.toBeNull();
    lock!.release();
  }
  expect(Number(await looker.nextLine())).toBeGreaterThan(0);
});

it('the lock file is private and the umask is as before', () => {
  const umask = process.umask(0o022);
  acquireOwnerLock(resultsFile)!.release();
  expect(fs.statSync(`${resultsFile}.lock`).mode & 0o777).toBe(0o600);
  expect(process.umask(umask)).toBe(0o022);
});

it('a look makes no lock file', () => {
  expect(isOwned(resultsFile)).toBe(false);
  expect(fs.existsSync(path.dirname(resultsFile))).toBe(false);
});

it('a folder that cannot hold the lock file gives an error with a remedy', () => {
  fs.writeFileSync(path.join(folder, 'new'), 'a file where the folder ought to be');
  expect(() => acquireOwnerLock(resultsFile)).toThrow(ResultsFileError);
  expect(() => acquireOwnerLock(resultsFile)).toThrow(/experiments\.db\.lock cannot be used.*--db/);
});

it('a lock file that is something else gives an error with a remedy', () => {
  fs.mkdirSync(`${resultsFile}.lock`, { recursive: true });
  expect(() => acquireOwnerLock(resultsFile)).toThrow(ResultsFileError);
  expect(() => isOwned(resultsFile)).toThrow(/experiments\.db\.lock cannot be used.*--db/);
});
