/** Which of an experiment's events a log holds already: what another process added meanwhile is not to be missed. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** Far more than the lines between two events of a run that makes no faults; more are looked at only in an older file. */
const TAIL_BYTES = 2 ** 20;

/** Number of the last event in the log; 0 = none is found. */
export function lastLoggedEvent(path: string): number {
  for (const file of [path, `${path}.1`]) {
    const last = lastIn(readTail(file));
    if (last > 0) return last;
  }
  return 0;
}

function lastIn(text: string): number {
  const numbers = text.split('\n').map((line) => eventOf(line));
  return Math.max(0, ...numbers);
}

function eventOf(line: string): number {
  if (!line.includes('"event_id":')) return 0;
  try {
    const { event_id: id } = JSON.parse(line) as { event_id?: unknown };
    return typeof id === 'number' ? id : 0;
  } catch {
    return 0; // the first line of the tail, or one that a full disk has torn
  }
}

function readTail(path: string): string {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return '';
  }
  try {
    const { size } = fstatSync(file);
    const bytes = Buffer.alloc(Math.min(size, TAIL_BYTES));
    readSync(file, bytes, 0, bytes.length, size - bytes.length);
    return bytes.toString('utf8');
  } finally {
    closeSync(file);
  }
}
