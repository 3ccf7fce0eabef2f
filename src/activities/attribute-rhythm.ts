/**
 * Decides when Temporal's list is told anew how an experiment stands: each time is an event in its history. A change of
 * status is told at once, progress a few dozen times from beginning to end.
 */
import type { ExperimentAttributes } from '../experiment';
import type { ExperimentRow } from '../store/experiments';

/** Share of the narratives that have to be done since the last time. */
const STEP = 0.02;
const LEAST_MS_BETWEEN = 10_000;
/** What the databases behind Temporal take in a column for keywords. */
const MAX_LENGTH = 255;

interface Told {
  attributes: ExperimentAttributes;
  atMs: number;
}

export class AttributeRhythm {
  private readonly told = new Map<string, Told>();

  /** `isKnown` = the Temporal server knows the attributes; where it does not, nothing is ever told. */
  constructor(
    private readonly isKnown: boolean,
    private readonly nowMs: () => number = () => performance.now(),
  ) {}

  /** What is to be told now; undefined = nothing. */
  next(row: ExperimentRow): ExperimentAttributes | undefined {
    if (!this.isKnown) return undefined;
    const attributes = attributesOf(row);
    const last = this.told.get(row.experiment_id);
    const atMs = this.nowMs();
    if (last !== undefined && !isDue(attributes, last, row.n_narratives_total, atMs)) return undefined;
    this.told.set(row.experiment_id, { attributes, atMs });
    return attributes;
  }

  /** What is to be told when the experiment stops or begins, whatever was told last. */
  now(row: ExperimentRow): ExperimentAttributes | undefined {
    this.told.delete(row.experiment_id);
    return this.next(row);
  }
}

function isDue(attributes: ExperimentAttributes, last: Told, nTotal: number, atMs: number): boolean {
  if (attributes.ExpStatus !== last.attributes.ExpStatus) return true;
  const done = attributes.ExpDone - last.attributes.ExpDone;
  return atMs - last.atMs >= LEAST_MS_BETWEEN && done >= nTotal * STEP;
}

function attributesOf(row: ExperimentRow): ExperimentAttributes {
  return {
    ExpStatus: row.status,
    ExpName: row.experiment_name.slice(0, MAX_LENGTH),
    ExpModel: row.model_name.slice(0, MAX_LENGTH),
    ExpDone: row.n_narratives_completed,
    ExpErrors: row.n_errors,
  };
}
