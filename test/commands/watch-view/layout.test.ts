/** The live view as lines: it fits every window, whatever the names, and says what there is to say. */
import fc from 'fast-check';
import stringWidth from 'string-width';
import type { ExperimentStatusReport } from '../../../src/commands/experiment-status';
import { bar } from '../../../src/commands/watch-view/bar';
import { layOut } from '../../../src/commands/watch-view/layout';
import { plainLine } from '../../../src/commands/watch-view/plain-line';
import { cell, fit, span, toTerminal, widthOf } from '../../../src/commands/watch-view/span';
import type { WatchedExperiment } from '../../../src/commands/watch-view/watched-experiment';

const NOW = new Date('2026-11-25T07:00:00.000Z');

const HELD = { pid: 4242, host: 'desk', since: '2026-11-25T06:00:00.000Z', mode: 'up', trouble: null };

function watched(
  report: Partial<ExperimentStatusReport> = {},
  more: Partial<WatchedExperiment> = {},
): WatchedExperiment {
  return {
    report: {
      experiment_id: 'study-1a2b3c4d5e',
      status: 'running',
      status_reason: null,
      n_narratives_total: 35_312,
      n_narratives_completed: 14_583,
      n_errors: 42,
      n_detected: 824,
      n_remaining: 20_729,
      narratives_per_minute: 82.3,
      estimated_completion_time: '2026-11-25T11:12:00.000Z',
      last_progress_update: '2026-11-25T06:59:58.000Z',
      held_by: HELD,
      ...report,
    } as ExperimentStatusReport,
    modelName: 'some-model',
    pass: 0,
    lastHour: { nResults: 4800, minutes: 60 },
    completesBetween: [new Date('2026-11-25T10:50:00.000Z'), new Date('2026-11-25T12:10:00.000Z')],
    errors: [
      { category: 'parse', count: 30 },
      { category: 'timeout', count: 12 },
    ],
    tokens: { total: 12_400_000, perResult: 850.4 },
    endpoints: [
      { endpoint: 'http://127.0.0.1:1234', concurrency: 8, inFlight: 7, health: 'open', reason: null },
      {
        endpoint: 'http://10.0.0.2:8000',
        concurrency: 4,
        inFlight: 0,
        health: 'left_out',
        reason: 'refused',
      },
    ],
    lastResults: Array.from({ length: 100 }, (_, index) => ({
      incident_id: String(100_000 + index),
      narrative_type: 'cme',
      detected: index % 3 === 0 ? null : index % 3 === 1 ? (1 as const) : (0 as const),
      confidence: 0.93,
      error_category: index % 3 === 0 ? ('parse' as const) : null,
      response_sec: 1.26,
      processed_at: '2026-11-25T06:59:58.000Z',
      text: null,
    })),
    ...more,
  };
}

const textOf = (
  experiments: readonly WatchedExperiment[],
  width = 80,
  height = 24,
  trouble: string | null = null,
) =>
  layOut({ experiments, now: NOW, trouble }, { width, height }).map((line) =>
    toTerminal(line, false).trimEnd(),
  );

it('a run at 80x24', () => {
  expect(textOf([watched()])).toEqual([
    'study-1a2b3c4d5e                                                      some-model',
    'running (process 4242 on desk)',
    '',
    expect.stringMatching(/^█{22}▎·{31} 41\.2 % \| 14,583 of 35,312$/),
    '',
    'rate         82.3/min now, 80.0/min over the last hour',
    'done about   2026-11-25 11:12 UTC, in 4 h 12 min (3 h 50 min to 5 h 10 min)',
    'answers      14,541 (824 detected)',
    'errors       42: parse 30, timeout 12',
    'tokens       12,400,000, about 850 a narrative',
    'last result  2 s ago',
    '',
    'MODEL SERVER           GATE      CALLS IN FLIGHT',
    'http://127.0.0.1:1234  open      7 of 8',
    'http://10.0.0.2:8000   left out  0 of 4  refused',
    '',
    'LAST ANSWERS      INCIDENT          TYPE    LABEL',
    '06:59:58   1.3 s  100000            cme     error: parse',
    '06:59:58   1.3 s  100001            cme     detected      0.93',
    '06:59:58   1.3 s  100002            cme     not detected  0.93',
    '06:59:58   1.3 s  100003            cme     error: parse',
    '06:59:58   1.3 s  100004            cme     detected      0.93',
    '06:59:58   1.3 s  100005            cme     not detected  0.93',
    'q leaves this view; the work goes on without it          2026-11-25 07:00:00 UTC',
  ]);
});

it.each<[string, WatchedExperiment, RegExp[]]>([
  [
    'a wait',
    watched({ status: 'waiting_llm', status_reason: 'the model server has gone' }),
    [/^waiting_llm: the model server has gone/, /^done about +not known while it waits/],
  ],
  [
    'a pause',
    watched({ status: 'paused', status_reason: 'the key is refused', held_by: null }),
    [/^paused: the key is refused \| `client resume study-1a2b3c4d5e` goes on/],
  ],
  ['a dead owner', watched({ held_by: null }), [/^running, but no process holds it: it stands still/]],
  [
    'trouble with the disk',
    watched({ held_by: { ...HELD, trouble: 'the disk is full (SQLITE_FULL): free some space' } }),
    [/^not saved +the disk is full \(SQLITE_FULL\): free some space/],
  ],
  [
    'no evidence',
    watched(
      { narratives_per_minute: null, estimated_completion_time: null, n_errors: 0 },
      { lastHour: null, errors: [], tokens: null, lastResults: [], completesBetween: null },
    ),
    [/^rate +rate not known yet/, /^done about +not known yet/, /^errors +none/, /^none yet/],
  ],
  ['a retry pass', watched({}, { pass: 1 }), [/some-model, pass 1 \(retry of errors\)$/]],
  [
    'a text that was asked for',
    watched({}, { lastResults: [{ ...watched().lastResults[1]!, text: 'A made-up\n\u001b[31m story' }] }),
    [/detected +0\.93 {2}A made-up \?\[31m story$/],
  ],
])('%s is told', (_, experiment, patterns) => {
  const lines = textOf([experiment], 100, 30);
  for (const pattern of patterns) expect(lines).toContainEqual(expect.stringMatching(pattern));
});

it('several experiments get three lines each, or one in a low window, and what does not fit is counted', () => {
  const many = Array.from({ length: 5 }, (_, index) => watched({ experiment_id: `study-${index}` }));
  expect(textOf(many, 80, 24).filter((line) => /^study-\d +some-model$/.test(line))).toHaveLength(5);
  const low = textOf(many, 80, 10);
  expect(low[0]).toBe('5 experiments');
  expect(
    low.filter((line) =>
      /^study-\d +41 % {2}running \| 82\.3\/min \| 42 errors \| 4 h 12 min left$/.test(line),
    ),
  ).toHaveLength(5);
  expect(textOf(many, 80, 7)).toContain('and 2 more');
});

it('a file that cannot be read is told above what was read last', () => {
  expect(textOf([watched()], 80, 24, 'Not read since then')[0]).toBe('Not read since then');
});

const foreign = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '日本語の名前',
    '👩‍👩‍👧‍👦 family',
    'a\u001b[2Jb',
    'tab\tand\r\nlines',
    '\u202eturned',
    'é'.repeat(300),
  ),
);

it('no line is wider than the window nor are there more, whatever the names', () => {
  const names = fc.record({ id: foreign, model: foreign, reason: foreign, incident: foreign, text: foreign });
  fc.assert(
    fc.property(
      fc.array(names, { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 220 }),
      fc.integer({ min: 1, max: 60 }),
      (given, width, height) => {
        const experiments = given.map(({ id, model, reason, incident, text }) =>
          watched(
            { experiment_id: id, status_reason: reason, held_by: { ...HELD, trouble: reason } },
            {
              modelName: model,
              endpoints: [{ endpoint: model, concurrency: 1, inFlight: 1, health: 'closed', reason }],
              lastResults: [
                { ...watched().lastResults[1]!, incident_id: incident, narrative_type: id, text },
              ],
            },
          ),
        );
        const lines = layOut({ experiments, now: NOW, trouble: null }, { width, height });
        expect(lines).toHaveLength(height);
        for (const line of lines) {
          expect(widthOf(line)).toBeLessThanOrEqual(width);

          expect(toTerminal(line, false)).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
        }
        for (const experiment of experiments) expect(plainLine(experiment, NOW)).not.toMatch(/[\n\r]/);
      },
    ),
  );
});

it.each([
  ['short', 8, 'short   '],
  ['日本語', 4, '日… '],
  ['too long by far', 5, 'too …'],
  ['', 3, '   '],
])('%s in %i columns is "%s"', (text, width, expected) => {
  expect(cell(text, width)).toBe(expected);
  expect(stringWidth(cell(text, width))).toBe(width);
});

it('a line is cut across its pieces and keeps their tones', () => {
  expect(fit([span('abc', 'good'), span('defgh', 'bad')], 5)).toEqual([
    { text: 'abc', tone: 'good' },
    { text: 'd', tone: 'bad' },
    { text: '…' },
  ]);
  expect(toTerminal([span('abc', 'good')], true)).toBe('\u001b[32mabc\u001b[0m');
  expect(toTerminal([span('abc', 'good')], false)).toBe('abc');
});

it.each([
  [0, '', '····'],
  [0.5, '██', '··'],
  [0.999, '███▉', ''],
  [1, '████', ''],
  [7, '████', ''],
])('a bar filled by %d', (share, filled, empty) => {
  expect(bar(share, 4)).toEqual({ filled, empty });
});

it('a plain line tells the same without colours', () => {
  expect(plainLine(watched(), NOW)).toBe(
    '2026-11-25T07:00:00Z study-1a2b3c4d5e 14583/35312 | 82.3/min | 80.0/min over the last hour | 42 errors | ' +
      '4 h 12 min left | done about 2026-11-25 11:12 UTC | running (process 4242 on desk)',
  );
});
