/** Reads a whole file as UTF-8 text. */
import { readFileSync } from 'node:fs';

/** The text without a byte order mark, or why it could not be read. */
export type TextFile = { text: string; fault: null } | { text: null; fault: string };

const FAULTS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EISDIR: 'this is a folder, not a file',
  EACCES: 'the file may not be read by this user',
  EPERM: 'the file may not be read by this user',
};

/** Never throws for a file that is missing, unreadable or not UTF-8; `fault` says so. */
export function readTextFile(path: string): TextFile {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path)), fault: null };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') {
      return { text: null, fault: 'the file is not UTF-8 text. Save it as UTF-8' };
    }
    return {
      text: null,
      fault: FAULTS[code ?? ''] ?? `the file cannot be read (${code ?? 'unknown reason'})`,
    };
  }
}
