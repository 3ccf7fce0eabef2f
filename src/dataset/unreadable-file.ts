/** Turns a failure of the file system into what the user can do about it. */
import { DatasetError } from '../errors';

const MISSING = ['there is no such file', 'Check data.file in the config.'] as const;
const FORBIDDEN = ['it may not be read by this user', 'Give this user the right to read it.'] as const;

const FAULTS: Readonly<Record<string, readonly [reason: string, remedy: string]>> = {
  ENOENT: MISSING,
  ENOTDIR: MISSING,
  EISDIR: ['it is a folder, not a file', 'Name the data file itself in data.file of the config.'],
  EACCES: FORBIDDEN,
  EPERM: FORBIDDEN,
};

/** The DatasetError for an error of node:fs. */
export function unreadableFile(file: string, error: unknown): DatasetError {
  const { code = 'unknown reason' } = error as NodeJS.ErrnoException;
  const [reason, remedy] = FAULTS[code] ?? [`it cannot be read (${code})`, 'Check the disk it is on.'];
  return new DatasetError(file, reason, remedy, { cause: error });
}
