/** The end of an experiment with more results than are looked at in one part, on a real results file. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { finishExperiment } from '../../src/activities/finish-experiment';
import { openStore, type Store } from '../../src/store/open-store';
import { inFolder, writeStudy } from '../helpers/client-process';
import { answered, failed, saveOutcomes, startStored } from '../helpers/stored-study';

const N = 4500;
const STOPPED = new Error('told to stop');

/** All is answered as labelled (every third is yes), the last by an error; what is left is the end. */
async function withAnswered(
  work: (store: Store, id: string, folder: string) => Promise<void>,
): Promise<void> {
  await inFolder(async (folder) => {
    writeStudy(folder, { apiUrl: 'http://127.0.0.1:9/v1', nNarratives: N, savesCsvJson: true });
    const store = openStore(join(folder, 'study.db'));
    try {
      const { experimentId: id } = startStored(store, folder).decision;
      const outcomes = Array.from({ length: N - 1 }, (_, index) => answered(index % 3 === 0));
      saveOutcomes(store, id, [...outcomes, failed()]);
      store.passes.finish(id, 0);
      await work(store, id, folder);
    } finally {
      store.close();
    }
  });
}

const exportsIn = (folder: string): string[] =>
  readdirSync(folder).filter((name) => /experiment_|\.tmp$/.test(name));

it('ends it in parts, between which others write', async () => {
  await withAnswered(async (store, id, folder) => {
    let nParts = 0;
    const outcome = await finishExperiment(store, id, () => {
      nParts += 1;
      store.events.add(id, 'waiting');
    });
    expect(nParts).toBeGreaterThan(4);
    expect(outcome).toEqual({
      status: 'completed_with_errors',
      reason: null,
      nTotal: N,
      nCompleted: N,
      nErrors: 1,
    });
    expect(store.experiments.get(id)).toMatchObject({
      n_true_positive: N / 3,
      n_true_negative: (N * 2) / 3 - 1,
      n_false_positive: 0,
      n_false_negative: 0,
      accuracy: 1,
      avg_time_per_narrative_sec: 1.5,
    });
    expect(exportsIn(folder)).toHaveLength(2);
  });
});

it('told to stop between two parts it leaves nothing half done, and ends when it is begun again', async () => {
  await withAnswered(async (store, id, folder) => {
    for (const nParts of [1, 3, 5]) {
      let left = nParts;
      const stopping = finishExperiment(store, id, () => {
        if ((left -= 1) === 0) throw STOPPED;
      });
      await expect(stopping).rejects.toBe(STOPPED);
      expect(store.experiments.get(id)).toMatchObject({ end_time: null, accuracy: null, csv_file: null });
      expect(exportsIn(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    }
    const { status } = await finishExperiment(store, id, () => {});
    expect(status).toBe('completed_with_errors');
  });
});

it('counts labels that another process brought meanwhile', async () => {
  await withAnswered(async (store, id) => {
    const other = new Database(store.file);
    let isFirst = true;
    await finishExperiment(store, id, () => {
      if (isFirst) other.exec("UPDATE source_narratives SET manual_flag_ind = 0 WHERE incident_id = '0'");
      isFirst = false;
    });
    other.close();
    expect(store.experiments.get(id)).toMatchObject({ n_true_positive: N / 3 - 1, n_false_positive: 1 });
  });
});

it('leaves alone what was cancelled, or given another pass, meanwhile', async () => {
  await withAnswered(async (store, id) => {
    store.experiments.setStatus(id, 'running', null);
    const retried = await finishExperiment(store, id, () => store.passes.requestRetry(id, null));
    expect(retried.status).toBe('running');
    store.passes.finish(id, 1);
    const cancelled = await finishExperiment(store, id, () =>
      store.experiments.setStatus(id, 'cancelled', 'cancelled by hand'),
    );
    expect(cancelled).toMatchObject({ status: 'cancelled', reason: 'cancelled by hand' });
    expect(store.experiments.get(id)).toMatchObject({ accuracy: null });
  });
});
