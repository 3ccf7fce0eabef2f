/** Who owns a results file and where its Temporal server is: a note beside the file. Only the lock decides. */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { ResultsFileError } from '../errors';

const WAIT_FOR_STATE_MS = 1000;
const LOOK_EVERY_MS = 50;

const OwnerStateSchema = z.object({
  pid: z.int().positive(),
  host: z.string(),
  /** UTC, ISO 8601. */
  since: z.string(),
  /** `foreground` runs one experiment and ends; `up` and `worker` stay for several, `worker` for a cluster. */
  mode: z.enum(['foreground', 'up', 'worker']),
  /** null = whichever experiments of the file are open. */
  experimentId: z.string().nullable(),
  /** null = not known yet. */
  temporalAddress: z.string().nullable(),
  /** Namespace at that address; absent = not told. */
  namespace: z.string().optional(),
  /** null = not known (yet). */
  uiUrl: z.string().nullable(),
  /** Why answers cannot be written now, which the results file itself cannot tell; null = they can. */
  trouble: z.string().nullable(),
});

/** What an owner tells about itself. */
export type OwnerState = z.infer<typeof OwnerStateSchema>;

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
    return OwnerStateSchema.parse(JSON.parse(readFileSync(stateFileOf(resultsFile), 'utf8')));
  } catch {
    return null;
  }
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
