import type { Fault } from '../../../src/simulator/faults/fault';
import { ONLY } from '../../../src/simulator/faults/variant';

/** How a list of faults names each variant of a row that a reply can serve. */
export function specsOf({ number, variants }: Fault): string[] {
  return variants
    .filter(({ serve }) => serve !== null)
    .map(({ name }) => (name === ONLY ? String(number) : `${number}:${name}`));
}
