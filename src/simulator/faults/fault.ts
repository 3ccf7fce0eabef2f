import type { ErrorCategory } from '../../experiment';
import type { Exchange } from '../exchange';

/**
 * T transient: worth another call. P permanent for this text: an error row. X permanent for the experiment: it pauses.
 * V a valid answer.
 */
export type FaultClass = 'T' | 'P' | 'X' | 'V';

/** Answers one call, well or badly. */
export type Serve = (exchange: Exchange) => Promise<void> | void;

/** One way in which a row of the catalogue shows itself. */
export interface FaultVariant {
  /** Tells it from the others of its row. */
  name: string;
  /** null = it says nothing about the call. */
  faultClass: FaultClass | null;
  /** What it is after several tries that fare alike; null = what it was. */
  becomes: FaultClass | null;
  /** What it is at preflight, or when text after text fares alike; null = what it was. */
  whenGeneral: FaultClass | null;
  /** Of the error row that it leads to, or would lead to; null = an answer. */
  category: ErrorCategory | null;
  /** true = every further call of the same text fares alike. */
  persists: boolean;
  /** true = fit for a mixture: concerns one call only, ends by itself and stops no experiment. */
  mixes: boolean;
  /** null = no reply can serve it; the row says who brings it about. */
  serve: Serve | null;
}

/** Where in a call a fault stands; the group decides how long it takes to come. */
export type FaultGroup = 'status 200' | 'error status' | 'transport' | 'addition';

/** One row of the catalogue. */
export interface Fault {
  number: number;
  /** What arrives, in a few words. */
  name: string;
  group: FaultGroup;
  /** Who brings it about: the reply to one call, a state of the whole server, or whoever makes the call. */
  servedBy: 'reply' | 'server' | 'caller';
  variants: readonly FaultVariant[];
}

/** The classes of a row as the table shows them, such as `X / T` or `T → P / X`. */
export function classesOf({ variants }: Fault): string {
  const first = variants.map(({ faultClass, becomes }) =>
    becomes === null ? (faultClass ?? '–') : `${faultClass} → ${becomes}`,
  );
  const general = variants.flatMap(({ whenGeneral }) => whenGeneral ?? []);
  return [...new Set([...first, ...general])].join(' / ');
}

/** The categories of a row as the table shows them. */
export function categoriesOf({ variants }: Fault): string {
  const categories = variants.map(({ category }) => category).filter((category) => category !== null);
  return [...new Set(categories)].join(', ') || '–';
}
