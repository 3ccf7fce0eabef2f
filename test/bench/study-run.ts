/** One study against simulated servers, and what its results file tells about how it went. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inFolder, narrativeText, query, userMessage, writeStudy } from '../helpers/client-process';
import { SimulatorProcess } from '../chaos/simulator-process';
import type { LoggedCall } from '../../src/simulator/call-log';
import { digestOf } from '../../src/simulator/simulated-answer';
import { simulatedLatencyMs, type LatencyDistribution } from '../../src/simulator/latency';
import { runMeasured, type ClientRun } from './run-client';

/** What is run, and against which servers. */
export interface StudySetup {
  nNarratives: number;
  concurrency: number | 'auto';
  /** Arguments of each simulated server. */
  servers: readonly (readonly string[])[];
  /** Added to the environment of the client. */
  env?: Readonly<Record<string, string>>;
  /** Runs beside it; gets the results file and the servers. */
  during?: (db: string, servers: readonly SimulatorProcess[]) => Promise<void>;
}

/** What happened. Times are milliseconds of the epoch. */
export interface StudyRun {
  client: ClientRun;
  firstCallMs: number;
  /** When each result was saved, in order. */
  savedAtMs: number[];
  errors: number;
  /** Calls that the servers refused, and all calls. */
  refused: number;
  calls: number;
  changes: { atMs: number; endpoint: string; to: number; reason: string }[];
}

const RESULTS =
  'SELECT processed_at AS at, error_occurred AS error FROM narrative_results ORDER BY processed_at';
const CHANGES =
  "SELECT occurred_at AS at, detail FROM experiment_events WHERE kind = 'concurrency_changed' ORDER BY event_id";

/** Runs the study in a folder of its own; `look` may read what it left before it is removed. */
export async function runStudy(
  setup: StudySetup,
  look: (folder: string, db: string) => Promise<void> = () => Promise.resolve(),
): Promise<StudyRun> {
  return await inFolder(async (folder) => {
    const logs = setup.servers.map((_, index) => join(folder, `calls-${index}.jsonl`));
    const servers = setup.servers.map((args, index) => new SimulatorProcess(logs[index]!, 1, args));
    try {
      for (const server of servers) await server.start();
      const [first, ...further] = servers.map(({ url }) => url);
      const { nNarratives, concurrency } = setup;
      writeStudy(folder, { apiUrl: first!, furtherUrls: further, nNarratives, concurrency });
      const db = join(folder, 'study.db');
      const start = ['start', '--config', 'study.yaml', '--db', 'study.db'];
      const during = (): Promise<void> => setup.during?.(db, servers) ?? Promise.resolve();
      const client = await runMeasured(start, folder, { during, env: setup.env });
      if (client.code !== 0) throw new Error(`the client ended with ${client.code}: ${client.stderr}`);
      await look(folder, db);
      return { client, ...factsOf(db), ...callsOf(logs, nNarratives) };
    } finally {
      for (const server of servers) await server.kill();
    }
  });
}

/** Latencies of the study's narratives, in their order. */
export function latenciesOf(nNarratives: number, distribution: LatencyDistribution): number[] {
  return Array.from({ length: nNarratives }, (_, index) =>
    simulatedLatencyMs(digestOf(userMessage(narrativeText(index))), distribution),
  );
}

function factsOf(db: string): Pick<StudyRun, 'firstCallMs' | 'savedAtMs' | 'errors' | 'changes'> {
  const results = query<{ at: string; error: number }>(db, RESULTS);
  const [{ at: first }] = query<{ at: string }>(db, 'SELECT min(started_at) AS at FROM result_attempts') as [
    { at: string },
  ];
  return {
    firstCallMs: Date.parse(first),
    savedAtMs: results.map(({ at }) => Date.parse(at)),
    errors: results.filter(({ error }) => error === 1).length,
    changes: query<{ at: string; detail: string }>(db, CHANGES).map(({ at, detail }) => {
      const [, endpoint, to, reason] = /^(\S+): (?:\d+ -> )?(\d+) \((.*)\)$/.exec(detail)!;
      return { atMs: Date.parse(at), endpoint: endpoint!, to: Number(to), reason: reason! };
    }),
  };
}

type LoggedStart = Pick<LoggedCall, 'event' | 'fault' | 'digest'>;

/** Only calls about narratives count: a preflight and a probe ask about made-up texts. */
function callsOf(logs: readonly string[], nNarratives: number): Pick<StudyRun, 'refused' | 'calls'> {
  const digests = new Set(
    Array.from({ length: nNarratives }, (_, index) => digestOf(userMessage(narrativeText(index)))),
  );
  const starts = logs
    .flatMap((log) => linesOf(log))
    .filter(({ event, digest }) => event === 'start' && digests.has(digest));
  return { calls: starts.length, refused: starts.filter(({ fault }) => fault !== 0).length };
}

function linesOf(log: string): LoggedStart[] {
  return readFileSync(log, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as LoggedStart);
}
