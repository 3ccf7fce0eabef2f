/** The main job on real processes: the client, its Temporal server, the simulated model server, real signals. */
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { simulatedAnswer } from '../../src/simulator/simulated-answer';
import { startModelServer, type ModelServer } from '../../src/simulator/model-server';
import {
  callsAboutNarratives,
  countResults,
  inFolder,
  narrativeText,
  query,
  runClient,
  serverProcesses,
  startClient,
  until,
  userMessage,
  writeStudy,
} from '../helpers/client-process';
import { filesIn, startWatchers } from '../helpers/watchers';

const N = 200;
const CONCURRENCY = 8;
const SEED = 1;
const START = ['start', '--config', 'study.yaml', '--db', 'study.db'];

jest.setTimeout(120_000);

let server: ModelServer;
beforeEach(async () => {
  server = await startModelServer({ seed: SEED, latency: { kind: 'constant', ms: 100 } });
});
afterEach(async () => {
  await server.close();
});

interface Row {
  incident_id: string;
  detected: number;
  rationale: string;
}

/** Every narrative has one row, and its label and rationale are those that the server gave for that text. */
function expectAllRight(db: string, marker = ''): void {
  const rows = query<Row>(db, 'SELECT incident_id, detected, rationale FROM narrative_results');
  expect(rows.map((row) => Number(row.incident_id)).sort((a, b) => a - b)).toEqual(
    Array.from({ length: N }, (_, index) => index),
  );
  for (const row of rows) {
    const text = narrativeText(Number(row.incident_id), marker);
    const given = simulatedAnswer(userMessage(text, marker), { seed: SEED });
    expect(row).toMatchObject({ detected: Number(given.detected), rationale: given.rationale });
  }
  expect(
    query<{ check: string }>(db, "SELECT integrity_check AS 'check' FROM pragma_integrity_check"),
  ).toEqual([{ check: 'ok' }]);
}

const callsStarted = (): number => callsAboutNarratives(server);

describe.each([
  ['client and Temporal together', { server: true, forget: false }],
  ['the client alone', { server: false, forget: false }],
  ['client and Temporal, whose database is deleted', { server: true, forget: true }],
])('after kill -9 of %s', (_what, kills) => {
  it('the same start ends the job with nothing lost, nothing twice and few repeated calls', async () => {
    await inFolder(async (folder) => {
      const db = join(folder, 'study.db');
      writeStudy(folder, { apiUrl: server.url, nNarratives: N, concurrency: CONCURRENCY });
      const first = startClient(START, { cwd: folder });
      await until(() => countResults(db) >= 90, 60_000, 'ninety results');
      if (kills.server) for (const pid of serverProcesses(db)) process.kill(pid, 'SIGKILL');
      first.child.kill('SIGKILL');
      await first.ended;
      const inFlight = server.inFlight();
      await until(() => serverProcesses(db).length === 0, 10_000, 'the Temporal server ends with its client');
      if (kills.forget)
        for (const end of ['', '-wal', '-shm']) rmSync(`${db}.temporal.db${end}`, { force: true });
      const callsBefore = callsStarted();
      expect(countResults(db)).toBeLessThan(N);

      const startedMs = Date.now();
      const second = startClient(START, { cwd: folder });
      await until(() => callsStarted() > callsBefore, 10_000, 'the first new call');
      const firstCallAfterMs = Date.now() - startedMs;
      const code = await second.ended;

      expect({ code, stderr: second.stderr() }).toEqual({ code: 0, stderr: '' });
      expectAllRight(db);
      expect(callsStarted()).toBeLessThanOrEqual(N + Math.max(inFlight, CONCURRENCY));
      process.stderr.write(
        `  kill -9 (${_what}): ${callsStarted()} calls for ${N}, first new call after ${firstCallAfterMs} ms\n`,
      );
    });
  });
});

it('a second start while one runs is refused, and a third after its end has nothing to do', async () => {
  await inFolder(async (folder) => {
    const db = join(folder, 'study.db');
    writeStudy(folder, { apiUrl: server.url, nNarratives: N, concurrency: 3 });
    const first = startClient(START, { cwd: folder });
    await until(() => countResults(db) >= 20, 60_000, 'twenty results');
    const second = await runClient(START, { cwd: folder });
    expect(second.code).toBe(3);
    expect(second.stderr).toContain(`process ${first.child.pid}`);
    const moving = [
      countResults(db),
      JSON.parse((await runClient(['status', '--db', db, '--json'], { cwd: folder })).stdout),
    ];
    expect(moving[1]).toMatchObject({ status: 'running', held_by: { pid: first.child.pid } });
    expect(await first.ended).toBe(0);
    expect(callsStarted()).toBe(N);
    expectAllRight(db);

    await server.close();
    const third = await runClient(START, { cwd: folder, env: { TEMPORAL_CLI_PATH: '/nowhere' } });
    expect(third).toMatchObject({ code: 0, stderr: '' });
    expect(third.stdout).toContain('No remaining work');
  });
});

it('of two starts in the same instant on a fresh folder exactly one runs', async () => {
  await inFolder(async (folder) => {
    writeStudy(folder, { apiUrl: server.url, nNarratives: 40, concurrency: CONCURRENCY });
    const both = await Promise.all([runClient(START, { cwd: folder }), runClient(START, { cwd: folder })]);
    expect(both.map(({ code }) => code).sort()).toEqual([0, 3]);
    expect(callsStarted()).toBe(40);
  });
});

it('Ctrl-C lets calls in flight finish, exits 6 with the command that goes on, and leaves nothing running', async () => {
  await inFolder(async (folder) => {
    const db = join(folder, 'study.db');
    writeStudy(folder, { apiUrl: server.url, nNarratives: N, concurrency: CONCURRENCY });
    const first = startClient(START, { cwd: folder });
    await until(() => countResults(db) >= 50, 60_000, 'fifty results');
    first.child.kill('SIGINT');
    await until(() => first.stderr().includes('Stopping'), 5000, 'the word of the client');
    const callsAtStop = callsStarted();
    expect({ code: await first.ended, stderr: first.stderr() }).toMatchObject({ code: 6 });
    expect(callsStarted()).toBeLessThanOrEqual(callsAtStop + CONCURRENCY);
    expect(countResults(db)).toBe(callsStarted());
    expect(first.stdout()).toMatch(/client resume crash-study-[0-9a-f]{10}/);
    expect(serverProcesses(db)).toEqual([]);
    const status = query<{ status: string; status_reason: string }>(
      db,
      'SELECT status, status_reason FROM experiments',
    );
    expect(status).toEqual([{ status: 'paused', status_reason: 'interrupted' }]);

    const resumed = await runClient(['resume', '--db', db], { cwd: folder });
    expect(resumed.code).toBe(0);
    expect(callsStarted()).toBe(N);
    expectAllRight(db);
    const events = query<{ kind: string }>(db, 'SELECT kind FROM experiment_events ORDER BY event_id');
    expect(events.map(({ kind }) => kind).slice(-3)).toEqual(['paused', 'resumed', 'completed']);
  });
});

it('a pause after a restart of the Temporal server ends the foreground run', async () => {
  await inFolder(async (folder) => {
    const db = join(folder, 'study.db');
    writeStudy(folder, { apiUrl: server.url, nNarratives: 400, concurrency: 4 });
    const first = startClient(START, { cwd: folder });
    await until(() => countResults(db) >= 20, 60_000, 'twenty results');
    for (const pid of serverProcesses(db)) process.kill(pid, 'SIGKILL');
    await until(() => serverProcesses(db).length > 0, 10_000, 'the server is started again');
    await sleep(1000);
    expect(await runClient(['pause', '--db', db], { cwd: folder })).toMatchObject({ code: 0 });
    const ended = await Promise.race([first.ended, sleep(15_000, 'hangs', { ref: false })]);
    first.child.kill('SIGKILL');
    expect(ended).toBe(6);
  });
});

it('no marker of narratives, prompts, replies or the key is found outside the results file', async () => {
  await inFolder(async (folder) => {
    const marker = 'ZQX-CANARY-7391';
    const db = join(folder, 'study.db');
    writeStudy(folder, { apiUrl: server.url, nNarratives: N, marker, apiKeyEnv: 'STUDY_KEY' });
    const watchers = await startWatchers(folder);
    const env = { STUDY_KEY: `key-${marker}`, ...watchers.env };
    const run = await runClient([...START, ...watchers.args], { cwd: folder, env });
    await watchers.close();
    expect({ code: run.code, stderr: run.stderr }).toEqual({ code: 0, stderr: '' });
    expectAllRight(db, marker);
    expect(run.stdout + run.stderr).not.toContain(marker);
    expect(watchers.told()).not.toContain(marker);
    expect(watchers.metrics()).toMatch(/^longhaul_answered\{.*\} [1-9]/m);
    expect(watchers.metrics()).toMatch(/^temporal_/m);
    expect(watchers.spans().filter(({ name }) => name === 'narrative')).toHaveLength(N);
    const rationale = simulatedAnswer(userMessage(narrativeText(0, marker), marker), {
      seed: SEED,
    }).rationale;
    expect(watchers.told()).not.toContain(rationale);
    for (const path of filesIn(folder)) {
      const name = relative(folder, path);
      if (['study.db', 'study.db-wal', 'data.csv', 'study.yaml'].includes(name)) continue;
      const bytes = readFileSync(path);
      expect({ name, marker: bytes.includes(marker), reply: bytes.includes(rationale) }).toEqual({
        name,
        marker: false,
        reply: false,
      });
    }
    expect(readdirSync(folder)).toEqual(expect.arrayContaining(['study.db.temporal.db', 'logs']));
    expect(watchers.logLines()).toContainEqual(expect.objectContaining({ what: 'event', kind: 'completed' }));
  });
});

it('the monitoring query of the seed moves with every answer while the job runs', async () => {
  await inFolder(async (folder) => {
    const db = join(folder, 'study.db');
    writeStudy(folder, { apiUrl: server.url, nNarratives: N, concurrency: 4 });
    const run = startClient(START, { cwd: folder });
    const seen = new Set<number>();
    await until(() => countResults(db) >= 1, 60_000, 'the first result');
    while (countResults(db) < 100) {
      await sleep(20); // the model server lives in this process
      const sql =
        "SELECT experiment_id, n_narratives_completed, n_narratives_total, estimated_completion_time, status FROM experiments WHERE status='running'";
      for (const row of query<{ n_narratives_completed: number }>(db, sql))
        seen.add(row.n_narratives_completed);
    }
    expect(seen.size).toBeGreaterThan(10);
    expect(await run.ended).toBe(0);
  });
});
