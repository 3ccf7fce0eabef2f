/** Each text asked once, on real processes: calls are counted by the simulated model server. */
import { join } from 'node:path';
import { FaultPlan } from '../../src/simulator/faults/fault-plan';
import { startModelServer, type ModelServer } from '../../src/simulator/model-server';
import { digestOf, simulatedAnswer } from '../../src/simulator/simulated-answer';
import { checkFile } from '../../src/store/check/check-file';
import {
  callsAboutNarratives,
  countResults,
  inFolder,
  narrativeText,
  query,
  runClient,
  startClient,
  until,
  userMessage,
  writeStudy,
} from '../helpers/client-process';

const N = 240;
const N_TEXTS = 80;
const N_ERRORS = 10;
const CONCURRENCY = 4;
const STUDY = { nNarratives: N, nTexts: N_TEXTS, askOnce: true, concurrency: CONCURRENCY };
/** 413, which is permanent for a text. */
const TOO_LARGE = { list: '41', rate: N_ERRORS / N_TEXTS };
const START = ['start', '--config', 'study.yaml', '--db', 'study.db'];

jest.setTimeout(120_000);

let server: ModelServer;
beforeEach(async () => {
  server = await startModelServer({ seed: seedForErrors(), latency: { kind: 'constant', ms: 60 } });
});
afterEach(() => server.close());

/** The first seed with which exactly so many of the texts are refused. */
function seedForErrors(): number {
  for (let seed = 1; ; seed += 1) {
    const plan = new FaultPlan(TOO_LARGE, seed);
    const digests = Array.from({ length: N_TEXTS }, (_, index) =>
      digestOf(userMessage(narrativeText(index))),
    );
    if (digests.filter((digest) => plan.next(digest) !== null).length === N_ERRORS) return seed;
  }
}

interface Row {
  incident_id: string;
  detected: number;
  rationale: string;
}

/** Every narrative has the answer that the server gave to its text. */
function expectAllRight(db: string): void {
  const rows = query<Row>(db, 'SELECT incident_id, detected, rationale FROM narrative_results');
  expect(new Set(rows.map((row) => row.incident_id)).size).toBe(N);
  expect(rows).toHaveLength(N);
  for (const { incident_id: id, ...row } of rows) {
    const text = narrativeText(Number(id) % N_TEXTS);
    const { detected, rationale } = simulatedAnswer(userMessage(text), { seed: seedForErrors() });
    expect({ id, ...row }).toEqual({ id, detected: Number(detected), rationale });
  }
  expect(checkFile(db)!.flatMap(({ findings }) => findings)).toEqual([]);
}

it('a run makes as many calls as there are texts; errors are asked again once a text', async () => {
  await inFolder(async (folder) => {
    const db = join(folder, 'study.db');
    writeStudy(folder, { ...STUDY, apiUrl: server.url });
    server.setFaults(TOO_LARGE);
    const first = await runClient(START, { cwd: folder });
    expect(first.code).toBe(5);
    expect(first.stdout).toContain(`${N_TEXTS} texts are asked; ${N - N_TEXTS} narratives take the answer`);
    expect(callsAboutNarratives(server)).toBe(N_TEXTS);
    const [counts] = query(db, 'SELECT n_narratives_completed AS n, n_errors FROM experiments');
    expect(counts).toEqual({ n: N, n_errors: (N_ERRORS * N) / N_TEXTS });

    server.setFaults(null);
    const retry = await runClient(['resume', '--db', 'study.db', '--retry-errors'], { cwd: folder });
    expect(retry.code).toBe(0);
    expect(callsAboutNarratives(server)).toBe(N_TEXTS + N_ERRORS);
    expectAllRight(db);
    expect(query(db, 'SELECT n_requested FROM experiment_passes ORDER BY pass')).toEqual([
      { n_requested: N_TEXTS },
      { n_requested: N_ERRORS },
    ]);
  });
});

it('after a kill -9 in the middle no text is asked again but those in flight', async () => {
  await inFolder(async (folder) => {
    const db = join(folder, 'study.db');
    writeStudy(folder, { ...STUDY, apiUrl: server.url });
    const first = startClient(START, { cwd: folder });
    await until(() => countResults(db) >= N / 2, 60_000, 'half of the results');
    first.child.kill('SIGKILL');
    await first.ended;
    expect(countResults(db)).toBeLessThan(N);
    expect(countResults(db) % (N / N_TEXTS)).toBe(0); // a text's results come together or not at all
    expect((await runClient(START, { cwd: folder })).code).toBe(0);
    expect(callsAboutNarratives(server)).toBeLessThanOrEqual(N_TEXTS + CONCURRENCY);
    expectAllRight(db);
  });
});
