/** Two starts of one experiment in the same instant, on a new results file or on one whose owner was killed. */
import { join } from 'node:path';
import { startModelServer } from '../../src/simulator/model-server';
import {
  callsAboutNarratives,
  type ClientProcess,
  countResults,
  inFolder,
  query,
  startClient,
  until,
  writeStudy,
} from '../helpers/client-process';

const N = 48;
const CONCURRENCY = 8;
const START = ['start', '--config', 'study.yaml', '--db', 'study.db'];
const KILL_AT_RESULTS = 8;
const WITHIN_MS = 60_000;

/** What came of the races. */
export interface TwoStartsReport {
  races: number;
  /** Of them: on a results file that was not there yet. */
  onNewFile: number;
  /** Milliseconds between the start of the two and the end of the one that was refused. */
  refusedAfterMs: number[];
  /** What was not as it should be, in words. */
  wrong: string[];
}

/** Lets two starts race so many times; every second race is about a file whose owner was killed a moment ago. */
export async function raceStarts(times: number, onRace: (line: string) => void): Promise<TwoStartsReport> {
  const report: TwoStartsReport = { races: 0, onNewFile: 0, refusedAfterMs: [], wrong: [] };
  while (report.races < times) {
    await inFolder((folder) => raceIn(folder, report, times));
    onRace(`${report.races} races, ${report.wrong.length} wrong`);
  }
  return report;
}

/** A race on a new file; where another one is wanted, the winner is killed at work and two more race to go on. */
async function raceIn(folder: string, report: TwoStartsReport, times: number): Promise<void> {
  const server = await startModelServer({ latency: { kind: 'constant', ms: 150 } });
  const clients: ClientProcess[] = [];
  const db = join(folder, 'study.db');
  try {
    writeStudy(folder, { apiUrl: server.url, nNarratives: N, concurrency: CONCURRENCY });
    let winner = await race(folder, report, clients);
    report.onNewFile += 1;
    let mostCalls = N;
    if (report.races < times) {
      await until(() => countResults(db) >= KILL_AT_RESULTS, WITHIN_MS, 'some results');
      winner.child.kill('SIGKILL');
      await winner.ended;
      mostCalls += CONCURRENCY;
      winner = await race(folder, report, clients);
    }
    const code = await winner.ended;
    if (code !== 0) report.wrong.push(`the winner ended with ${code}: ${winner.stderr().slice(-500)}`);
    const calls = callsAboutNarratives(server);
    if (calls < N || calls > mostCalls) report.wrong.push(`${calls} calls for ${N} narratives`);
    checkFile(db, report);
  } finally {
    for (const { child } of clients) child.kill('SIGKILL');
    await Promise.all(clients.map(({ ended }) => ended));
    await server.close();
  }
}

/** Gives the one that runs; the other must have been refused with exit 3, and have named it. */
async function race(
  folder: string,
  report: TwoStartsReport,
  clients: ClientProcess[],
): Promise<ClientProcess> {
  const startedMs = performance.now();
  const both = [startClient(START, { cwd: folder }), startClient(START, { cwd: folder })] as const;
  clients.push(...both);
  const first = await Promise.race(both.map((client) => client.ended.then(() => client)));
  const other = both.find((client) => client !== first)!;
  report.races += 1;
  report.refusedAfterMs.push(performance.now() - startedMs);
  const code = await first.ended;
  if (code !== 3) report.wrong.push(`one ended with ${code}, not 3: ${first.stderr().slice(-500)}`);
  else if (!first.stderr().includes(`process ${other.child.pid} on `))
    report.wrong.push(`it was not told who holds the file: ${first.stderr()}`);
  return other;
}

function checkFile(db: string, report: TwoStartsReport): void {
  const [rows] = query<{ n: number; narratives: number; errors: number; experiments: number }>(
    db,
    `SELECT count(*) AS n, count(DISTINCT narrative_id) AS narratives, sum(error_occurred) AS errors,
     (SELECT count(*) FROM experiments WHERE status = 'completed') AS experiments FROM narrative_results`,
  );
  const expected = { n: N, narratives: N, errors: 0, experiments: 1 };
  if (JSON.stringify(rows) !== JSON.stringify(expected))
    report.wrong.push(`the results file holds ${JSON.stringify(rows)}`);
}
