/** The local service and a cluster on real processes: hand over, follow, pause, resume, cancel, retry errors. */
import { join } from 'node:path';
import { startModelServer, type ModelServer } from '../../src/simulator/model-server';
import { startDevServer, type DevServer } from '../../src/temporal/dev-server';
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
import { temporalCliPath } from '../helpers/temporal-cli';

jest.setTimeout(120_000);

const N = 120;
const CONCURRENCY = 4;

let server: ModelServer;
let processes: ClientProcess[];
beforeEach(async () => {
  processes = [];
  server = await startModelServer({ latency: { kind: 'constant', ms: 250 } });
});
afterEach(async () => {
  for (const { child } of processes) child.kill('SIGKILL');
  await Promise.all(processes.map(({ ended }) => ended));
  await server.close();
});

function start(
  args: readonly string[],
  options: { cwd: string; env?: Record<string, string> },
): ClientProcess {
  const client = startClient(args, options);
  processes.push(client);
  return client;
}

const callsStarted = (): number => callsAboutNarratives(server);

async function startUp(folder: string, db: string): Promise<ClientProcess> {
  const up = start(['up', '--db', db], { cwd: folder });
  await until(() => up.stdout().includes('Serving'), 60_000, 'the service is up');
  return up;
}

it('a start hands over to a live service, which goes on after its restart and ends with nothing running', async () => {
  await inFolder(async (folder) => {
    const db = join(folder, 'study.db');
    writeStudy(folder, { apiUrl: server.url, nNarratives: N, concurrency: CONCURRENCY });
    const up = await startUp(folder, db);
    const detached = await runClient(['start', '--config', 'study.yaml', '--db', db, '--detach'], {
      cwd: folder,
    });
    expect(detached).toMatchObject({ code: 0, stderr: '' });
    await until(() => countResults(db) >= 30, 30_000, 'thirty results');

    const again = await runClient(['start', '--config', 'study.yaml', '--db', db], { cwd: folder });
    expect(again.code).toBe(3);
    expect(again.stderr).toContain(`process ${up.child.pid}`);

    up.child.kill('SIGTERM');
    expect(await up.ended).toBe(0);
    expect(countResults(db)).toBe(callsStarted());
    expect(statusOf(db)?.status).toBe('running');
    expect(serverProcesses(db)).toEqual([]);

    const second = await startUp(folder, db);
    await until(() => statusOf(db)?.status === 'completed', 60_000, 'the end without another start');
    expect(callsStarted()).toBe(N);
    second.child.kill('SIGTERM');
    expect(await second.ended).toBe(0);
  });
});

it('a pause under a service holds across kill -9 of everything until a typed resume', async () => {
  await inFolder(async (folder) => {
    const db = join(folder, 'study.db');
    writeStudy(folder, { apiUrl: server.url, nNarratives: N, concurrency: CONCURRENCY });
    const up = await startUp(folder, db);
    const follower = start(['start', '--config', 'study.yaml', '--db', db], { cwd: folder });
    await until(() => countResults(db) >= 20, 30_000, 'twenty results');
    expect(await runClient(['pause', '--db', db], { cwd: folder })).toMatchObject({ code: 0, stderr: '' });
    expect(await follower.ended).toBe(6);
    expect(statusOf(db)).toEqual({ status: 'paused', reason: 'paused by hand' });
    const callsAtPause = callsStarted();
    expect(countResults(db)).toBe(callsAtPause);

    for (const pid of serverProcesses(db)) process.kill(pid, 'SIGKILL');
    up.child.kill('SIGKILL');
    await up.ended;
    await startUp(folder, db);
    expect(statusOf(db)?.status).toBe('paused');
    const resumed = await runClient(['resume', '--db', db], { cwd: folder });
    expect(resumed).toMatchObject({ code: 0, stderr: '' });
    expect(callsAtPause).toBeLessThan(N);
    expect(callsStarted()).toBe(N);
  });
});

it('pause and cancel reach a foreground run from another terminal, which then exits 6', async () => {
  await inFolder(async (folder) => {
    const db = join(folder, 'study.db');
    writeStudy(folder, { apiUrl: server.url, nNarratives: N, concurrency: CONCURRENCY });
    const args = ['start', '--config', 'study.yaml', '--db', db];
    const first = start(args, { cwd: folder });
    await until(() => countResults(db) >= 20, 60_000, 'twenty results');
    expect(await runClient(['pause', '--db', db], { cwd: folder })).toMatchObject({ code: 0, stderr: '' });
    expect(await first.ended).toBe(6);
    expect(countResults(db)).toBe(callsStarted());
    expect((await runClient(['pause', '--db', db], { cwd: folder })).stdout).toContain('paused already');

    const second = start(args, { cwd: folder });
    const { id } = query<{ id: string }>(db, 'SELECT experiment_id AS id FROM experiments')[0]!;
    const before = countResults(db);
    await until(() => countResults(db) >= before + 8, 60_000, 'eight more results');
    expect(await runClient(['cancel', id, '--db', db], { cwd: folder })).toMatchObject({
      code: 0,
      stderr: '',
    });
    expect({ code: await second.ended, err: second.stderr(), out: second.stdout() }).toMatchObject({
      code: 6,
    });
    expect(statusOf(db)?.status).toBe('cancelled');
    expect(countResults(db)).toBe(callsStarted());
    expect((await runClient(args, { cwd: folder })).code).toBe(6);
    expect((await runClient(['resume', id, '--db', db], { cwd: folder })).code).toBe(0);
    expect(callsStarted()).toBe(N);
  });
});

it('an experiment that nobody runs is paused in the results file, a service leaves it so, and cancels it when told', async () => {
  await inFolder(async (folder) => {
    const db = join(folder, 'study.db');
    writeStudy(folder, { apiUrl: server.url, nNarratives: N, concurrency: CONCURRENCY });
    const first = start(['start', '--config', 'study.yaml', '--db', db], { cwd: folder });
    await until(() => countResults(db) >= 20, 60_000, 'twenty results');
    first.child.kill('SIGKILL');
    await first.ended;
    expect((await runClient(['pause', '--db', db], { cwd: folder })).code).toBe(0);
    expect(statusOf(db)).toEqual({ status: 'paused', reason: 'paused by hand' });
    const callsAtPause = callsStarted();
    await startUp(folder, db);
    expect(callsStarted()).toBe(callsAtPause);
    expect(statusOf(db)?.status).toBe('paused');

    const { id } = query<{ id: string }>(db, 'SELECT experiment_id AS id FROM experiments')[0]!;
    const cancelled = await runClient(['cancel', id, '--db', db], { cwd: folder });
    expect(cancelled).toMatchObject({ code: 0, stderr: '' });
    expect(cancelled.stdout).toMatch(/status\s+cancelled/);
    expect(statusOf(db)?.status).toBe('cancelled');
  });
});

it('without a service --detach is refused with the way to one', async () => {
  await inFolder(async (folder) => {
    writeStudy(folder, { apiUrl: server.url, nNarratives: 3 });
    const refused = await runClient(['start', '--config', 'study.yaml', '--db', 'study.db', '--detach'], {
      cwd: folder,
    });
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('client up');
  });
});

describe('with a Temporal server elsewhere', () => {
  let cluster: DevServer;
  let clusterFolder: string;
  let env: Record<string, string>;

  const withCluster = (work: (folder: string, db: string) => Promise<void>): Promise<void> =>
    inFolder(async (folder) => {
      clusterFolder = folder;
      cluster = await startDevServer({
        cliPath: await temporalCliPath(),
        databaseFile: join(clusterFolder, 'cluster.db'),
        logFile: join(clusterFolder, 'cluster.log'),
        namespace: 'default',
      });
      env = { TEMPORAL_ADDRESS: cluster.address };
      try {
        await work(folder, join(folder, 'study.db'));
      } finally {
        for (const { child } of processes) child.kill('SIGKILL');
        await Promise.all(processes.map(({ ended }) => ended));
        await cluster.stop();
      }
    });

  it('a worker does what a start hands over, whichever of the two comes first', async () => {
    await withCluster(async (folder, db) => {
      writeStudy(folder, { apiUrl: server.url, nNarratives: N, concurrency: CONCURRENCY });
      const early = start(['start', '--config', 'study.yaml', '--db', db], { cwd: folder, env });
      await until(
        () => early.stdout().includes('No worker holds'),
        30_000,
        'the word that no worker is there',
      );
      const worker = start(['worker', '--db', db], { cwd: folder, env });
      expect(await early.ended).toBe(0);
      expect(callsStarted()).toBe(N);

      writeStudy(folder, { apiUrl: server.url, nNarratives: 20, name: 'second study' });
      const late = await runClient(['start', '--config', 'study.yaml', '--db', db], { cwd: folder, env });
      expect(late).toMatchObject({ code: 0, stderr: '' });
      expect(callsStarted()).toBe(N + 20);
      worker.child.kill('SIGTERM');
      expect(await worker.ended).toBe(0);
      expect(serverProcesses(db)).toEqual([]);
    });
  });

  it('a worker without a configured server says how to name one', async () => {
    await inFolder(async (folder) => {
      const refused = await runClient(['worker', '--db', 'study.db'], { cwd: folder });
      expect(refused.code).toBe(2);
      expect(refused.stderr).toContain('TEMPORAL_ADDRESS');
    });
  });
});
