/** One experiment under a plan: faults all the time and a check after each; then no fault, and it has to end. */
import { statusOf } from '../helpers/client-process';
import { accountCalls, type CallAccount } from './account-calls';
import { checkEnd } from './check-end';
import { checkFile, readJournal, type FileCheck, type StoredRow } from './check-file';
import { doStep, exitOf, wait } from './faults';
import { checkHistories } from './histories';
import type { Plan } from './plan';
import { recoveriesOf, type Recovery } from './recoveries';
import { type Client, type Kill, Stage } from './stage';

/** Without faults an experiment takes some seconds. */
const ENDS_WITHIN_MS = 150_000;
const MOST_STARTS = 8;
const MOST_SERVER_DEATHS = 5;
const SERVER_DEATHS_COUNT_FOR_MS = 60_000;
const STRICT_EXITS: readonly (number | string)[] = [0, 3, 5, 6, 'SIGKILL', 'SIGTERM'];
const FAULTY = { list: '12', rate: 0.06 };

/** What came of an experiment. */
export interface ExperimentReport {
  plan: Plan;
  nNarratives: number;
  kills: Kill[];
  twoStarts: number;
  /** Runs of its workflow whose histories were replayed. */
  replayed: number;
  /** How often answers waited for a full disk to have room, and `status` said so. */
  fullDiskTold: number;
  /** Steps of the plan that were done before it ended. */
  steps: number;
  account: CallAccount;
  lost: number;
  duplicated: number;
  wrong: number;
  recoveries: Recovery[];
  commitsMs: number[];
  /** From the last fault to the end. */
  endedAfterMs: number;
  durationMs: number;
  violations: string[];
  /** Where all files are, if something was wrong. */
  keptIn: string | null;
}

/** Runs the plan to its end, or until so many kills are done. */
export async function runExperiment(
  plan: Plan,
  options: { nNarratives: number; mostKills: number; hasOwnDisk: boolean },
): Promise<ExperimentReport> {
  const startedMs = Date.now();
  const stage = new Stage(plan.mode, options.nNarratives, options.hasOwnDisk);
  const seen = new Map<number, StoredRow>();
  let steps = 0;
  let endedAfterMs = 0;
  let replayed = 0;
  let last: FileCheck = checkFile(stage, seen);
  let account: CallAccount = { needed: 0, made: 0, mostPerKill: 0, violations: [] };
  try {
    await stage.prepare();
    if (plan.hasErrors) await stage.simulator.setFaults(FAULTY.list, FAULTY.rate);
    for (const step of plan.steps) {
      if (stage.isDone || stage.kills.length >= options.mostKills || stage.violations.length > 0) break;
      await doStep(stage, step);
      steps += 1;
      last = checkNow(stage, seen);
    }
    stage.calm.abort();
    await stage.background;
    endedAfterMs = await runToEnd(stage, plan, seen);
    last = checkNow(stage, seen);
    account = accountCalls(stage);
    stage.violations.push(...account.violations, ...(await checkEnd(stage, last.rows)));
    const histories = await checkHistories(stage);
    replayed = histories.nRuns;
    stage.violations.push(...histories.violations);
  } catch (error) {
    stage.violations.push(`the suite failed: ${(error as Error).stack}`);
  }
  await judgeExits(stage);
  const report = {
    plan,
    nNarratives: options.nNarratives,
    kills: stage.kills,
    twoStarts: stage.twoStarts,
    replayed,
    fullDiskTold: stage.fullDiskTold,
    steps,
    account,
    lost: Math.max(0, options.nNarratives - last.rows.length) + last.lost,
    duplicated: last.duplicated,
    wrong: last.wrong,
    recoveries: recoveriesOf(stage),
    commitsMs: readJournal(stage).commitsMs,
    endedAfterMs,
    durationMs: Date.now() - startedMs,
    violations: stage.violations,
  };
  return { ...report, keptIn: await stage.dispose({ keep: stage.violations.length > 0 }) };
}

function checkNow(stage: Stage, seen: Map<number, StoredRow>): FileCheck {
  const check = checkFile(stage, seen);
  stage.violations.push(...check.violations);
  return check;
}

/** Nothing is killed any more: the experiment ends, its errors are asked again, and the client goes. */
async function runToEnd(stage: Stage, { hasErrors }: Plan, seen: Map<number, StoredRow>): Promise<number> {
  const sinceMs = Date.now();
  for (let starts = 0; !stage.isDone && starts < MOST_STARTS; starts += 1) {
    const client = await stage.ensureRunning();
    await wait(ENDS_WITHIN_MS - (Date.now() - sinceMs), () => stage.isDone || client.hasEnded);
  }
  const endedAfterMs = Date.now() - sinceMs;
  if (!stage.isDone) {
    const { status, reason } = statusOf(stage.db) ?? { status: 'none', reason: null };
    stage.violations.push(
      `liveness: ${endedAfterMs} ms without faults did not end it (${status}, ${reason})`,
    );
    return endedAfterMs;
  }
  checkNow(stage, seen);
  if (hasErrors && statusOf(stage.db)?.status === 'completed_with_errors') await askErrorsAgain(stage);
  await stage.untilHandedOver();
  const client = stage.running;
  if (client !== null && stage.mode === 'up') client.child.kill('SIGTERM');
  const code = client === null ? 0 : await exitOf(client, ENDS_WITHIN_MS);
  if (code !== 0 && code !== 5) stage.violations.push(`the client of an ended experiment ended with ${code}`);
  return endedAfterMs;
}

async function askErrorsAgain(stage: Stage): Promise<void> {
  await stage.simulator.setFaults('', 0);
  if (stage.mode === 'foreground') {
    await stage.running?.ended;
    stage.run(['resume', '--retry-errors']);
  } else {
    const id = stage.experimentId;
    const { code, stderr } = await stage.command(['retry-errors', id]);
    if (code !== 0) stage.violations.push(`retry-errors ended with ${code}: ${stderr.slice(-300)}`);
  }
  const isEnded = await wait(ENDS_WITHIN_MS, () => statusOf(stage.db)?.status === 'completed');
  if (!isEnded) stage.violations.push('liveness: the errors that were asked again did not end');
}

/** A client may end by itself for a reason only. */
async function judgeExits(stage: Stage): Promise<void> {
  for (const client of stage.clients.filter(({ hasEnded }) => hasEnded)) {
    const code = await client.ended;
    if (STRICT_EXITS.includes(code) || isExcused(stage, client)) continue;
    stage.violations.push(
      `a client ended with ${code}: ${(client.stderr() + client.stdout()).slice(0, 1500)}`,
    );
  }
}

function isExcused({ troubles, kills }: Stage, { spawnedMs }: Client): boolean {
  if (troubles.some(({ kind, toMs }) => kind !== 'stop' && toMs >= spawnedMs)) return true;
  const deaths = kills.filter(
    ({ component, atMs }) =>
      ['temporal', 'guard'].includes(component) &&
      atMs >= spawnedMs &&
      atMs < spawnedMs + SERVER_DEATHS_COUNT_FOR_MS,
  );
  return deaths.length > MOST_SERVER_DEATHS;
}
