/** Who owns a results file and where its Temporal server is: a note beside the file. Only the lock decides. */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const WAIT_FOR_STATE_MS = 1000;
const LOOK_EVERY_MS = 50;

/** What an owner tells about itself. */
export interface OwnerState {
  pid: number;
  host: string;
  /** UTC. */
  since: string;
  mode: 'foreground' | 'worker';
  /** null = whichever experiments of the file are open. */
  experimentId: string | null;
  /** null = not known yet. */
  temporalAddress: string | null;
  uiUrl: string | null;
}

/** Writes the note whole or not at all. */
export function writeOwnerState(resultsFile: string, state: OwnerState): void {
  const file = stateFileOf(resultsFile);
  writeFileSync(`${file}.${state.pid}`, JSON.stringify(state, null, 2), { mode: 0o600 });
  renameSync(`${file}.${state.pid}`, file);
}

/** The note; null = there is none, or it cannot be read. */
export function readOwnerState(resultsFile: string): OwnerState | null {
  try {
    return JSON.parse(readFileSync(stateFileOf(resultsFile), 'utf8')) as OwnerState;
  } catch {
    return null;
  }
}

/** Removes the note. */
export function removeOwnerState(resultsFile: string): void {
  rmSync(stateFileOf(resultsFile), { force: true });
}

/** The note of a live owner that may have taken the lock a moment ago; null = it did not write one in time. */
export async function awaitOwnerState(resultsFile: string): Promise<OwnerState | null> {
  for (let waitedMs = 0; waitedMs < WAIT_FOR_STATE_MS; waitedMs += LOOK_EVERY_MS) {
    const state = readOwnerState(resultsFile);
    if (state !== null && isAlive(state.pid)) return state;
    await sleep(LOOK_EVERY_MS);
  }
  return null;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM';
  }
}

function stateFileOf(resultsFile: string): string {
  return `${resultsFile}.owner.json`;
}
