import type { Fault, FaultVariant } from '../../../src/simulator/faults/fault';
import { ONLY } from '../../../src/simulator/faults/variant';

/** Each variant of a row that a reply can serve, with its name in a list of faults. */
export function servableOf(fault: Fault): { spec: string; fault: Fault; variant: FaultVariant }[] {
  return fault.variants
    .filter(({ serve }) => serve !== null)
    .map((variant) => ({ spec: specOf(fault.number, variant), fault, variant }));
}

/** The names alone. */
export function specsOf(fault: Fault): string[] {
  return servableOf(fault).map(({ spec }) => spec);
}

/** How a list of faults names one variant. */
export function specOf(number: number, { name }: FaultVariant): string {
  return name === ONLY ? String(number) : `${number}:${name}`;
}
