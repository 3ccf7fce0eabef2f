/** `client watch` without a terminal, and what it reads. That it works in a real one is shown by npm run test:terminal. */
import { join } from 'node:path';
import { RecentActivity } from '../../src/commands/watch-view/recent-activity';
import { readWatched } from '../../src/commands/watch-view/watched-experiment';
import { openStoreForReading, type Store } from '../../src/store/open-store';
import { inFolder, runClient, startClient, until, writeStudy } from '../helpers/client-process';
import { answered, failed, finish, saveOutcomes, startStored, withStore } from '../helpers/stored-study';

jest.setTimeout(60_000);

const NOWHERE = 'http://127.0.0.1:9/v1/chat/completions';
const MARKER = 'ZQX-CANARY';

/** A study of six narratives, of which four have been asked. */
function makeStudy(folder: string, then: (store: Store, id: string) => void = () => undefined): string {
  writeStudy(folder, { apiUrl: NOWHERE, nNarratives: 6, marker: MARKER });
  return withStore(folder, (store) => {
    const id = startStored(store, folder).decision.experimentId;
    saveOutcomes(store, id, [answered(true), failed('no'), answered(false), failed('no', 'parse')]);
    then(store, id);
    return id;
  });
}

it.each([
  ['paused', 6],
  ['cancelled', 6],
] as const)('an experiment that is %s ends it with exit code %i', async (status, code) => {
  await inFolder(async (folder) => {
    const id = makeStudy(folder, (store, made) =>
      store.experiments.setStatus(made, status, 'the key is refused'),
    );
    const ended = await runClient(['watch', '--db', 'study.db'], { cwd: folder });
    expect(ended).toMatchObject({ code, stderr: '' });
    expect(ended.stdout).toMatch(new RegExp(`^status +${status}: the key is refused$`, 'm'));
    expect(ended.stdout).toContain(`client resume ${id}`);
    const json = await runClient(['watch', id, '--db', 'study.db', '--json'], { cwd: folder });
    expect(JSON.parse(json.stdout)).toMatchObject({ experiment_id: id, status });
  });
});

it('one that is completed is told as status tells it, with the exit code of its end', async () => {
  await inFolder(async (folder) => {
    makeStudy(folder, (store, id) => {
      saveOutcomes(store, id, [answered(true), answered(true)], { from: 4 });
      finish(store, id);
    });
    const ended = await runClient(['watch', '--db', 'study.db'], { cwd: folder });
    expect(ended.code).toBe(5);
    expect(ended.stdout).toMatch(/^status +completed_with_errors$/m);
  });
});

it('without a terminal there are plain lines at a rhythm, until it is told to leave', async () => {
  await inFolder(async (folder) => {
    makeStudy(folder, (store, id) => store.experiments.setStatus(id, 'running', null));
    const client = startClient(['watch', '--db', 'study.db', '--every', '1'], { cwd: folder });
    const lines = (): string[] => client.stdout().split('\n').slice(0, -1);
    await until(() => lines().length >= 3, 20_000, 'three lines');
    client.child.kill('SIGINT');
    expect(await client.ended).toBe(0);
    for (const line of lines())
      expect(line).toMatch(
        /^20\S+Z crash-study-\w+ 4\/6 \|.*\| 2 errors \|.* no process holds it: it stands still/,
      );
    expect(client.stdout()).not.toContain('\u001b');
    expect(client.stdout()).not.toContain(MARKER);
  });
});

it('says what to do where there is no experiment', async () => {
  await inFolder(async (folder) => {
    const ended = await runClient(['watch', '--db', 'none.db'], { cwd: folder });
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toContain('client start --config FILE');
  });
});

it('the last results are those of the last attempts, of retry passes too, and hold a text only where it is asked for', async () => {
  await inFolder((folder) => {
    const id = makeStudy(folder, (store, made) => {
      store.passes.finish(made, 0);
      store.passes.add(made, ['timeout'], 1);
      saveOutcomes(store, made, [answered(true, 0.7)], { from: 1, pass: 1 });
      store.endpoints.setState(made, {
        endpoint: 'http://127.0.0.1:9',
        concurrency: 8,
        in_flight: 3,
        health: 'open',
        reason: null,
      });
    });
    const store = openStoreForReading(join(folder, 'study.db'))!;
    const read = (textLength: number) =>
      readWatched(store, store.experiments.get(id)!, new RecentActivity(store), {
        owner: null,
        now: new Date(),
        nResults: 3,
        textLength,
      });
    const watched = read(0);
    expect(watched.lastResults.map((result) => [result.incident_id, result.detected, result.text])).toEqual([
      ['1', 1, null],
      ['3', null, null],
      ['2', 0, null],
    ]);
    expect(read(40).lastResults[0]!.text).toBe(`${MARKER} Case 1: the decedent was found at `.slice(0, 40));
    expect(watched.errors).toEqual([{ category: 'parse', count: 1 }]);
    expect(watched.tokens).toEqual({ total: 60, perResult: 15 });
    // Nobody holds the file, so what a worker said says nothing about now.
    expect(watched.endpoints).toEqual([
      { endpoint: 'http://127.0.0.1:9', concurrency: 8, inFlight: null, health: null, reason: null },
    ]);
    store.close();
    return Promise.resolve();
  });
});

it('each attempt of the last hour is counted once, however often one looks', async () => {
  await inFolder((folder) => {
    const id = makeStudy(folder);
    const store = openStoreForReading(join(folder, 'study.db'))!;
    const activity = new RecentActivity(store);
    const now = new Date('2026-01-01T00:10:00.000Z'); // the stored attempts began at midnight
    activity.update(now);
    activity.update(now);
    expect(activity.paceOf(id).lastHour(now.getTime())?.nResults).toBe(4);
    const tomorrow = new Date('2026-01-02T00:00:00.000Z');
    expect(new RecentActivity(store).paceOf(id).lastHour(tomorrow.getTime())).toBeNull();
    store.close();
    return Promise.resolve();
  });
});
