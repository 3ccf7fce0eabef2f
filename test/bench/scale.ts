/** A very large job from import to report: time and peak memory of each command, and whether memory and pace stay. */
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SimulatorProcess } from '../chaos/simulator-process';
import { inFolder, narrativeText, query, writeStudy } from '../helpers/client-process';
import type { Figure, Outcome } from './figure';
import { historyOf } from './history-events';
import {
  countCalls,
  countWrongResults,
  greatestTenth,
  longestStall,
  measureCommands,
  notingStalls,
  ratesOfTenths,
  timeAndMemory,
  type NamedCommands,
} from './large-study';
import { LOOK_EVERY_MS, runMeasured, type ClientRun } from './run-client';

const CONCURRENCY = 64;
/** A run may take no more memory than this, and a command that looks at the results no more than that. */
const MOST_MIB = 500;
const MOST_MIB_LOOKING = 250;
const START = ['start', '--config', 'study.yaml', '--db', 'study.db'];
const AFTERWARDS: NamedCommands = {
  'start with nothing to do': START,
  status: ['status', '--db', 'study.db'],
  list: ['list', '--db', 'study.db'],
  show: ['show', '--db', 'study.db'],
  errors: ['errors', '--db', 'study.db'],
  disagreements: ['disagreements', '--db', 'study.db'],
  'db check': ['db', 'check', '--db', 'study.db'],
  'db backup': ['db', 'backup', '--db', 'study.db', '--out', 'copy.db'],
  'export csv': ['export', '--format', 'csv', '--out', 'results.csv', '--db', 'study.db'],
  'export jsonl': ['export', '--out', 'results.jsonl', '--with-text', '--db', 'study.db'],
  report: ['report', '--out', 'report.html', '--db', 'study.db'],
};

/** Runs it with one kill -9 in the middle. */
export async function scale(nNarratives = 1_000_000): Promise<Outcome> {
  return await inFolder(async (folder) => {
    const callLog = join(folder, 'calls.jsonl');
    const server = new SimulatorProcess(callLog, 1, ['--latency-ms', '0']);
    await server.start();
    try {
      writeStudy(folder, { apiUrl: server.url, nNarratives: 1, concurrency: CONCURRENCY });
      await writeNarratives(join(folder, 'data.csv'), nNarratives);
      const db = join(folder, 'study.db');
      const first = await runPart(folder, db, nNarratives / 2);
      const second = await runPart(folder, db, null);
      const { repeated, neverAsked } = await countCalls(callLog, nNarratives);
      const { runs } = await historyOf(folder, db);
      const figures: Figure[] = [
        ...figuresOf('import and first half', first),
        ...figuresOf('second half after kill -9', second),
        ...pace(db, nNarratives),
        { name: 'runs of the workflow', value: runs, least: 2 },
        { name: 'calls repeated after kill -9', value: repeated, most: CONCURRENCY },
        { name: 'narratives never asked', value: neverAsked, most: 0 },
        { name: 'without exactly one answer', value: countWrongResults(db, nNarratives), most: 0 },
        ...(await measureCommands(AFTERWARDS, folder, MOST_MIB_LOOKING)),
      ];
      return { figures };
    } finally {
      await server.kill();
    }
  });
}

/** A run of the client, and what it was like from its first result on. */
interface Part {
  run: ClientRun;
  atFirstResultMs: number;
  working: readonly number[];
  stall: Figure;
}

/** Runs a start until there are so many results, and kills it then; null = to its end. */
async function runPart(folder: string, db: string, killAt: number | null): Promise<Part> {
  const stallsFile = join(folder, 'stalls.txt');
  const startedMs = Date.now();
  const before = countCompleted(db);
  let atFirstResultMs = Infinity;
  const during = async (pid: number): Promise<void> => {
    for (; isAlive(pid) && countCompleted(db) < (killAt ?? Infinity); await sleep(LOOK_EVERY_MS))
      if (countCompleted(db) > before) atFirstResultMs = Math.min(atFirstResultMs, Date.now());
    if (killAt === null) return;
    if (!isAlive(pid)) throw new Error('the client ended before it was killed');
    process.kill(pid, 'SIGKILL');
  };
  const run = await runMeasured(START, folder, { during, env: notingStalls(stallsFile) });
  if (killAt === null && run.code !== 0) throw new Error(`the client ended with ${run.code}: ${run.stderr}`);
  const working = run.memoryMiB.slice(Math.floor((atFirstResultMs - startedMs) / LOOK_EVERY_MS));
  return { run, atFirstResultMs, working, stall: longestStall(stallsFile, atFirstResultMs) };
}

/** Results as the experiment's row counts them: counting the rows would take longer and longer. */
function countCompleted(db: string): number {
  try {
    return query<{ n: number }>(db, 'SELECT n_narratives_completed AS n FROM experiments')[0]?.n ?? 0;
  } catch {
    return 0; // the file or its schema is being made
  }
}

/** A child of this process stays known until it has been waited for, so its number is not given away. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function writeNarratives(file: string, n: number): Promise<void> {
  const stream = createWriteStream(file);
  stream.write('incident_id,narrative_type,narrative_text,manual_flag_ind\n');
  for (let index = 0; index < n; index += 1) {
    const isRoom = stream.write(`${index},cme,"${narrativeText(index)}",${index % 3 === 0 ? 1 : 0}\n`);
    if (!isRoom) await once(stream, 'drain');
  }
  stream.end();
  await once(stream, 'finish');
}

function figuresOf(name: string, { run, working, stall }: Part): Figure[] {
  return [
    ...timeAndMemory(name, run, MOST_MIB),
    { name: '- memory, greatest to second tenth', value: greatestTenth(working), most: 1.15 },
    { ...stall, name: `- ${stall.name}` },
  ];
}

function pace(db: string, nNarratives: number): Figure[] {
  const rates = ratesOfTenths(db, nNarratives);
  const [first, last] = [rates[0]!, rates[9]!];
  return [
    { name: 'rate of the first tenth', value: first, unit: '/s' },
    { name: 'rate of the last tenth', value: last, unit: '/s' },
    { name: 'rate of the fastest tenth', value: Math.max(...rates), unit: '/s' },
    { name: 'last tenth to first', value: last / first, least: 0.9 },
  ];
}
