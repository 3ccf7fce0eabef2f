/**
 * Passes over an experiment's list, and which of its batches are open in a pass: those with a narrative that has no
 * result or, in a retry pass, an error of an earlier pass. A first start, a resume and a retry differ in nothing else.
 */
import type { ErrorCategory } from '../experiment';
import type { ResultsDatabase } from './results-database';

/** A narrative that a pass has to ask, with the text of its dataset. Twins are not asked: see twins.ts. */
export interface NarrativeToLabel {
  narrativeId: number;
  position: number;
  text: string;
}

/** SQL condition on (en, r): the narrative is to be asked in pass $pass. */
const IS_OPEN = `en.same_text_as IS NULL AND (r.result_id IS NULL OR (r.error_occurred = 1 AND r.pass < $pass AND ($categories IS NULL
  OR r.error_category IN (SELECT value FROM json_each($categories)))))`;

const LISTED = `FROM experiment_narratives en
  LEFT JOIN narrative_results r ON r.experiment_id = en.experiment_id AND r.narrative_id = en.narrative_id`;

/** Narratives without the result that they are to get; `toAsk` leaves out twins. */
interface CountLeft {
  remaining: number;
  toAsk: number;
}

/** A count that takes longer rests for so many times what it took: those who watch ask several times a second. */
const QUICK_MS = 50;
const REST_FACTOR = 20;

const COUNT_MISSING = `
SELECT n_narratives_total - n_narratives_completed AS remaining,
  n_narratives_total - n_narratives_completed - (n_twins_total - n_twins_completed) AS toAsk
FROM experiments WHERE experiment_id = ?`;

const COUNT_OLDER_ERRORS = `
SELECT count(*) AS remaining, count(*) - count(r.answer_of) AS toAsk
FROM narrative_results r WHERE r.experiment_id = $id AND r.error_occurred = 1
  AND r.pass < $pass AND ($categories IS NULL OR r.error_category IN (SELECT value FROM json_each($categories)))`;

export class Passes {
  /** Positions before which nothing is open, by experiment and pass: within a pass what is settled stays so. */
  private readonly settledBefore = new Map<string, number>();

  /** What was counted last in a retry pass with so many errors that counting takes its time. */
  private readonly counted = new Map<string, { pass: number; left: CountLeft; staleAtMs: number }>();

  constructor(
    private readonly database: ResultsDatabase,
    private readonly now: () => Date,
    private readonly monotonicMs: () => number = () => performance.now(),
  ) {}

  /** Adds the next pass; `nRequested` narratives are to be asked in it. Null categories = all. Returns its number. */
  add(experimentId: string, categories: readonly ErrorCategory[] | null, nRequested: number): number {
    return this.database
      .prepare(
        `INSERT INTO experiment_passes (experiment_id, pass, categories, n_requested, requested_at)
         SELECT $id, coalesce(max(pass) + 1, 0), $categories, $nRequested, $now
         FROM experiment_passes WHERE experiment_id = $id RETURNING pass`,
      )
      .pluck()
      .get({
        id: experimentId,
        categories: categories === null ? null : JSON.stringify(categories),
        nRequested,
        now: this.now().toISOString(),
      }) as number;
  }

  /** Adds a pass over the error rows, unless an unfinished one covers them or there are none. */
  requestRetry(
    experimentId: string,
    categories: readonly ErrorCategory[] | null,
  ): { nRequested: number; isNew: boolean } {
    const nRequested = this.countErrors(experimentId, categories);
    const isNew = nRequested > 0 && !this.isRetryCovered(experimentId, categories);
    if (isNew) this.add(experimentId, categories, nRequested);
    return { nRequested, isNew };
  }

  /** The earliest pass that is not finished; null = none. */
  current(experimentId: string): number | null {
    return this.database
      .prepare('SELECT min(pass) FROM experiment_passes WHERE experiment_id = ? AND finished_at IS NULL')
      .pluck()
      .get(experimentId) as number | null;
  }

  /** Marks a pass as finished; a second call changes nothing. */
  finish(experimentId: string, pass: number): void {
    this.database
      .prepare(
        'UPDATE experiment_passes SET finished_at = ? WHERE experiment_id = ? AND pass = ? AND finished_at IS NULL',
      )
      .run(this.now().toISOString(), experimentId, pass);
  }

  /**
   * Numbers of the first `limit` open batches, ascending. It begins where the last look found the first of them, so that
   * it takes no longer at the end of a long list; where nothing is left from there on, the whole list is looked at.
   */
  listOpenBatches(experimentId: string, pass: number, limit: number): number[] {
    const key = `${experimentId} ${pass}`;
    const from = this.settledBefore.get(key) ?? 0;
    const found = this.findOpenBatches(experimentId, pass, { from, limit });
    const batches =
      found.length > 0 || from === 0 ? found : this.findOpenBatches(experimentId, pass, { from: 0, limit });
    this.settledBefore.set(key, (batches[0] ?? 0) * this.batchSize(experimentId));
    return batches;
  }

  /** The narratives of one batch that have work left in the pass, in list order. */
  listNarrativesToLabel(experimentId: string, pass: number, batch: number): NarrativeToLabel[] {
    const batchSize = this.batchSize(experimentId);
    return this.database
      .prepare(
        `SELECT en.narrative_id AS narrativeId, en.position, s.narrative_text AS text ${LISTED}
         JOIN source_narratives s ON s.narrative_id = en.narrative_id
         WHERE en.experiment_id = $id AND en.position >= $from AND en.position < $to AND ${IS_OPEN}
         ORDER BY en.position`,
      )
      .all({
        id: experimentId,
        pass,
        categories: this.categories(experimentId, pass),
        from: batch * batchSize,
        to: (batch + 1) * batchSize,
      }) as NarrativeToLabel[];
  }

  /** Error rows that a retry of these categories would ask again, without twins; null = all. */
  countErrors(experimentId: string, categories: readonly ErrorCategory[] | null): number {
    return this.database
      .prepare(
        `SELECT count(*) FROM narrative_results r WHERE r.experiment_id = $id AND r.error_occurred = 1
         AND r.answer_of IS NULL AND ($categories IS NULL OR r.error_category IN (SELECT value FROM json_each($categories)))`,
      )
      .pluck()
      .get({
        id: experimentId,
        categories: categories === null ? null : JSON.stringify(categories),
      }) as number;
  }

  /** Narratives whose results are to come: missing ones and, in a retry pass, errors older than the pass. */
  countRemaining(experimentId: string): number {
    return this.countLeft(experimentId).remaining;
  }

  /** Those of the remaining that are to be asked: all but twins. */
  countToAsk(experimentId: string): number {
    return this.countLeft(experimentId).toAsk;
  }

  private findOpenBatches(
    experimentId: string,
    pass: number,
    { from: start, limit }: { from: number; limit: number },
  ): number[] {
    const batchSize = this.batchSize(experimentId);
    const nextOpen = this.database
      .prepare(
        `SELECT en.position ${LISTED}
         WHERE en.experiment_id = $id AND en.position >= $from AND ${IS_OPEN} ORDER BY en.position LIMIT 1`,
      )
      .pluck();
    const categories = this.categories(experimentId, pass);
    const batches: number[] = [];
    for (let from = start; batches.length < limit;) {
      const position = nextOpen.get({ id: experimentId, pass, categories, from }) as number | undefined;
      if (position === undefined) break;
      const batch = Math.floor(position / batchSize);
      batches.push(batch);
      from = (batch + 1) * batchSize;
    }
    return batches;
  }

  private countLeft(experimentId: string): CountLeft {
    const pass = this.current(experimentId);
    const missing = this.database.prepare(COUNT_MISSING).get(experimentId) as CountLeft;
    if (pass === null || pass === 0) return missing;
    const known = this.counted.get(experimentId);
    if (known?.pass === pass && this.monotonicMs() < known.staleAtMs) return known.left;
    const startedMs = this.monotonicMs();
    const errors = this.database
      .prepare(COUNT_OLDER_ERRORS)
      .get({ id: experimentId, pass, categories: this.categories(experimentId, pass) }) as CountLeft;
    const left = { remaining: missing.remaining + errors.remaining, toAsk: missing.toAsk + errors.toAsk };
    const endedMs = this.monotonicMs();
    const restMs = endedMs - startedMs < QUICK_MS ? 0 : REST_FACTOR * (endedMs - startedMs);
    this.counted.set(experimentId, { pass, left, staleAtMs: endedMs + restMs });
    return left;
  }

  private isRetryCovered(experimentId: string, categories: readonly ErrorCategory[] | null): boolean {
    const unfinished = this.database
      .prepare(
        'SELECT categories FROM experiment_passes WHERE experiment_id = ? AND pass > 0 AND finished_at IS NULL',
      )
      .pluck()
      .all(experimentId) as (string | null)[];
    return unfinished.some((asked) => {
      if (asked === null) return true;
      const covered = JSON.parse(asked) as ErrorCategory[];
      return categories !== null && categories.every((category) => covered.includes(category));
    });
  }

  private categories(experimentId: string, pass: number): string | null {
    const categories = this.database
      .prepare('SELECT categories FROM experiment_passes WHERE experiment_id = ? AND pass = ?')
      .pluck()
      .get(experimentId, pass) as string | null | undefined;
    return categories ?? null;
  }

  private batchSize(experimentId: string): number {
    return this.database
      .prepare('SELECT batch_size FROM experiments WHERE experiment_id = ?')
      .pluck()
      .get(experimentId) as number;
  }
}
