/** Writes that a full disk or another program's lock holds up for a while, as answers are held up too. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describeDiskTrouble, diskTroubleOf } from '../store/disk-trouble';

const TRY_AGAIN_AFTER_MS = 1000;

/** How long to be patient, and whom to tell. */
export interface Patience {
  /** Aborted = no further try. */
  stopping: AbortSignal;
  /** Told once why it waits. */
  onTrouble: (trouble: string) => void;
}

/** Tries `write` until the results file can take it; `false` = told to stop before. Other errors are thrown. */
export async function writePatiently(
  write: () => Promise<void> | void,
  { stopping, onTrouble }: Patience,
): Promise<boolean> {
  for (let tries = 1; !stopping.aborted; tries += 1) {
    try {
      await write();
      return true;
    } catch (error) {
      const code = diskTroubleOf(error);
      if (code === null) throw error;
      if (tries === 1) onTrouble(describeDiskTrouble(code));
      await sleep(TRY_AGAIN_AFTER_MS, undefined, { signal: stopping }).catch(() => {});
    }
  }
  return false;
}
