/** `client db check` on files that are right, wrong in one way, and in use. */
import { chmodSync, closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { openStore } from '../../src/store/open-store';
import { makeOlderFile, OLDER_ID, studyOf } from '../store/upgrade/older-file';
import { run, values } from '../store/upgrade/upgraded';

interface Check {
  check: string;
  level: string;
  findings: string[];
}

let folder: string;
let file: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'longhaul-check-'));
  file = join(folder, 'study.db');
  makeOlderFile(
    file,
    studyOf(5, 5, { status: 'completed' }, (index) => ({ detected: index % 2, manual_flag_ind: 1 })),
  );
  chmodSync(file, 0o600);
  expect((await run(file, 'db', 'upgrade')).code).toBe(0);
});
afterEach(() => rmSync(folder, { recursive: true }));

function change(sql: string): void {
  const database = new Database(file);
  database.pragma('foreign_keys = OFF');
  database.exec(sql);
  database.close();
}

async function failing(): Promise<{ code: number; checks: Check[] }> {
  const { code, stdout } = await run(file, 'db', 'check', '--json');
  const { checks } = JSON.parse(stdout) as { checks: Check[] };
  return { code, checks: checks.filter(({ level }) => level !== 'ok') };
}

describe('db check', () => {
  it('finds nothing in a right file and exits 0', async () => {
    expect(await failing()).toEqual({ code: 0, checks: [] });
    expect((await run(file, 'db', 'check')).stdout).toContain('No problem found.');
  });

  it.each<[string, string, RegExp]>([
    ['counters', 'UPDATE experiments SET n_errors = 3', /n_errors is 3, the rows are 0/],
    ['counters', 'UPDATE experiments SET n_narratives_total = 4', /n_narratives_total is 4, the rows are 5/],
    [
      'one result a narrative',
      `DELETE FROM narrative_results WHERE row_num = 2;
       UPDATE experiments SET n_narratives_completed = 4, n_narratives_processed = 4, n_positive_detected = 1`,
      /completed, but 1 narratives/,
    ],
    [
      'results outside the list',
      `UPDATE narrative_results SET row_num = 77 WHERE row_num = 3`,
      /1 results do not stand at their place/,
    ],
    ['flags', 'UPDATE narrative_results SET is_true_positive = 1', /3 results have TP/],
    ['flags', 'UPDATE narrative_results SET is_false_negative = NULL', /5 results have TP/],
    ['foreign keys', 'DELETE FROM datasets', /refer to datasets/],
    ['pragmas', 'PRAGMA journal_mode = DELETE', /journal_mode is delete/],
  ])('finds wrong %s and exits 2', async (check, sql, finding) => {
    change(sql);
    const { code, checks } = await failing();
    expect(code).toBe(2);
    expect(checks).toEqual([
      {
        check,
        level: 'problem',
        findings: expect.arrayContaining([expect.stringMatching(finding)]) as string[],
      },
    ]);
  });

  it('finds gaps in a list', async () => {
    change('UPDATE experiment_narratives SET position = 9 WHERE position = 4');
    const { code, checks } = await failing();
    expect([code, checks.map(({ check }) => check)]).toEqual([2, ['lists', 'results outside the list']]);
  });

  it('finds pages that do not fit together', async () => {
    const [root] = values(file, "SELECT rootpage FROM sqlite_master WHERE name = 'idx_detected'") as number[];
    const descriptor = openSync(file, 'r+');
    writeSync(descriptor, Buffer.alloc(4096), 0, 4096, (root! - 1) * 4096);
    closeSync(descriptor);
    const { code, checks } = await failing();
    expect([code, checks.map(({ check }) => check)]).toEqual([2, ['quick check', 'full check']]);
  });

  it('warns of other users and exits 0', async () => {
    chmodSync(file, 0o644);
    const { code, checks } = await failing();
    expect(code).toBe(0);
    expect(checks).toEqual([
      {
        check: 'permissions and file system',
        level: 'warning',
        findings: expect.arrayContaining([expect.stringMatching(/chmod 600/)]) as string[],
      },
    ]);
  });

  it('works while a writer has the file open, and changes nothing', async () => {
    const store = openStore(file);
    store.inTransaction(() => store.events.add(OLDER_ID, 'resumed'));
    expect(await failing()).toMatchObject({ code: 0 });
    store.inTransaction(() => store.events.add(OLDER_ID, 'paused'));
    expect(store.events.list(OLDER_ID).map(({ kind }) => kind)).toEqual(['upgraded', 'resumed', 'paused']);
    store.close();
  });

  it('says that there is nothing to check where there is no file', async () => {
    expect((await run(join(folder, 'none.db'), 'db', 'check')).code).toBe(2);
  });
});
