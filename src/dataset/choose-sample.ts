import { createHash } from 'node:crypto';

/**
 * Places (0-based, ascending) of a random sample of `size` out of `total`; the same seed always chooses the same, and a
 * larger sample holds the smaller ones.
 */
export function chooseSample(total: number, size: number, seed: number): number[] {
  const drawn = Array.from({ length: total }, (_, place) => ({ place, draw: drawFor(seed, place) }));
  drawn.sort((a, b) => a.draw - b.draw || a.place - b.place);
  return drawn
    .slice(0, size)
    .map(({ place }) => place)
    .sort((a, b) => a - b);
}

/** A number from 0 to 2^48 that depends on nothing but seed and place. */
function drawFor(seed: number, place: number): number {
  return createHash('sha256').update(`sample/${seed}/${place}`).digest().readUIntBE(0, 6);
}
