/** A part of a whole with what chance may make of it: how every ratio of counts is reported. Pure. */
import { wilsonInterval } from './wilson-interval';

/** Nulls = the whole is 0. */
export interface Share {
  part: number;
  whole: number;
  /** In 0..1. */
  ratio: number | null;
  /** Wilson's 95 % interval, as [low, high] in 0..1. */
  interval: [number, number] | null;
}

/** `part` of `whole`. */
export function share(part: number, whole: number): Share {
  return {
    part,
    whole,
    ratio: whole === 0 ? null : part / whole,
    interval: wilsonInterval(part, whole),
  };
}
