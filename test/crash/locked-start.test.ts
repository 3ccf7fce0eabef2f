/** Another program holds the lock of the results file from before the start on. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { type ModelServer, startModelServer } from '../../src/simulator/model-server';
import {
  callsAboutNarratives,
  type ClientProcess,
  countResults,
  inFolder,
  query,
  runClient,
  serverProcesses,
  startClient,
  statusOf,
  until,
  writeStudy,
} from '../helpers/client-process';

jest.setTimeout(150_000);

const N = 100;
const CONCURRENCY = 8;
const START = ['start', '--config', 'study.yaml', '--db', 'study.db'];

let server: ModelServer;
let client: ClientProcess;
beforeEach(async () => {
  server = await startModelServer({ latency: { kind: 'constant', ms: 150 } });
});
afterEach(async () => {
  client.child.kill('SIGKILL');
  await client.ended;
  await server.close();
});

/**
 * A start beside a held lock, after a kill -9 amid the work. Temporal's database is gone, so that nothing is asked before
 * the start is noted in the file. `work` ends when the lock may be let go.
 */
async function startLocked(folder: string, work: (db: string) => Promise<void>): Promise<void> {
  const db = join(folder, 'study.db');
  writeStudy(folder, { apiUrl: server.url, nNarratives: N, concurrency: CONCURRENCY });
  client = startClient(START, { cwd: folder });
  await until(() => countResults(db) >= 20, 60_000, 'twenty results');
  client.child.kill('SIGKILL');
  await client.ended;
  await until(() => serverProcesses(db).length === 0, 10_000, 'the end of its server');
  for (const end of ['', '-wal', '-shm']) rmSync(`${db}.temporal.db${end}`, { force: true });
  const other = new Database(db);
  other.exec("BEGIN IMMEDIATE; UPDATE experiments SET status = 'paused'; COMMIT; BEGIN IMMEDIATE");
  try {
    client = startClient(START, { cwd: folder });
    await until(
      () => client.stderr().includes('another program has locked'),
      60_000,
      'a word about the lock',
    );
    await work(db);
  } finally {
    other.exec('ROLLBACK');
    other.close();
  }
}

it('a start that finds the file locked says so, and begins by itself when it is not any more', async () => {
  await inFolder(async (folder) => {
    await startLocked(folder, () => Promise.resolve());
    expect({ code: await client.ended, stderr: client.stderr() }).toMatchObject({ code: 0 });
    expect(countResults(join(folder, 'study.db'))).toBe(N);
    expect(callsAboutNarratives(server)).toBeLessThanOrEqual(N + CONCURRENCY);
  });
});

it('a start that waits for a lock ends at Ctrl-C, leaves nothing running, and can go on', async () => {
  await inFolder(async (folder) => {
    await startLocked(folder, async (db) => {
      client.child.kill('SIGINT');
      await until(() => client.child.exitCode !== null, 30_000, 'its end');
      expect({ code: await client.ended, stderr: client.stderr() }).toMatchObject({ code: 6 });
      expect(client.stderr()).not.toMatch(/^\s+at /m);
      expect(serverProcesses(db)).toEqual([]);
    });
    expect((await runClient(START, { cwd: folder })).code).toBe(0);
    expect(statusOf(join(folder, 'study.db'))?.status).toBe('completed');
    expect(query(join(folder, 'study.db'), 'PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
  });
});
