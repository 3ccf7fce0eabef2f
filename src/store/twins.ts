/**
 * Narratives with the same text, where an experiment asks each text once: the first on the list is asked, the others,
 * its twins, take its answer or error. They have results of their own, which come and change together with its result.
 * What the asking cost (attempts, calls, time, tokens) stands with the one asked only, so that sums stay true.
 */
import { createHash } from 'node:crypto';
import { FLAG_COLUMNS, flagValues } from './confusion-flags';
import type { ResultsDatabase } from './results-database';

/** The narrative that is asked in place of a twin. */
export interface AskedNarrative {
  incident_id: string;
  narrative_type: string;
  position: number;
}

export class Twins {
  private readonly copyToTwins;
  private readonly countAll;

  constructor(private readonly database: ResultsDatabase) {
    this.copyToTwins = database.prepare(COPY_TO_TWINS);
    this.countAll = database.prepare('SELECT n_twins_total FROM experiments WHERE experiment_id = ?').pluck();
  }

  /** Finds the narratives of a new experiment's list whose text stands there already; gives their number. */
  mark(experimentId: string): number {
    // Hashes are sorted instead of texts, which would all be held in memory.
    this.database.function('text_sha256', { deterministic: true }, (text) =>
      createHash('sha256')
        .update(text as string)
        .digest(),
    );
    const { changes } = this.database.prepare(MARK).run({ experimentId });
    this.database
      .prepare('UPDATE experiments SET n_twins_total = ? WHERE experiment_id = ?')
      .run(changes, experimentId);
    return changes;
  }

  /** Whether an experiment has any. */
  areIn(experimentId: string): boolean {
    return (this.countAll.get(experimentId) as number) > 0;
  }

  /** Gives the result of a narrative to its twins; call it in the transaction that saved it. Gives their number. */
  follow(resultId: number | bigint): number {
    return this.copyToTwins.run({ resultId }).changes;
  }

  /** The narrative that is asked in place of the one at a position; undefined = that one is asked itself. */
  findAsked(experimentId: string, position: number): AskedNarrative | undefined {
    return this.database.prepare(FIND_ASKED).get(experimentId, position) as AskedNarrative | undefined;
  }

  /** How many narratives take the answer of the one at a position. */
  countOf(experimentId: string, position: number): number {
    return this.database
      .prepare('SELECT count(*) FROM experiment_narratives WHERE experiment_id = ? AND same_text_as = ?')
      .pluck()
      .get(experimentId, position) as number;
  }
}

const MARK = `
WITH hashed AS MATERIALIZED (
  SELECT en.position, text_sha256(s.narrative_text) AS hash
  FROM experiment_narratives en JOIN source_narratives s ON s.narrative_id = en.narrative_id
  WHERE en.experiment_id = $experimentId AND s.narrative_text IS NOT NULL),
listed AS (
  SELECT position, first
  FROM (SELECT position, min(position) OVER (PARTITION BY hash) AS first FROM hashed) WHERE first < position)
UPDATE experiment_narratives SET same_text_as = listed.first
FROM listed WHERE experiment_narratives.experiment_id = $experimentId
  AND experiment_narratives.position = listed.position`;

const FIND_ASKED = `
SELECT s.incident_id, s.narrative_type, asked.position
FROM experiment_narratives twin JOIN experiment_narratives asked
  ON asked.experiment_id = twin.experiment_id AND asked.position = twin.same_text_as
JOIN source_narratives s ON s.narrative_id = asked.narrative_id
WHERE twin.experiment_id = ? AND twin.position = ?`;

/** What a twin's result has from the one that was asked. */
const SHARED = [
  'detected',
  'confidence',
  'confidence_text',
  'indicators',
  'rationale',
  'reasoning_steps',
  'answer_fields',
  'raw_response',
  'refusal',
  'finish_reason',
  'response_id',
  'response_model',
  'endpoint',
  'parser_version',
  'parse_notes',
  'processed_at',
  'pass',
  'error_occurred',
  'error_message',
  'error_category',
  'error_code',
  'http_status',
  'first_error_message',
  'detected_hint',
  'confidence_hint',
];

/** Left to itself, SQLite goes through the whole list to find the twins. */
const COPY_TO_TWINS = `
INSERT INTO narrative_results (experiment_id, incident_id, narrative_type, row_num, manual_flag_ind, manual_flag,
  narrative_id, n_attempts, n_calls, answer_of, ${[...SHARED, ...FLAG_COLUMNS].join(', ')})
SELECT asked.experiment_id, s.incident_id, s.narrative_type, twin.position + 1, s.manual_flag_ind, s.manual_flag,
  twin.narrative_id, 0, 0, asked.narrative_id, ${SHARED.map((column) => `asked.${column}`).join(', ')},
  ${flagValues('asked.detected', 's.manual_flag_ind').join(', ')}
FROM narrative_results asked JOIN experiment_narratives twin INDEXED BY idx_twins
  ON twin.experiment_id = asked.experiment_id AND twin.same_text_as = asked.row_num - 1
JOIN source_narratives s ON s.narrative_id = twin.narrative_id
WHERE asked.result_id = $resultId
ON CONFLICT DO UPDATE SET ${[...SHARED, ...FLAG_COLUMNS].map((column) => `${column} = excluded.${column}`).join(', ')}`;
