/** What the benchmark measures, by name. Each run of a scenario gives figures; those with a bound say what must hold. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SimulatorProcess } from '../chaos/simulator-process';
import { countResults, inFolder, narrativeText, userMessage } from '../helpers/client-process';
import { runBareLoop } from './bare-loop';
import { costsOf, type Outcome, type Scenario } from './figure';
import { commits } from './commits';
import { job } from './job';
import { listScheduleMs } from './list-schedule';
import { latenciesOf, runStudy, type StudyRun, type StudySetup } from './study-run';

const LOGNORMAL = { kind: 'lognormal', meanMs: 500, sigma: 0.8 } as const;
const LEAST_SHARE: Readonly<Record<number, number>> = { 8: 0.99, 32: 0.98, 64: 0.97 };
/** Replies after which `auto` has to have found its number. */
const FOUND_WITHIN = 300;
const LATENCY = ['--latency-mean-ms', '200', '--latency-sigma', '0.35'];
const MEAN_SECONDS = 0.2;

/** All scenarios. */
export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'latency-8': (n) => latency(8, n),
  'latency-32': (n) => latency(32, n),
  'latency-64': (n) => latency(64, n),
  zero: noLatency,
  commits,
  'auto-peak': (n = 2000) =>
    auto({ nNarratives: n, concurrency: 'auto', servers: [[...LATENCY, '--load', 'peaks:8']] }, (c) =>
      c <= 8 ? c : 64 / c,
    ),
  'auto-slots': (n = 6000) =>
    auto({ nNarratives: n, concurrency: 'auto', servers: [[...LATENCY, '--slots', '64']] }, (c) =>
      Math.min(c, 64),
    ),
  'auto-refusal': (n = 3000) =>
    auto(
      { nNarratives: n, concurrency: 'auto', servers: [[...LATENCY, '--slots', '16', '--queue', '0']] },
      (c) => (c > 16 ? 0 : c),
    ),
  endpoints: twoServers,
  'endpoint-dies': oneServerDies,
  job,
};

/** Ours against the ideal schedule of the same latencies, and against the bare loop. */
async function latency(concurrency: number, nNarratives = 5000): Promise<Outcome> {
  const { meanMs, sigma } = LOGNORMAL;
  const server = ['--latency-mean-ms', `${meanMs}`, '--latency-sigma', `${sigma}`];
  const run = await runStudy({ nNarratives, concurrency, servers: [server] });
  const idealMs = listScheduleMs(latenciesOf(nNarratives, LOGNORMAL), concurrency);
  const bareMs = await bareLoopMs(nNarratives, concurrency, server);
  const ours = run.savedAtMs.at(-1)! - run.firstCallMs;
  return {
    figures: [
      { name: 'ideal schedule', value: idealMs / 1000, unit: 's' },
      { name: 'bare loop, a commit each', value: bareMs / 1000, unit: 's' },
      { name: 'first call to last result', value: ours / 1000, unit: 's' },
      { name: 'share of the ideal', value: idealMs / ours, least: LEAST_SHARE[concurrency] ?? 0 },
      { name: 'share of the bare loop', value: bareMs / ours },
      { name: 'whole command', value: run.client.wallMs / 1000, unit: 's' },
      ...costsOf(run),
    ],
  };
}

/** Ours against the bare loop, both asking a server that answers at once, over the whole job of the first users. */
async function noLatency(nNarratives = 35_312): Promise<Outcome> {
  const concurrency = 64;
  const server = ['--latency-ms', '0'];
  const run = await runStudy({ nNarratives, concurrency, servers: [server] });
  const bareMs = await bareLoopMs(nNarratives, concurrency, server);
  const rateOf = (n: number): number => n / (run.savedAtMs[n - 1]! - run.firstCallMs);
  const ours = rateOf(nNarratives);
  const bare = nNarratives / bareMs;
  return {
    figures: [
      { name: 'bare loop, a commit each', value: bare * 1000, unit: '/s' },
      { name: 'ours', value: ours * 1000, unit: '/s' },
      // V8 compiles for about two seconds before it is at full speed.
      { name: 'ours, first 10,000', value: rateOf(Math.min(nNarratives, 10_000)) * 1000, unit: '/s' },
      { name: 'share of the bare loop', value: ours / bare, least: 0.6 },
      ...costsOf(run),
    ],
  };
}

/** The bare loop with the narratives and the latencies of a study. */
async function bareLoopMs(
  nNarratives: number,
  connections: number,
  server: readonly string[],
): Promise<number> {
  return await inFolder(async (folder) => {
    const simulator = new SimulatorProcess(join(folder, 'calls.jsonl'), 1, server);
    await simulator.start();
    try {
      const bodies = Array.from({ length: nNarratives }, (_, index) => bodyOf(index));
      return await runBareLoop({ apiUrl: simulator.url, bodies, connections, file: join(folder, 'bare.db') });
    } finally {
      await simulator.kill();
    }
  });
}

function bodyOf(index: number): string {
  const messages = [
    { role: 'system', content: 'Answer with a JSON object.' },
    { role: 'user', content: userMessage(narrativeText(index)) },
  ];
  return JSON.stringify({ model: 'simulated-model', messages, temperature: 0, max_tokens: 8192 });
}

/** How soon `auto` has found what the server takes, and how well it does from then on. */
async function auto(setup: StudySetup, relativeRate: (atOnce: number) => number): Promise<Outcome> {
  const run = await runStudy(setup);
  const rates = Array.from({ length: 128 }, (_, index) => relativeRate(index + 1));
  const peak = Math.max(...rates);
  const found = run.changes.find(({ to }) => relativeRate(to) >= 0.95 * peak);
  const repliesBefore = run.savedAtMs.filter((atMs) => atMs < (found?.atMs ?? Infinity)).length;
  const perSecond = laterRate(run);
  return {
    run,
    figures: [
      { name: 'replies until 95 % of the peak', value: repliesBefore, most: FOUND_WITHIN },
      { name: 'peak rate', value: peak / MEAN_SECONDS, unit: '/s' },
      { name: 'rate after 300 replies', value: perSecond, unit: '/s' },
      { name: 'share of the peak', value: perSecond / (peak / MEAN_SECONDS), least: 0.95 },
      { name: 'refused', value: (run.refused / run.calls) * 100, unit: '%', most: 2 },
      { name: 'error rows', value: run.errors, most: 0 },
    ],
  };
}

/** Answers a second after the first replies, up to where the work begins to run out. */
function laterRate({ savedAtMs }: StudyRun): number {
  const later = savedAtMs.slice(FOUND_WITHIN, -64);
  return ((later.length - 1) / (later.at(-1)! - later[0]!)) * 1000;
}

/** Two servers of different speed against the sum of what both can do. */
async function twoServers(nNarratives = 4000): Promise<Outcome> {
  const servers = ['4', '12'].map((slots) => [...LATENCY, '--slots', slots]);
  const run = await runStudy({ nNarratives, concurrency: 'auto', servers });
  const perSecond = laterRate(run);
  const sum = (4 + 12) / MEAN_SECONDS;
  return {
    run,
    figures: [
      { name: 'both alone, summed', value: sum, unit: '/s' },
      { name: 'together, after 300 replies', value: perSecond, unit: '/s' },
      { name: 'share of the sum', value: perSecond / sum, least: 0.95 },
    ],
  };
}

async function oneServerDies(nNarratives = 2000): Promise<Outcome> {
  const servers = ['8', '8'].map((slots) => [...LATENCY, '--slots', slots]);
  const run = await runStudy({
    nNarratives,
    concurrency: 8,
    servers,
    during: async (db, [, second]) => {
      while (countResults(db) < nNarratives / 3) await sleep(50);
      await second!.kill();
    },
  });
  return {
    run,
    figures: [
      { name: 'results', value: run.savedAtMs.length, least: nNarratives },
      { name: 'error rows', value: run.errors, most: 0 },
      { name: 'calls beyond one each', value: run.calls - nNarratives, most: 8 },
    ],
  };
}
