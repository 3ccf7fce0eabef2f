/** Copies a results file that was deleted or replaced, through the connection that still sees it. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ResultsFileReplacedError } from '../errors';
import type { Store } from '../store/open-store';

const TRY_AGAIN_AFTER_MS = 1000;

/** Gives the error to end with. Tries until the copy is made: without it the answers are gone with this process. */
export async function rescueAnswers(
  store: Store,
  onWarning: (message: string) => void,
): Promise<ResultsFileReplacedError> {
  const what = store.tripwire.check()!;
  for (let tries = 1; ; tries += 1) {
    try {
      mkdirSync(dirname(store.file), { recursive: true, mode: 0o700 });
      return new ResultsFileReplacedError(store.file, store.rescue(new Date()), what);
    } catch (error) {
      if (tries === 1) onWarning(notYet(store.file, what, error));
      await sleep(TRY_AGAIN_AFTER_MS);
    }
  }
}

function notYet(file: string, what: string, error: unknown): string {
  const { code, message } = error as { code?: string; message: string };
  return (
    `${what}. A copy of all answers cannot be written beside ${file} (${code ?? message}). ` +
    'Make room or mend the folder: it is tried until it can. To end this process is to lose them.'
  );
}
