/** Another program holds the lock of the results file: answers wait in memory, and are saved when it lets go. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { startModelServer } from '../../src/simulator/model-server';
import {
  callsAboutNarratives,
  countResults,
  inFolder,
  query,
  runClient,
  startClient,
  until,
  writeStudy,
} from '../helpers/client-process';

const N = 200;
const CONCURRENCY = 8;
const LATENCY_MS = 150;
const LOCK_AT_RESULTS = 40;
const WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 500;

/** What was seen. */
export interface LockReport {
  /** Calls whose answers were not in the file, at most, while it was locked. */
  mostInMemory: number;
  /** What `status` said; null = nothing. */
  told: string | null;
  /** From the moment at which the lock was given up to the end of the run. */
  endedAfterMs: number;
  wrong: string[];
}

/** Runs an experiment and holds the lock for so long amid it. */
export async function lockFileFor(ms: number): Promise<LockReport> {
  const report: LockReport = { mostInMemory: 0, told: null, endedAfterMs: 0, wrong: [] };
  const server = await startModelServer({ latency: { kind: 'constant', ms: LATENCY_MS } });
  try {
    await inFolder(async (folder) => {
      const db = join(folder, 'study.db');
      writeStudy(folder, { apiUrl: server.url, nNarratives: N, concurrency: CONCURRENCY });
      const client = startClient(['start', '--config', 'study.yaml', '--db', db], { cwd: folder });
      try {
        await until(() => countResults(db) >= LOCK_AT_RESULTS, WITHIN_MS, 'some results');
        const other = new Database(db);
        other.exec('BEGIN IMMEDIATE');
        for (const deadlineMs = Date.now() + ms; Date.now() < deadlineMs; await sleep(LOOK_EVERY_MS)) {
          report.mostInMemory = Math.max(
            report.mostInMemory,
            callsAboutNarratives(server) - countResults(db),
          );
          report.told ??= await troubleTold(db, folder);
        }
        other.exec('ROLLBACK');
        other.close();
        const sinceMs = performance.now();
        const code = await client.ended;
        report.endedAfterMs = performance.now() - sinceMs;
        if (code !== 0) report.wrong.push(`the client ended with ${code}: ${client.stderr()}`);
      } finally {
        client.child.kill('SIGKILL');
        await client.ended;
      }
      judge(db, callsAboutNarratives(server), report);
    });
  } finally {
    await server.close();
  }
  return report;
}

/** What `status` says of answers that cannot be saved; null = nothing. */
export async function troubleTold(db: string, cwd: string): Promise<string | null> {
  const { stdout } = await runClient(['status', '--db', db, '--json'], { cwd });
  const { held_by: holder } = JSON.parse(stdout) as { held_by: { trouble: string | null } | null };
  return holder?.trouble ?? null;
}

function judge(db: string, calls: number, { told, mostInMemory, wrong }: LockReport): void {
  if (!/another program has locked the results file/.test(told ?? '')) wrong.push(`status said ${told}`);
  if (mostInMemory > CONCURRENCY)
    wrong.push(`${mostInMemory} answers were in memory, not ${CONCURRENCY} at most`);
  if (calls !== N) wrong.push(`${calls} calls for ${N} narratives`);
  const [found] = query<object>(
    db,
    `SELECT count(*) AS n, sum(error_occurred) AS errors, (SELECT integrity_check FROM pragma_integrity_check) AS whole
     FROM narrative_results`,
  );
  if (JSON.stringify(found) !== JSON.stringify({ n: N, errors: 0, whole: 'ok' }))
    wrong.push(`the results file holds ${JSON.stringify(found)}`);
}
