/** Several data files and experiments in one results file: the database knows what belongs together. */
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExperimentRow } from '../../src/store/experiments';
import type { Store } from '../../src/store/open-store';
import { inFolder, query, writeStudy } from '../helpers/client-process';
import { answered, saveOutcomes, startStored, withStore } from '../helpers/stored-study';

const NOWHERE = 'http://127.0.0.1:9/v1/chat/completions';

function inStudy(nNarratives: number, work: (store: Store, folder: string) => void): Promise<void> {
  return inFolder((folder) => {
    writeStudy(folder, { apiUrl: NOWHERE, nNarratives });
    withStore(folder, (store) => work(store, folder));
    return Promise.resolve();
  });
}

function writeConfig(folder: string, name: string, replacements: [string | RegExp, string][]): void {
  const text = readFileSync(join(folder, 'study.yaml'), 'utf8');
  writeFileSync(
    join(folder, name),
    replacements.reduce((config, [from, to]) => config.replace(from, to), text),
  );
}

const idOf = (store: Store, folder: string, options = {}): string =>
  startStored(store, folder, options).decision.experimentId;

function complete(store: Store, id: string): ExperimentRow {
  const { n_narratives_total: total } = store.experiments.get(id)!;
  saveOutcomes(
    store,
    id,
    Array.from({ length: total }, () => answered(true)),
  );
  store.passes.finish(id, 0);
  store.experiments.setStatus(id, 'completed', null);
  return store.experiments.get(id)!;
}

const textsOf = (store: Store, id: string): string[] =>
  store.passes.listNarrativesToLabel(id, 0, 0).map(({ text }) => text);

it('the same incident in two files is two narratives, each asked with the text of its own file', async () => {
  await inStudy(3, (store, folder) => {
    const first = idOf(store, folder);
    writeFileSync(
      join(folder, 'other.csv'),
      'incident_id,narrative_type,narrative_text\n1,cme,Another text of incident one.\n7,le,Seven.\n',
    );
    writeConfig(folder, 'other.yaml', [
      ['data.csv', 'other.csv'],
      ['crash study', 'other study'],
    ]);
    const second = idOf(store, folder, { config: 'other.yaml' });
    expect(second).not.toBe(first);
    expect(textsOf(store, second)).toEqual(['Another text of incident one.', 'Seven.']);
    expect(textsOf(store, first)).toHaveLength(3);
    expect(textsOf(store, first)).not.toContain('Another text of incident one.');
    complete(store, first);
    expect(complete(store, second)).toMatchObject({ n_narratives_completed: 2 });
    expect(store.completion.count(first)).toMatchObject({ nTotal: 3, nRows: 3, countersAgree: true });
  });
});

it('the same texts under another path or spelling of it are one dataset and one experiment', async () => {
  await inStudy(3, (store, folder) => {
    const first = idOf(store, folder);
    copyFileSync(join(folder, 'data.csv'), join(folder, 'copy.csv'));
    writeConfig(folder, 'copy.yaml', [['data.csv', 'copy.csv']]);
    writeConfig(folder, 'dotted.yaml', [['data.csv', './/data.csv']]);
    expect(idOf(store, folder, { config: 'copy.yaml' })).toBe(first);
    expect(idOf(store, folder, { config: 'dotted.yaml' })).toBe(first);
    expect(query(store.file, 'SELECT * FROM datasets')).toHaveLength(1);
    expect(query(store.file, 'SELECT * FROM source_narratives')).toHaveLength(3);
  });
});

it('a new version of a file is a new dataset and, once the old experiment has ended, a new experiment', async () => {
  await inStudy(3, (store, folder) => {
    const first = idOf(store, folder);
    complete(store, first);
    writeFileSync(
      join(folder, 'data.csv'),
      readFileSync(join(folder, 'data.csv'), 'utf8').replace('Case 1:', 'Case one:'),
    );
    const second = idOf(store, folder);
    expect(second).not.toBe(first);
    expect(query(store.file, 'SELECT * FROM datasets')).toHaveLength(2);
    expect(textsOf(store, second)[1]).toMatch(/^Case one:/);
    expect(store.completion.count(first)).toMatchObject({ nTotal: 3, nRows: 3 });
  });
});

it('a limited experiment stays limited: on going on, after its end, and beside the full one', async () => {
  await inStudy(16, (store, folder) => {
    const limited = idOf(store, folder, { limit: 10 });
    expect(store.experiments.get(limited)).toMatchObject({ n_narratives_total: 10 });
    saveOutcomes(store, limited, [answered(true), answered(false)]);
    expect(idOf(store, folder, { limit: 10 })).toBe(limited);
    expect(textsOf(store, limited)).toHaveLength(8);
    expect(() => startStored(store, folder)).toThrow(/run\.max_narratives: 10 -> all/);
    saveOutcomes(
      store,
      limited,
      Array.from({ length: 8 }, () => answered(true)),
      { from: 2 },
    );
    store.passes.finish(limited, 0);
    store.experiments.setStatus(limited, 'completed', null);
    const full = idOf(store, folder);
    expect(full).not.toBe(limited);
    expect(store.experiments.get(full)).toMatchObject({ n_narratives_total: 16 });
    expect(store.experiments.get(limited)).toMatchObject({ n_narratives_total: 10 });
    expect(startStored(store, folder, { limit: 10 }).decision).toMatchObject({
      kind: 'nothing',
      exitCode: 0,
    });
  });
});

it('a limit of all that there is is the full experiment', async () => {
  await inStudy(5, (store, folder) => {
    const full = idOf(store, folder);
    expect(idOf(store, folder, { limit: 5 })).toBe(full);
    expect(idOf(store, folder, { limit: 500 })).toBe(full);
  });
});

describe('corrected labels in the same file', () => {
  const correct = (folder: string): void => {
    const file = join(folder, 'data.csv');
    writeFileSync(file, readFileSync(file, 'utf8').replace(/^(0,.*),1$/m, '$1,0'));
  };

  it('are taken over while the experiment goes on, with a notice and an event', async () => {
    await inStudy(4, (store, folder) => {
      const id = idOf(store, folder);
      saveOutcomes(store, id, [answered(true)]);
      correct(folder);
      const { decision, notices } = startStored(store, folder);
      expect(decision).toMatchObject({ kind: 'run', experimentId: id, create: false });
      expect(notices).toEqual([expect.stringMatching(/other labels for 1 narratives/)]);
      expect(store.events.list(id).map(({ kind }) => kind)).toEqual(['created', 'labels_changed']);
      expect(query(store.file, 'SELECT manual_flag_ind, is_false_positive FROM narrative_results')).toEqual([
        { manual_flag_ind: 0, is_false_positive: 1 },
      ]);
    });
  });

  it('change the metrics of a completed experiment and begin no new one', async () => {
    await inStudy(4, (store, folder) => {
      const id = idOf(store, folder);
      complete(store, id);
      correct(folder);
      const { decision, notices } = startStored(store, folder);
      expect(decision).toMatchObject({ kind: 'nothing', experimentId: id, exitCode: 0 });
      expect(notices).toHaveLength(1);
      expect(store.experiments.get(id)).toMatchObject({ n_true_positive: 1, n_false_positive: 3 });
      expect(query(store.file, 'SELECT * FROM datasets')).toHaveLength(1);
      expect(startStored(store, folder).notices).toEqual([]);
    });
  });

  it('that are blank erase nothing', async () => {
    await inStudy(4, (store, folder) => {
      idOf(store, folder);
      const file = join(folder, 'data.csv');
      writeFileSync(file, readFileSync(file, 'utf8').replaceAll(/,[01]$/gm, ','));
      expect(startStored(store, folder).notices).toEqual([]);
      expect(query(store.file, 'SELECT * FROM source_narratives WHERE manual_flag_ind IS NULL')).toEqual([]);
    });
  });
});

it('replicates and new experiments share the texts, which are stored once', async () => {
  await inStudy(3, (store, folder) => {
    const first = idOf(store, folder);
    const second = idOf(store, folder, { replicate: 2 });
    const third = idOf(store, folder, { isNew: true });
    expect([second, third]).toEqual([`${first}-r2`, `${first}-r3`]);
    expect(query(store.file, 'SELECT * FROM source_narratives')).toHaveLength(3);
    complete(store, second);
    expect(store.experiments.get(first)).toMatchObject({ n_narratives_completed: 0 });
  });
});
