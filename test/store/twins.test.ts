/** Each text asked once: the results of twins on a real results file. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { requestRetry } from '../../src/activities/experiment-activities';
import { checkFile } from '../../src/store/check/check-file';
import type { Store } from '../../src/store/open-store';
import type { Outcome } from '../../src/store/results';
import { inFolder, query, writeStudy } from '../helpers/client-process';
import { answered, failed, finish, saveOutcomes, startStored, withStore } from '../helpers/stored-study';

const NOWHERE = 'http://127.0.0.1:9/v1/chat/completions';

interface Row {
  row_num: number;
  detected: 0 | 1 | null;
  error_occurred: 0 | 1;
  pass: number;
  n_attempts: number;
  n_calls: number;
  tokens_used: number | null;
  response_sec: number | null;
  answer_of: number | null;
}

/** A study whose texts are named by letters: the same letter is the same text. */
async function inStudy(
  texts: string,
  work: (store: Store, id: string, db: string) => void,
  { run = 'ask_once: true' } = {},
): Promise<void> {
  await inFolder((folder) => {
    writeStudy(folder, { apiUrl: NOWHERE, nNarratives: 1 });
    const yaml = `experiment: {name: twins}
model: {name: m, api_url: ${NOWHERE}, temperature: 0.0}
prompt: {version: v1, system_prompt: s, user_template: "<<TEXT>>"}
data: {file: data.csv}
run: {batch_size: 2, ${run}}
`;
    writeFileSync(join(folder, 'study.yaml'), yaml);
    const rows = [...texts].map((letter, index) => `${index},cme,text ${letter},${index % 2}`);
    writeFileSync(
      join(folder, 'data.csv'),
      ['incident_id,narrative_type,narrative_text,manual_flag_ind', ...rows].join('\n'),
    );
    withStore(folder, (store) => {
      const { decision } = startStored(store, folder);
      work(store, decision.experimentId, join(folder, 'study.db'));
    });
  });
}

const rowsOf = (db: string): Row[] =>
  query<Row>(
    db,
    `SELECT row_num, detected, error_occurred, pass, n_attempts, n_calls, tokens_used, response_sec, answer_of
     FROM narrative_results ORDER BY row_num`,
  );

const openPositions = (store: Store, id: string, pass: number): number[] =>
  store.passes
    .listOpenBatches(id, pass, 100)
    .flatMap((batch) => store.passes.listNarrativesToLabel(id, pass, batch))
    .map(({ position }) => position);

const findings = (db: string): string[] => checkFile(db)!.flatMap((check) => check.findings);

it('only the first narrative with a text is asked, and batches of twins alone are never open', async () => {
  await inStudy('abcaabca', (store, id) => {
    expect(openPositions(store, id, 0)).toEqual([0, 1, 2]);
    expect(store.passes.listOpenBatches(id, 0, 100)).toEqual([0, 1]);
    expect(store.passes.countRemaining(id)).toBe(8);
    expect(store.passes.countToAsk(id)).toBe(3);
    expect(store.experiments.get(id)).toMatchObject({ n_narratives_total: 8, n_twins_total: 5 });
  });
});

it('a text is the same to the letter only', async () => {
  await inStudy('aA', (store, id) => void expect(store.passes.countToAsk(id)).toBe(2));
});

it('without ask_once every narrative is asked', async () => {
  await inStudy('aaa', (store, id) => void expect(openPositions(store, id, 0)).toEqual([0, 1, 2]), {
    run: 'seed: 1',
  });
});

it.each([
  ['run.max_narratives', 'ask_once: true, max_narratives: 3', 2],
  ['run.sample', 'ask_once: true, sample: 3', null],
])('with %s the first of a text is the first on the list', async (_key, run, nAsked) => {
  await inStudy(
    'baabcab',
    (store, id, db) => {
      const { n_narratives_total: total, n_twins_total: nTwins } = store.experiments.get(id)!;
      const texts = query<{ text: string }>(
        db,
        `SELECT DISTINCT s.narrative_text AS text FROM experiment_narratives JOIN source_narratives s USING (narrative_id)`,
      );
      expect(total).toBe(3);
      expect(total - nTwins).toBe(texts.length);
      if (nAsked !== null) expect(texts).toHaveLength(nAsked);
      expect(findings(db)).toEqual([]);
    },
    { run },
  );
});

it('twins take the answer with labels of their own, in the same transaction, and cost nothing', async () => {
  await inStudy('aab', (store, id, db) => {
    saveOutcomes(store, id, [answered(true)]);
    const [first, twin] = rowsOf(db);
    expect(rowsOf(db)).toHaveLength(2);
    expect(first).toMatchObject({ detected: 1, n_attempts: 1, n_calls: 1, tokens_used: 15, answer_of: null });
    expect(twin).toMatchObject({
      detected: 1,
      n_attempts: 0,
      n_calls: 0,
      tokens_used: null,
      response_sec: null,
      answer_of: 1,
    });
    expect(store.experiments.get(id)).toMatchObject({
      n_narratives_completed: 2,
      n_positive_detected: 2,
      n_twins_completed: 1,
    });
    expect(store.passes.countToAsk(id)).toBe(1);
    saveOutcomes(store, id, [answered(false)], { from: 2 });
    finish(store, id);
    expect(store.experiments.get(id)).toMatchObject({
      status: 'completed',
      n_false_positive: 1, // the first is labelled no, its twin yes
      n_true_positive: 1,
      avg_time_per_narrative_sec: 1.5,
    });
    expect(store.statistics.summarize(id)).toMatchObject({ nCalls: 2, nAttempts: 2, promptTokens: 20 });
    expect(store.inspection.listAttempts(id, 2)).toEqual([]);
    expect(findings(db)).toEqual([]);
  });
});

it('an error is given to twins, asked again once, and gives way in all of them alike', async () => {
  await inStudy('aaba', (store, id, db) => {
    saveOutcomes(store, id, [failed('first try'), undefined, answered(false)]);
    finish(store, id);
    expect(store.experiments.get(id)).toMatchObject({ status: 'completed_with_errors', n_errors: 3 });
    expect(store.passes.countErrors(id, null)).toBe(1);
    expect(store.passes.countErrors(id, ['parse'])).toBe(0);
    expect(requestRetry(store, { experimentId: id, categories: ['timeout'] })).toBe(1);
    expect(openPositions(store, id, 1)).toEqual([0]);
    expect(store.passes.countToAsk(id)).toBe(1);
    expect(store.passes.countRemaining(id)).toBe(3);

    saveOutcomes(store, id, [failed('second try')], { pass: 1 });
    expect(rowsOf(db).map(({ pass }) => pass)).toEqual([1, 1, 0, 1]);
    expect(store.experiments.get(id)).toMatchObject({ n_errors: 3, n_narratives_completed: 4 });
    store.passes.finish(id, 1);
    expect(requestRetry(store, { experimentId: id, categories: null })).toBe(1);
    saveOutcomes(store, id, [answered(true)], { pass: 2 });
    store.passes.finish(id, 2);
    finish(store, id);
    expect(store.experiments.get(id)).toMatchObject({
      status: 'completed',
      n_errors: 0,
      n_positive_detected: 3,
      n_twins_completed: 2,
    });
    expect(
      query(db, 'SELECT DISTINCT first_error_message FROM narrative_results WHERE detected = 1'),
    ).toEqual([{ first_error_message: 'first try' }]);
    expect(findings(db)).toEqual([]);
  });
});

it('an answer that comes late replaces neither the answer nor that of its twins', async () => {
  await inStudy('aa', (store, id, db) => {
    const narrativeId = store.passes.listNarrativesToLabel(id, 0, 0)[0]!.narrativeId;
    saveOutcomes(store, id, [answered(true)]);
    const before = rowsOf(db);
    for (const outcome of [answered(false), failed()]) {
      store.results.save([
        {
          experimentId: id,
          position: 0,
          narrativeId,
          pass: 1,
          startedAt: '2026-01-01T00:00:00.000Z',
          responseMs: 1,
          calls: 1,
          endpoint: 'e',
          outcome,
          reply: null,
        },
      ]);
    }
    expect(rowsOf(db)).toEqual(before);
    expect(findings(db)).toEqual([]);
  });
});

it('whatever comes in whatever order, counters, twins and rows agree', async () => {
  const outcome: fc.Arbitrary<Outcome> = fc.oneof(
    fc.boolean().map((detected) => answered(detected)),
    fc.constant(failed()),
    fc.constant(failed('not JSON', 'parse')),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.stringMatching(/^[abcd]{1,12}$/),
      fc.array(fc.array(fc.option(outcome, { nil: undefined }), { minLength: 12, maxLength: 12 }), {
        minLength: 1,
        maxLength: 3,
      }),
      async (texts, passes) => {
        await inStudy(texts, (store, id, db) => {
          for (const [pass, outcomes] of passes.entries()) {
            if (pass > 0) store.passes.add(id, null, 0);
            const open = openPositions(store, id, pass);
            const toSave = Array.from({ length: texts.length }, (_, position) =>
              open.includes(position) ? outcomes[position] : undefined,
            );
            saveOutcomes(store, id, toSave, { pass });
            expect(findings(db)).toEqual([]);
          }
          const { n_narratives_completed: done, n_errors: nErrors } = store.experiments.get(id)!;
          const rows = rowsOf(db);
          expect(rows).toHaveLength(done);
          expect(rows.filter((row) => row.error_occurred === 1)).toHaveLength(nErrors);
          for (const row of rows) expect(row.n_calls > 0).toBe(row.answer_of === null);
        });
      },
    ),
    { numRuns: 25 },
  );
});

it('the estimate goes by the texts that are left to ask', async () => {
  await inFolder((folder) => {
    writeStudy(folder, { apiUrl: NOWHERE, nNarratives: 100, nTexts: 20, askOnce: true });
    const clock = { ms: 0 };
    withStore(
      folder,
      (store) => {
        const { experimentId: id } = startStored(store, folder).decision;
        store.experiments.setStatus(id, 'running', null);
        store.progress.begin(id);
        store.progress.tick(id);
        for (let position = 0; position < 10; position += 1) {
          clock.ms += 6000;
          saveOutcomes(store, id, [answered(true)], { from: position });
        }
        const row = store.experiments.get(id)!;
        expect(row.n_narratives_completed).toBe(50);
        expect(row.narratives_per_minute).toBeCloseTo(50, 0); // five results a text, ten texts a minute
        expect(Date.parse(row.estimated_completion_time!)).toBe(120_000); // ten texts more
      },
      { now: () => new Date(clock.ms), monotonicMs: () => clock.ms },
    );
  });
});

describe('db check', () => {
  it.each([
    ['a list', 'UPDATE experiment_narratives SET same_text_as = 1 WHERE position = 3', /with another text/],
    ['an answer', 'UPDATE narrative_results SET confidence = 0.1 WHERE row_num = 2', /not those of the one/],
    ['an origin', 'UPDATE narrative_results SET answer_of = 1 WHERE row_num = 3', /has not the same text/],
    ['a counter', 'UPDATE experiments SET n_twins_completed = 7', /n_twins_completed is 7, the rows are 2/],
  ])('finds %s of twins that is wrong', async (_what, sql, finding) => {
    await inStudy('aaba', (store, id, db) => {
      saveOutcomes(store, id, [answered(true), undefined, answered(false)]);
      finish(store, id);
      expect(findings(db)).toEqual([]);
      const database = new Database(db);
      database.exec(sql);
      database.close();
      expect(findings(db).join('\n')).toMatch(finding);
    });
  });
});
