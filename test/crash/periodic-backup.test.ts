/** `run.backup_every_batches` on the real client. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startModelServer, type ModelServer } from '../../src/simulator/model-server';
import {
  callsAboutNarratives,
  countResults,
  inFolder,
  query,
  runClient,
  writeStudy,
} from '../helpers/client-process';

jest.setTimeout(120_000);

const N = 200;

let server: ModelServer;
beforeEach(async () => {
  server = await startModelServer({ latency: { kind: 'constant', ms: 150 } });
});
afterEach(async () => {
  await server.close();
});

function writeStudyWithBackups(folder: string): void {
  writeStudy(folder, { apiUrl: server.url, nNarratives: N, concurrency: 4 });
  const config = join(folder, 'study.yaml');
  const every = 'run: {backup_every_batches: 2, batch_size: 10, ';
  writeFileSync(config, readFileSync(config, 'utf8').replace('run: {', every));
}

const eventsOf = (db: string): { kind: string; detail: string }[] =>
  query(db, "SELECT kind, detail FROM experiment_events WHERE kind IN ('backed_up', 'backup_failed')");

it('copies are made while the run goes on, the newest three stay, and each is told as an event', async () => {
  await inFolder(async (folder) => {
    const db = join(folder, 'study.db');
    writeStudyWithBackups(folder);
    const args = ['start', '--config', 'study.yaml', '--db', db];
    expect(await runClient(args, { cwd: folder })).toMatchObject({ code: 0, stderr: '' });
    const copies = readdirSync(folder).filter((name) => name.startsWith('study.backup-'));
    const events = eventsOf(db);
    expect(events.length).toBeGreaterThan(1);
    expect(copies).toHaveLength(Math.min(3, events.length));
    expect(copies.every((name) => name.endsWith('.db'))).toBe(true);
    expect(events.slice(-copies.length)).toEqual(
      copies.map((name) => ({ kind: 'backed_up', detail: join(folder, name) })),
    );
    const counts = copies.map((name) => countResults(join(folder, name)));
    expect(counts[0]).toBeGreaterThan(0);
    expect([...counts].sort((a, b) => a - b)).toEqual(counts);
    expect(callsAboutNarratives(server)).toBe(N);
  });
});

it('a backup that cannot be made is an event and disturbs nothing', async () => {
  await inFolder(async (folder) => {
    const db = join(folder, 'study.db');
    writeStudyWithBackups(folder);
    // Its name is taken by folders, for as long as the run may take.
    const now = Date.now();
    for (let second = 0; second < 90; second += 1) {
      const stamp = new Date(now + second * 1000).toISOString().replaceAll(/[-:]|\.\d+/g, '');
      mkdirSync(join(folder, `study.backup-${stamp}.db.partial`, 'in-the-way'), { recursive: true });
    }
    const args = ['start', '--config', 'study.yaml', '--db', db];
    expect((await runClient(args, { cwd: folder })).code).toBe(0);
    expect(eventsOf(db).length).toBeGreaterThan(0);
    expect(new Set(eventsOf(db).map(({ kind }) => kind))).toEqual(new Set(['backup_failed']));
    expect(countResults(db)).toBe(N);
    expect(callsAboutNarratives(server)).toBe(N);
  });
});
