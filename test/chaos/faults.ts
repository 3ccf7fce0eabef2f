/** Does one fault of a plan to a stage. */
import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { statusOf } from '../helpers/client-process';
import { fillDisk } from './full-disk';
import type { Fault, Step, Target } from './plan';
import { kill, type Client, type Stage } from './stage';

const ENDS_WITHIN_MS = 30_000;
const WINDOW_WITHIN_MS = 20_000;
/** A new server is known to `ps` by then. */
const SERVER_WITHIN_MS = 3000;
const LOOK_EVERY_MS = 20;
/** A paused experiment is looked at so long. */
const STILL_FOR_MS = 500;
const HELD_BY_ANOTHER = 3;
const STOPPED = 6;

/** Brings the stage to the step's moment and does its fault. */
export async function doStep(stage: Stage, { fault, during, afterMs, twoStarts }: Step): Promise<void> {
  if (fault.kind === 'window') return dieAtWindow(stage, fault);
  const client = await stage.ensureRunning({ twoStarts });
  if (during === 'work' || fault.kind === 'pause') await untilWork(stage, client, afterMs);
  else await sleep(afterMs);
  if (!client.hasEnded) await doFault(stage, client, fault);
}

async function untilWork(stage: Stage, client: Client, afterMs: number): Promise<void> {
  const sinceMs = Date.now();
  await wait(
    ENDS_WITHIN_MS,
    () => client.hasEnded || stage.history.firstSince(sinceMs) !== null || stage.isDone,
  );
  await Promise.race([sleep(afterMs), client.ended]);
}

async function doFault(
  stage: Stage,
  client: Client,
  fault: Exclude<Fault, { kind: 'window' }>,
): Promise<void> {
  switch (fault.kind) {
    case 'kill':
      return killTarget(stage, client, fault);
    case 'terminate':
      return terminate(stage, client);
    case 'stop':
      return stopFor(stage, client, fault.ms);
    case 'pause':
      return pause(stage, client);
    case 'lock':
      stage.background = Promise.all([stage.background, holdLock(stage, fault.ms)]).then(() => {});
      return;
    case 'reader':
      stage.background = Promise.all([stage.background, holdReader(stage, fault.ms)]).then(() => {});
      return;
    case 'full':
      return fillDisk(stage, client, fault);
  }
}

async function killTarget(
  stage: Stage,
  client: Client,
  { target, awayMs, forget }: Extract<Fault, { kind: 'kill' }>,
): Promise<void> {
  if (target === 'simulator') {
    await stage.simulator.kill();
    stage.noteKill(target, false);
    await sleep(awayMs);
    return stage.simulator.start();
  }
  if (target === 'temporal' || target === 'guard') return killServer(stage, target);
  const { servers, guards } = stage.temporalProcesses();
  if (target === 'all') for (const pid of [...servers, ...guards]) kill(pid);
  client.child.kill('SIGKILL');
  stage.noteKill(target, true);
  await client.ended;
  if (!forget) return;
  const isGone = await wait(ENDS_WITHIN_MS, () => stage.temporalProcesses().servers.length === 0);
  if (!isGone) stage.violations.push('a Temporal server outlived client and guard');
  for (const end of ['', '-wal', '-shm']) rmSync(`${stage.db}.temporal.db${end}`, { force: true });
}

async function killServer(stage: Stage, target: Target): Promise<void> {
  const key = target === 'guard' ? 'guards' : 'servers';
  let pids: number[] = [];
  await wait(SERVER_WITHIN_MS, () => (pids = stage.temporalProcesses()[key]).length > 0);
  if (pids.length > 0) stage.noteKill(target, false);
  for (const pid of pids) kill(pid);
}

/** The client kills itself at the point, or has come to an end before it. */
async function dieAtWindow(stage: Stage, { window, nth }: Extract<Fault, { kind: 'window' }>): Promise<void> {
  if (stage.running !== null) await terminate(stage, stage.running);
  if (stage.isDone) return;
  const client = await stage.ensureRunning({ dieAt: `${window}:${nth}` });
  const isOver = await wait(WINDOW_WITHIN_MS, () => client.hasEnded || stage.isDone);
  if (client.hasEnded && (await client.ended) === 'SIGKILL') stage.noteKill(window, true);
  else if (!isOver)
    await killTarget(stage, client, { kind: 'kill', target: 'client', awayMs: 0, forget: false });
  else if (stage.mode === 'up') await terminate(stage, client); // it would still die in a later pass
}

async function terminate(stage: Stage, client: Client): Promise<void> {
  client.child.kill('SIGTERM');
  if ((await exitOf(client, ENDS_WITHIN_MS)) === 'late') {
    stage.violations.push(`SIGTERM did not end the client within ${ENDS_WITHIN_MS} ms`);
    client.child.kill('SIGKILL');
    await client.ended;
  }
}

async function stopFor(stage: Stage, client: Client, ms: number): Promise<void> {
  const isAtWork =
    statusOf(stage.db)?.status === 'running' && stage.history.firstSince(client.spawnedMs) !== null;
  const end = stage.beginTrouble('stop');
  client.child.kill('SIGSTOP');
  try {
    const [second] = await Promise.all([
      isAtWork && stage.mode === 'foreground' ? stage.command(['start', '--config', 'study.yaml']) : null,
      sleep(ms),
    ]);
    if (second !== null && second.code !== HELD_BY_ANOTHER)
      stage.violations.push(
        `a start beside a stopped owner ended with ${second.code}: ${second.stderr.slice(-300)}`,
      );
  } finally {
    client.child.kill('SIGCONT');
    end();
  }
}

async function pause(stage: Stage, client: Client): Promise<void> {
  const askedMs = Date.now();
  const { code, stderr } = await stage.command(['pause']);
  if (stage.isDone) return;
  if (code !== 0) {
    const isExcused = client.hasEnded || stage.troubles.some(({ toMs }) => toMs > askedMs);
    if (!isExcused) stage.violations.push(`pause ended with ${code}: ${stderr.slice(-300)}`);
    return;
  }
  const saidMs = Date.now();
  if (statusOf(stage.db)?.status !== 'paused')
    stage.violations.push(`after a pause it is ${statusOf(stage.db)?.status}`);
  await sleep(STILL_FOR_MS);
  if (stage.history.firstSince(saidMs + 1) !== null)
    stage.violations.push('a call was made after the pause was confirmed');
  if (stage.mode !== 'foreground') return;
  const ended = await exitOf(client, ENDS_WITHIN_MS);
  if (ended !== STOPPED) stage.violations.push(`a paused start ended with ${ended}, not ${STOPPED}`);
}

/** As a program that writes to the results file for a while. */
async function holdLock(stage: Stage, ms: number): Promise<void> {
  let other: Database.Database | null = null;
  try {
    other = new Database(stage.db, { fileMustExist: true, timeout: 2000 });
    other.exec('BEGIN IMMEDIATE');
  } catch {
    other?.close(); // the file is being made, or it is busy: no lock to hold
    return;
  }
  const end = stage.beginTrouble('lock');
  await sleep(ms, undefined, { signal: stage.calm.signal }).catch(() => {});
  other.exec('ROLLBACK');
  other.close();
  end();
}

async function holdReader(stage: Stage, ms: number): Promise<void> {
  let reader: Database.Database | null = null;
  try {
    reader = new Database(stage.db, { readonly: true, fileMustExist: true });
    reader.exec('BEGIN');
    reader.prepare('SELECT count(*) FROM narrative_results').get();
    await sleep(ms, undefined, { signal: stage.calm.signal });
  } catch {
    // the file is being made, or the faults are to stop
  } finally {
    reader?.close();
  }
}

/** Exit code or signal of a client; `late` = it has not ended by then. No timer is left behind. */
export async function exitOf(client: Client, timeoutMs: number): Promise<number | string> {
  return (await wait(timeoutMs, () => client.hasEnded)) ? client.ended : 'late';
}

/** Waits for the condition; `false` = in vain. */
export async function wait(timeoutMs: number, condition: () => boolean): Promise<boolean> {
  const deadlineMs = Date.now() + timeoutMs;
  while (!condition()) {
    if (Date.now() > deadlineMs) return false;
    await sleep(LOOK_EVERY_MS);
  }
  return true;
}
