/**
 * Notices that the results file or its write-ahead log was deleted or replaced under the open connection, which would
 * write on into files that nobody finds. Looks at metadata only: to open the file would drop the locks that protect it.
 */
import { statSync } from 'node:fs';

export class Tripwire {
  /** Device and inode of each file when it was first seen; the log is made at the first write. */
  private readonly known = new Map<string, string>();
  private tripped: string | null = null;

  constructor(private readonly file: string) {
    this.check();
  }

  /** What became of a file since it was first seen; null = nothing. Once it has an answer it stays with it. */
  check(): string | null {
    this.tripped ??= this.look(this.file) ?? this.look(`${this.file}-wal`);
    return this.tripped;
  }

  private look(path: string): string | null {
    const known = this.known.get(path);
    const found = identityOf(path);
    if (known === undefined && found !== null) this.known.set(path, found);
    if (known === undefined || known === found) return null;
    return `${path} was ${found === null ? 'deleted' : 'replaced by another file'} while it was open`;
  }
}

/** null = there is no such file. Throws where the disk cannot tell. */
function identityOf(path: string): string | null {
  const found = statSync(path, { throwIfNoEntry: false, bigint: true });
  return found === undefined ? null : `${found.dev}:${found.ino}`;
}
