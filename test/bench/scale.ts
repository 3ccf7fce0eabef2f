/** A very large job from import to report: time and peak memory of each command, and whether the pace stays. */
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SimulatorProcess } from '../chaos/simulator-process';
import { countResults, inFolder, narrativeText, query, writeStudy } from '../helpers/client-process';
import type { Figure, Outcome } from './figure';
import { growthOf, peakOf, runMeasured, runToEnd, type ClientRun } from './run-client';

const CONCURRENCY = 64;
const START = ['start', '--config', 'study.yaml', '--db', 'study.db'];
/** Commands after the end, by the name of their figure. */
const AFTERWARDS: Readonly<Record<string, readonly string[]>> = {
  'start with nothing to do': START,
  status: ['status', '--db', 'study.db'],
  list: ['list', '--db', 'study.db'],
  'db check': ['db', 'check', '--db', 'study.db'],
  export: ['export', '--format', 'csv', '--out', 'results.csv', '--db', 'study.db'],
  report: ['report', '--out', 'report.html', '--db', 'study.db'],
};

/** Runs it with one kill -9 in the middle. */
export async function scale(nNarratives = 1_000_000): Promise<Outcome> {
  return await inFolder(async (folder) => {
    const server = new SimulatorProcess(join(folder, 'calls.jsonl'), 1, ['--latency-ms', '0']);
    await server.start();
    try {
      writeStudy(folder, { apiUrl: server.url, nNarratives: 1, concurrency: CONCURRENCY });
      await writeNarratives(join(folder, 'data.csv'), nNarratives);
      const db = join(folder, 'study.db');
      const killInTheMiddle = async (pid: number): Promise<void> => {
        while (isAlive(pid) && countResults(db) < nNarratives / 2) await sleep(500);
        if (!isAlive(pid)) throw new Error('the client ended before it was killed');
        process.kill(pid, 'SIGKILL');
      };
      const first = await runMeasured(START, folder, { during: killInTheMiddle });
      const second = await runToEnd(START, folder);
      const figures = [
        ...figuresOf('import and first half', first),
        ...figuresOf('second half after kill -9', second),
        { name: 'memory, last quarter to second', value: growthOf(second.memoryMiB), most: 1.15 },
        ...paceOf(db, nNarratives),
      ];
      for (const [name, args] of Object.entries(AFTERWARDS))
        figures.push(...figuresOf(name, await runToEnd(args, folder)));
      return { figures };
    } finally {
      await server.kill();
    }
  });
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

function figuresOf(name: string, { wallMs, memoryMiB }: ClientRun): Figure[] {
  return [
    { name, value: wallMs / 1000, unit: 's' },
    { name: `${name}, peak memory`, value: peakOf(memoryMiB), unit: 'MiB' },
  ];
}

/** The first tenth is compared with the last, each from its own beginning to its own end. */
function paceOf(db: string, nNarratives: number): Figure[] {
  const tenth = Math.floor(nNarratives / 10);
  const rateOf = (offset: number): number => {
    const [{ first, last }] = query<{ first: string; last: string }>(
      db,
      `SELECT min(processed_at) AS first, max(processed_at) AS last FROM
         (SELECT processed_at FROM narrative_results ORDER BY result_id LIMIT ${tenth} OFFSET ${offset})`,
    ) as [{ first: string; last: string }];
    return (tenth / (Date.parse(last) - Date.parse(first))) * 1000;
  };
  const [early, late] = [rateOf(0), rateOf(nNarratives - tenth)];
  return [
    { name: 'rate of the first tenth', value: early, unit: '/s' },
    { name: 'rate of the last tenth', value: late, unit: '/s' },
    { name: 'last tenth to first', value: late / early, least: 0.9 },
  ];
}
