import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ResultsFileError } from '../../src/errors';
import {
  describeHolder,
  type OwnerState,
  readOwnerState,
  removeOwnerState,
  writeOwnerState,
} from '../../src/temporal/owner-state';

const STATE: OwnerState = {
  pid: process.pid,
  host: os.hostname(),
  since: '2026-11-23T22:59:01.123Z',
  mode: 'foreground',
  experimentId: 'violence-0123456789',
  temporalAddress: '127.0.0.1:7233',
  namespace: 'default',
  trouble: null,
  uiUrl: 'http://127.0.0.1:8233',
};

let folder: string;
let resultsFile: string;
let stateFile: string;

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'longhaul-'));
  resultsFile = path.join(folder, 'experiments.db');
  stateFile = `${resultsFile}.owner.json`;
});

afterEach(() => fs.rmSync(folder, { recursive: true }));

it('a written state is read back, is private, and leaves nothing else behind', () => {
  writeOwnerState(resultsFile, { ...STATE, experimentId: null, temporalAddress: null, uiUrl: null });
  writeOwnerState(resultsFile, STATE);
  expect(readOwnerState(resultsFile)).toEqual(STATE);
  expect(fs.statSync(stateFile).mode & 0o777).toBe(0o600);
  expect(fs.readdirSync(folder)).toEqual(['experiments.db.owner.json']);
});

it('a removed state is gone, and removing it again does nothing', () => {
  writeOwnerState(resultsFile, STATE);
  removeOwnerState(resultsFile);
  removeOwnerState(resultsFile);
  expect(readOwnerState(resultsFile)).toBeNull();
});

it.each(['', '{"pid": 1', 'null', '{"pid": "1"}', JSON.stringify({ ...STATE, mode: 'other' })])(
  'the state file %j counts as unreadable',
  (text) => {
    fs.writeFileSync(stateFile, text);
    expect(readOwnerState(resultsFile)).toBeNull();
  },
);

it('a state that cannot be written gives an error with a remedy', () => {
  fs.mkdirSync(stateFile);
  expect(() => writeOwnerState(resultsFile, STATE)).toThrow(ResultsFileError);
  expect(() => writeOwnerState(resultsFile, STATE)).toThrow(/owner\.json, cannot be written.*free space/);
  expect(fs.readdirSync(folder)).toEqual(['experiments.db.owner.json']);
});

it('describeHolder waits for a holder that has not written its state yet', async () => {
  setTimeout(() => writeOwnerState(resultsFile, STATE), 200);
  expect(await describeHolder(resultsFile)).toEqual(STATE);
});

it('describeHolder waits for the state of the new holder while that of a dead one lies there', async () => {
  const { pid: deadPid } = spawnSync(process.execPath, ['--version']);
  writeOwnerState(resultsFile, { ...STATE, pid: deadPid });
  setTimeout(() => writeOwnerState(resultsFile, STATE), 200);
  expect(await describeHolder(resultsFile)).toEqual(STATE);
});

it('describeHolder takes the state of another machine as it is', async () => {
  const { pid: deadPid } = spawnSync(process.execPath, ['--version']);
  const state = { ...STATE, pid: deadPid, host: 'elsewhere.example' };
  writeOwnerState(resultsFile, state);
  expect(await describeHolder(resultsFile)).toEqual(state);
});

it('describeHolder gives null after a second without a state', async () => {
  const startedMs = performance.now();
  expect(await describeHolder(resultsFile)).toBeNull();
  expect(performance.now() - startedMs).toBeLessThan(3000);
});
