/** The catalogue of faults: 1 to 70 as model servers show them, from 71 on our own additions. */
import { ACCESS_FAULTS } from './access-faults';
import { CONTENT_FAULTS } from './content-faults';
import { ENVELOPE_FAULTS } from './envelope-faults';
import type { Fault } from './fault';
import { LIMIT_FAULTS } from './limit-faults';
import { REQUEST_FAULTS } from './request-faults';
import { SERVER_FAULTS } from './server-faults';
import { SLOW_AND_ADDED_FAULTS } from './slow-and-added-faults';
import { TRANSPORT_FAULTS } from './transport-faults';

/** All rows, by number. */
export const FAULTS: readonly Fault[] = [
  ...CONTENT_FAULTS,
  ...ENVELOPE_FAULTS,
  ...REQUEST_FAULTS,
  ...ACCESS_FAULTS,
  ...LIMIT_FAULTS,
  ...SERVER_FAULTS,
  ...TRANSPORT_FAULTS,
  ...SLOW_AND_ADDED_FAULTS,
].sort((a, b) => a.number - b.number);

const BY_NUMBER = new Map(FAULTS.map((fault) => [fault.number, fault]));

/** The row with this number; undefined = there is none. */
export function getFault(number: number): Fault | undefined {
  return BY_NUMBER.get(number);
}
