/** Questions whose answers must not take longer, or more memory, the longer a list is: what they answer stays the same. */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Store } from '../../src/store/open-store';
import { inFolder, query, writeStudy } from '../helpers/client-process';
import { answered, failed, saveOutcomes, startStored, withStore } from '../helpers/stored-study';

const N = 1250;

async function withExperiment(work: (store: Store, id: string, folder: string) => void): Promise<void> {
  await inFolder((folder) => {
    writeStudy(folder, { apiUrl: 'http://127.0.0.1:9/v1', nNarratives: N });
    withStore(folder, (store) => work(store, startStored(store, folder).decision.experimentId, folder));
    return Promise.resolve();
  });
}

const answers = (count: number) => Array.from({ length: count }, (_, index) => answered(index % 2 === 0));

describe('open batches', () => {
  it('are listed on from where the last look found them', async () => {
    await withExperiment((store, id) => {
      expect(store.passes.listOpenBatches(id, 0, 2)).toEqual([0, 1]);
      saveOutcomes(store, id, answers(320));
      expect(store.passes.listOpenBatches(id, 0, 3)).toEqual([3, 4, 5]);
      saveOutcomes(store, id, answers(30), { from: 320 });
      expect(store.passes.listOpenBatches(id, 0, 100)).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    });
  });

  it('are looked for in the whole list before it counts as done', async () => {
    await withExperiment((store, id) => {
      saveOutcomes(store, id, answers(N - 1));
      expect(store.passes.listOpenBatches(id, 0, 5)).toEqual([12]);
      saveOutcomes(store, id, answers(1), { from: N - 1 });
      const byHand = new Database(store.file);
      byHand.exec('DELETE FROM narrative_results WHERE row_num = 205');
      byHand.close();
      expect(store.passes.listOpenBatches(id, 0, 5)).toEqual([2]);
    });
  });

  it('of a retry pass are those with an older error', async () => {
    await withExperiment((store, id) => {
      const outcomes = answers(N).map((outcome, index) => (index % 500 === 0 ? failed() : outcome));
      saveOutcomes(store, id, outcomes);
      expect(store.passes.listOpenBatches(id, 0, 5)).toEqual([]);
      store.passes.finish(id, 0);
      store.passes.requestRetry(id, null);
      expect(store.passes.listOpenBatches(id, 1, 5)).toEqual([0, 5, 10]);
      saveOutcomes(store, id, [failed()], { pass: 1 });
      expect(store.passes.listOpenBatches(id, 1, 5)).toEqual([5, 10]);
    });
  });
});

it('what is left of a retry pass is counted anew only now and then where counting takes long, and for each pass', async () => {
  let stepMs = 0;
  let nowMs = 0;
  const clock = { now: () => new Date(), monotonicMs: () => (nowMs += stepMs) };
  await inFolder((folder) => {
    writeStudy(folder, { apiUrl: 'http://127.0.0.1:9/v1', nNarratives: 40 });
    withStore(
      folder,
      (store) => {
        const id = startStored(store, folder).decision.experimentId;
        const settle = (from: number, pass: number): void =>
          saveOutcomes(store, id, [answered(true)], { from, pass });
        const left = (): number => store.passes.countRemaining(id);
        saveOutcomes(
          store,
          id,
          Array.from({ length: 40 }, () => failed()),
        );
        store.passes.finish(id, 0);
        store.passes.requestRetry(id, null);
        expect(left()).toBe(40);
        settle(0, 1);
        expect(left()).toBe(39); // a quick count is made each time
        stepMs = 60;
        expect(left()).toBe(39);
        settle(1, 1);
        expect(left()).toBe(39);
        nowMs += 20 * 60;
        expect(left()).toBe(38);
        store.passes.finish(id, 1);
        expect(left()).toBe(0);
        store.passes.requestRetry(id, null);
        expect(left()).toBe(38);
      },
      clock,
    );
    return Promise.resolve();
  });
});

it('the flags of a result are right from its first moment, and when an error gives way to an answer', async () => {
  await withExperiment((store, id, folder) => {
    const flags = (): unknown[] =>
      query(
        join(folder, 'study.db'),
        `SELECT is_true_positive AS tp, is_true_negative AS tn, is_false_positive AS fp, is_false_negative AS fn
         FROM narrative_results ORDER BY row_num`,
      );
    // Narratives 0 and 3 are labelled yes.
    saveOutcomes(store, id, [answered(true), answered(true), answered(false), answered(false), failed()]);
    const none = { tp: 0, tn: 0, fp: 0, fn: 0 };
    const first = [{ tp: 1 }, { fp: 1 }, { tn: 1 }, { fn: 1 }].map((flag) => ({ ...none, ...flag }));
    expect(flags()).toEqual([...first, { tp: null, tn: null, fp: null, fn: null }]);
    saveOutcomes(store, id, [answered(true)], { from: 4, pass: 1 });
    expect(flags().at(-1)).toEqual({ ...none, fp: 1 });
  });
});

it('an export holds all results in the order of the list, and last what does not stand on it', async () => {
  await withExperiment((store, id) => {
    saveOutcomes(store, id, answers(N - 100), { from: 100 });
    saveOutcomes(store, id, answers(100));
    const places = (): unknown[] => [...store.inspection.exportRows(id, false)].map((row) => row.row_num);
    expect(places()).toEqual(Array.from({ length: N }, (_, index) => index + 1));
    const byHand = new Database(store.file);
    byHand.exec('DELETE FROM experiment_narratives WHERE position IN (3, 600)');
    byHand.close();
    expect(places()).toHaveLength(N);
    expect(places().slice(-2)).toEqual([4, 601]);
  });
});

it.each([
  ['plain texts', ['a', 'abc', 'ab'], 3],
  ['one of fewer characters and more bytes', ['äöüß', 'abcdef', 'a'], 6],
  ['many bytes a character', ['🙂🙂', 'abc', ''], 3],
])('the longest narrative is that of the most characters: %s', async (_name, texts, longest) => {
  await withExperiment((store, id) => {
    const byHand = new Database(store.file);
    byHand.exec("UPDATE source_narratives SET narrative_text = ''");
    const set = byHand.prepare('UPDATE source_narratives SET narrative_text = ? WHERE narrative_id = ?');
    texts.forEach((text, index) => set.run(text, 700 + index));
    byHand.close();
    expect(store.lists.longestNarrativeChars(id)).toBe(longest);
  });
});
