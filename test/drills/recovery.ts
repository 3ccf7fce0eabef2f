/** How long it takes to the first new call after a kill -9 of the worker alone, the Temporal server alone, and both. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SYNTHETIC_NARRATIVE } from '../../src/llm/synthetic-narrative';
import { type ModelServer, startModelServer } from '../../src/simulator/model-server';
import { digestOf } from '../../src/simulator/simulated-answer';
import { startDevServer } from '../../src/temporal/dev-server';
import { readOwnerState } from '../../src/temporal/owner-state';
import {
  callsAboutNarratives,
  type ClientProcess,
  inFolder,
  runClient,
  serverProcesses,
  startClient,
  until,
  userMessage,
  writeStudy,
} from '../helpers/client-process';
import { Random } from '../answer/random';

const N = 35_000;
const CONCURRENCY = 16;
const LATENCY_MS = 300;
const WITHIN_MS = 120_000;
const LOOK_EVERY_MS = 5;
/** Calls that a worker has begun before it is killed. */
const CALLS_BEFORE = 60;
const GAP_LOOKED_FOR_MS = 8000;
const SYNTHETIC = digestOf(userMessage(SYNTHETIC_NARRATIVE));
type Case = 'worker alone' | 'server alone' | 'both';

/** What happens between the start of a process and its first call about a narrative, in this order. */
export const MOMENTS = [
  'owns the file',
  'has a server',
  'worker runs',
  'checks the model',
  'first call',
] as const;
export type Moment = (typeof MOMENTS)[number];

/** What was measured, in milliseconds. */
export interface RecoveryReport {
  /** From the start of the process, or the death of the server alone, to the first new call. */
  firstCallMs: Record<Case, number[]>;
  /** The longest time without a new call after the death of a server alone. */
  gapMs: number[];
  /** From the start of the process, by case. */
  moments: Record<'worker alone' | 'both', Record<Moment, number[]>>;
  wrong: string[];
}

interface Scene {
  folder: string;
  db: string;
  server: ModelServer;
  report: RecoveryReport;
  random: Random;
  onKill: (line: string) => void;
}

/** Kills so many times in each case. */
export async function measureRecovery(
  times: number,
  cliPath: string,
  onKill: (line: string) => void,
): Promise<RecoveryReport> {
  const none = (): Record<Moment, number[]> =>
    Object.fromEntries(MOMENTS.map((moment) => [moment, []])) as unknown as Record<Moment, number[]>;
  const report: RecoveryReport = {
    firstCallMs: { 'worker alone': [], 'server alone': [], both: [] },
    gapMs: [],
    moments: { 'worker alone': none(), both: none() },
    wrong: [],
  };
  const random = new Random(times);
  const withScene = async (work: (scene: Scene) => Promise<void>): Promise<void> => {
    const server = await startModelServer({ latency: { kind: 'constant', ms: LATENCY_MS } });
    try {
      await inFolder(async (folder) => {
        writeStudy(folder, { apiUrl: server.url, nNarratives: N, concurrency: CONCURRENCY });
        await work({ folder, db: join(folder, 'study.db'), server, report, random, onKill });
      });
    } finally {
      await server.close();
    }
  };
  await withScene((scene) => killWorker(scene, times, cliPath));
  await withScene((scene) => killServerAndBoth(scene, times));
  return report;
}

/** The server is another process's, and lives on. */
async function killWorker(scene: Scene, times: number, cliPath: string): Promise<void> {
  const { folder, db } = scene;
  const temporal = await startDevServer({
    cliPath,
    databaseFile: join(folder, 'temporal.db'),
    logFile: join(folder, 'temporal.log'),
    namespace: 'default',
  });
  const options = { cwd: folder, env: { TEMPORAL_ADDRESS: temporal.address } };
  const startWorker = (): ClientProcess => startClient(['worker', '--db', db], options);
  let worker = startWorker();
  try {
    await until(() => worker.stdout().includes('Serving'), WITHIN_MS, 'a worker');
    const { code, stderr } = await runClient(
      ['start', '--config', 'study.yaml', '--db', db, '--detach'],
      options,
    );
    if (code !== 0) throw new Error(`start --detach ended with ${code}: ${stderr}`);
    for (let kill = 0; kill < times; kill += 1) {
      await untilAtWork(scene);
      worker.child.kill('SIGKILL');
      await worker.ended;
      worker = startWorker();
      await timeRestart(scene, 'worker alone', worker, 'Serving');
    }
  } finally {
    worker.child.kill('SIGKILL');
    await worker.ended;
    await temporal.stop();
  }
}

/** The embedded server: first it alone, then it with the client and its guard. */
async function killServerAndBoth(scene: Scene, times: number): Promise<void> {
  const { folder, db } = scene;
  const start = (): ClientProcess =>
    startClient(['start', '--config', 'study.yaml', '--db', db], { cwd: folder });
  let client = start();
  try {
    for (let kill = 0; kill < times; kill += 1) {
      await untilAtWork(scene);
      await timeServerDeath(scene);
      await untilAtWork(scene);
      for (const pid of serverProcesses(db)) process.kill(pid, 'SIGKILL');
      client.child.kill('SIGKILL');
      await client.ended;
      client = start();
      await timeRestart(scene, 'both', client, 'Resuming');
    }
  } finally {
    client.child.kill('SIGINT');
    await client.ended;
  }
}

/** Waits until the process at work has begun some calls, and a moment more, drawn by lot. */
async function untilAtWork({ server, random }: Scene): Promise<void> {
  const before = callsAboutNarratives(server);
  await until(() => callsAboutNarratives(server) >= before + CALLS_BEFORE, WITHIN_MS, 'calls');
  await sleep(random.below(2000));
}

async function timeRestart(
  { db, server, report, onKill }: Scene,
  kind: 'worker alone' | 'both',
  client: ClientProcess,
  says: string,
): Promise<void> {
  const sinceMs = Date.now();
  const seen = new Map<Moment, number>();
  const see = (moment: Moment, isThere: boolean): void => {
    if (isThere && !seen.has(moment)) seen.set(moment, Date.now() - sinceMs);
  };
  while (!seen.has('first call')) {
    if (client.child.exitCode !== null || Date.now() - sinceMs > WITHIN_MS)
      throw new Error(`no call after a kill: ${client.stderr()}`);
    const owner = readOwnerState(db);
    const isOurs = owner?.pid === client.child.pid;
    see('owns the file', isOurs);
    see('has a server', isOurs && owner?.temporalAddress != null);
    see('worker runs', client.stdout().includes(says));
    const digests = digestsSince(server, sinceMs);
    see('checks the model', digests.length > 0);
    see(
      'first call',
      digests.some((digest) => digest !== SYNTHETIC),
    );
    await sleep(LOOK_EVERY_MS);
  }
  for (const [moment, ms] of seen) report.moments[kind][moment].push(ms);
  report.firstCallMs[kind].push(seen.get('first call')!);
  onKill(`${kind}: ${[...seen].map(([moment, ms]) => `${moment} ${ms}`).join(', ')} ms`);
}

async function timeServerDeath({ db, server, report, onKill }: Scene): Promise<void> {
  const guardsAndServer = serverProcesses(db);
  const sinceMs = Date.now();
  // The server is the youngest of its process group: its guard has started it.
  process.kill(Math.max(...guardsAndServer), 'SIGKILL');
  await sleep(GAP_LOOKED_FOR_MS);
  const times = startsSince(server, sinceMs);
  const firstMs = (times[0] ?? Infinity) - sinceMs;
  const gapMs = Math.max(...[...times, Date.now()].map((ms, index) => ms - (times[index - 1] ?? sinceMs)));
  report.firstCallMs['server alone'].push(firstMs);
  report.gapMs.push(gapMs);
  onKill(`server alone: first call ${firstMs}, longest gap ${gapMs} ms`);
}

function digestsSince(server: ModelServer, sinceMs: number): string[] {
  return recent(server, sinceMs).map(({ digest }) => digest);
}

function startsSince(server: ModelServer, sinceMs: number): number[] {
  return recent(server, sinceMs).map(({ at }) => Date.parse(at));
}

function recent(server: ModelServer, sinceMs: number): ReturnType<ModelServer['calls']> {
  return server.calls().filter(({ event, at }) => event === 'start' && Date.parse(at) >= sinceMs);
}
