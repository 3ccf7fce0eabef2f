/** `client db upgrade`, and older files under the commands that write and those that read. */
import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { APPLICATION_ID, MIGRATIONS } from '../../src/store/migrations';
import { openStore } from '../../src/store/open-store';
import { inFolder, startClient, until } from '../helpers/client-process';
import { makeOlderFile, OLDER_ID, studyOf, textOf, type OlderValues } from '../store/upgrade/older-file';
import { rows, run, values } from '../store/upgrade/upgraded';

jest.setTimeout(180_000);

const KILLS = 6;

describe('an upgrade', () => {
  it('brings over 35,000 narratives and survives SIGKILL in its middle', async () => {
    await inFolder(async (folder) => {
      const original = join(folder, 'original.db');
      const filler = 'made up '.repeat(60);
      const { sources, experiments, results } = studyOf(35_000, 34_000, {}, (index) => ({
        narrative_text: `${textOf(index)} ${filler}`,
      }));
      for (const source of sources) source.narrative_text = `${source.narrative_text} ${filler}`;
      makeOlderFile(original, { sources, experiments, results });
      const expected = rows(original, 'SELECT incident_id, detected, rationale FROM narrative_results');
      const file = join(folder, 'study.db');
      copyFileSync(original, file);
      let nHotJournals = 0;
      for (let kill = 0; kill < KILLS && values(file, 'PRAGMA user_version')[0] === 0; kill++) {
        const client = startClient(['db', 'upgrade', '--db', file], { cwd: folder });
        await until(() => existsSync(`${file}-journal`), 60_000, 'the transaction begins');
        await sleep(kill * 60);
        client.child.kill('SIGKILL');
        await client.ended;
        if (existsSync(`${file}-journal`)) nHotJournals += 1;
        await expectRolledBackOrDone(file, 34_000);
      }
      expect(nHotJournals).toBeGreaterThan(0);
      const started = Date.now();
      expect((await run(file, 'db', 'upgrade')).code).toBe(0);
      process.stderr.write(`35,000 narratives upgraded in ${Date.now() - started} ms\n`);
      expect((await run(file, 'db', 'check')).code).toBe(0);
      expect(rows(file, 'SELECT incident_id, detected, rationale FROM narrative_results')).toEqual(expected);
      expect(readdirSync(folder).filter((name) => name.endsWith('.partial'))).toEqual([]);
      const store = openStore(file);
      expect(store.passes.countRemaining(OLDER_ID)).toBe(1000);
      expect(store.passes.listOpenBatches(OLDER_ID, 0, 20)).toEqual([
        340, 341, 342, 343, 344, 345, 346, 347, 348, 349,
      ]);
      store.close();
    });
  });

  it('of an older schema of ours makes a backup first, also when a writer opens the file', async () => {
    await inFolder(async (folder) => {
      const file = join(folder, 'study.db');
      makeFirstSchema(file);
      const status = await run(file, 'status');
      expect([status.code, status.stderr]).toEqual([
        2,
        expect.stringMatching(/older schema 1.*client db upgrade/),
      ]);
      openStore(file).close();
      expect(values(file, 'PRAGMA user_version')).toEqual([MIGRATIONS.length]);
      const [backup] = readdirSync(folder).filter((name) => name.includes('before-upgrade'));
      expect(values(join(folder, backup!), 'PRAGMA user_version')).toEqual([1]);
      expect(rows(file, 'SELECT from_schema, to_schema, backup_file FROM results_file_upgrades')).toEqual([
        { from_schema: 1, to_schema: MIGRATIONS.length, backup_file: backup },
      ]);
    });
  });

  it('removes the unfinished copy that a killed one has left, and nothing else', async () => {
    await inFolder(async (folder) => {
      const file = join(folder, 'study.db');
      makeOlderFile(file, studyOf(2, 1));
      const left = ['study.before-upgrade-20261127T203428Z.db.partial'];
      left.push(`${left[0]}-journal`);
      const others = ['study.backup-20261127T203428Z.db.partial', 'other.before-upgrade-1.db.partial'];
      for (const name of [...left, ...others]) writeFileSync(join(folder, name), 'texts');
      expect((await run(file, 'db', 'upgrade')).code).toBe(0);
      expect(readdirSync(folder).filter((name) => name.includes('partial'))).toEqual([...others].sort());
    });
  });

  it('is refused while another process owns the file', async () => {
    await inFolder(async (folder) => {
      const file = join(folder, 'study.db');
      makeOlderFile(file, studyOf(2, 1));
      const holder = new Database(`${file}.lock`);
      holder.exec('BEGIN EXCLUSIVE');
      expect((await run(file, 'db', 'upgrade')).code).toBe(3);
      holder.close();
      expect((await run(file, 'db', 'upgrade')).code).toBe(0);
    });
  });
});

describe('a foreign SQLite file', () => {
  const makers: [string, (file: string) => void][] = [
    ['with a rollback journal', (file) => makeForeign(file, 'DELETE')],
    ['in WAL mode', (file) => makeForeign(file, 'WAL')],
    ['in WAL mode that was not closed', makeCrashedForeign],
    ['newer than this program', makeNewer],
  ];

  it.each(makers)('%s is refused by every command and left as it was', async (_what, make) => {
    await inFolder(async (folder) => {
      const file = join(folder, 'other.db');
      make(file);
      const before = readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))] as const);
      for (const command of [
        ['status'],
        ['list'],
        ['resume'],
        ['db', 'upgrade'],
        ['db', 'check'],
        ['db', 'backup'],
      ]) {
        const { code, stderr } = await run(file, ...command);
        expect([code, stderr]).toEqual([2, expect.stringMatching(/another program|newer Longhaul/)]);
      }
      for (const [name, bytes] of before) {
        if (!name.endsWith('-shm')) expect(readFileSync(join(folder, name)).equals(bytes)).toBe(true);
      }
      const names = readdirSync(folder);
      if (before.length === 1) expect(names).toEqual(['other.db']);
    });
  });
});

describe('an older file', () => {
  it.each([['status'], ['list'], ['db check']])(
    'is not read by %s, which names the upgrade',
    async (command) => {
      await inFolder(async (folder) => {
        const file = join(folder, 'study.db');
        makeOlderFile(file, studyOf(2, 1));
        const before = readFileSync(file);
        const { code, stderr } = await run(file, ...command.split(' '));
        expect([code, stderr]).toEqual([2, expect.stringMatching(/older program.*client db upgrade --db/)]);
        expect(readFileSync(file).equals(before)).toBe(true);
        expect(readdirSync(folder)).toEqual(['study.db']);
      });
    },
  );

  it('is upgraded by a resume, which goes on with an experiment of the older program only by its id', async () => {
    await inFolder(async (folder) => {
      const file = join(folder, 'study.db');
      makeOlderFile(file, studyOf(2, 1));
      const { code, stdout, stderr } = await run(file, 'resume');
      expect(stdout).toMatch(/Upgraded .*study\.db from a file of the older program/);
      expect([code, stderr]).toEqual([2, expect.stringMatching(new RegExp(`client resume ${OLDER_ID}`))]);
      const status = JSON.parse((await run(file, 'status', '--json')).stdout) as OlderValues;
      expect(status).toMatchObject({ status: 'paused', status_reason: 'older program', n_remaining: 1 });
    });
  });

  it('does not go on with an experiment whose list is not known, and says why', async () => {
    await inFolder(async (folder) => {
      const file = join(folder, 'study.db');
      makeOlderFile(file, studyOf(10, 3, { n_narratives_total: 7 }));
      const { code, stderr } = await run(file, 'resume', OLDER_ID);
      expect([code, stderr]).toEqual([
        4,
        expect.stringMatching(/cannot go on: its number of narratives \(7\)/),
      ]);
    });
  });

  it('answers a start of the same config: completed, or unfinished and to be named', async () => {
    await inFolder(async (folder) => {
      writeStudyLike(folder);
      const start = ['start', '--config', join(folder, 'study.yaml')];
      const finished = join(folder, 'finished.db');
      makeOlderFile(finished, studyOf(3, 3, { status: 'completed' }));
      const first = await run(finished, ...start);
      expect([first.code, first.stdout]).toEqual([
        0,
        expect.stringMatching(`No remaining work: ${OLDER_ID}`),
      ]);
      const unfinished = join(folder, 'unfinished.db');
      makeOlderFile(unfinished, studyOf(3, 2));
      const second = await run(unfinished, ...start);
      expect([second.code, second.stderr]).toEqual([4, expect.stringMatching(`client resume ${OLDER_ID}`)]);
    });
  });
});

async function expectRolledBackOrDone(file: string, nResults: number): Promise<void> {
  const hadJournal = existsSync(`${file}-journal`);
  const status = await run(file, 'status');
  if (hadJournal) expect([status.code, status.stderr]).toEqual([2, expect.stringMatching(/db upgrade/)]);
  const database = new Database(file);
  expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
  expect(database.prepare('SELECT count(*) FROM narrative_results').pluck().get()).toBe(nResults);
  database.close();
}

function makeFirstSchema(file: string): void {
  const database = new Database(file);
  database.exec(MIGRATIONS[0]!);
  database.prepare("INSERT INTO results_file VALUES ('0a1b2c3d', '2026-01-01T00:00:00.000Z')").run();
  database.pragma(`application_id = ${APPLICATION_ID}`);
  database.pragma('user_version = 1');
  database.close();
}

function makeForeign(file: string, mode: 'DELETE' | 'WAL'): void {
  const database = new Database(file);
  database.pragma(`journal_mode = ${mode}`);
  database.exec('CREATE TABLE experiments (id, name); INSERT INTO experiments VALUES (1, 2)');
  database.close();
}

function makeCrashedForeign(file: string): void {
  const whole = `${file}.live`;
  const database = new Database(whole);
  database.pragma('journal_mode = WAL');
  database.exec('CREATE TABLE experiments (id, name); INSERT INTO experiments VALUES (1, 2)');
  copyFileSync(whole, file);
  copyFileSync(`${whole}-wal`, `${file}-wal`);
  database.close();
}

function makeNewer(file: string): void {
  makeFirstSchema(file);
  const database = new Database(file);
  database.pragma('user_version = 99');
  database.close();
}

function writeStudyLike(folder: string): void {
  const lines = [0, 1, 2].map((index) => `${200_001 + index},cme,${textOf(index)}`);
  writeFileSync(join(folder, 'data.csv'), ['incident_id,narrative_type,narrative_text', ...lines].join('\n'));
  writeFileSync(
    join(folder, 'study.yaml'),
    `experiment: {name: older study}
model: {name: some-model, temperature: 0.2, api_url: "http://localhost:9/v1/chat/completions"}
prompt: {version: v1, system_prompt: Answer in JSON., user_template: "Text: <<TEXT>>"}
data: {file: ${join(folder, 'data.csv')}}
run: {}
`,
  );
}
