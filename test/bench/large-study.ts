/** What is measured of a very large study: commands by name, steadiness of memory and pace, calls and answers. */
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { quantile } from '../drills/quantile';
import { query, SYNTHETIC_DIGEST } from '../helpers/client-process';
import type { LoggedCall } from '../../src/simulator/call-log';
import type { Figure } from './figure';
import { peakOf, runToEnd, type ClientRun } from './run-client';

/** Commands to run, by the name of their figures. */
export type NamedCommands = Readonly<Record<string, readonly string[]>>;

/** Runs each; `mostMiB` bounds the memory of each. */
export async function measureCommands(
  commands: NamedCommands,
  folder: string,
  mostMiB: number,
): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const [name, args] of Object.entries(commands))
    figures.push(...timeAndMemory(name, await runToEnd(args, folder), mostMiB));
  return figures;
}

/** How long it took and how much memory. */
export function timeAndMemory(name: string, { wallMs, memoryMiB }: ClientRun, mostMiB?: number): Figure[] {
  const time = { name, value: wallMs / 1000, unit: 's' };
  // Who ends before the first look has shown no memory.
  if (memoryMiB.length === 0) return [time];
  return [time, { name: `${name}, peak`, value: peakOf(memoryMiB), unit: 'MiB', most: mostMiB }];
}

/** Memory of the tenth of the time in which it was greatest, as a multiple of that of the second tenth; medians. */
export function greatestTenth(memoryMiB: readonly number[]): number {
  const tenth = memoryMiB.length / 10;
  const medians = Array.from({ length: 10 }, (_, index) =>
    quantile(memoryMiB.slice(Math.floor(index * tenth), Math.floor((index + 1) * tenth)), 0.5),
  );
  return Math.max(...medians.slice(1)) / medians[1]!;
}

/** Results a second in each tenth of the results, each from its own beginning to its own end. */
export function ratesOfTenths(db: string, nNarratives: number): number[] {
  const tenth = Math.floor(nNarratives / 10);
  return Array.from({ length: 10 }, (_, index) => {
    const [{ first, last }] = query<{ first: string; last: string }>(
      db,
      `SELECT min(processed_at) AS first, max(processed_at) AS last FROM
         (SELECT processed_at FROM narrative_results ORDER BY result_id LIMIT ${tenth} OFFSET ${index * tenth})`,
    ) as [{ first: string; last: string }];
    return (tenth / (Date.parse(last) - Date.parse(first))) * 1000;
  });
}

/** Narratives of the list that have not exactly one answer, and results that are none's. */
export function countWrongResults(db: string, nNarratives: number): number {
  const [{ answered, results }] = query<{ answered: number; results: number }>(
    db,
    `SELECT count(DISTINCT r.narrative_id) AS answered, (SELECT count(*) FROM narrative_results) AS results
     FROM experiment_narratives en JOIN narrative_results r
       ON r.experiment_id = en.experiment_id AND r.narrative_id = en.narrative_id AND r.detected IS NOT NULL`,
  ) as [{ answered: number; results: number }];
  return nNarratives - answered + (results - answered);
}

/** Calls about narratives that had been asked before, from the simulator's own log; and narratives never asked. */
export async function countCalls(
  callLog: string,
  nNarratives: number,
): Promise<{ repeated: number; neverAsked: number }> {
  const asked = new Set<string>();
  let repeated = 0;
  for await (const line of createInterface({ input: createReadStream(callLog) })) {
    const { event, digest } = JSON.parse(line) as Pick<LoggedCall, 'event' | 'digest'>;
    if (event !== 'start' || digest === SYNTHETIC_DIGEST) continue;
    if (asked.has(digest)) repeated += 1;
    asked.add(digest);
  }
  return { repeated, neverAsked: nNarratives - asked.size };
}

const WATCH_STALLS = join(__dirname, 'watch-stalls.cjs');

/** Environment of a client whose stalls are noted in the file. */
export function notingStalls(file: string): Record<string, string> {
  return { NODE_OPTIONS: `--require ${JSON.stringify(WATCH_STALLS)}`, STALLS_FILE: file };
}

/** The longest time after `sinceMs` of the epoch for which nothing else in the client got its turn; 0 = none of 50 ms. */
export function longestStall(file: string, sinceMs: number): Figure {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  const stalls = lines
    .map((line) => line.split(' ').map(Number) as [number, number])
    .filter(([atMs]) => atMs >= sinceMs)
    .map(([, stalledMs]) => stalledMs);
  return { name: 'longest stall (0 = none of 50 ms)', value: peakOf(stalls) / 1000, unit: 's' };
}
