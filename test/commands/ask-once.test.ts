/** Each text asked once, as the commands tell it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { parse } from 'csv-parse/sync';
import { runProgram } from '../../src/commands/program';
import { inFolder, query, writeStudy } from '../helpers/client-process';
import { answered, failed, finish, saveOutcomes, startStored, withStore } from '../helpers/stored-study';

const NOWHERE = 'http://127.0.0.1:9/v1/chat/completions';

interface Said {
  exitCode: number;
  stdout: string;
  stderr: string;
}

async function run(folder: string, ...argv: string[]): Promise<Said> {
  const said = { stdout: '', stderr: '' };
  const exitCode = await runProgram([...argv, '--db', 'study.db'], {
    environment: {},
    workingDirectory: folder,
    stdout: { write: (text) => (said.stdout += text) },
    stderr: { write: (text) => (said.stderr += text) },
  });
  return { exitCode, ...said };
}

/** Six narratives of three texts: the first is detected, the second not, the third an error. */
async function inStudy(work: (folder: string, id: string) => Promise<void>): Promise<void> {
  await inFolder(async (folder) => {
    writeStudy(folder, { apiUrl: NOWHERE, nNarratives: 6, nTexts: 3, askOnce: true });
    const id = withStore(folder, (store) => {
      const { experimentId } = startStored(store, folder).decision;
      saveOutcomes(store, experimentId, [answered(true), answered(false), failed()]);
      finish(store, experimentId);
      return experimentId;
    });
    await work(folder, id);
  });
}

it.each([
  [true, 'Each text is asked once: 3 texts are asked; 4 narratives take the answer of another'],
  [false, '4 narratives have the text of another; to ask each text once, set run.ask_once: true.'],
])('validate tells how many texts there are, with ask_once %s', async (askOnce, line) => {
  await inFolder(async (folder) => {
    writeStudy(folder, { apiUrl: NOWHERE, nNarratives: 7, nTexts: 3, askOnce });
    const { exitCode, stdout } = await run(folder, 'validate', '--config', 'study.yaml');
    expect(exitCode).toBe(0);
    expect(stdout).toContain(line);
    const facts: unknown = JSON.parse(
      (await run(folder, 'validate', '--config', 'study.yaml', '--json')).stdout,
    );
    expect(facts).toMatchObject({ ask_once: askOnce, n_selected: 7, n_twins: 4 });
  });
});

it('a start tells it too, keeps it as an event, and asks for so many in the first pass', async () => {
  await inFolder((folder) => {
    writeStudy(folder, { apiUrl: NOWHERE, nNarratives: 7, nTexts: 3, askOnce: true });
    const { notices } = withStore(folder, (store) => startStored(store, folder));
    expect(notices.at(-1)).toMatch(/^Each text is asked once: 3 texts are asked; 4 narratives/);
    const db = join(folder, 'study.db');
    expect(query(db, 'SELECT pass, n_requested FROM experiment_passes')).toEqual([
      { pass: 0, n_requested: 3 },
    ]);
    expect(query(db, 'SELECT detail FROM experiment_events')).toEqual([
      { detail: expect.stringMatching(/^7 narratives; 3 texts are asked; 4 /) as string },
    ]);
  });
});

it('a start with the other setting goes on as frozen and says so', async () => {
  await inFolder((folder) => {
    writeStudy(folder, { apiUrl: NOWHERE, nNarratives: 6, nTexts: 3, askOnce: true });
    withStore(folder, (store) => startStored(store, folder));
    writeStudy(folder, { apiUrl: NOWHERE, nNarratives: 6, nTexts: 3 });
    const { decision, notices } = withStore(folder, (store) => startStored(store, folder));
    expect(decision).toMatchObject({ kind: 'run', create: false });
    expect(notices).toEqual([expect.stringMatching(/^run\.ask_once stays true: it is frozen/)]);
  });
});

it('explain names the narrative that was asked, and counts the twins of that one', async () => {
  await inStudy(async (folder, id) => {
    const twin = await run(folder, 'explain', id, '3', 'cme');
    expect(twin.stdout).toContain('It has the text of 0 cme (position 0), which is asked instead');
    expect(twin.stdout).toContain(`client explain ${id} 0 cme`);
    expect(twin.stdout).toContain('Answered: detected.');
    expect(twin.stdout).toContain('0 attempts');
    expect(JSON.parse((await run(folder, 'explain', id, '3', 'cme', '--json')).stdout)).toMatchObject({
      same_text_as: { incident_id: '0', narrative_type: 'cme', position: 0 },
      n_twins: 0,
      attempts: [],
    });
    const asked = await run(folder, 'explain', id, '0', 'cme');
    expect(asked.stdout).toContain('It is asked for 1 more with the same text');
  });
});

it('status, show and errors count all narratives, and calls and tokens of those that were asked', async () => {
  await inStudy(async (folder, id) => {
    expect(JSON.parse((await run(folder, 'status', id, '--json')).stdout)).toMatchObject({
      status: 'completed_with_errors',
      n_narratives_completed: 6,
      n_errors: 2,
      n_detected: 2,
      n_remaining: 0,
    });
    expect(JSON.parse((await run(folder, 'show', id, '--json')).stdout)).toMatchObject({
      data: { ask_once: true, n_twins: 3 },
      statistics: { nCalls: 3, nAttempts: 3, promptTokens: 30, completionTokens: 15 },
    });
    expect((await run(folder, 'show', id)).stdout).toContain(
      'yes; 3 take the answer of a narrative with the same text',
    );
    const { stdout } = await run(folder, 'errors', id);
    expect(stdout).toContain('2 errors in');
    expect(stdout).toMatch(/^5 cme .* \[has the text of another narrative\]$/m);
  });
});

it.each(['csv', 'jsonl'])('an export as %s has all rows and tells which was asked', async (format) => {
  await inStudy(async (folder, id) => {
    const file = join(folder, `out.${format}`);
    await run(folder, 'export', id, '--out', file);
    const text = readFileSync(file, 'utf8');
    const rows = (
      format === 'csv'
        ? parse(text, { columns: true, bom: true })
        : text
            .trim()
            .split('\n')
            .map((line): unknown => JSON.parse(line))
    ) as Record<string, unknown>[];
    expect(rows.map((row) => [Number(row.row_num), Number(row.answer_of_row_num) || null])).toEqual([
      [1, null],
      [2, null],
      [3, null],
      [4, 1],
      [5, 2],
      [6, 3],
    ]);
    expect(rows[3]!.rationale).toBe(rows[0]!.rationale);
  });
});

it('a report counts tokens and calls once, and says that texts were asked once', async () => {
  await inStudy(async (folder, id) => {
    const report = JSON.parse((await run(folder, 'report', id, '--json')).stdout) as Record<string, unknown>;
    expect(report).toMatchObject({
      experiment: { n_twins: 3, n_calls: 3 },
      detection: { all: { part: 2, whole: 4 } },
      usage: { seconds: { n: 3 }, prompt_tokens: { n: 3, sum: 30 } },
    });
    const page = join(folder, 'report.html');
    await run(folder, 'report', id, '--out', page);
    expect(readFileSync(page, 'utf8')).toContain('3 narratives; each text was asked once');
  });
});

it('a reply that is read again changes its twins alike', async () => {
  await inStudy(async (folder, id) => {
    const db = join(folder, 'study.db');
    const reply = '{"detected": true, "confidence": 0.7}';
    const database = new Database(db);
    // The third text has its reply with an attempt only.
    database.exec(
      `UPDATE narrative_results SET raw_response = '${reply}', parser_version = 1 WHERE detected IS NOT NULL;
       UPDATE narrative_results SET raw_response = NULL, parser_version = NULL WHERE error_occurred = 1;
       UPDATE result_attempts SET raw_response = '${reply}' WHERE error_category IS NOT NULL`,
    );
    database.close();
    const { stdout } = await run(folder, 'reparse', id, '--apply', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ n_changed: { error_to_answer: 2, decision_changed: 2 } });
    expect(
      query(db, 'SELECT detected, confidence FROM narrative_results WHERE row_num IN (2, 3, 5, 6)'),
    ).toEqual(Array.from({ length: 4 }, () => ({ detected: 1, confidence: 0.7 })));
    expect(JSON.parse((await run(folder, 'status', id, '--json')).stdout)).toMatchObject({
      status: 'completed',
      n_errors: 0,
      n_detected: 6,
    });
    const { checks } = JSON.parse((await run(folder, 'db', 'check', '--json')).stdout) as {
      checks: { check: string; level: string }[];
    };
    expect(checks.filter(({ level }) => level === 'problem')).toEqual([]);
  });
});
