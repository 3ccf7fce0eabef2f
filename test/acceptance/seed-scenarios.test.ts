/**
 * The six acceptance scenarios of the plan for resumable runs, by their names there, on the real client, worker,
 * Temporal and SQLite.
 */
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { FaultPlan } from '../../src/simulator/faults/fault-plan';
import { digestOf } from '../../src/simulator/simulated-answer';
import { startModelServer, type ModelServer } from '../../src/simulator/model-server';
import {
  callsAboutNarratives,
  countResults,
  inFolder,
  narrativeText,
  query,
  runClient,
  startClient,
  statusOf,
  until,
  userMessage,
  writeStudy,
} from '../helpers/client-process';

const N = 200;
const CONCURRENCY = 8;
const START = ['start', '--config', 'study.yaml', '--db', 'study.db'];
const RESUME = ['resume', '--db', 'study.db'];
/** A row of the fault catalogue that is permanent for a text: 413. */
const TOO_LARGE = '41';
const N_ERRORS = 30;

jest.setTimeout(180_000);

let server: ModelServer;
beforeEach(async () => {
  server = await startModelServer({ seed: seedForErrors(), latency: { kind: 'constant', ms: 60 } });
});
afterEach(async () => {
  await server.close();
});

/** The first seed with which exactly thirty of the texts are refused. */
function seedForErrors(): number {
  for (let seed = 1; ; seed += 1) {
    const plan = new FaultPlan({ list: TOO_LARGE, rate: N_ERRORS / N }, seed);
    const digests = Array.from({ length: N }, (_, index) => digestOf(userMessage(narrativeText(index))));
    if (digests.filter((digest) => plan.next(digest) !== null).length === N_ERRORS) return seed;
  }
}

async function inStudy(work: (folder: string, db: string) => Promise<void>): Promise<void> {
  await inFolder(async (folder) => {
    writeStudy(folder, { apiUrl: server.url, nNarratives: N, concurrency: CONCURRENCY });
    await work(folder, join(folder, 'study.db'));
  });
}

it('Resume after controlled kill: process 200, kill at 100, resume: 200 in total, no duplicates', async () => {
  await inStudy(async (folder, db) => {
    const first = startClient(START, { cwd: folder });
    await until(() => countResults(db) >= 100, 60_000, 'a hundred results');
    first.child.kill('SIGKILL');
    await first.ended;
    expect(countResults(db)).toBeLessThan(N);
    expect(await runClient(RESUME, { cwd: folder })).toMatchObject({ code: 0, stderr: '' });
    const [counts] = query<{ n: number; distinct_n: number }>(
      db,
      'SELECT count(*) AS n, count(DISTINCT incident_id) AS distinct_n FROM narrative_results',
    );
    expect(counts).toEqual({ n: N, distinct_n: N });
    expect(callsAboutNarratives(server)).toBeLessThanOrEqual(N + CONCURRENCY);
  });
});

it('Idempotency: complete experiment, resume again: "no remaining work", no new row, no call', async () => {
  await inStudy(async (folder, db) => {
    expect((await runClient(START, { cwd: folder })).code).toBe(0);
    const before = query(db, 'SELECT * FROM narrative_results ORDER BY result_id');
    const [times] = query<Record<string, number>>(
      db,
      `SELECT min(r.response_sec) AS shortest, e.avg_time_per_narrative_sec AS mean, e.total_runtime_sec AS runtime,
         e.end_time > e.start_time AS has_ended FROM experiments e JOIN narrative_results r USING (experiment_id)`,
    );
    expect(times!.shortest).toBeGreaterThanOrEqual(0.055);
    expect(times!.mean).toBeGreaterThanOrEqual(times!.shortest!);
    expect(times!.runtime).toBeGreaterThanOrEqual((N * 0.055) / CONCURRENCY / 2);
    expect(times!.has_ended).toBe(1);
    await server.close();
    const again = await runClient(RESUME, { cwd: folder, env: { TEMPORAL_CLI_PATH: '/nowhere' } });
    expect(again).toMatchObject({ code: 0, stderr: '' });
    expect(again.stdout).toMatch(/no remaining work/i);
    expect(query(db, 'SELECT * FROM narrative_results ORDER BY result_id')).toEqual(before);
    const retry = await runClient([...RESUME, '--retry-errors'], {
      cwd: folder,
      env: { TEMPORAL_CLI_PATH: '/nowhere' },
    });
    expect(retry.code).toBe(0);
    expect(retry.stdout + retry.stderr).toMatch(/nothing to retry/i);
  });
});

it('Checksum mismatch: modify source file: resume fails with error, and goes on once it is put back', async () => {
  await inStudy(async (folder, db) => {
    const first = startClient(START, { cwd: folder });
    await until(() => countResults(db) >= 50, 60_000, 'fifty results');
    first.child.kill('SIGINT');
    expect(await first.ended).toBe(6);
    const callsBefore = callsAboutNarratives(server);
    appendFileSync(join(folder, 'data.csv'), '\n9999,cme,"Another text.",0');
    for (const args of [RESUME, START]) {
      const refused = await runClient(args, { cwd: folder });
      expect(refused.code).toBe(4);
      expect(refused.stderr).toContain('data.csv');
      expect(refused.stderr).not.toContain('Another text');
    }
    expect(callsAboutNarratives(server)).toBe(callsBefore);
    writeStudy(folder, { apiUrl: server.url, nNarratives: N, concurrency: CONCURRENCY });
    expect((await runClient(RESUME, { cwd: folder })).code).toBe(0);
    expect(countResults(db)).toBe(N);
  });
});

it('Retry errors only: create errors, resume with flag: only errors reprocessed, also after a kill in the middle', async () => {
  await inStudy(async (folder, db) => {
    server.setFaults({ list: TOO_LARGE, rate: N_ERRORS / N });
    const first = await runClient(START, { cwd: folder });
    expect(first.code).toBe(5);
    expect(first.stdout).toContain('--retry-errors');
    const failed = query<{ id: string; message: string }>(
      db,
      'SELECT incident_id AS id, error_message AS message FROM narrative_results WHERE error_occurred = 1 ORDER BY 1',
    );
    expect(failed).toHaveLength(N_ERRORS);
    expect(statusOf(db)?.status).toBe('completed_with_errors');

    server.setFaults(null);
    const callsBefore = callsAboutNarratives(server);
    const retrying = startClient([...RESUME, '--retry-errors'], { cwd: folder });
    const nErrors = (): number => query<{ n: number }>(db, 'SELECT n_errors AS n FROM experiments')[0]!.n;
    await until(() => nErrors() <= 22, 60_000, 'some errors asked again');
    retrying.child.kill('SIGKILL');
    await retrying.ended;
    const inFlight = server.inFlight();
    expect(await runClient(START, { cwd: folder })).toMatchObject({ code: 0, stderr: '' });
    const calls = callsAboutNarratives(server) - callsBefore;
    expect(calls).toBeGreaterThanOrEqual(N_ERRORS);
    expect(calls).toBeLessThanOrEqual(N_ERRORS + Math.max(inFlight, CONCURRENCY));
    expect(statusOf(db)?.status).toBe('completed');
    expect(nErrors()).toBe(0);
    expect(countResults(db)).toBe(N);
    const kept = query<{ id: string; message: string }>(
      db,
      `SELECT incident_id AS id, first_error_message AS message FROM narrative_results
       WHERE first_error_message IS NOT NULL ORDER BY 1`,
    );
    expect(kept).toEqual(failed);
    const attempts = query(db, 'SELECT 1 FROM result_attempts WHERE pass = 0 AND error_category IS NOT NULL');
    expect(attempts).toHaveLength(N_ERRORS);
  });
});

it('Retry errors of some categories, asked for while the experiment runs, are asked again before it ends', async () => {
  await server.close();
  server = await startModelServer({ seed: seedForErrors(), latency: { kind: 'constant', ms: 400 } });
  await inStudy(async (folder, db) => {
    server.setFaults({ list: TOO_LARGE, rate: N_ERRORS / N });
    const running = startClient(START, { cwd: folder });
    await until(() => countResults(db) >= 40, 60_000, 'forty results');
    const { id, n } = query<{ id: string; n: number }>(
      db,
      'SELECT experiment_id AS id, n_errors AS n FROM experiments',
    )[0]!;
    const none = await runClient(['retry-errors', id, '--category', 'timeout', '--db', db], { cwd: folder });
    expect(none).toMatchObject({ code: 0, stderr: '' });
    expect(none.stdout).toMatch(/nothing to retry/i);
    const asked = await runClient(['retry-errors', id, '--category', 'http_4xx', '--db', db], {
      cwd: folder,
    });
    expect(asked).toMatchObject({ code: 0, stderr: '' });
    expect(n).toBeGreaterThan(0);
    server.setFaults(null);
    expect(await running.ended).toBe(0);
    expect(statusOf(db)?.status).toBe('completed');
    expect(countResults(db)).toBe(N);
  });
});

it('Concurrent prevention: start resume, attempt second: second blocked', async () => {
  await inStudy(async (folder, db) => {
    const first = startClient(START, { cwd: folder });
    await until(() => countResults(db) >= 20, 60_000, 'twenty results');
    first.child.kill('SIGINT');
    await first.ended;
    const resumed = startClient(RESUME, { cwd: folder });
    const before = countResults(db);
    await until(() => countResults(db) > before, 60_000, 'the first new result');
    const second = await runClient(RESUME, { cwd: folder });
    expect(second.code).toBe(3);
    expect(second.stderr).toContain(`process ${resumed.child.pid}`);
    expect(await resumed.ended).toBe(0);
    expect(callsAboutNarratives(server)).toBe(N);
  });
});

it('Progress tracking: monitor during run: counters, time of the last result and the estimated end move', async () => {
  await server.close();
  server = await startModelServer({ latency: { kind: 'constant', ms: 200 } });
  await inStudy(async (folder, db) => {
    const running = startClient(START, { cwd: folder });
    const seen: { done: number; at: string | null; end: string | null }[] = [];
    await until(() => countResults(db) >= 1, 60_000, 'the first result');
    while (countResults(db) < N) {
      seen.push(
        ...query<(typeof seen)[number]>(
          db,
          `SELECT n_narratives_completed AS done, last_progress_update AS at, estimated_completion_time AS end
           FROM experiments WHERE status = 'running'`,
        ),
      );
      await sleep(50);
    }
    expect(await running.ended).toBe(0);
    expect(new Set(seen.map(({ done }) => done)).size).toBeGreaterThan(10);
    expect(new Set(seen.map(({ at }) => at)).size).toBeGreaterThanOrEqual(2);
    for (const { at, end } of seen.filter((row) => row.end !== null)) expect(end! >= at!).toBe(true);
    expect(seen.find(({ end }) => end !== null)?.end).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    const [plain] = (await runClient(['status', '--db', db], { cwd: folder })).stdout.match(/200 \/ 200/)!;
    expect(plain).toBe('200 / 200');
    const lines = running.stdout().split('\n');
    expect(lines.filter((line) => /^\d+\/200 \|/.test(line)).length).toBeGreaterThanOrEqual(2);
  });
});
