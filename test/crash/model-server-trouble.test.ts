/** A model server that goes away, refuses or is brought down by a text, against the real client and Temporal. */
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { FAULTS } from '../../src/simulator/faults/catalogue';
import { digestOf, simulatedAnswer } from '../../src/simulator/simulated-answer';
import { startModelServer, type ModelServer } from '../../src/simulator/model-server';
import {
  callsAboutNarratives,
  countResults,
  inFolder,
  narrativeText,
  query,
  runClient,
  startClient,
  statusOf,
  until,
  userMessage,
  writeStudy,
} from '../helpers/client-process';
import { filesIn, startWatchers } from '../helpers/watchers';

const CONCURRENCY = 8;
const START = ['start', '--config', 'study.yaml', '--db', 'study.db'];
/** All rows that concern one call only; 8 shows only in prompts longer than these. */
const MIXED = FAULTS.filter(({ number }) => number !== 8)
  .flatMap(({ number, variants }) =>
    variants
      .filter(({ mixes }) => mixes)
      .map(({ name }) => (variants.length === 1 ? `${number}` : `${number}:${name}`)),
  )
  .join();
/** Clock ticks of /proc a second. */
const TICKS = 100;

jest.setTimeout(240_000);

let server: ModelServer;
beforeEach(async () => {
  server = await startModelServer({ latency: { kind: 'constant', ms: 100 } });
});
afterEach(async () => {
  await server.close();
});

interface Row {
  incident_id: string;
  detected: number | null;
  rationale: string | null;
  error_category: string | null;
}

const rowsOf = (db: string): Row[] =>
  query<Row>(db, 'SELECT incident_id, detected, rationale, error_category FROM narrative_results');

function expectAllAnswered(db: string, n: number): void {
  const rows = rowsOf(db);
  expect(rows).toHaveLength(n);
  for (const { incident_id: id, ...row } of rows) {
    const { detected, rationale } = simulatedAnswer(userMessage(narrativeText(Number(id))), { seed: 1 });
    expect({ id, ...row }).toEqual({ id, detected: Number(detected), rationale, error_category: null });
  }
}

/** A narrative whose faults are all transient is answered; one with a permanent fault has an error row of its category. */
function expectAsTheTableSays(db: string, marker: string): void {
  const served = new Map<string, { classes: string[]; categories: (string | null)[] }>();
  for (const { event, digest, fault, variant } of server.calls()) {
    const kind = FAULTS.find(({ number }) => number === fault)?.variants.find(({ name }) => name === variant);
    if (event !== 'start' || kind === undefined) continue;
    const known = served.get(digest) ?? { classes: [], categories: [] };
    served.set(digest, known);
    known.classes.push(kind.faultClass ?? '-');
    known.categories.push(kind.category);
  }
  const byClass: Record<string, number> = {};
  for (const { incident_id: id, error_category: category } of rowsOf(db)) {
    const met = served.get(digestOf(userMessage(narrativeText(Number(id), marker), marker)));
    const last = met?.classes.at(-1) ?? 'none';
    byClass[last] = (byClass[last] ?? 0) + 1;
    if (last === 'P' || category !== null)
      expect({ id, met, category }).toEqual({ id, met, category: met?.categories.at(-1) });
  }
  process.stderr.write(`  narratives by the class of their last fault: ${JSON.stringify(byClass)}\n`);
  expect(byClass.T).toBeGreaterThan(20);
  expect(byClass.P).toBeGreaterThan(20);
}

/** Seconds of CPU that a process has used, itself and its threads. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

it('a server that is gone for a minute costs a minute: no error row, few lost calls, an idle client', async () => {
  await inFolder(async (folder) => {
    const db = join(folder, 'study.db');
    writeStudy(folder, { apiUrl: server.url, nNarratives: 200, concurrency: CONCURRENCY });
    const client = startClient(START, { cwd: folder });
    await until(() => countResults(db) >= 60, 60_000, 'sixty results');
    const inFlight = server.inFlight();
    await server.goAway();
    await until(() => statusOf(db)?.status === 'waiting_llm', 10_000, 'the word that it waits');
    const cpuBefore = cpuSeconds(client.child.pid!);
    const waitedFromMs = Date.now();
    await until(() => Date.now() - waitedFromMs > 60_000, 70_000, 'a minute');
    const cpuShare = (cpuSeconds(client.child.pid!) - cpuBefore) / ((Date.now() - waitedFromMs) / 1000);
    expect(statusOf(db)?.reason).toMatch(/has not answered since .*connection refused.*next try/);
    const callsBefore = callsAboutNarratives(server);
    await server.comeBack();
    const backMs = Date.now();
    await until(() => callsAboutNarratives(server) > callsBefore, 10_000, 'the first call');
    const firstCallAfterMs = Date.now() - backMs;
    expect({ code: await client.ended, stderr: client.stderr() }).toEqual({ code: 0, stderr: '' });
    expectAllAnswered(db, 200);
    const lost = callsAboutNarratives(server) - 200;
    process.stderr.write(
      `  gone for 60 s: ${lost} calls lost (${inFlight} in flight), first call ${firstCallAfterMs} ms after its return, CPU ${(100 * cpuShare).toFixed(1)} %\n`,
    );
    expect(lost).toBeLessThanOrEqual(inFlight + 5);
    expect(cpuShare).toBeLessThan(0.25);
    expect(query(db, "SELECT kind FROM experiment_events WHERE kind IN ('waiting', 'went_on')")).toHaveLength(
      2,
    );
  });
});

it('a server that is absent at the start is waited for', async () => {
  await inFolder(async (folder) => {
    const db = join(folder, 'study.db');
    writeStudy(folder, { apiUrl: server.url, nNarratives: 20, concurrency: CONCURRENCY });
    await server.goAway();
    const client = startClient(START, { cwd: folder });
    await until(() => statusOf(db)?.status === 'waiting_llm', 60_000, 'the word that it waits');
    await server.comeBack();
    expect({ code: await client.ended, stderr: client.stderr() }).toEqual({ code: 0, stderr: '' });
    expectAllAnswered(db, 20);
    expect(callsAboutNarratives(server)).toBe(20);
  });
});

it('Ctrl-C while the server is gone ends at once, and a later start goes on', async () => {
  await inFolder(async (folder) => {
    const db = join(folder, 'study.db');
    writeStudy(folder, { apiUrl: server.url, nNarratives: 60, concurrency: CONCURRENCY });
    const client = startClient(START, { cwd: folder });
    await until(() => countResults(db) >= 10, 60_000, 'ten results');
    await server.goAway();
    await until(() => statusOf(db)?.status === 'waiting_llm', 20_000, 'the word that it waits');
    client.child.kill('SIGINT');
    expect(await client.ended).toBe(6);
    expect(statusOf(db)).toEqual({ status: 'paused', reason: 'interrupted' });
    await server.comeBack();
    expect((await runClient(START, { cwd: folder })).code).toBe(0);
    expectAllAnswered(db, 60);
  });
});

it.each([
  ['a key that is refused', 33, /refuses the key/],
  ['a model that is not there', 36, /does not know the model/],
])(
  '%s in the middle pauses with the remedy, writes no row, and a resume completes',
  async (_what, fault, remedy) => {
    await inFolder(async (folder) => {
      const db = join(folder, 'study.db');
      writeStudy(folder, { apiUrl: server.url, nNarratives: 100, concurrency: CONCURRENCY });
      const client = startClient(START, { cwd: folder });
      await until(() => countResults(db) >= 30, 60_000, 'thirty results');
      await server.goAway({ fault });
      expect(await client.ended).toBe(6);
      expect(statusOf(db)).toMatchObject({
        status: 'paused',
        reason: expect.stringMatching(remedy) as string,
      });
      expect(client.stdout()).toMatch(/client resume/);
      expect(server.callsByFault()[fault]).toBeLessThanOrEqual(CONCURRENCY);
      expect(rowsOf(db).every(({ error_category }) => error_category === null)).toBe(true);
      await server.comeBack();
      expect((await runClient(['resume', '--db', db], { cwd: folder })).code).toBe(0);
      expectAllAnswered(db, 100);
    });
  },
);

it('a narrative that brings the server down is set aside, and all others are answered', async () => {
  await server.close();
  server = await startModelServer({ latency: { kind: 'constant', ms: 100 }, times: { awayMs: 300 } });
  await inFolder(async (folder) => {
    const db = join(folder, 'study.db');
    writeStudy(folder, { apiUrl: server.url, nNarratives: 60, concurrency: CONCURRENCY });
    server.setFaults({ list: '57:kills-server', rate: 0.03 });
    const client = startClient(START, { cwd: folder });
    expect(await client.ended).toBe(5);
    const poisonous = new Set(
      server
        .calls()
        .filter(({ event, variant }) => event === 'start' && variant === 'kills-server')
        .map(({ digest }) => digest),
    );
    const rows = rowsOf(db);
    const failed = rows.filter(({ error_category }) => error_category !== null);
    expect(rows).toHaveLength(60);
    expect(new Set(failed.map(({ error_category }) => error_category))).toEqual(new Set(['http_5xx']));
    for (const { incident_id: id } of failed)
      expect(poisonous).toContain(digestOf(userMessage(narrativeText(Number(id)))));
    process.stderr.write(`  ${failed.length} of 60 narratives brought the server down and were set aside\n`);
  });
});

it('a fifth of the calls faulty: every narrative fares as the fault table says, and no text or key leaves the results file', async () => {
  await inFolder(async (folder) => {
    const marker = 'ZQX-CANARY-8264';
    const db = join(folder, 'study.db');
    writeStudy(folder, {
      apiUrl: server.url,
      nNarratives: 600,
      marker,
      apiKeyEnv: 'STUDY_KEY',
      timeoutSec: 3,
    });
    const watchers = await startWatchers(folder);
    const env = { STUDY_KEY: `key-${marker}`, ...watchers.env };
    const client = startClient([...START, ...watchers.args], { cwd: folder, env });
    await until(() => countResults(db) >= 5, 60_000, 'five results');
    server.setFaults({ list: MIXED, rate: 0.2 });
    expect(await client.ended).toBe(5);
    await watchers.close();
    expectAsTheTableSays(db, marker);
    expect(client.stdout() + client.stderr()).not.toContain(marker);
    expect(watchers.told()).not.toContain(marker);
    const errors = query<object>(
      db,
      'SELECT e.position, r.narrative_id, r.error_category AS category, r.error_code AS code, r.http_status FROM narrative_results r JOIN experiment_narratives e USING (narrative_id) WHERE r.error_occurred = 1 ORDER BY e.position',
    );
    const logged = watchers.logLines().filter(({ what }) => what === 'narrative_error');
    expect(logged.sort((a, b) => Number(a.position) - Number(b.position))).toMatchObject(errors);
    for (const path of filesIn(folder)) {
      const name = relative(folder, path);
      if (['study.db', 'study.db-wal', 'data.csv', 'study.yaml'].includes(name)) continue;
      expect({ name, holds: readFileSync(path).includes(marker) }).toEqual({ name, holds: false });
    }
    const messages = query<{ m: string }>(
      db,
      "SELECT coalesce(error_message, '') || coalesce(first_error_message, '') AS m FROM narrative_results UNION ALL SELECT coalesce(detail, '') FROM experiment_events UNION ALL SELECT coalesce(status_reason, '') FROM experiments",
    );
    expect(messages.filter(({ m }) => m.includes(marker))).toEqual([]);
  });
});
