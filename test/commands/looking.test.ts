/** Looking at results and taking them elsewhere, through the real client. */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import * as XLSX from 'xlsx';
import { readDataset } from '../../src/dataset/read-dataset';
import { inFolder, query, runClient, writeStudy } from '../helpers/client-process';
import { answered, failed, finish, saveOutcomes, startStored, withStore } from '../helpers/stored-study';

jest.setTimeout(60_000);

const NOWHERE = 'http://127.0.0.1:9/v1/chat/completions';
const DB = ['--db', 'study.db'];
const MARKER = 'ZQX-CANARY';

/** Twelve narratives (every third labelled yes): two wrong answers, two errors of which one was answered later. */
function makeStudy(folder: string): string {
  writeStudy(folder, { apiUrl: NOWHERE, nNarratives: 12, marker: MARKER });
  return withStore(folder, (store) => {
    const { experimentId } = startStored(store, folder).decision;
    const outcomes = Array.from({ length: 12 }, (_, index) => answered(index % 3 === 0));
    saveOutcomes(store, experimentId, [
      answered(false, 0.6), // labelled yes
      answered(true, 0.95), // labelled no
      failed('the first try timed out'),
      failed('not JSON at all', 'parse'),
      ...outcomes.slice(4),
    ]);
    finish(store, experimentId);
    store.passes.add(experimentId, ['timeout'], 1);
    saveOutcomes(store, experimentId, [answered(false)], { from: 2, pass: 1 });
    store.passes.finish(experimentId, 1);
    finish(store, experimentId);
    return experimentId;
  });
}

const inStudy = (
  work: (
    folder: string,
    id: string,
    client: (...args: string[]) => ReturnType<typeof runClient>,
  ) => Promise<void>,
): Promise<void> =>
  inFolder((folder) => {
    const id = makeStudy(folder);
    return work(folder, id, (...args) => runClient([...args, ...DB], { cwd: folder }));
  });

it('errors lists counts by category and each error by incident, without any text', async () => {
  await inStudy(async (_folder, id, client) => {
    const { stdout, code } = await client('errors');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^1 errors in /);
    expect(stdout).toMatch(/^ +1 {2}parse$/m);
    expect(stdout).toContain('3 cme  parse: not JSON at all');
    expect(stdout).toContain(`client resume ${id} --retry-errors`);
    expect(stdout).not.toContain(MARKER);
    expect(JSON.parse((await client('errors', id, '--json')).stdout)).toMatchObject({
      n_errors: 1,
      by_category: [{ category: 'parse', count: 1 }],
      errors: [{ incident_id: '3', narrative_type: 'cme', error_category: 'parse', n_attempts: 1 }],
    });
  });
});

it('disagreements come the surest first, of the kind asked for, with reasons and text only on request', async () => {
  await inStudy(async (_folder, id, client) => {
    const list = async (...args: string[]): Promise<Record<string, unknown>[]> =>
      JSON.parse((await client('disagreements', id, '--json', ...args)).stdout) as Record<string, unknown>[];
    expect(
      (await list()).map(({ incident_id, kind, confidence }) => [incident_id, kind, confidence]),
    ).toEqual([
      ['1', 'false_positive', 0.95],
      ['0', 'false_negative', 0.6],
    ]);
    expect(await list('--kind', 'fn')).toHaveLength(1);
    expect(Object.keys((await list())[0]!)).toEqual(['kind', 'incident_id', 'narrative_type', 'confidence']);
    expect((await list('--kind', 'fp', '--with-text'))[0]).toMatchObject({
      incident_id: '1',
      rationale: 'it says so (true)',
      indicators: ['partner'],
    });
    const plain = await client('disagreements', id);
    expect(plain.stdout).toMatch(/1 false positives, 1 false negatives/);
    expect(plain.stdout).not.toContain(MARKER);
    expect(plain.stdout).not.toContain('it says so');
    const full = await client('disagreements', id, '--with-text');
    expect(full.stdout).toContain(`${MARKER} Case 1:`);
    expect(full.stdout).toContain('it says so (true)');
  });
});

it('explain tells the answer, the error that it replaced and every attempt', async () => {
  await inStudy(async (_folder, id, client) => {
    const { stdout } = await client('explain', id, '2', 'CME');
    expect(stdout).toContain('Answered: not detected.');
    expect(stdout).toMatch(/first_error_message +the first try timed out/);
    expect(stdout).toMatch(/2 attempts\n {2}1\. pass 0, .*: error\n.*error_category +timeout/);
    expect(stdout).toMatch(/ {2}2\. pass 1, .*: answered/);
    expect(stdout).not.toContain(MARKER);
    expect(stdout).not.toContain('raw reply');
    const full = await client('explain', id, '2', 'cme', '--with-text');
    expect(full.stdout).toContain(`${MARKER} Case 2:`);
    expect(full.stdout).toContain('raw reply 2');
    expect(full.stdout).toContain('USER MESSAGE');
    const unknown = await client('explain', id, '77', 'cme');
    expect(unknown).toMatchObject({ code: 2, stdout: '' });
    expect(unknown.stderr).toMatch(/no narrative of incident 77 and type cme/);
  });
});

it('compare pairs the common narratives, names what differs and tests the difference', async () => {
  await inStudy(async (folder, id, client) => {
    const config = join(folder, 'study.yaml');
    writeFileSync(config, readFileSync(config, 'utf8').replace('Answer with', 'Reply with'));
    const other = withStore(folder, (store) => {
      const { experimentId } = startStored(store, folder, { limit: 8 }).decision;
      saveOutcomes(
        store,
        experimentId,
        Array.from({ length: 8 }, (_, index) => answered(index % 3 === 0)),
      );
      finish(store, experimentId);
      return experimentId;
    });
    const { comparison, ...facts } = JSON.parse((await client('compare', id, other, '--json')).stdout) as {
      comparison: Record<string, unknown>;
      differences: string[];
    };
    expect(facts).toMatchObject({
      same_prompt: false,
      notice: 'The prompts differ although both are called v1.',
      differences: [
        expect.stringMatching(/^prompt\.system_prompt: changed \(sha256/),
        'run.max_narratives: all -> 8',
      ],
    });
    expect(comparison).toMatchObject({ nPairs: 7, onlySecondRight: 2, onlyFirstRight: 0, mcnemarP: 0.5 });
    const { stdout } = await client('compare', id, other);
    expect(stdout).toContain('On the 7 narratives that both answered:');
    expect(stdout).toContain('p = 0.5000');
    expect(stdout).not.toContain(MARKER);
  });
});

describe('export', () => {
  const csvOf = (file: string): Record<string, string>[] =>
    parse(readFileSync(file), { bom: true, columns: true });

  it('has as many rows as the database, in the order of the list, and no text', async () => {
    await inStudy(async (folder, id, client) => {
      for (const format of ['csv', 'json', 'jsonl', 'xlsx']) {
        const run = await client('export', id, '--format', format, '--out', `out.${format}`, '--json');
        expect(JSON.parse(run.stdout)).toMatchObject({ n_rows: 12, format });
      }
      const rows = csvOf(join(folder, 'out.csv'));
      expect(rows.map(({ incident_id }) => Number(incident_id))).toEqual([
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
      ]);
      expect(JSON.parse(readFileSync(join(folder, 'out.json'), 'utf8'))).toHaveLength(12);
      expect(readFileSync(join(folder, 'out.jsonl'), 'utf8').trimEnd().split('\n')).toHaveLength(12);
      const sheet = XLSX.read(readFileSync(join(folder, 'out.xlsx'))).Sheets.results!;
      expect(XLSX.utils.sheet_to_json(sheet)).toHaveLength(12);
      for (const name of ['out.csv', 'out.json', 'out.jsonl'])
        expect(readFileSync(join(folder, name), 'utf8')).not.toMatch(/ZQX-CANARY|raw reply/);
      const again = await client('export', '--out', 'again.csv');
      expect(again.code).toBe(0);
      expect(readFileSync(join(folder, 'again.csv'))).toEqual(readFileSync(join(folder, 'out.csv')));
    });
  });

  it('with texts can be imported again and gives the same texts and labels', async () => {
    await inStudy(async (folder, id, client) => {
      for (const name of ['out.csv', 'out.xlsx']) {
        expect((await client('export', id, '--out', name, '--with-text')).code).toBe(0);
        const before = readDataset(join(folder, 'data.csv'));
        const after = readDataset(join(folder, name));
        expect(after.textsSha256).toBe(before.textsSha256);
        expect([...after.narratives].map((each) => each.manualFlagInd)).toEqual(
          [...before.narratives].map((each) => each.manualFlagInd),
        );
      }
    });
  });

  it('can be given back as labels, which changes nothing', async () => {
    await inStudy(async (folder, id, client) => {
      await client('export', id, '--out', 'out.csv');
      const run = await client('labels', 'import', 'out.csv', id, '--json');
      expect(JSON.parse(run.stdout)).toMatchObject({
        n_rows: 12,
        n_labels: 12,
        n_changed: 0,
        n_unmatched: 0,
      });
      const changed = readFileSync(join(folder, 'out.csv'), 'utf8').replace(
        /^(\d+,[^,]+,4,cme,5,,)0,/m,
        '$11,',
      );
      writeFileSync(join(folder, 'out.csv'), changed);
      const second = await client('labels', 'import', 'out.csv', id, '--json');
      expect(JSON.parse(second.stdout)).toMatchObject({ n_changed: 1, n_unchanged: 11 });
    });
  });

  it.each([
    ['study.db', /the results themselves are kept there/],
    ['./study.db-wal', /the results themselves are kept there/],
    ['out.parquet', /its name does not tell the format/],
    ['data.csv/out.csv', /cannot be written/],
  ])('to %s is refused and leaves everything as it was', async (out, message) => {
    await inStudy(async (folder, id, client) => {
      // SQLite keeps files of its own beside a database that was read.
      const list = (): string[] => readdirSync(folder).filter((name) => !/-(wal|shm)$/.test(name));
      const before = list();
      const run = await client('export', id, '--out', out);
      expect(run.code).toBe(2);
      expect(run.stderr).toMatch(message);
      expect(list()).toEqual(before);
      expect(query(join(folder, 'study.db'), 'SELECT * FROM narrative_results')).toHaveLength(12);
    });
  });
});

describe('run.save_csv_json', () => {
  const finishWith = (folder: string, value: string): Record<string, string | null> => {
    writeStudy(folder, { apiUrl: NOWHERE, nNarratives: 3, marker: MARKER });
    const config = join(folder, 'study.yaml');
    writeFileSync(config, readFileSync(config, 'utf8').replace('save_csv_json: false', value));
    return withStore(folder, (store) => {
      const { experimentId } = startStored(store, folder).decision;
      saveOutcomes(store, experimentId, [answered(true), answered(false), answered(false)]);
      finish(store, experimentId);
      return query<Record<string, string | null>>(
        store.file,
        'SELECT experiment_id, status, csv_file, json_file FROM experiments',
      )[0]!;
    });
  };

  it('writes CSV and JSON without texts beside the results file when it is true', async () => {
    await inFolder((folder) => {
      const row = finishWith(folder, 'save_csv_json: true');
      const name = new RegExp(`^experiment_${row.experiment_id}_\\d{8}_\\d{6}\\.csv$`);
      expect(row.csv_file).toBe(
        join(
          folder,
          readdirSync(folder).find((each) => name.test(each))!,
        ),
      );
      expect(row.json_file).toBe(row.csv_file!.replace(/csv$/, 'json'));
      expect(parse(readFileSync(row.csv_file!), { bom: true, columns: true })).toHaveLength(3);
      expect(JSON.parse(readFileSync(row.json_file!, 'utf8'))).toHaveLength(3);
      expect(readFileSync(row.json_file!, 'utf8')).not.toContain(MARKER);
      return Promise.resolve();
    });
  });

  it.each(['save_csv_json: false', ''])('writes nothing when the config says "%s"', async (value) => {
    await inFolder((folder) => {
      expect(finishWith(folder, value)).toMatchObject({
        status: 'completed',
        csv_file: null,
        json_file: null,
      });
      expect(readdirSync(folder).filter((name) => name.startsWith('experiment_'))).toEqual([]);
      return Promise.resolve();
    });
  });

  it('that fails spoils nothing and is recorded', async () => {
    await inFolder((folder) => {
      writeStudy(folder, { apiUrl: NOWHERE, nNarratives: 1 });
      withStore(folder, (store) => {
        const config = join(folder, 'study.yaml');
        writeFileSync(
          config,
          readFileSync(config, 'utf8').replace('save_csv_json: false', 'save_csv_json: true'),
        );
        const { experimentId } = startStored(store, folder).decision;
        saveOutcomes(store, experimentId, [answered(true)]);
        // As if the folder of the results file could not be written to.
        Object.assign(store, { file: join(folder, 'data.csv', 'study.db') });
        finish(store, experimentId);
        expect(store.experiments.get(experimentId)).toMatchObject({ status: 'completed', csv_file: null });
        expect(store.events.list(experimentId).at(-1)).toMatchObject({ kind: 'export_failed' });
      });
      return Promise.resolve();
    });
  });
});
