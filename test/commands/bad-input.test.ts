/** Bad input, through the real client: one clear message, the right exit code, nothing that a next start trips over. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { utils, write } from 'xlsx';
import { startModelServer } from '../../src/simulator/model-server';
import {
  inFolder,
  query,
  runClient,
  startClient,
  statusOf,
  until,
  writeStudy,
} from '../helpers/client-process';

jest.setTimeout(60_000);

const START = ['start', '--config', 'study.yaml', '--db', 'study.db'];
const NOWHERE = 'http://127.0.0.1:9/v1/chat/completions';

const replaceInConfig = (folder: string, from: string | RegExp, to: string): void => {
  const file = join(folder, 'study.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replace(from, to));
};

/** Starts without a model server and presses Ctrl-C once it waits for one; gives what was printed. */
async function interruptedWhileWaiting(folder: string): Promise<string> {
  const client = startClient(START, { cwd: folder });
  await until(
    () => statusOf(join(folder, 'study.db'))?.status === 'waiting_llm',
    30_000,
    'the word that it waits',
  );
  client.child.kill('SIGINT');
  expect(await client.ended).toBe(6);
  return client.stdout();
}

describe('a start', () => {
  it.each<[string, (folder: string) => void, RegExp]>([
    ['a data file that is missing', (f) => replaceInConfig(f, 'data.csv', 'none.csv'), /no such file/],
    ['an empty data file', (f) => writeFileSync(join(f, 'data.csv'), ''), /empty/],
    ['columns that it does not know', (f) => writeFileSync(join(f, 'data.csv'), 'a,b\n1,2\n'), /IncidentID/],
    [
      'a data file without a usable narrative',
      (f) => writeFileSync(join(f, 'data.csv'), 'incident_id,narrative_type,narrative_text\n1,cme,\n'),
      /no usable narrative|narrative/,
    ],
    [
      'a truncated workbook',
      (f) => {
        const sheet = utils.aoa_to_sheet([
          ['IncidentID', 'NarrativeCME', 'NarrativeLE'],
          [1, 'A text.', ''],
        ]);
        const workbook = utils.book_new();
        utils.book_append_sheet(workbook, sheet, 'Sheet1');
        const bytes = write(workbook, { type: 'buffer', bookType: 'xlsx' }) as Buffer;
        writeFileSync(join(f, 'data.xlsx'), bytes.subarray(0, bytes.length / 2));
        replaceInConfig(f, 'data.csv', 'data.xlsx');
      },
      /data\.xlsx/,
    ],
    [
      'several mistakes at once',
      (f) =>
        replaceInConfig(
          f,
          /temperature: 0\.0\n[^]*user_template.*\n/,
          'temperature: 7\n  tmeout_sec: 3\nprompt: {}\n',
        ),
      /temperature[^]*timeout_sec[^]*version[^]*system_prompt[^]*user_template/,
    ],
    [
      'a results file of a newer version',
      (f) => {
        const database = new Database(join(f, 'study.db'));
        database.pragma('application_id = 0x4c4e4748');
        database.pragma('user_version = 999');
        database.close();
      },
      /newer/,
    ],
    ['a misspelt key', (f) => replaceInConfig(f, 'temperature', 'temprature'), /temperature/],
    [
      'a host that is not allowed',
      (f) => replaceInConfig(f, NOWHERE, 'https://example.org/v1'),
      /allowed_hosts/,
    ],
    [
      'a results file that is no database',
      (f) => writeFileSync(join(f, 'study.db'), 'x'.repeat(5000)),
      /SQLite/,
    ],
  ])('refuses %s with exit 2 and one message', async (_what, spoil, message) => {
    await inFolder(async (folder) => {
      writeStudy(folder, { apiUrl: NOWHERE, nNarratives: 3 });
      spoil(folder);
      const before = existsSync(join(folder, 'study.db')) ? readFileSync(join(folder, 'study.db')) : null;
      const run = await runClient(START, { cwd: folder });
      expect(run.stderr).toMatch(message);
      expect(run.stderr).not.toMatch(/\n\s+at /);
      expect(run.code).toBe(2);
      const after = existsSync(join(folder, 'study.db')) ? readFileSync(join(folder, 'study.db')) : null;
      expect(after).toEqual(before);
    });
  });

  it('names the ways to a Temporal CLI where none is to be had, and goes on later', async () => {
    await inFolder(async (folder) => {
      const server = await startModelServer();
      writeStudy(folder, { apiUrl: server.url, nNarratives: 3 });
      const without = await runClient(START, {
        cwd: folder,
        env: { TEMPORAL_CLI_PATH: '/nowhere/temporal' },
      });
      expect(without.code).toBe(2);
      expect(without.stderr).toContain('TEMPORAL_CLI_PATH');
      expect((await runClient(START, { cwd: folder })).code).toBe(0);
      expect(query(join(folder, 'study.db'), 'SELECT * FROM narrative_results')).toHaveLength(3);
      await server.close();
    });
  });

  it('waits for a model server that is absent, asks nothing, and after Ctrl-C the same start goes on later', async () => {
    await inFolder(async (folder) => {
      writeStudy(folder, { apiUrl: NOWHERE, nNarratives: 3 });
      const stdout = await interruptedWhileWaiting(folder);
      expect(stdout).toMatch(/paused: interrupted/);
      expect(query(join(folder, 'study.db'), 'SELECT * FROM result_attempts')).toEqual([]);
      const server = await startModelServer();
      replaceInConfig(folder, NOWHERE, server.url);
      expect((await runClient(START, { cwd: folder })).code).toBe(0);
      await server.close();
    });
  });

  it('refuses a changed prompt of an unfinished experiment with exit 4 and says what differs', async () => {
    await inFolder(async (folder) => {
      writeStudy(folder, { apiUrl: NOWHERE, nNarratives: 3 });
      await interruptedWhileWaiting(folder);
      replaceInConfig(folder, 'Answer with', 'Reply with');
      const changed = await runClient(START, { cwd: folder });
      expect(changed.code).toBe(4);
      expect(changed.stderr).toMatch(/prompt\.system_prompt: changed/);
      expect(changed.stderr).toContain('[-Answer-]{+Reply+}');
    });
  });
});
