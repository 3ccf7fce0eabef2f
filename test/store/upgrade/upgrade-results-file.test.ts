/** Files of the older program, in every shape and with every oddity, through the real command. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore, openStoreForReading } from '../../../src/store/open-store';
import { makeOlderFile, OLDER_ID, studyOf, textOf, type OlderShape, type OlderValues } from './older-file';
import { rows, run, values } from './upgraded';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'longhaul-older-'));
  file = join(folder, 'older.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

async function upgrade(): Promise<string> {
  const { code, stdout, stderr } = await run(file, 'db', 'upgrade');
  expect(stderr).toBe('');
  expect(code).toBe(0);
  const check = await run(file, 'db', 'check', '--json');
  const { checks } = JSON.parse(check.stdout) as { checks: { level: string; findings: string[] }[] };
  expect(checks.filter(({ level }) => level === 'problem')).toEqual([]);
  return stdout;
}

describe('an older file of any shape', () => {
  it.each<[string, OlderShape]>([
    ['the full shape', {}],
    ['8 and 41 columns, as before resume existed', { checksum: false, resume: false }],
    ['no token columns', { tokens: false }],
    ['no error columns', { errors: false, resume: false, checksum: false }],
    ['no unique index', { uniqueIndex: false }],
    [
      'none of the later columns',
      { checksum: false, resume: false, tokens: false, errors: false, uniqueIndex: false },
    ],
  ])('with %s becomes a current one', async (_shape, shape) => {
    makeOlderFile(file, studyOf(5, 3), shape);
    await upgrade();
    expect(rows(file, 'SELECT * FROM experiments')).toEqual([
      expect.objectContaining({
        experiment_id: OLDER_ID,
        status: 'paused',
        status_reason: 'older program',
        not_resumable: null,
        n_narratives_total: 5,
        n_narratives_completed: 3,
        n_errors: 0,
      }),
    ]);
    expect(values(file, 'SELECT indicators FROM narrative_results')).toEqual(['[]', '[]', '[]']);
    expect(values(file, 'SELECT narrative_text FROM narrative_results')).toEqual([null, null, null]);
    expect(values(file, 'SELECT text FROM narrative_results_with_text')).toEqual([0, 1, 2].map(textOf));
    expect(values(file, 'SELECT count(*) FROM result_attempts')).toEqual([3]);
    expect(values(file, 'SELECT kind FROM experiment_events')).toEqual(['upgraded']);
  });

  it('goes on where the older program stopped', async () => {
    makeOlderFile(
      file,
      studyOf(250, 120, {}, (index) => (index === 7 ? FAILED : {})),
    );
    await upgrade();
    const store = openStore(file);
    expect(store.passes.current(OLDER_ID)).toBe(0);
    expect(store.passes.countRemaining(OLDER_ID)).toBe(130);
    expect(store.passes.listOpenBatches(OLDER_ID, 0, 10)).toEqual([1, 2]);
    const open = store.passes.listNarrativesToLabel(OLDER_ID, 0, 1);
    expect(open).toHaveLength(80);
    expect(open[0]).toEqual({ narrativeId: 121, position: 120, text: textOf(120) });
    store.results.save([
      {
        experimentId: OLDER_ID,
        position: 120,
        narrativeId: 121,
        pass: 0,
        startedAt: '2026-01-01T00:00:00.000Z',
        responseMs: 1,
        calls: 1,
        endpoint: 'http://127.0.0.1',
        outcome: {
          kind: 'error',
          category: 'timeout',
          code: null,
          httpStatus: null,
          message: 'm',
          reasoning: null,
          parserVersion: null,
        },
        reply: null,
      },
    ]);
    expect(store.passes.countRemaining(OLDER_ID)).toBe(129);
    expect(store.completion.count(OLDER_ID)).toMatchObject({ nRows: 121, nErrors: 2, countersAgree: true });
    store.close();
    const monitored = rows(file, MONITORING.replace("'running'", "'paused'"));
    expect(monitored).toEqual([
      expect.objectContaining({
        experiment_id: OLDER_ID,
        n_narratives_completed: 121,
        n_narratives_total: 250,
      }),
    ]);
    expect(rows(file, MONITORING)).toEqual([]);
  });

  it('is left alone the second time', async () => {
    makeOlderFile(file, studyOf(5, 3));
    await upgrade();
    const before = readFileSync(file);
    expect(await upgrade()).toContain('is up to date');
    expect(readFileSync(file).equals(before)).toBe(true);
    expect(readdirSync(folder).filter((name) => name.includes('before-upgrade'))).toHaveLength(1);
  });

  it('keeps a backup that says what the file said, and its report', async () => {
    makeOlderFile(file, studyOf(5, 3));
    const before = rows(file, 'SELECT * FROM narrative_results');
    const report = await upgrade();
    const [backup] = readdirSync(folder).filter((name) =>
      /^older\.before-upgrade-\d{8}T\d{6}Z\.db$/.test(name),
    );
    expect(rows(join(folder, backup!), 'SELECT * FROM narrative_results')).toEqual(before);
    const [stored] = rows<Record<string, string>>(file, 'SELECT * FROM results_file_upgrades');
    expect(stored).toMatchObject({ from_schema: 0, backup_file: backup });
    for (const line of JSON.parse(stored!.report!) as string[]) expect(report).toContain(line);
  });

  it('makes a dataset of each data file, in its order and with its checksum', async () => {
    makeOlderFile(file, {
      sources: [
        { incident_id: '1', narrative_type: 'cme', narrative_text: 'a', data_checksum: 'm1' },
        {
          incident_id: '9',
          narrative_type: 'le',
          narrative_text: 'z',
          data_source: 'other.xlsx',
          data_checksum: 'm2',
        },
        { incident_id: '1', narrative_type: 'le', narrative_text: 'b', data_checksum: 'm1' },
      ],
      experiments: [],
    });
    await upgrade();
    expect(
      rows(file, 'SELECT source_path, file_md5, n_narratives FROM datasets ORDER BY dataset_id'),
    ).toEqual([
      { source_path: 'data/study.xlsx', file_md5: 'm1', n_narratives: 2 },
      { source_path: 'other.xlsx', file_md5: 'm2', n_narratives: 1 },
    ]);
    const store = openStoreForReading(file)!;
    expect([...store.datasets.narratives(1, null)].map(({ text }) => text)).toEqual(['a', 'b']);
    store.close();
  });
});

describe('oddities of older files', () => {
  it('duplicates: the newest answer stands, else the newest error; the others are kept with the attempts', async () => {
    const { sources, experiments } = studyOf(2, 0, { status: 'completed' });
    const of = (incident: number, more: object) => ({
      incident_id: String(200_000 + incident),
      narrative_type: 'cme',
      ...more,
    });
    const results = [
      of(1, { ...FAILED, error_message: 'HTTP 500 first' }),
      of(1, { detected: 1, rationale: 'older answer', raw_response: 'raw of the older answer' }),
      of(1, { detected: 0, rationale: 'newer answer' }),
      of(1, FAILED),
      of(2, { ...FAILED, error_message: 'Timeout was reached' }),
      of(2, { ...FAILED, error_message: 'HTTP 500 second' }),
    ];
    makeOlderFile(file, { sources, experiments, results }, { uniqueIndex: false });
    expect(await upgrade()).toContain('4 duplicate results were removed');
    expect(
      rows(
        file,
        'SELECT result_id, detected, rationale, error_category, n_attempts, first_error_message FROM narrative_results',
      ),
    ).toEqual([
      {
        result_id: 3,
        detected: 0,
        rationale: 'newer answer',
        error_category: null,
        n_attempts: 4,
        first_error_message: 'HTTP 500 first',
      },
      {
        result_id: 6,
        detected: null,
        rationale: null,
        error_category: 'http_5xx',
        n_attempts: 2,
        first_error_message: 'Timeout was reached',
      },
    ]);
    const kept = rows<Record<string, string>>(
      file,
      'SELECT * FROM result_attempts WHERE older_row IS NOT NULL',
    );
    expect(kept.map(({ attempt_id }) => attempt_id)).toEqual([1, 2, 4, 5]);
    expect(kept[1]).toMatchObject({ raw_response: 'raw of the older answer', error_category: null });
    expect(JSON.parse(kept[1]!.older_row!)).toMatchObject({
      detected: 1,
      rationale: 'older answer',
      confidence: 0.9,
    });
    expect(values(file, 'SELECT status FROM experiments')).toEqual(['completed_with_errors']);
  });

  it('ids like 1e+05 are the same incident where the text is the same, in both directions', async () => {
    makeOlderFile(file, {
      sources: [
        { incident_id: '100000', narrative_type: 'cme', narrative_text: 'a' },
        { incident_id: '2e+05', narrative_type: 'cme', narrative_text: 'b' },
        { incident_id: '300000', narrative_type: 'cme', narrative_text: 'c' },
        { incident_id: '4e+05', narrative_type: 'cme', narrative_text: 'd' },
        { incident_id: '400000', narrative_type: 'cme', narrative_text: 'd too' },
      ],
      experiments: [{ n_narratives_total: 5 }],
      results: [
        { incident_id: '1e+05', narrative_type: 'cme', narrative_text: 'a', row_num: 1 },
        { incident_id: '200000', narrative_type: 'cme', narrative_text: 'b', row_num: 2 },
        { incident_id: '3e+05', narrative_type: 'cme', narrative_text: 'another text', row_num: 3 },
        { incident_id: '4e+05', narrative_type: 'cme', narrative_text: 'd', row_num: 4 },
      ],
    });
    await upgrade();
    expect(rows(file, 'SELECT incident_id, narrative_id FROM narrative_results ORDER BY result_id')).toEqual([
      { incident_id: '100000', narrative_id: 1 },
      { incident_id: '2e+05', narrative_id: 2 },
      { incident_id: '3e+05', narrative_id: 6 },
      { incident_id: '4e+05', narrative_id: 4 },
    ]);
    expect(values(file, 'SELECT incident_id FROM source_narratives ORDER BY narrative_id')).toEqual([
      '100000',
      '2e+05',
      '300000',
      '4e+05',
      '400000',
      '3e+05',
    ]);
    expect(values(file, 'SELECT not_resumable FROM experiments')[0]).toMatch(
      /1 of its results are not about/,
    );
  });

  it('an id spelt like 1e+05 without a text is joined and keeps its spelling', async () => {
    makeOlderFile(file, {
      sources: [{ incident_id: '100000', narrative_type: 'cme', narrative_text: 'a' }],
      experiments: [{ n_narratives_total: 1 }],
      results: [{ incident_id: '1e+05', narrative_type: 'cme', narrative_text: null, row_num: 1 }],
    });
    await upgrade();
    expect(rows(file, 'SELECT incident_id, narrative_id FROM narrative_results')).toEqual([
      { incident_id: '1e+05', narrative_id: 1 },
    ]);
  });

  it.each([
    ['no source table', false],
    ['an empty source table', true],
  ])(
    'results with %s get source rows of their own text and labels in the dataset legacy',
    async (_what, sourceTable) => {
      const { experiments, results } = studyOf(3, 3, { status: 'completed' }, (index) => ({
        manual_flag_ind: index === 0 ? 1 : 0,
        detected: index === 0 ? 1 : 0,
      }));
      makeOlderFile(file, { experiments, results }, { sourceTable });
      await upgrade();
      expect(values(file, 'SELECT source_path FROM datasets')).toEqual(['legacy']);
      expect(rows(file, 'SELECT narrative_text, manual_flag_ind FROM source_narratives')).toEqual([
        { narrative_text: textOf(0), manual_flag_ind: 1 },
        { narrative_text: textOf(1), manual_flag_ind: 0 },
        { narrative_text: textOf(2), manual_flag_ind: 0 },
      ]);
      expect(
        rows(file, 'SELECT status, n_narratives_total, n_true_positive, accuracy FROM experiments'),
      ).toEqual([{ status: 'completed', n_narratives_total: 3, n_true_positive: 1, accuracy: 1 }]);
    },
  );

  it('keeps several texts of one id apart, and stores each text once', async () => {
    const result = (experiment: string, text: string) => ({
      experiment_id: experiment,
      incident_id: '1',
      narrative_type: 'cme',
      narrative_text: text,
    });
    makeOlderFile(
      file,
      {
        experiments: ['x', 'y', 'z'].map((id) => ({
          experiment_id: id,
          status: 'completed',
          n_narratives_total: 1,
        })),
        results: [result('x', 'one'), result('y', 'two'), result('z', 'one')],
      },
      { sourceTable: false },
    );
    await upgrade();
    expect(rows(file, 'SELECT source_path, n_narratives FROM datasets')).toEqual([
      { source_path: 'legacy', n_narratives: 1 },
      { source_path: 'legacy 2', n_narratives: 1 },
    ]);
    expect(values(file, 'SELECT text FROM narrative_results_with_text ORDER BY experiment_id')).toEqual([
      'one',
      'two',
      'one',
    ]);
  });

  it('flags, counters and scores are made anew and differences said', async () => {
    const study = studyOf(
      6,
      6,
      { status: 'completed', n_narratives_completed: 2, accuracy: 0.333 },
      (index) => ({
        detected: index < 2 ? 1 : 0,
        manual_flag_ind: index < 4 ? Number(index === 0) : null,
      }),
    );
    makeOlderFile(file, study);
    const report = await upgrade();
    expect(report).toMatch(/n_narratives_completed 2 -> 6; accuracy 0.333 -> 0.75/);
    expect(
      rows(
        file,
        'SELECT is_true_positive AS tp, is_false_positive AS fp, is_true_negative AS tn FROM narrative_results',
      ),
    ).toEqual([
      { tp: 1, fp: 0, tn: 0 },
      { tp: 0, fp: 1, tn: 0 },
      { tp: 0, fp: 0, tn: 1 },
      { tp: 0, fp: 0, tn: 1 },
      { tp: null, fp: null, tn: null },
      { tp: null, fp: null, tn: null },
    ]);
  });

  it.each([
    ['running', 3, 'paused', 'older program'],
    ['stalled', 3, 'paused', 'older program'],
    ['failed', 3, 'failed', 'older program'],
    ['cancelled', 3, 'cancelled', 'older program'],
    ['completed', 5, 'completed', null],
    ['completed', 3, 'paused', 'older program: it ended there with 2 results missing'],
  ])('the status %s with %i of 5 results becomes %s', async (before, nResults, after, reason) => {
    makeOlderFile(file, studyOf(5, nResults, { status: before }));
    await upgrade();
    expect(rows(file, 'SELECT status, status_reason FROM experiments')).toEqual([
      { status: after, status_reason: reason },
    ]);
  });

  it('a decision in an error row, a missing decision and an impossible confidence do not stand, and are kept', async () => {
    const oddities: OlderValues[] = [{ ...FAILED, detected: 1 }, { detected: null }, { confidence: 85 }];
    makeOlderFile(
      file,
      studyOf(3, 3, { status: 'completed' }, (index) => oddities[index]!),
    );
    await upgrade();
    expect(
      rows(file, 'SELECT detected, confidence, error_category, confidence_text FROM narrative_results'),
    ).toEqual([
      { detected: null, confidence: null, error_category: 'http_5xx', confidence_text: null },
      { detected: null, confidence: null, error_category: 'schema', confidence_text: null },
      { detected: 0, confidence: null, error_category: null, confidence_text: '85.0' },
    ]);
    expect(values(file, "SELECT older_row ->> 'detected' FROM result_attempts")).toEqual([1, null, 0]);
  });

  it('unknown columns, tables, views and indexes are kept; a name that is needed gives way', async () => {
    makeOlderFile(
      file,
      studyOf(2, 1),
      {},
      `ALTER TABLE narrative_results ADD COLUMN reviewer TEXT;
       ALTER TABLE narrative_results ADD COLUMN pass TEXT;
       UPDATE narrative_results SET reviewer = 'R1', pass = 'second';
       CREATE TABLE my_notes (result_id INTEGER REFERENCES narrative_results (result_id), note TEXT);
       INSERT INTO my_notes VALUES (1, 'look again');
       CREATE TABLE datasets (x);
       INSERT INTO datasets VALUES (42);
       CREATE VIEW positives AS SELECT * FROM narrative_results WHERE detected = 1;
       CREATE INDEX my_index ON narrative_results (reviewer);`,
    );
    const report = await upgrade();
    expect(rows(file, 'SELECT reviewer, legacy_pass, pass FROM narrative_results')).toEqual([
      { reviewer: 'R1', legacy_pass: 'second', pass: 0 },
    ]);
    expect(rows(file, 'SELECT note FROM my_notes JOIN narrative_results USING (result_id)')).toEqual([
      { note: 'look again' },
    ]);
    expect(values(file, 'SELECT x FROM legacy_datasets')).toEqual([42]);
    expect(values(file, 'SELECT count(*) FROM positives')).toEqual([0]);
    expect(values(file, "SELECT tbl_name FROM sqlite_master WHERE name = 'my_index'")).toEqual([
      'narrative_results',
    ]);
    expect(report).toMatch(/narrative_results.pass, .* kept as legacy_pass/);
  });

  it('results whose experiment has no row get one, which cannot go on', async () => {
    makeOlderFile(file, { results: studyOf(2, 2).results });
    await upgrade();
    expect(rows(file, 'SELECT status, n_narratives_completed FROM experiments')).toEqual([
      { status: 'failed', n_narratives_completed: 2 },
    ]);
    expect(values(file, 'SELECT not_resumable FROM experiments')).toEqual([expect.any(String)]);
  });

  it('a result that was asked with another text keeps it, and its experiment does not go on', async () => {
    makeOlderFile(
      file,
      studyOf(3, 2, {}, (index) => ({ narrative_text: index === 1 ? 'as it was' : textOf(index) })),
    );
    await upgrade();
    expect(values(file, 'SELECT narrative_text FROM narrative_results')).toEqual([null, 'as it was']);
    expect(values(file, 'SELECT not_resumable FROM experiments')[0]).toMatch(/other texts/);
  });

  it('times without a zone stay as they are', async () => {
    makeOlderFile(file, studyOf(2, 1));
    await upgrade();
    expect(values(file, 'SELECT processed_at FROM narrative_results')).toEqual(['2025-10-27 10:00:05']);
    expect(values(file, 'SELECT created_at FROM experiments')).toEqual(['2025-10-27 10:00:00']);
  });
});

describe('an upgrade that cannot succeed', () => {
  it('leaves the file byte for byte as it was and names the backup', async () => {
    const inTheWay = 'CREATE TABLE kept (x); CREATE INDEX idx_attempts ON kept (x)';
    makeOlderFile(file, studyOf(3, 2), {}, inTheWay);
    const before = readFileSync(file);
    const { code, stderr } = await run(file, 'db', 'upgrade');
    expect(code).toBe(2);
    expect(stderr).toMatch(/was undone .*\.before-upgrade-\d{8}T\d{6}Z\.db/);
    expect(readFileSync(file).equals(before)).toBe(true);
    expect(readdirSync(folder).filter((name) => /journal|wal|shm/.test(name))).toEqual([]);
  });
});

const FAILED: OlderValues = {
  error_occurred: 1,
  detected: null,
  confidence: null,
  rationale: null,
  error_message: 'HTTP 500 Internal Server Error.',
};

const MONITORING =
  "SELECT experiment_id, n_narratives_completed, n_narratives_total, estimated_completion_time, status FROM experiments WHERE status='running'";
