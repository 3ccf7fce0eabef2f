/** Several model servers of one experiment, and the number of calls at once, with the real client and Temporal. */
import { join } from 'node:path';
import { startModelServer, type ModelServer } from '../../src/simulator/model-server';
import { freePort } from '../../src/temporal/free-port';
import {
  callsAboutNarratives,
  countResults,
  inFolder,
  query,
  runClient,
  startClient,
  statusOf,
  until,
  writeStudy,
} from '../helpers/client-process';

const START = ['start', '--config', 'study.yaml', '--db', 'study.db'];

jest.setTimeout(240_000);

const servers: ModelServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function serve(options: Parameters<typeof startModelServer>[0]): Promise<ModelServer> {
  const server = await startModelServer(options);
  servers.push(server);
  return server;
}

const originOf = ({ url }: ModelServer): string => new URL(url).origin;

function answersByServer(db: string): Record<string, number> {
  const rows = query<{ endpoint: string; n: number }>(
    db,
    'SELECT endpoint, count(*) AS n FROM narrative_results WHERE error_occurred = 0 GROUP BY endpoint',
  );
  return Object.fromEntries(rows.map(({ endpoint, n }) => [endpoint, n]));
}

const eventsOf = (db: string, kind: string): string[] =>
  query<{ detail: string }>(
    db,
    `SELECT detail FROM experiment_events WHERE kind = '${kind}' ORDER BY event_id`,
  ).map(({ detail }) => detail);

test('both servers are asked, each as fast as it answers; when one dies the other goes on without an error row', () =>
  inFolder(async (folder) => {
    const fast = await serve({ latency: { kind: 'constant', ms: 40 } });
    const slow = await serve({ latency: { kind: 'constant', ms: 160 } });
    const n = 600;
    writeStudy(folder, { apiUrl: fast.url, furtherUrls: [slow.url], nNarratives: n, concurrency: 4 });
    const db = join(folder, 'study.db');
    const client = startClient(START, { cwd: folder });
    await until(() => countResults(db) >= 200, 60_000, 'a third is answered');
    await fast.close();
    await until(() => countResults(db) >= 350, 60_000, 'the other server goes on');
    expect(statusOf(db)).toEqual({ status: 'running', reason: null });
    expect(eventsOf(db, 'endpoint_left_out')).toEqual([
      expect.stringMatching(`^${originOf(fast)}: connection `),
    ]);
    expect(await client.ended).toBe(0);
    const answers = answersByServer(db);
    expect(answers[originOf(fast)]! + answers[originOf(slow)]!).toBe(n);
    expect(answers[originOf(fast)]!).toBeGreaterThan(100);
    const lost = callsAboutNarratives(fast) + callsAboutNarratives(slow) - n;
    expect(lost).toBeLessThanOrEqual(4);
  }));

test('a server with another model is left out, and the experiment begins with the one that is fit', () =>
  inFolder(async (folder) => {
    const other = await serve({ faults: { list: '22:model', callsPerText: Infinity } });
    const fit = await serve({ latency: { kind: 'constant', ms: 10 } });
    writeStudy(folder, { apiUrl: fit.url, furtherUrls: [other.url], nNarratives: 60, concurrency: 4 });
    const { code } = await runClient(START, { cwd: folder });
    expect(code).toBe(0);
    const db = join(folder, 'study.db');
    expect(answersByServer(db)).toEqual({ [originOf(fit)]: 60 });
    expect(callsAboutNarratives(other)).toBe(0);
    expect(eventsOf(db, 'endpoint_left_out')).toEqual([
      expect.stringMatching(`^${originOf(other)}: the model server answers as "another-model" now`),
    ]);
  }));

test('auto finds what a server with eight slots takes, and tune changes it while calls fly', () =>
  inFolder(async (folder) => {
    const server = await serve({ capacity: { slots: 8 }, latency: { kind: 'constant', ms: 100 } });
    writeStudy(folder, { apiUrl: server.url, nNarratives: 900, concurrency: 'auto' });
    const db = join(folder, 'study.db');
    const metricsAt = `127.0.0.1:${await freePort()}`;
    const client = startClient(START, { cwd: folder, env: { LONGHAUL_METRICS: metricsAt } });
    const foundFor = (): { concurrency: number }[] =>
      query(db, 'SELECT concurrency FROM found_concurrency WHERE concurrency >= 8');
    await until(() => countResults(db) > 0 && foundFor().length === 1, 60_000, 'the number is found');
    const scraped = await (await fetch(`http://${metricsAt}/metrics`)).text();
    expect(scraped).toMatch(/^longhaul_narratives\{[^}]*\} 900$/m);
    expect(scraped).toMatch(/^longhaul_endpoint_allowed_concurrency\{[^}]*\} \d+$/m);
    expect(scraped).not.toContain('the decedent');
    expect(eventsOf(db, 'concurrency_changed')[0]).toMatch(/: 4 -> 8 \(\d+(\.\d+)? tokens\/s with 4\)$/);
    const [{ experiment_id: id }] = query<{ experiment_id: string }>(
      db,
      'SELECT experiment_id FROM experiments',
    ) as [{ experiment_id: string }];
    const tuned = await runClient(['tune', id, '--concurrency', '2', '--db', 'study.db'], { cwd: folder });
    expect(tuned.stdout).toContain('run.concurrency: auto -> 2');
    const allowed = (): number =>
      query<{ concurrency: number }>(db, 'SELECT concurrency FROM endpoint_states')[0]!.concurrency;
    await until(() => allowed() === 2, 10_000, 'two at once');
    await runClient(['tune', id, '--concurrency', '64', '--db', 'study.db'], { cwd: folder });
    await until(() => allowed() === 64, 10_000, 'many at once');
    expect(await client.ended).toBe(0);
    expect(callsAboutNarratives(server)).toBe(900);
    const late = await runClient(['tune', id, '--concurrency', '8', '--db', 'study.db'], { cwd: folder });
    expect([late.code, late.stderr]).toEqual([2, expect.stringContaining('is completed: it makes no calls')]);
  }));

test('the requests of a minute that a config allows are kept to', () =>
  inFolder(async (folder) => {
    const server = await serve({ latency: { kind: 'constant', ms: 5 } });
    writeStudy(folder, { apiUrl: server.url, nNarratives: 40, concurrency: 16 });
    const { readFileSync, writeFileSync } = await import('node:fs');
    const file = join(folder, 'study.yaml');
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replace('temperature: 0.0', 'temperature: 0.0\n  requests_per_minute: 300'),
    );
    const { code } = await runClient(START, { cwd: folder });
    expect(code).toBe(0);
    const starts = query<{ at: string }>(
      join(folder, 'study.db'),
      'SELECT min(started_at) AS at FROM result_attempts UNION ALL SELECT max(started_at) FROM result_attempts',
    ).map(({ at }) => Date.parse(at));
    // Nine may go at once, the other 31 follow 200 ms apart.
    expect(starts[1]! - starts[0]!).toBeGreaterThan(5500);
  }));
