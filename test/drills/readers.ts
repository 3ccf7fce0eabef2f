/**
 * Five `sqlite3 -readonly` loops and a reader that holds a read transaction open, beside an experiment at work: what
 * do commits take, how large does the write-ahead log become, and does it shrink when the reader has left?
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { type ModelServer, startModelServer } from '../../src/simulator/model-server';
import { measureCommitMs } from '../../src/store/commit-time';
import {
  callsAboutNarratives,
  countResults,
  inFolder,
  query,
  startClient,
  until,
  writeStudy,
} from '../helpers/client-process';

const LOOPS = 5;
const LOOP_EVERY_MS = 200;
const CONCURRENCY = 16;
const LATENCY_MS = 100;
const LOOK_EVERY_MS = 1000;
const WITHIN_MS = 120_000;
const PRELOAD = join(__dirname, '../chaos/preload.js');
const QUESTION =
  "SELECT experiment_id, n_narratives_completed, status FROM experiments WHERE status = 'running'; " +
  'SELECT count(*) FROM narrative_results WHERE detected = 1;';

export const PHASES = ['before the reader', 'with the reader', 'after the reader'] as const;
export type Phase = (typeof PHASES)[number];

/** What was seen. */
export interface ReadersReport {
  /** Median of a durable commit on this disk, with nothing else going on. */
  diskMs: number;
  commitsMs: Record<Phase, number[]>;
  mostLogBytes: Record<Phase, number>;
  logBytesAtEnd: number;
  looks: number;
  /** Looks that were told that the file is locked: a plain `sqlite3` has no patience, and the last writer's leave takes it. */
  refusedLooks: number;
  /** false = the program is not there, and the loops read by the library of the tests. */
  hasSqlite3: boolean;
  wrong: string[];
}

interface Scene {
  folder: string;
  db: string;
  journal: string;
  server: ModelServer;
  nNarratives: number;
  phase: Phase;
  report: ReadersReport;
  onLook: (line: string) => void;
  /** Aborted = the loops end. */
  over: AbortController;
}

/** How long the reader holds its transaction, and how long the others look before and after. */
export interface ReadersOptions {
  holdMs: number;
  aroundMs: number;
  onLook: (line: string) => void;
}

/** Runs an experiment under readers. */
export async function readBeside({ holdMs, aroundMs, onLook }: ReadersOptions): Promise<ReadersReport> {
  const server = await startModelServer({ latency: { kind: 'constant', ms: LATENCY_MS } });
  try {
    return await inFolder(async (folder) => {
      const perSecond = (CONCURRENCY * 1000) / LATENCY_MS;
      const nNarratives = Math.ceil(((2 * aroundMs + holdMs) / 1000) * perSecond);
      writeStudy(folder, { apiUrl: server.url, nNarratives, concurrency: CONCURRENCY });
      const report: ReadersReport = {
        diskMs: measureCommitMs(join(folder, 'study.db')),
        commitsMs: { 'before the reader': [], 'with the reader': [], 'after the reader': [] },
        mostLogBytes: { 'before the reader': 0, 'with the reader': 0, 'after the reader': 0 },
        logBytesAtEnd: 0,
        looks: 0,
        refusedLooks: 0,
        hasSqlite3: spawnSync('sqlite3', ['--version']).status === 0,
        wrong: [],
      };
      const files = { folder, db: join(folder, 'study.db'), journal: join(folder, 'journal.jsonl') };
      const over = new AbortController();
      await play(
        { ...files, server, nNarratives, phase: 'before the reader', report, onLook, over },
        holdMs,
        aroundMs,
      );
      return report;
    });
  } finally {
    await server.close();
  }
}

async function play(scene: Scene, holdMs: number, aroundMs: number): Promise<void> {
  const { folder, db, journal, report, over } = scene;
  const env = { NODE_OPTIONS: `--require ${JSON.stringify(PRELOAD)}`, CHAOS_JOURNAL: journal };
  const client = startClient(['start', '--config', 'study.yaml', '--db', db], { cwd: folder, env });
  try {
    await until(() => countResults(db) > 0, WITHIN_MS, 'a result');
    const beside = [watchLog(scene), ...Array.from({ length: LOOPS }, () => readAgainAndAgain(scene))];
    await sleep(aroundMs);
    const span = { fromMs: Date.now(), toMs: Infinity };
    scene.phase = 'with the reader';
    await holdTransaction(db, holdMs);
    scene.phase = 'after the reader';
    span.toMs = Date.now();
    const code = await Promise.race([client.ended, sleep(WITHIN_MS, 'late', { ref: false })]);
    if (code !== 0) report.wrong.push(`the client ended with ${code}: ${client.stderr().slice(-500)}`);
    over.abort();
    await Promise.all(beside);
    readCommits(scene, span);
    judge(scene);
  } finally {
    over.abort();
    client.child.kill('SIGKILL');
    await client.ended;
  }
}

async function holdTransaction(db: string, ms: number): Promise<void> {
  const reader = new Database(db, { readonly: true });
  try {
    reader.exec('BEGIN');
    reader.prepare('SELECT count(*) FROM narrative_results').get();
    await sleep(ms);
  } finally {
    reader.close();
  }
}

/** As `watch -n 0.2 sqlite3 -readonly ...`; the long form of a person who looks all the time. */
async function readAgainAndAgain({ db, report, over }: Scene): Promise<void> {
  while (!over.signal.aborted) {
    const [command, args] = report.hasSqlite3
      ? ['sqlite3', ['-readonly', db, QUESTION]]
      : [process.execPath, ['-e', READ_ONCE, require.resolve('better-sqlite3'), db, QUESTION]];
    const looking = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let complaint = '';
    looking.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
    const [code] = (await once(looking, 'close')) as [number | null];
    report.looks += 1;
    if (/locked/.test(complaint)) report.refusedLooks += 1;
    else if (code !== 0) report.wrong.push(`a reader ended with ${code}: ${complaint}`);
    await sleep(LOOP_EVERY_MS, undefined, { signal: over.signal }).catch(() => {});
  }
}

const READ_ONCE = `
const [Database, db, question] = [require(process.argv[1]), ...process.argv.slice(2)];
const reader = new Database(db, { readonly: true });
for (const sql of question.split(';').filter((part) => part.trim() !== '')) reader.prepare(sql).all();
reader.close();`;

async function watchLog(scene: Scene): Promise<void> {
  const { db, report, over, onLook } = scene;
  const startedMs = performance.now();
  while (!over.signal.aborted) {
    const bytes = logBytes(db);
    const { phase } = scene;
    report.mostLogBytes[phase] = Math.max(report.mostLogBytes[phase], bytes);
    if (bytes > 0) report.logBytesAtEnd = bytes;
    const second = ((performance.now() - startedMs) / 1000).toFixed(0);
    onLook(`${second} s, ${phase}: log ${(bytes / 2 ** 20).toFixed(1)} MiB, ${countResults(db)} results`);
    await sleep(LOOK_EVERY_MS, undefined, { signal: over.signal }).catch(() => {});
  }
}

/** 0 = it is not there: the last connection removes it. */
function logBytes(db: string): number {
  return statSync(`${db}-wal`, { throwIfNoEntry: false })?.size ?? 0;
}

function readCommits({ journal, report }: Scene, span: { fromMs: number; toMs: number }): void {
  for (const line of readFileSync(journal, 'utf8').trimEnd().split('\n')) {
    const { commitMs, atMs } = JSON.parse(line) as { commitMs?: number; atMs?: number };
    if (commitMs === undefined || atMs === undefined) continue;
    const phase =
      atMs < span.fromMs ? 'before the reader' : atMs < span.toMs ? 'with the reader' : 'after the reader';
    report.commitsMs[phase].push(commitMs);
  }
}

function judge({ db, server, nNarratives, report }: Scene): void {
  const calls = callsAboutNarratives(server);
  if (calls !== nNarratives) report.wrong.push(`${calls} calls for ${nNarratives} narratives`);
  if (countResults(db) !== nNarratives) report.wrong.push(`${countResults(db)} results of ${nNarratives}`);
  const [{ integrity_check: integrity }] = query<{ integrity_check: string }>(
    db,
    'PRAGMA integrity_check',
  ) as [{ integrity_check: string }];
  if (integrity !== 'ok') report.wrong.push(`integrity_check says ${integrity}`);
}
