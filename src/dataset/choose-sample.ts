import { createHash } from 'node:crypto';

/**
 * Places (0-based, ascending) of a random sample of `size` out of `total`; the same seed always chooses the same, and a
 * larger sample holds the smaller ones.
 */
export function chooseSample(total: number, size: number, seed: number): number[] {
  const draws = Float64Array.from({ length: total }, (_, place) => drawFor(seed, place));
  const places = Uint32Array.from({ length: total }, (_, place) => place);
  places.sort((a, b) => draws[a]! - draws[b]! || a - b);
  return Array.from(places.slice(0, size).sort());
}

/** A number from 0 to 2^48 that depends on nothing but seed and place. */
function drawFor(seed: number, place: number): number {
  return createHash('sha256').update(`sample/${seed}/${place}`).digest().readUIntBE(0, 6);
}
