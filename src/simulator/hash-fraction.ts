import { createHash } from 'node:crypto';

/** A number in [0, 1) that depends on nothing but the key: the simulator's only source of chance. */
export function hashFraction(key: string): number {
  return createHash('sha256').update(key).digest().readUIntBE(0, 6) / 2 ** 48;
}
