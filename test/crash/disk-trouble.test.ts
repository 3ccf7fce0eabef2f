/** A full disk, a read-only disk and a lock held by another program, on the real client with a disk of its own. */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startModelServer, type ModelServer } from '../../src/simulator/model-server';
import {
  callsAboutNarratives,
  type ClientProcess,
  countResults,
  inFolder,
  query,
  runClient,
  startClient,
  until,
  writeStudy,
} from '../helpers/client-process';
import { lockFileFor, troubleTold } from '../drills/locked-file';

const N = 200;
const CONCURRENCY = 8;
/** Long enough for every patience in the program to run out. */
const LOCK_HELD_MS = 15_000;

jest.setTimeout(120_000);

let server: ModelServer;
let client: ClientProcess | null;
beforeEach(async () => {
  client = null;
  server = await startModelServer({ latency: { kind: 'constant', ms: 150 } });
});
afterEach(async () => {
  client?.child.kill('SIGKILL');
  await client?.ended;
  await server.close();
});

/** Only a superuser may mount; elsewhere the tests that need a disk of their own are skipped. */
const mayMount = ((): boolean => {
  const folder = mkdtempSync(join(tmpdir(), 'longhaul-mount-'));
  const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder]).status === 0;
  if (isMounted) spawnSync('umount', [folder]);
  rmSync(folder, { recursive: true });
  return isMounted;
})();
const onOwnDisk = mayMount ? it : it.skip;

async function onSmallDisk(work: (folder: string, disk: string) => Promise<void>): Promise<void> {
  await inFolder(async (folder) => {
    const disk = join(folder, 'disk');
    mkdirSync(disk);
    expect(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=32m', 'tmpfs', disk]).status).toBe(0);
    try {
      await work(folder, disk);
    } finally {
      client?.child.kill('SIGKILL');
      await client?.ended;
      spawnSync('umount', ['--lazy', disk]);
    }
  });
}

/** Writes until there is no room for another byte. */
function fill(file: string): void {
  const descriptor = openSync(file, 'w');
  try {
    for (const size of [2 ** 20, 2 ** 12, 1]) {
      const block = Buffer.alloc(size);
      try {
        for (;;) writeSync(descriptor, block);
      } catch (error) {
        expect((error as NodeJS.ErrnoException).code).toBe('ENOSPC');
      }
    }
  } finally {
    closeSync(descriptor);
  }
}

async function untilTold(db: string, cwd: string): Promise<string> {
  for (let tries = 0; tries < 40; tries += 1) {
    const trouble = await troubleTold(db, cwd);
    if (trouble !== null) return trouble;
    await sleep(250);
  }
  throw new Error(`status says nothing: ${client!.stderr()}`);
}

/** Every narrative has its answer, none was asked twice, and the file is whole. */
function expectAllOnce(db: string): void {
  expect(query(db, 'SELECT count(*) AS n, sum(error_occurred) AS errors FROM narrative_results')).toEqual([
    { n: N, errors: 0 },
  ]);
  expect(callsAboutNarratives(server)).toBe(N);
  expect(query(db, 'PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
}

function startStudy(folder: string, db: string): ClientProcess {
  writeStudy(folder, { apiUrl: server.url, nNarratives: N, concurrency: CONCURRENCY });
  return startClient(['start', '--config', 'study.yaml', '--db', db], { cwd: folder });
}

onOwnDisk(
  'a full disk: status says why answers are not saved, and with space the run ends by itself',
  async () => {
    await onSmallDisk(async (folder, disk) => {
      const db = join(disk, 'study.db');
      client = startStudy(folder, db);
      await until(() => countResults(db) >= 40, 60_000, 'forty results');
      fill(join(disk, 'filler'));
      expect(await untilTold(db, folder)).toMatch(/the disk is full \(SQLITE_\w+\): free some space/);
      const { stdout } = await runClient(['status', '--db', db], { cwd: folder });
      expect(stdout).toMatch(/not saved +the disk is full/);
      await sleep(3000);
      const calls = callsAboutNarratives(server);
      expect(calls - countResults(db)).toBeLessThanOrEqual(CONCURRENCY);
      rmSync(join(disk, 'filler'));
      expect({ code: await client.ended, stderr: client.stderr() }).toMatchObject({ code: 0 });
      expect(client.stderr()).toContain('can be written again');
      expectAllOnce(db);
    });
  },
);

onOwnDisk('a read-only disk is told with exit 2 before any call', async () => {
  await onSmallDisk(async (folder, disk) => {
    const db = join(disk, 'study.db');
    client = startStudy(folder, db);
    await until(() => countResults(db) >= 40, 60_000, 'forty results');
    client.child.kill('SIGINT');
    expect(await client.ended).toBe(6);
    const calls = callsAboutNarratives(server);
    expect(spawnSync('mount', ['-o', 'remount,ro', disk]).status).toBe(0);
    const refused = await runClient(['start', '--config', 'study.yaml', '--db', db], { cwd: folder });
    expect(refused).toMatchObject({ code: 2 });
    expect(refused.stderr).toMatch(/study\.db: .*(cannot be|read-only)/);
    expect(refused.stderr).not.toMatch(/^\s+at /m);
    expect(callsAboutNarratives(server)).toBe(calls);
    expect(spawnSync('mount', ['-o', 'remount,rw', disk]).status).toBe(0);
    expect((await runClient(['resume', '--db', db], { cwd: folder })).code).toBe(0);
    expectAllOnce(db);
  });
});

it('a lock held by another program makes no error row and no repeated call', async () => {
  expect((await lockFileFor(LOCK_HELD_MS)).wrong).toEqual([]);
});
