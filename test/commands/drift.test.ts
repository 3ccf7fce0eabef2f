/** An experiment that goes on is the one that began: its settings and texts are verified at every start and resume. */
import { readFileSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkSource } from '../../src/commands/check-source';
import { describeFound } from '../../src/commands/describe-found';
import { inFolder, query, runClient, writeStudy } from '../helpers/client-process';
import { answered, saveOutcomes, startStored, withStore } from '../helpers/stored-study';

jest.setTimeout(60_000);

const NOWHERE = 'http://127.0.0.1:9/v1/chat/completions';
const START = ['start', '--config', 'study.yaml', '--db', 'study.db'];
const RESUME = ['resume', '--db', 'study.db'];

const replaceIn = (folder: string, name: string, from: string | RegExp, to: string): void => {
  const file = join(folder, name);
  const text = readFileSync(file, 'utf8');
  expect(text).toMatch(from);
  writeFileSync(file, text.replace(from, to));
};

/** A study of six narratives of which two are answered; gives its id. */
function begin(folder: string): string {
  writeStudy(folder, { apiUrl: NOWHERE, nNarratives: 6 });
  return withStore(folder, (store) => {
    const { decision } = startStored(store, folder);
    saveOutcomes(store, decision.experimentId, [answered(true), answered(false)]);
    store.experiments.setStatus(decision.experimentId, 'paused', 'interrupted');
    return decision.experimentId;
  });
}

const kinds = (folder: string): string[] =>
  query<{ kind: string; detail: string }>(
    join(folder, 'study.db'),
    "SELECT kind, detail FROM experiment_events WHERE kind <> 'created' ORDER BY event_id",
  ).map(({ kind, detail }) => `${kind}: ${detail}`);

describe('a start with another', () => {
  it.each<[string, [string | RegExp, string], RegExp[]]>([
    [
      'model',
      [/name: simulated-model/, 'name: other-model'],
      [/model\.name: simulated-model -> other-model/],
    ],
    ['temperature', [/temperature: 0.0/, 'temperature: 0.7'], [/model\.temperature: 0 -> 0\.7/]],
    [
      'prompt',
      [/Answer with/, 'Reply with'],
      [/prompt\.system_prompt: changed \(sha256/, /\[-Answer-\]\{\+Reply\+\} with a JSON object/],
    ],
    ['limit', [/run: \{/, 'run: {max_narratives: 3, '], [/run\.max_narratives: all -> 3/]],
  ])('%s is refused with exit 4 and the difference', async (_what, [from, to], expected) => {
    await inFolder(async (folder) => {
      const id = begin(folder);
      replaceIn(folder, 'study.yaml', from, to);
      const run = await runClient(START, { cwd: folder });
      expect(run).toMatchObject({ code: 4, stdout: '' });
      for (const pattern of expected) expect(run.stderr).toMatch(pattern);
      expect(run.stderr).toContain(`client resume ${id}`);
      expect(run.stderr).toContain('--new');
      expect(kinds(folder)).toEqual([]);
    });
  });

  it('text in the data file is refused, as is a resume, by ids and without any text', async () => {
    await inFolder(async (folder) => {
      const id = begin(folder);
      replaceIn(folder, 'data.csv', 'Case 4:', 'ZQX-CANARY:');
      replaceIn(folder, 'data.csv', /^5,cme/m, '77,cme');
      for (const command of [START, RESUME, ['resume', id, '--db', 'study.db']]) {
        const run = await runClient(command, { cwd: folder });
        expect(run.code).toBe(4);
        expect(run.stderr).toMatch(/1 added: 77 cme\n\s+1 removed: 5 cme\n\s+1 changed: 4 cme\n/);
        expect(run.stderr).not.toContain('ZQX-CANARY');
      }
      expect(kinds(folder)).toEqual([]);
    });
  });
});

describe('the data file', () => {
  it('that was only touched or written anew with the same texts and labels is fine', async () => {
    await inFolder((folder) => {
      const id = begin(folder);
      utimesSync(join(folder, 'data.csv'), 1, 1);
      withStore(folder, (store) => {
        expect(checkSource(store, store.experiments.get(id)!)).toEqual({ dataset: null, notice: null });
        expect(startStored(store, folder).notices).toEqual([]);
        replaceIn(folder, 'data.csv', /^1,cme/m, ' 1,cme');
        expect(startStored(store, folder).notices).toEqual([]);
      });
      return Promise.resolve();
    });
  });

  it('that is gone is a notice, for a start and for a resume', async () => {
    await inFolder((folder) => {
      const id = begin(folder);
      renameSync(join(folder, 'data.csv'), join(folder, 'elsewhere.csv'));
      withStore(folder, (store) => {
        const check = checkSource(store, store.experiments.get(id)!);
        expect(check.dataset).toBeNull();
        expect(check.notice).toMatch(/data\.csv is gone; its texts are in the results file/);
        expect(startStored(store, folder).decision).toMatchObject({
          kind: 'run',
          experimentId: id,
          create: false,
        });
      });
      return Promise.resolve();
    });
  });

  it('that moved along with its config goes on and is looked for there from now on', async () => {
    await inFolder((folder) => {
      const id = begin(folder);
      renameSync(join(folder, 'data.csv'), join(folder, 'moved.csv'));
      replaceIn(folder, 'study.yaml', 'data.csv', 'moved.csv');
      withStore(folder, (store) => {
        expect(startStored(store, folder).decision).toMatchObject({ experimentId: id, create: false });
        expect(store.experiments.get(id)!.data_file).toBe(join(folder, 'moved.csv'));
      });
      expect(kinds(folder)).toEqual([
        expect.stringMatching(/^settings_changed: data\.file: .*data.csv -> .*moved.csv$/),
      ]);
      return Promise.resolve();
    });
  });

  it('that can no longer be read is refused with what to do', async () => {
    await inFolder(async (folder) => {
      begin(folder);
      writeFileSync(join(folder, 'data.csv'), 'a,b\n1,2\n');
      const run = await runClient(RESUME, { cwd: folder });
      expect(run.code).toBe(2);
      expect(run.stderr).toMatch(/data\.csv: its columns are not recognised/);
    });
  });
});

it('harmless changes are taken over and recorded as old -> new', async () => {
  await inFolder((folder) => {
    const id = begin(folder);
    replaceIn(folder, 'study.yaml', 'name: crash study', 'name: crash study, author: A. Body');
    replaceIn(folder, 'study.yaml', 'concurrency: 8', 'concurrency: 3, batch_size: 7');
    replaceIn(folder, 'study.yaml', NOWHERE, 'http://127.0.0.1:10/v1');
    withStore(folder, (store) => {
      const { decision, notices } = startStored(store, folder);
      expect(decision).toMatchObject({ kind: 'run', experimentId: id, create: false });
      expect(notices).toEqual([
        'Taken over from the config: model.api_url: http://127.0.0.1:9/v1/chat/completions -> http://127.0.0.1:10/v1/chat/completions',
        'Taken over from the config: run.concurrency: 8 -> 3',
        'Taken over from the config: experiment.author: none -> A. Body',
        expect.stringMatching(/^run\.batch_size stays 100: /),
      ]);
      expect(store.experiments.get(id)).toMatchObject({
        batch_size: 100,
        api_url: 'http://127.0.0.1:10/v1/chat/completions',
      });
      expect(startStored(store, folder).notices).toEqual([expect.stringMatching(/^run\.batch_size stays/)]);
    });
    expect(kinds(folder)).toEqual([
      expect.stringMatching(/^endpoint_changed: model\.api_url: .* -> .*; run\.concurrency: 8 -> 3$/),
      'settings_changed: experiment.author: none -> A. Body',
    ]);
    return Promise.resolve();
  });
});

it.each<[string | null, string, RegExp]>([
  [
    '2026-11-23T10:00:00.000Z',
    '2026-11-23T10:30:30.000Z',
    /stood still since 2026-11-23T10:00:00\.000Z, 30 min ago\. Going/,
  ],
  ['2026-11-23T10:00:00.000Z', '2026-11-23T12:05:00.000Z', /, 2 h 5 min ago\./],
  ['2026-11-23T10:00:00.000Z', '2026-11-25T10:00:00.000Z', /, 2 days ago\./],
  ['2026-11-23T10:00:00.000Z', '2026-11-22T10:00:00.000Z', /since 2026-11-23T10:00:00\.000Z\. Going/],
  [null, '2026-11-22T10:00:00.000Z', /, paused \(interrupted\)\. Going/],
])('what stood still since %s is described at %s', (movedAt, now, expected) => {
  const row = {
    experiment_id: 'study-1',
    n_narratives_completed: 50,
    n_narratives_total: 200,
    status: 'paused',
    status_reason: 'interrupted',
  };
  const line = describeFound(row as never, movedAt, Date.parse(now));
  expect(line).toMatch(/^Found study-1: 50 of 200 \(25\.0 %\), paused \(interrupted\)/);
  expect(line).toMatch(expected);
});
