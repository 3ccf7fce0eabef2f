/** `client db backup` on files at rest and in use. */
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../../src/store/open-store';
import { backUpFile } from '../../src/store/back-up-file';
import { startClient } from '../helpers/client-process';
import { makeOlderFile, OLDER_ID, studyOf } from '../store/upgrade/older-file';
import { rows, run, values } from '../store/upgrade/upgraded';

let folder: string;
let file: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'longhaul-backup-'));
  file = join(folder, 'study.db');
  makeOlderFile(file, studyOf(3000, 1000));
  expect((await run(file, 'db', 'upgrade')).code).toBe(0);
});
afterEach(() => rmSync(folder, { recursive: true }));

const copies = (): string[] => readdirSync(folder).filter((name) => name.includes('.backup-'));

describe('db backup', () => {
  it('copies the file beside itself, for its owner only', async () => {
    const { code, stdout } = await run(file, 'db', 'backup', '--json');
    expect(code).toBe(0);
    const { backup_file: copy } = JSON.parse(stdout) as { backup_file: string };
    expect(copy).toMatch(/study\.backup-\d{8}T\d{6}Z\.db$/);
    expect(statSync(copy).mode & 0o777).toBe(0o600);
    expect(rows(copy, 'SELECT * FROM narrative_results')).toEqual(
      rows(file, 'SELECT * FROM narrative_results'),
    );
    expect(values(copy, 'PRAGMA quick_check')).toEqual(['ok']);
  });

  it('copies one moment of a file that is written to, and the writer loses nothing', async () => {
    const store = openStore(file);
    store.inTransaction(() => store.events.add(OLDER_ID, 'resumed'));
    const inode = statSync(`${file}-wal`).ino;
    const client = startClient(['db', 'backup', '--db', file, '--out', join(folder, 'copy.db')], {
      cwd: folder,
    });
    let ended: number | string | null = null;
    void client.ended.then((code) => (ended = code));
    let position = 1000;
    while (ended === null && position < 3000) {
      store.results.save([errorAt(position++)]);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    expect(await client.ended).toBe(0);
    expect(statSync(`${file}-wal`).ino).toBe(inode);
    const count = 'SELECT count(*) FROM narrative_results';
    const copied = values(join(folder, 'copy.db'), count)[0] as number;
    expect(copied).toBeGreaterThanOrEqual(1000);
    expect(copied).toBeLessThanOrEqual(position);
    expect(values(join(folder, 'copy.db'), 'SELECT n_narratives_completed FROM experiments')).toEqual([
      copied,
    ]);
    store.close();
    expect(values(file, count)).toEqual([position]);
  });

  it('keeps the newest three under its own names and nothing else is removed', () => {
    const at = (minute: number): Date => new Date(Date.UTC(2026, 0, 1, 12, minute));
    writeFileSync(join(folder, 'study.backup-mine.db'), 'kept');
    for (const minute of [1, 2, 3, 4]) backUpFile(file, { target: null, keep: 3, now: at(minute) });
    const { removed } = backUpFile(file, { target: null, keep: 3, now: at(4) });
    expect(removed).toHaveLength(1);
    expect(copies()).toEqual([
      'study.backup-20260101T120300Z.db',
      'study.backup-20260101T120400Z.db',
      'study.backup-20260101T120401Z.db',
      'study.backup-mine.db',
    ]);
    expect(readdirSync(folder).some((name) => name.includes('before-upgrade'))).toBe(true);
  });

  it.each([
    ['the file itself', () => file, /the file itself/],
    ['a file that is there', () => join(folder, 'there.db'), /a file of that name/],
    ['a folder that is missing', () => join(folder, 'none', 'x.db'), /no such folder/],
  ])('refuses to write to %s', async (_what, target, message) => {
    writeFileSync(join(folder, 'there.db'), 'mine');
    const { code, stderr } = await run(file, 'db', 'backup', '--out', target());
    expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
    expect(existsSync(`${target()}.partial`)).toBe(false);
  });

  it('copies a file of the older program as it is', async () => {
    const older = join(folder, 'older.db');
    makeOlderFile(older, studyOf(3, 2));
    const copy = join(folder, 'copy.db');
    expect((await run(older, 'db', 'backup', '--out', copy)).code).toBe(0);
    expect(rows(copy, 'SELECT * FROM narrative_results')).toEqual(
      rows(older, 'SELECT * FROM narrative_results'),
    );
  });
});

const errorAt = (position: number) => ({
  experimentId: OLDER_ID,
  position,
  narrativeId: position + 1,
  pass: 0,
  startedAt: '2026-01-01T00:00:00.000Z',
  responseMs: 1,
  calls: 1,
  endpoint: 'http://127.0.0.1',
  outcome: {
    kind: 'error' as const,
    category: 'timeout' as const,
    code: null,
    httpStatus: null,
    message: 'm',
    reasoning: null,
    parserVersion: null,
  },
  reply: null,
});
