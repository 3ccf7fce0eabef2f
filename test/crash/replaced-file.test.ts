/** The results file or its log deleted or replaced under a running client: it stops and all answers are in a copy. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { startModelServer, type ModelServer } from '../../src/simulator/model-server';
import {
  callsAboutNarratives,
  countResults,
  inFolder,
  query,
  runClient,
  serverProcesses,
  startClient,
  until,
  writeStudy,
} from '../helpers/client-process';

const N = 200;
const CONCURRENCY = 8;

jest.setTimeout(120_000);

let server: ModelServer;
beforeEach(async () => {
  server = await startModelServer({ latency: { kind: 'constant', ms: 150 } });
});
afterEach(async () => {
  await server.close();
});

/** Closing any handle on the file drops the locks of the process that does it; then any program may delete the log. */
const READS_THE_FILE = `setInterval(() => {
  try { require('node:fs').readFileSync(process.env.READ_THIS); } catch {}
}, 50).unref();`;

function replace(path: string): void {
  const other = new Database(`${path}.other`);
  other.exec('CREATE TABLE something (x)');
  other.close();
  renameSync(`${path}.other`, path);
}

/** The last one to leave folds the log in and deletes it. */
function look(db: string): void {
  spawnSync('sqlite3', [db, 'SELECT count(*) FROM narrative_results']);
}

// The program sqlite3 is no part of what the tests may ask for.
const HARMS: [string, (db: string) => void, string][] = [
  ['the file is deleted', (db) => rmSync(db), 'study.db was deleted'],
  ['another file is moved over it', replace, 'study.db was replaced'],
  ['its log is deleted', (db) => rmSync(`${db}-wal`), 'study.db-wal was deleted'],
  [
    'its folder is moved away',
    (db) => renameSync(join(db, '..'), join(db, '../../away')),
    'study.db was deleted',
  ],
  ['a read of it in this process lets sqlite3 delete its log', look, 'study.db-wal was deleted'],
];
const isThere = spawnSync('sqlite3', ['--version']).status === 0;

it.each(HARMS.filter(([, harm]) => isThere || harm !== look))(
  'when %s, the client stops with exit 1, and the copy goes on with nothing asked twice',
  async (_what, harm, told) => {
    await inFolder(async (outer) => {
      const folder = join(outer, 'data');
      mkdirSync(folder);
      const db = join(folder, 'study.db');
      writeStudy(outer, { apiUrl: server.url, nNarratives: N, concurrency: CONCURRENCY });
      const reads = join(outer, 'reads.js');
      writeFileSync(reads, harm === look ? READS_THE_FILE : '');
      const env = { NODE_OPTIONS: `--require ${reads}`, READ_THIS: db };
      const client = startClient(['start', '--config', 'study.yaml', '--db', db], { cwd: outer, env });
      await until(() => countResults(db) >= 40, 60_000, 'forty results');
      harm(db);
      const callsBefore = callsAboutNarratives(server);
      expect({ code: await client.ended, stdout: client.stdout() }).toMatchObject({ code: 1 });
      const calls = callsAboutNarratives(server);
      // It is looked at once a second; until then eight calls take 150 ms each.
      expect(calls - callsBefore).toBeLessThan(120);
      expect(calls).toBeLessThan(N);

      const rescued = join(
        folder,
        readdirSync(folder).find((name) => /^study\.db\.rescued-\w+\.db$/.test(name))!,
      );
      expect(client.stderr()).toContain(told);
      expect(client.stderr()).toContain(`client resume --db ${rescued}`);
      expect(client.stderr()).not.toMatch(/^\s+at /m);
      expect(countResults(rescued)).toBe(calls);
      expect(serverProcesses(db)).toEqual([]);

      const resumed = await runClient(['resume', '--db', rescued], { cwd: outer });
      expect({ code: resumed.code, stderr: resumed.stderr }).toEqual({ code: 0, stderr: '' });
      expect(callsAboutNarratives(server)).toBe(N);
      expect(countResults(rescued)).toBe(N);
      expect(query(rescued, 'PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
    });
  },
);

it('an idle service notices by itself that its file was deleted, and leaves a copy', async () => {
  await inFolder(async (folder) => {
    const db = join(folder, 'study.db');
    const service = startClient(['up', '--db', db], { cwd: folder });
    try {
      await until(() => service.stdout().includes('Serving'), 60_000, 'a service');
      rmSync(db);
      await until(() => service.child.exitCode !== null, 30_000, 'its end');
    } finally {
      service.child.kill('SIGKILL');
    }
    expect({ code: await service.ended, stdout: service.stdout() }).toMatchObject({ code: 1 });
    expect(service.stderr()).toContain('study.db was deleted');
    const [rescued] = readdirSync(folder).filter((name) => /^study\.db\.rescued-\w+\.db$/.test(name));
    expect(query(join(folder, rescued!), 'PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
    expect(serverProcesses(db)).toEqual([]);
  });
});
