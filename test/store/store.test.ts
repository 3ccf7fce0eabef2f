/** The store on real SQLite files. */
import { spawnSync } from 'node:child_process';
import { readFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Answer } from '../../src/answer/parse-answer';
import { textsSha256, type SourceNarrative } from '../../src/dataset/read-dataset';
import { ResultsFileError } from '../../src/errors';
import { openStore, openStoreForReading, type Store } from '../../src/store/open-store';
import { ResultWriter } from '../../src/store/result-writer';
import type { Outcome, ResultToSave } from '../../src/store/results';

const ID = 'study-1';

let folder: string;
let file: string;
let clock: { wallMs: number; monotonicMs: number };
const openStores: Store[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'longhaul-'));
  file = join(folder, 'data', 'results.db');
  clock = { wallMs: Date.UTC(2026, 0, 1), monotonicMs: 0 };
});
afterEach(() => {
  for (const store of openStores.splice(0)) store.close();
  rmSync(folder, { recursive: true });
});

function open(): Store {
  const store = openStore(file, {
    now: () => new Date(clock.wallMs),
    monotonicMs: () => clock.monotonicMs,
  });
  openStores.push(store);
  return store;
}

function withExperiment(nNarratives: number, { limit = null as number | null, batchSize = 10 } = {}): Store {
  const store = open();
  const narratives: SourceNarrative[] = Array.from({ length: nNarratives }, (_, index) => ({
    incidentId: String(100_000 + index),
    narrativeType: 'cme',
    text: `text ${index}`,
    manualFlagInd: index % 2 === 0 ? 1 : 0,
    manualFlag: null,
    attributes: { SiteID: '7' },
  }));
  const { datasetId } = store.datasets.importDataset({
    file: 'data.csv',
    checksums: { sha256: 'a', md5: 'b' },
    textsSha256: textsSha256(narratives),
    narratives,
    nNarratives,
    report: {} as never,
  });
  store.experiments.create({
    experimentId: ID,
    fingerprint: 'f',
    replicate: 1,
    datasetId,
    textsSha256: textsSha256(narratives),
    promptSha256: 'p',
    frozen: {
      version: 1,
      name: 'study',
      author: null,
      notes: null,
      modelName: 'm',
      provider: null,
      temperature: 0,
      maxTokens: 100,
      maxTokensWritten: false,
      systemPrompt: 's',
      userTemplate: '<<TEXT>>',
      promptVersion: 'v1',
      seed: 123,
      maxNarratives: limit,
      batchSize,
      saveCsvJson: false,
      dataFile: 'data.csv',
    },
    endpoint: {
      apiUrl: 'http://127.0.0.1:1/v1/chat/completions',
      apiKeyEnv: null,
      allowedHosts: [],
      timeoutMs: 1,
      concurrency: 4,
    },
    host: { name: 'h', os: 'o' },
    version: '0.0.0',
  });
  store.passes.add(ID, null, limit ?? nNarratives);
  return store;
}

const answer = (detected: boolean): Outcome => ({
  kind: 'answer',
  parserVersion: 1,
  answer: {
    detected,
    confidence: 0.9,
    confidenceText: null,
    indicators: ['a'],
    rationale: 'r',
    reasoning: null,
    fields: '{}',
    notes: [],
  } satisfies Answer,
});

const error = (message = 'timed out'): Outcome => ({
  kind: 'error',
  category: 'timeout',
  code: null,
  httpStatus: null,
  message,
  reasoning: null,
  parserVersion: null,
});

function result(position: number, outcome: Outcome, pass = 0): ResultToSave {
  return {
    experimentId: ID,
    position,
    narrativeId: position + 1,
    pass,
    startedAt: '2026-01-01T00:00:00.000Z',
    responseMs: 1500,
    calls: 1,
    endpoint: 'http://127.0.0.1:1',
    outcome,
    reply: null,
  };
}

describe('the results file', () => {
  it('is ours, in WAL mode and durable, with the columns that users rely on', () => {
    open();
    const database = new Database(file, { readonly: true });
    expect(database.pragma('application_id', { simple: true })).toBe(0x4c4e4748);
    expect(database.pragma('journal_mode', { simple: true })).toBe('wal');
    const columns = (table: string): string[] =>
      (database.pragma(`table_info(${table})`) as { name: string }[]).map(({ name }) => name);
    expect(columns('source_narratives')).toHaveLength(11);
    expect(columns('narrative_results').slice(0, 25)).toEqual(PREDECESSOR_RESULT_COLUMNS);
    expect(columns('experiments').slice(0, 44)).toEqual(PREDECESSOR_EXPERIMENT_COLUMNS);
    database.close();
  });

  // strace is no part of what the tests may ask for; where it is not, the pragma checked above is the evidence.
  (hasStrace() ? it : it.skip)(
    'reaches the disk with each transaction: strace sees an fdatasync for each',
    () => {
      const script = `
      const { openStore } = require('${join(__dirname, '../../dist/store/open-store.js')}');
      const store = openStore(process.argv[1]);
      process.stderr.write('opened');
      for (let i = 0; i < 20; i++) {
        const dataset = { file: 'f', textsSha256: 't' + i, checksums: { sha256: 's' + i, md5: 'm' } };
        store.inTransaction(() => store.datasets.importDataset({ ...dataset, narratives: [], nNarratives: 0, report: {} }));
      }
      process.stderr.write('saved');
      store.close();`;
      const trace = join(folder, 'trace');
      const traced = [
        '-f',
        '-e',
        'trace=fsync,fdatasync,write',
        '-o',
        trace,
        process.execPath,
        '-e',
        script,
        file,
      ];
      expect(spawnSync('strace', traced).status).toBe(0);
      const [, saving = ''] = /"opened"([^]*)"saved"/.exec(readFileSync(trace, 'utf8')) ?? [];
      expect(saving.match(/f(?:data)?sync\(/g)).toHaveLength(20);
    },
  );

  it.each([
    [
      'text',
      () => writeFileSync(file, 'no database at all, only text that is long enough to be read as a page'),
    ],
    ['foreign', () => new Database(file).exec('CREATE TABLE t (x)').close()],
    [
      'newer',
      () => {
        open().close();
        new Database(file).pragma('user_version = 99');
      },
    ],
  ])('is refused and left as it was when it is %s', (_kind, make) => {
    open().close();
    openStores.splice(0);
    rmSync(file);
    rmSync(`${file}-wal`, { force: true });
    make();
    openStores.splice(0);
    expect(() => openStore(file)).toThrow(ResultsFileError);
    expect(() => openStoreForReading(file)).toThrow(ResultsFileError);
  });

  it('that is missing reads as none and is not made by looking', () => {
    expect(openStoreForReading(file)).toBeNull();
    expect(openStoreForReading(file)).toBeNull();
  });

  it('below a path that is no folder is refused', () => {
    writeFileSync(join(folder, 'plain'), '');
    expect(() => openStore(join(folder, 'plain', 'results.db'))).toThrow(ResultsFileError);
  });
});

describe('saving results', () => {
  it('moves the counters with the rows', () => {
    const store = withExperiment(10);
    store.results.save([result(0, answer(true)), result(1, answer(false)), result(2, error())]);
    expect(store.experiments.get(ID)).toMatchObject({
      n_narratives_completed: 3,
      n_errors: 1,
      n_positive_detected: 1,
    });
    expect(store.completion.count(ID)).toMatchObject({ nRows: 3, nErrors: 1, countersAgree: true });
  });

  it('never replaces an answer, neither by an error nor by another answer', () => {
    const store = withExperiment(10);
    store.results.save([result(0, answer(true))]);
    store.results.save([result(0, error(), 1)]);
    store.results.save([result(0, answer(false), 1)]);
    expect(store.experiments.get(ID)).toMatchObject({
      n_narratives_completed: 1,
      n_errors: 0,
      n_positive_detected: 1,
    });
    expect(store.completion.count(ID)).toMatchObject({ nPositive: 1, nErrors: 0, countersAgree: true });
  });

  it('replaces an error by a later answer and keeps the first error', () => {
    const store = withExperiment(10);
    store.results.save([result(0, error('first'))]);
    store.results.save([result(0, answer(true), 1)]);
    const database = new Database(file, { readonly: true });
    expect(
      database
        .prepare('SELECT detected, error_occurred, first_error_message, n_attempts FROM narrative_results')
        .get(),
    ).toEqual({
      detected: 1,
      error_occurred: 0,
      first_error_message: 'first',
      n_attempts: 2,
    });
    expect(
      database.prepare('SELECT error_message FROM result_attempts ORDER BY attempt_id').pluck().all(),
    ).toEqual(['first', null]);
    database.close();
    expect(store.completion.count(ID)).toMatchObject({ nErrors: 0, countersAgree: true });
  });

  it('refuses a row outside the frozen list, and only that row of its group', async () => {
    const store = withExperiment(10, { limit: 5 });
    const writer = new ResultWriter(store.results);
    const saves = [0, 1, 7, 2].map((position) => writer.save(result(position, answer(true))));
    const settled = await Promise.allSettled(saves);
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    expect(store.completion.count(ID)).toMatchObject({ nRows: 3, countersAgree: true });
  });
});

describe('open batches', () => {
  it('are those with a narrative that has no result', () => {
    const store = withExperiment(35);
    expect(store.passes.listOpenBatches(ID, 0, 100)).toEqual([0, 1, 2, 3]);
    store.results.save(Array.from({ length: 10 }, (_, index) => result(10 + index, answer(false))));
    store.results.save([result(0, answer(true))]);
    expect(store.passes.listOpenBatches(ID, 0, 100)).toEqual([0, 2, 3]);
    expect(store.passes.listOpenBatches(ID, 0, 2)).toEqual([0, 2]);
    expect(store.passes.listNarrativesToLabel(ID, 0, 0).map(({ position }) => position)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9,
    ]);
    expect(store.passes.listNarrativesToLabel(ID, 0, 3).map(({ text }) => text)).toEqual(
      [30, 31, 32, 33, 34].map((index) => `text ${index}`),
    );
  });

  it('of a retry pass are those with an older error of its categories', () => {
    const store = withExperiment(20);
    store.results.save(
      Array.from({ length: 20 }, (_, index) => result(index, index === 13 ? error() : answer(false))),
    );
    store.passes.finish(ID, 0);
    expect(store.passes.current(ID)).toBeNull();
    expect(store.passes.add(ID, ['timeout'], 1)).toBe(1);
    expect(store.passes.current(ID)).toBe(1);
    expect(store.passes.listOpenBatches(ID, 1, 100)).toEqual([1]);
    expect(store.passes.countRemaining(ID)).toBe(1);
    store.results.save([result(13, error('again'), 1)]);
    expect(store.passes.listOpenBatches(ID, 1, 100)).toEqual([]);
    expect(store.passes.add(ID, ['parse'], 0)).toBe(2);
    expect(store.passes.listOpenBatches(ID, 2, 100)).toEqual([]);
  });
});

describe('progress', () => {
  it('gives rate and estimated end from recent work, and nothing before there is evidence', () => {
    const store = withExperiment(100);
    store.progress.begin(ID);
    clock.monotonicMs = clock.wallMs = 0;
    for (let index = 0; index < 20; index++) {
      clock.monotonicMs += 3000;
      clock.wallMs += 3000;
      store.results.save([result(index, answer(false))]);
      if (index === 1) expect(store.experiments.get(ID)!.estimated_completion_time).toBeNull();
    }
    const row = store.experiments.get(ID)!;
    expect(row.narratives_per_minute).toBeCloseTo(20, 5);
    expect(new Date(row.estimated_completion_time!).getTime()).toBeCloseTo(60_000 + 80 * 3000, -2);
    expect(row.total_runtime_sec).toBeCloseTo(60, 5);
  });
});

const PREDECESSOR_RESULT_COLUMNS =
  'result_id experiment_id incident_id narrative_type row_num narrative_text manual_flag_ind manual_flag detected confidence indicators rationale reasoning_steps raw_response response_sec processed_at error_occurred error_message prompt_tokens completion_tokens tokens_used is_true_positive is_true_negative is_false_positive is_false_negative'.split(
    ' ',
  );
const PREDECESSOR_EXPERIMENT_COLUMNS =
  'experiment_id experiment_name status model_name model_provider temperature system_prompt user_template prompt_version prompt_author run_seed data_file n_narratives_total n_narratives_processed n_narratives_skipped n_narratives_completed last_progress_update estimated_completion_time start_time end_time total_runtime_sec avg_time_per_narrative_sec api_url r_version os_info hostname n_positive_detected n_negative_detected n_positive_manual n_negative_manual accuracy precision_ipv recall_ipv f1_ipv n_false_positive n_false_negative n_true_positive n_true_negative pct_overlap_with_manual csv_file json_file log_dir created_at notes'.split(
    ' ',
  );

function hasStrace(): boolean {
  return spawnSync('strace', ['-V']).status === 0;
}
