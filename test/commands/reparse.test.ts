import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { PARSER_VERSION, type ReplyText } from '../../src/answer/parse-answer';
import type { ReparseReport } from '../../src/commands/reparse-experiment';
import { readReply } from '../../src/llm/read-reply';
import { acquireOwnerLock } from '../../src/temporal/owner-lock';
import { Random } from '../answer/random';
import { makeCase, MAKERS } from '../answer/random-answers';
import { EXPERIMENT_ID, StoredExperiment } from './stored-experiment';

let stored: StoredExperiment;
beforeEach(() => {
  stored = new StoredExperiment();
});
afterEach(() => stored.remove());

/** As the reply comes out of the body of a response. */
function reply(
  content: string | null,
  { reasoning = null, refusal = null, finishReason = 'stop' }: Partial<ReplyText> = {},
): ReplyText {
  const message = { content, reasoning, refusal };
  return readReply(JSON.stringify({ choices: [{ message, finish_reason: finishReason }] }));
}
const TRUE = '{"detected": true, "confidence": 0.9, "rationale": "CANARY"}';
const FALSE = '{"detected": false, "confidence": 0.8}';

async function reparse(...options: string[]): Promise<ReparseReport> {
  const { stdout, stderr, exitCode } = await stored.run('reparse', EXPERIMENT_ID, '--json', ...options);
  expect([stderr, exitCode]).toEqual(['', 0]);
  return JSON.parse(stdout) as ReparseReport;
}

const experimentRow = () => stored.sql('SELECT * FROM experiments')[0]!;
const resultRows = () => stored.sql('SELECT * FROM narrative_results ORDER BY result_id');

describe('client reparse', () => {
  it('reads every stored reply to the record that is stored', async () => {
    const cases = JSON.parse(readFileSync(path.join(__dirname, '../answer/answer-cases.json'), 'utf8')) as {
      content?: string;
      message?: object;
      finish_reason?: string;
    }[];
    const texts = cases
      .filter(({ content }) => content !== undefined)
      .map(({ content, finish_reason = 'stop' }) => reply(content!, { finishReason: finish_reason }));
    const messages = cases
      .filter(({ message }) => message !== undefined)
      .map(({ message }) => readReply(JSON.stringify({ choices: [{ message, finish_reason: 'stop' }] })));
    const random = new Random(3);
    const made = Object.keys(MAKERS).flatMap((group) =>
      Array.from({ length: 10 }, () => makeCase(random, group)).map(({ text, finishReason }) =>
        reply(text, { finishReason }),
      ),
    );
    const odd = [
      reply(null, { refusal: 'I must decline.' }),
      reply(null, { reasoning: TRUE }),
      reply(null),
      reply('', { reasoning: 'Hm.' }),
      reply(`<think>Hm.\uD800</think>{'detected': True, "rationale": "\u0000\uDC00"}`),
      reply(TRUE, { reasoning: ' \u0000Own \uD800thoughts ' }),
      reply(TRUE, { finishReason: 'content_filter' }),
    ];
    const replies = [...texts, ...messages, ...made, ...odd];
    stored.create(replies, { confidenceWords: { high: 0.9 }, extraFields: ['severity'] });
    const report = await reparse();
    expect(report).toMatchObject({ n_read: replies.length, n_refreshed: 0, changes: [], applied: false });
  });

  it('finds fields in rows of answers and hints in rows of errors', async () => {
    stored.create([
      reply('{"detected": true, "severity": 3}'),
      reply('detected: false\nconfidence: 0.4\n'),
      reply(null, { refusal: 'No.' }),
    ]);
    expect(resultRows()).toMatchObject([
      { answer_fields: '{"detected":true,"severity":3}', detected_hint: null, confidence_hint: null },
      { answer_fields: null, detected_hint: 0, confidence_hint: 0.4, detected: null, confidence: null },
      { refusal: 'No.', error_category: 'refusal', detected_hint: null },
    ]);
    expect(experimentRow()).toMatchObject({ n_errors: 2, n_positive_detected: 1, n_negative_detected: 0 });
    expect((await stored.run('reparse', EXPERIMENT_ID)).stdout).not.toContain('Stored');
  });

  it('shows what would change, changes nothing and quotes nothing', async () => {
    stored.create([reply(TRUE), reply(FALSE), reply("{'detected': False}")]);
    stored.sql('UPDATE narrative_results SET detected = 1, parser_version = 1 WHERE row_num = 2');
    const before = resultRows();
    expect(await reparse()).toMatchObject({
      parser_version: PARSER_VERSION,
      n_changed: { decision_changed: 1, error_to_answer: 0 },
      changes: [
        {
          incident_id: 'i1',
          narrative_type: 'cme',
          change: 'decision_changed',
          before: { detected: true, confidence: 0.8, error: null },
          after: { detected: false, confidence: 0.8, error: null },
        },
      ],
    });
    const { stdout } = await stored.run('reparse', EXPERIMENT_ID);
    expect(stdout).toContain('1 decision changed');
    expect(stdout).toContain('i1 cme: decision changed, true (0.8) -> false (0.8)');
    expect(stdout).not.toContain('CANARY');
    expect(resultRows()).toEqual(before);
    expect(stored.sql('SELECT * FROM replaced_readings')).toEqual([]);
  });

  it('applies what is different, keeps what stood there and brings the experiment in line', async () => {
    stored.create([
      reply(TRUE),
      reply(FALSE),
      reply("{'detected': True}"),
      reply(TRUE),
      reply(FALSE),
      reply(TRUE),
    ]);
    // As an older version may have left them: an error, another decision, another number, an answer that is none.
    stored.sql(`UPDATE narrative_results SET detected = NULL, confidence = NULL, indicators = NULL, error_occurred = 1,
      error_message = 'old', error_category = 'parse', error_code = 'unparsable', parser_version = 1 WHERE row_num = 3`);
    stored.sql('UPDATE narrative_results SET detected = 0 WHERE row_num = 1');
    stored.sql('UPDATE narrative_results SET confidence = 0.1 WHERE row_num = 2');
    stored.sql(`UPDATE narrative_results SET parse_notes = '["repaired"]' WHERE row_num = 4`);
    stored.sql(`UPDATE narrative_results SET rationale = 'old' WHERE row_num = 5`);
    stored.sql(`UPDATE narrative_results SET answer_fields = NULL, parser_version = 1 WHERE row_num = 6`);
    stored.sql(
      "UPDATE experiments SET status = 'completed_with_errors', n_errors = 1, n_narratives_processed = 5",
    );
    const report = await reparse('--apply');
    expect(report).toMatchObject({
      applied: true,
      n_refreshed: 1,
      n_changed: {
        error_to_answer: 1,
        answer_to_error: 0,
        decision_changed: 1,
        confidence_changed: 1,
        fields_changed: 1,
        notes_only: 1,
      },
    });
    expect(experimentRow()).toMatchObject({
      status: 'completed',
      n_errors: 0,
      n_narratives_completed: 6,
      n_narratives_processed: 6,
      n_positive_detected: 4,
      n_negative_detected: 2,
      n_true_positive: 2,
      n_false_positive: 2,
      n_false_negative: 1,
    });
    expect(resultRows()[2]).toMatchObject({
      detected: 1,
      error_occurred: 0,
      error_message: null,
      first_error_message: 'old',
      parser_version: PARSER_VERSION,
      is_true_positive: 1,
    });
    const history = stored.sql<{ change: string; reading: string }>(
      'SELECT change, reading FROM replaced_readings ORDER BY result_id',
    );
    expect(history.map(({ change }) => change)).toEqual([
      'decision_changed',
      'confidence_changed',
      'error_to_answer',
      'notes_only',
      'fields_changed',
    ]);
    expect(JSON.parse(history[2]!.reading)).toMatchObject({ errorMessage: 'old', errorCode: 'unparsable' });
    expect(stored.sql('SELECT kind, detail FROM experiment_events').at(-1)).toEqual({
      kind: 'reparsed',
      detail: `parser ${PARSER_VERSION}: 1 error to answer, 1 decision changed, 1 confidence changed, 1 fields changed, 1 notes only`,
    });
    expect(await reparse('--apply')).toMatchObject({ n_refreshed: 0, changes: [] });
  });

  it('turns an answer that cannot be read any more into an error', async () => {
    stored.create([reply('Hm.'), reply(TRUE)]);
    stored.sql(`UPDATE narrative_results SET detected = 1, error_occurred = 0, error_message = NULL, error_code = NULL,
      error_category = NULL WHERE row_num = 1`);
    stored.sql("UPDATE experiments SET status = 'completed', n_errors = 0");
    expect((await reparse('--apply')).n_changed).toMatchObject({ answer_to_error: 1 });
    expect(experimentRow()).toMatchObject({
      status: 'completed_with_errors',
      n_errors: 1,
      n_positive_detected: 1,
    });
  });

  it('takes the reply of an earlier attempt where the last call brought none', async () => {
    stored.create([reply("{'detected': True, 'confidence': 0.7}"), reply('Hm.')]);
    stored.sql(`UPDATE result_attempts SET error_category = 'parse', raw_response = r.raw_response, finish_reason = 'stop'
      FROM narrative_results r WHERE r.narrative_id = result_attempts.narrative_id`);
    stored.sql(`UPDATE narrative_results SET detected = NULL, confidence = NULL, indicators = NULL, raw_response = NULL,
      parser_version = NULL, finish_reason = NULL, error_occurred = 1, error_code = NULL, error_category = 'timeout',
      error_message = 'timed out', parse_notes = NULL, answer_fields = NULL`);
    const { changes, n_read } = await reparse('--apply');
    expect([n_read, changes.length]).toEqual([2, 1]);
    expect(resultRows()).toMatchObject([
      {
        detected: 1,
        confidence: 0.7,
        raw_response: "{'detected': True, 'confidence': 0.7}",
        finish_reason: 'stop',
      },
      { detected: null, error_category: 'timeout', raw_response: null },
    ]);
  });

  it('counts rows of which no reply is stored', async () => {
    stored.create([reply(TRUE)]);
    stored.sql('UPDATE narrative_results SET parser_version = NULL, raw_response = NULL');
    expect(await reparse()).toMatchObject({ n_read: 0, n_without_reply: 1, changes: [] });
  });

  it('refuses to apply while another process owns the file, and shows all the same', async () => {
    stored.create([reply(TRUE)]);
    const lock = acquireOwnerLock(stored.file);
    try {
      expect((await stored.run('reparse', EXPERIMENT_ID, '--apply')).exitCode).toBe(3);
      expect((await stored.run('reparse', EXPERIMENT_ID)).exitCode).toBe(0);
    } finally {
      lock?.release();
    }
  });

  it.each([[], ['--apply']])('makes no file and no experiment (%j)', async (...options: string[]) => {
    expect((await stored.run('reparse', 'x', ...options)).exitCode).toBe(2);
    expect(existsSync(stored.file)).toBe(false);
    stored.create([reply(TRUE)]);
    const { exitCode, stderr } = await stored.run('reparse', 'x', ...options);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(`No experiment x in ${stored.file}`)]);
  });
});
