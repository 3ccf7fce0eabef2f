/** Who owns a results file and where its Temporal server is: a note beside the file. Only the lock decides. */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { ResultsFileError } from '../errors';

const WAIT_FOR_STATE_MS = 1000;
const LOOK_EVERY_MS = 50;

/** `foreground` runs one experiment and ends; `up` and `worker` stay for several, `worker` for a cluster. */
const MODES = ['foreground', 'up', 'worker'] as const;

/** What an owner tells about itself. */
export interface OwnerState {
  pid: number;
  host: string;
  /** UTC, ISO 8601. */
  since: string;
  mode: (typeof MODES)[number];
  /** null = whichever experiments of the file are open. */
  experimentId: string | null;
  /** null = not known yet. */
  temporalAddress: string | null;
  /** Namespace at that address; absent = not told. */
  namespace?: string;
  /** null = not known (yet). */
  uiUrl: string | null;
  /** Why answers cannot be written now, which the results file itself cannot tell; null = they can. */
  trouble: string | null;
}

/** Room for any note: it is overwritten in place when the disk has no room for another file. */
const NOTE_BYTES = 4096;

/** Writes the note whole or not at all, but on a full disk over the old one. Throws ResultsFileError. */
export function writeOwnerState(resultsFile: string, state: OwnerState): void {
  const file = stateFileOf(resultsFile);
  const partial = `${file}.${state.pid}`;
  const note = JSON.stringify(state, null, 2).padEnd(NOTE_BYTES);
  try {
    writeFileSync(partial, note, { mode: 0o600 });
    renameSync(partial, file);
  } catch (error) {
    rmSync(partial, { force: true });
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC' && overwrite(file, note)) return;
    throw new ResultsFileError(
      resultsFile,
      `the note about its owner, ${file}, cannot be written (${(error as NodeJS.ErrnoException).code})`,
      'Check the permissions of the folder and the free space.',
      { cause: error },
    );
  }
}

/** `false` = there is no note to write over. */
function overwrite(file: string, note: string): boolean {
  try {
    writeFileSync(file, note, { flag: 'r+' });
    return true;
  } catch {
    return false;
  }
}

/** The note; null = there is none, or it cannot be read. */
export function readOwnerState(resultsFile: string): OwnerState | null {
  try {
    const note: unknown = JSON.parse(readFileSync(stateFileOf(resultsFile), 'utf8'));
    return isOwnerState(note) ? note : null;
  } catch {
    return null;
  }
}

/** By hand: every command reads the note, and the library that checks configs takes longer to load than all else. */
function isOwnerState(note: unknown): note is OwnerState {
  if (typeof note !== 'object' || note === null) return false;
  const { pid, mode, namespace, ...texts } = note as Record<string, unknown>;
  const isText = (name: string): boolean => typeof texts[name] === 'string';
  const isTextOrNull = (name: string): boolean => texts[name] === null || isText(name);
  return (
    Number.isSafeInteger(pid) &&
    (pid as number) > 0 &&
    MODES.some((known) => known === mode) &&
    (namespace === undefined || typeof namespace === 'string') &&
    ['host', 'since'].every(isText) &&
    ['experimentId', 'temporalAddress', 'uiUrl', 'trouble'].every(isTextOrNull)
  );
}

/** Removes the note; nothing happens where there is none. */
export function removeOwnerState(resultsFile: string): void {
  rmSync(stateFileOf(resultsFile), { force: true });
}

/** The note of the lock's holder, who may have taken it a moment ago; null = none of a live process within a second. */
export async function describeHolder(resultsFile: string): Promise<OwnerState | null> {
  for (let waitedMs = 0; ; waitedMs += LOOK_EVERY_MS) {
    const state = readOwnerState(resultsFile);
    if (state !== null && isPossiblyAlive(state)) return state;
    if (waitedMs >= WAIT_FOR_STATE_MS) return null;
    await sleep(LOOK_EVERY_MS);
  }
}

/** A note of a dead process was left by an owner before; of another machine's processes nothing can be known. */
function isPossiblyAlive({ pid, host }: OwnerState): boolean {
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function stateFileOf(resultsFile: string): string {
  return `${resultsFile}.owner.json`;
}
